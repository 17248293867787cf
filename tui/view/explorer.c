/* The explorer's loop: keys in, questions out, answers in, screen out. It wires terminal, worker,
 * jobs, desk and stage together and knows nothing of how any of them works. */
#include "tui/view/explorer.h"

#include "core/base/alloc.h"
#include "core/base/words.h"
#include "core/reclassify.h"
#include "tui/screen/ask.h"
#include "tui/screen/config.h"
#include "tui/screen/display.h"
#include "tui/screen/files.h"
#include "tui/screen/job.h"
#include "tui/screen/memory.h"
#include "tui/screen/scribe.h"
#include "tui/screen/theme.h"
#include "tui/screen/worker.h"
#include "tui/view/stage.h"
#include "tui/view/threshold.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    FOLDER_WAIT = 500,  /* ms at the end for a folder that does not answer */
    IDLE_WAIT = 1000,   /* ms between looks whether somebody else imports */
    BUSY_WAIT = 100,    /* ms between looks at a running job */
    REFRESH_EVERY = 300 /* ms between new questions while an import runs */
};

struct explorer {
    const struct explorer_options *options;
    const struct rulebook *book; /* NULL until it is loaded */
    const struct display *display;
    struct theme theme;
    char theme_kept[CONFIG_PATH]; /* name or path */
    struct keymap keys;
    struct asker *asker;
    struct worker *worker; /* of the index */
    struct worker *files;  /* of the user's files */
    struct job *import, *export;
    struct scribe *scribe;
    struct desk desk;
    struct stage stage;
    struct canvas canvas;
    int64_t refreshed_ms, measured_ms, versioned_ms;
    uint64_t seen_entries, measured_entries, began_bytes;
    int64_t began_ms; /* when `timed` was first looked at */
    const struct job *timed;
    char *asked_path; /* of an import that was asked for by key */
    const char *asked_file;
    bool asked;
    int import_code, book_code;
    bool dirty, quit;
    bool shown;      /* the display was started before */
    bool read_only;  /* the index can be read, not written */
    bool reclassify; /* the index has classes of other rule packs */
    bool columns;    /* it has no columns yet: the rows answer until the import has made them */
};

const char *const *explorer_themes(void)
{
    return theme_names();
}

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- the desk's door -------------------------------------------------------------------------- */

static uint64_t door_ask(void *self, struct question *q)
{
    struct explorer *x = self;
    if (q->kind >= ASK_PATHS)
        return worker_ask(x->files, q);
    if (x->worker)
        return worker_ask(x->worker, q);
    question_free(q); /* it could not be started again; the explorer is about to be left */
    return UINT64_MAX;
}

static enum fault_code door_export(void *self, const struct job_report *what, struct fault *why)
{
    struct explorer *x = self;
    if (x->export)
        return fault_set(why, FAULT_BUSY, "an export is still being written");
    return job_export(&x->export, x->options->db, x->book, what, why);
}

/* What was asked for while the explorer is open has no part in its exit code. */
static enum fault_code door_import(void *self, const char *path, struct fault *why)
{
    struct explorer *x = self;
    if (x->import)
        return fault_set(why, FAULT_BUSY, "an import is running; it can be stopped");
    if (!x->options->importer)
        return fault_set(why, FAULT_USAGE, "nothing can be imported here");
    free(x->asked_path);
    x->asked_path = xstrdup(path);
    x->asked_file = x->asked_path;
    struct job_import what = {.db = x->options->db,
                              .book = x->book,
                              .importer = x->options->importer,
                              .files = &x->asked_file,
                              .file_count = 1};
    enum fault_code bad = job_import(&x->import, &what, why);
    if (!bad)
        x->desk.progress = job_progress(x->import);
    x->asked = !bad;
    return bad;
}

/* The zone belongs to all threads: nobody may work while it changes. */
static enum fault_code door_zone(void *self, const char *name, struct fault *why)
{
    struct explorer *x = self;
    struct craft craft = {.self = x->asker, .answer = asker_answer};
    if (x->import || x->export)
        return fault_set(why, FAULT_BUSY, "not while an import or export runs");
    worker_stop(x->worker);
    x->worker = NULL;
    enum fault_code bad = time_use_zone(name, why), worse = worker_start(&x->worker, &craft, why);
    if (worse) {
        x->quit = true; /* without it nothing is answered any more */
        return worse;
    }
    desk_ask_anew(&x->desk);
    return bad;
}

static bool door_stop(void *self)
{
    struct explorer *x = self;
    if (x->import)
        job_stop(x->import);
    return x->import;
}

static enum fault_code door_annotate(void *self, const struct annotation_change *change,
                                     struct fault *why)
{
    struct explorer *x = self;
    return scribe_write(x->scribe, change, why);
}

/* --- starting --------------------------------------------------------------------------------- */

/* NO_COLOR and --color never stand above every theme. */
static bool colourless(const struct explorer *x)
{
    const char *no_colour = getenv("NO_COLOR");
    enum colour_choice choice = x->options->colour;
    return choice == COLOUR_NEVER || (choice == COLOUR_AUTO && no_colour && *no_colour);
}

static enum fault_code door_theme(void *self, const char *name, bool keep, struct fault *why)
{
    struct explorer *x = self;
    struct theme theme;
    enum fault_code bad = theme_load(&theme, name ? name : x->theme_kept, why);
    if (bad)
        return bad;
    if (!colourless(x))
        x->theme = theme;
    if (!keep)
        return FAULT_NONE;
    snprintf(x->theme_kept, sizeof x->theme_kept, "%s", name);
    if (!x->options->settings)
        return fault_set(why, FAULT_IO, "there is no folder for settings");
    return config_put(x->options->settings, "theme", name, why);
}

static enum fault_code door_clipboard(void *self, struct slice text, struct fault *why)
{
    const struct explorer *x = self;
    return x->display->clipboard(text, why);
}

static enum fault_code load_keys(struct explorer *x, struct fault *why)
{
    enum fault_code bad = keymap_load(&x->keys, why);
    if (bad || !x->options->keys)
        return bad;
    return keymap_lay_file(&x->keys, x->options->keys, why);
}

static enum fault_code load_theme(struct explorer *x, struct fault *why)
{
    const char *name = x->options->theme;
    snprintf(x->theme_kept, sizeof x->theme_kept, "%s", name ? name : "dark");
    /* A name that is wrong is said even when its colours would not be used. */
    enum fault_code bad = theme_load(&x->theme, name ? name : "dark", why);
    return bad || !colourless(x) ? bad : theme_load(&x->theme, "mono", why);
}

/* FAULT_CONFIG with a `book_code` that was said already. */
static enum fault_code load_book(struct explorer *x)
{
    if (!x->book)
        x->book_code = x->options->load_book(x->options->self, &x->book);
    return x->book_code ? FAULT_CONFIG : FAULT_NONE;
}

/* The first question is on its way meanwhile. */
static enum fault_code use_book(struct explorer *x, struct store *store)
{
    struct fault later; /* an index that cannot tell is browsed with the classes it has */
    enum fault_code bad = load_book(x);
    if (bad)
        return bad;
    asker_set_book(x->asker, x->book);
    x->desk.book = x->book;
    if (reclassify_due(store, x->book, &x->reclassify, &later))
        x->reclassify = false;
    uint64_t due = 0;
    x->columns = !x->read_only && !store_columns_due(store, &due, &later) && due > 0;
    return FAULT_NONE;
}

/* Makes the index when there is none, so that the worker may open it for reading. */
static enum fault_code open_index(struct explorer *x, struct store **out, struct fault *why)
{
    struct threshold t = {
        .display = x->display, .theme = &x->theme, .keys = &x->keys, .db = x->options->db};
    enum fault_code bad = threshold_open(&t, why);
    *out = t.store;
    x->shown = t.shown;
    x->read_only = t.read_only;
    return bad;
}

static enum fault_code start_import(struct explorer *x, struct fault *why)
{
    const struct explorer_options *o = x->options;
    struct job_import what = {.db = o->db,
                              .book = x->book,
                              .importer = o->importer,
                              .options = o->import,
                              .files = o->files,
                              .file_count = o->file_count,
                              .sample = o->sample};
    bool renew = x->columns || (x->reclassify && !x->read_only);
    if (!o->importer || (o->file_count == 0 && !o->sample && !renew))
        return FAULT_NONE;
    enum fault_code bad = job_import(&x->import, &what, why);
    if (!bad)
        x->desk.progress = job_progress(x->import);
    return bad;
}

/* Where one was in this index, unless there is something else to look at. */
static bool go_back(struct explorer *x)
{
    const struct explorer_options *o = x->options;
    struct memory memory;
    struct fault unused;
    if (o->fresh || o->filter || o->file_count > 0 || o->sample || !memory_load(&memory, o->db))
        return false;
    x->desk.order = memory.order;
    bool back = desk_use(&x->desk, buf_slice(&memory.filter), true, &unused) == FAULT_NONE;
    if (back && memory.entry > 0)
        desk_go_to(&x->desk, memory.entry);
    if (!back)
        x->desk.order = ORDER_NEWEST;
    memory_free(&memory);
    return back;
}

static void remember(const struct explorer *x)
{
    const struct entry *current = desk_current(&x->desk);
    struct memory memory;
    memory_init(&memory);
    memory.order = x->desk.order;
    memory.entry = current ? current->id : 0;
    if (x->desk.filter && buf_add(&memory.filter, buf_slice(&x->desk.text)))
        memory_save(&memory, x->options->db);
    memory_free(&memory);
}

static enum fault_code begin_asking(struct explorer *x, struct fault *why)
{
    const struct explorer_options *o = x->options;
    struct desk_door door = {.self = x,
                             .ask = door_ask,
                             .export = door_export,
                             .import = door_import,
                             .stop = door_stop,
                             .zone = door_zone,
                             .annotate = door_annotate,
                             .theme = door_theme,
                             .clipboard =
                                 o->clipboard && x->display->clipboard ? door_clipboard : NULL};
    x->scribe = scribe_new(o->db);
    x->asker = asker_new(o->db);
    struct craft craft = {.self = x->asker, .answer = asker_answer};
    struct craft files = {.answer = files_answer};
    enum fault_code bad = worker_start(&x->worker, &craft, why);
    if (!bad)
        bad = worker_start(&x->files, &files, why);
    if (bad)
        return bad;
    desk_init(&x->desk, &door, NULL, &x->keys, o->db);
    x->desk.theme = x->theme_kept;
    stage_init(&x->stage, &x->desk);
    return go_back(x)
               ? FAULT_NONE
               : desk_use(&x->desk, slice_of(o->filter ? o->filter : "is:failure"), true, why);
}

static enum fault_code start(struct explorer *x, struct fault *why)
{
    const struct explorer_options *o = x->options;
    struct store *store = NULL;
    enum fault_code bad = load_keys(x, why);
    if (!bad)
        bad = load_theme(x, why);
    if (!bad && access(o->db, F_OK) != 0)
        bad = load_book(x); /* packs that are wrong leave no index behind */
    if (!bad)
        bad = open_index(x, &store, why);
    if (!bad)
        bad = begin_asking(x, why);
    if (!bad)
        bad = use_book(x, store);
    store_close(store);
    if (!bad)
        bad = start_import(x, why);
    if (!bad && x->read_only)
        desk_say(&x->desk, true, "%s",
                 x->reclassify ? _("this index can be read, not written: its classes stay those of "
                                   "other rule packs")
                               : _("this index can be read, not written: nothing new is kept in "
                                   "it"));
    return bad || x->shown ? bad : x->display->start(why);
}

static void finish(struct explorer *x)
{
    /* The terminal first: an import may need a moment to end its batch. */
    x->display->stop();
    scribe_free(x->scribe);
    job_free(x->export);
    job_free(x->import);
    free(x->asked_path);
    worker_leave(x->files, FOLDER_WAIT);
    worker_stop(x->worker);
    asker_free(x->asker);
    if (x->stage.desk) {
        stage_free(&x->stage);
        desk_free(&x->desk);
    }
    canvas_free(&x->canvas);
}

/* --- running ---------------------------------------------------------------------------------- */

static void take_events(struct explorer *x)
{
    struct terminal_event event;
    while (!x->quit && (event = x->display->next()).kind != EVENT_NONE) {
        enum outcome outcome = event.kind == EVENT_KEY     ? stage_key(&x->stage, event.key)
                               : event.kind == EVENT_MOUSE ? stage_mouse(&x->stage, &event)
                                                           : OUTCOME_REDRAW;
        if (outcome == OUTCOME_SUSPEND)
            x->display->suspend();
        x->quit = outcome == OUTCOME_QUIT;
        x->dirty = x->dirty || outcome != OUTCOME_IGNORED;
    }
}

static void take_answers(struct explorer *x)
{
    struct answer *a;
    while ((a = worker_take(x->worker)) || (a = worker_take(x->files))) {
        x->dirty = x->dirty || a->kind != ASK_VERSION;
        stage_take(&x->stage, a);
    }
}

/* How long the rest takes at the pace since the start. */
static void measure_bytes(struct explorer *x, int64_t now)
{
    const struct import_progress *p = job_progress(x->import);
    uint64_t done = atomic_load(&p->bytes_done), total = atomic_load(&p->bytes_total);
    if (x->import != x->timed) {
        x->timed = x->import;
        x->began_ms = now;
        x->began_bytes = done;
    }
    uint64_t ms = (uint64_t)(now - x->began_ms);
    uint64_t read = done > x->began_bytes ? done - x->began_bytes : 0;
    x->desk.left_s = read > 0 && ms > 0 && total > done ? (total - done) / 1000 * ms / read + 1 : 0;
}

static void look_at_import(struct explorer *x)
{
    if (!x->import)
        return;
    int64_t now = now_ms();
    bool done = job_done(x->import);
    uint64_t entries = atomic_load(&job_progress(x->import)->entries);
    if (now - x->measured_ms >= 1000) {
        x->desk.rate = x->measured_ms ? (entries - x->measured_entries) * 1000 /
                                            (uint64_t)(now - x->measured_ms)
                                      : 0;
        measure_bytes(x, now);
        x->measured_ms = now;
        x->measured_entries = entries;
    }
    /* Never while a question is out: a new one would only push it back. */
    if (done || (entries != x->seen_entries && now - x->refreshed_ms >= REFRESH_EVERY &&
                 !desk_waits(&x->desk))) {
        x->seen_entries = entries;
        x->refreshed_ms = now;
        desk_refresh(&x->desk);
    }
    x->dirty = true;
    if (done) {
        x->desk.progress = NULL;
        if (!x->asked)
            x->import_code = job_exit_code(x->import);
        desk_say(&x->desk, job_failed(x->import), "%s", job_sentence(x->import));
        snprintf(x->desk.refused, sizeof x->desk.refused, "%s",
                 job_failed(x->import) ? job_sentence(x->import) : "");
        job_free(x->import);
        x->import = NULL;
        x->timed = NULL;
        x->seen_entries = 0;
        x->asked = false;
    }
}

static void look_at_export(struct explorer *x)
{
    if (!x->export || !job_done(x->export))
        return;
    desk_say(&x->desk, job_failed(x->export), "%s", job_sentence(x->export));
    job_free(x->export);
    x->export = NULL;
    x->dirty = true;
}

static void look_at_remarks(struct explorer *x)
{
    struct fault why;
    if (!scribe_done(x->scribe, &why))
        return;
    if (why.code)
        desk_say(&x->desk, true, "not kept: %s", why.text);
    desk_refresh(&x->desk);
    x->dirty = true;
}

/* Somebody else may import into the same index. */
static void look_at_index(struct explorer *x)
{
    int64_t now = now_ms();
    if (x->import || x->desk.waiting[ASK_VERSION] || now - x->versioned_ms < IDLE_WAIT)
        return;
    struct question *q = xcalloc(1, sizeof *q);
    q->kind = ASK_VERSION;
    x->versioned_ms = now;
    x->desk.waiting[ASK_VERSION] = worker_ask(x->worker, q);
}

static void draw(struct explorer *x)
{
    int width, height;
    x->display->size(&width, &height);
    stage_draw(&x->stage, &x->canvas, width, height);
    plain_canvas(&x->canvas, x->display->plain());
    if (x->desk.repaint)
        x->display->forget();
    x->desk.repaint = false;
    /* What is about to change is not worth saying. */
    if (x->display->whole || (!desk_waits(&x->desk) && !x->import)) {
        x->display->paint(&x->canvas, &x->theme);
        x->dirty = false;
    }
}

static void loop(struct explorer *x)
{
    x->dirty = true;
    while (!x->quit && !x->display->signal()) {
        take_events(x);
        take_answers(x);
        look_at_import(x);
        look_at_export(x);
        look_at_remarks(x);
        look_at_index(x);
        if (x->quit || x->display->signal())
            break;
        if (x->dirty)
            draw(x);
        bool busy = x->import || x->export || scribe_busy(x->scribe);
        const int wakes[] = {worker_wake_fd(x->worker), worker_wake_fd(x->files)};
        x->display->wait(wakes, 2, busy ? BUSY_WAIT : IDLE_WAIT);
    }
}

int explorer_run(const struct explorer_options *options, struct fault *why)
{
    struct explorer *x = xcalloc(1, sizeof *x);
    x->options = options;
    x->display = options->linear ? &linear_display : &terminal_display;
    enum fault_code bad = start(x, why);
    if (!bad) {
        loop(x);
        x->display->stop(); /* the folder of what is remembered may be slow */
        remember(x);
    }
    int number = x->display->signal(), code = x->import_code, book_code = x->book_code;
    finish(x);
    free(x);
    if (number)
        why->code = FAULT_NONE; /* it was not the index that ended it */
    if (book_code)
        return book_code;
    return number ? 128 + number : bad ? fault_exit_code(bad) : code;
}
