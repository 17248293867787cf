/* See threshold.h. The thread that tries may outlast the person's patience (a lock is waited for):
 * what it touches is its own, and stays when it is left behind. */
#include "tui/view/threshold.h"

#include "core/base/alloc.h"
#include "core/base/words.h"
#include "tui/screen/layout.h"
#include "tui/screen/text.h"
#include "tui/view/pane.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    SOON = 300, /* ms that nobody minds: no screen before */
    LEAVE = 200 /* ms that a try is waited for once one has left */
};

/* --- trying ----------------------------------------------------------------------------------- */

struct attempt {
    pthread_t thread;
    int wake[2]; /* something to read once it is done */
    char *db;
    struct store *store;
    bool read_only;
    struct fault why;
};

static void *run(void *self)
{
    struct attempt *a = self;
    enum fault_code bad = store_open(&a->store, a->db, STORE_BROWSE, &a->why);
    if (bad == FAULT_INDEX && store_refusal(a->db) == REFUSAL_UNWRITABLE) {
        bad = store_open(&a->store, a->db, STORE_READ, &a->why);
        a->read_only = !bad;
    }
    if (!bad)
        a->why.code = FAULT_NONE;
    ssize_t ignored = write(a->wake[1], "", 1);
    (void)ignored;
    return NULL;
}

static void attempt_free(struct attempt *a)
{
    close(a->wake[0]);
    close(a->wake[1]);
    free(a->db);
    free(a);
}

static struct attempt *attempt_begin(const struct threshold *t, struct fault *why)
{
    sigset_t all, before;
    struct attempt *a = xcalloc(1, sizeof *a);
    a->db = xstrdup(t->db);
    if (pipe2(a->wake, O_CLOEXEC | O_NONBLOCK) != 0) {
        fault_set(why, FAULT_IO, "no pipe: %s", strerror(errno));
        free(a->db);
        free(a);
        return NULL;
    }
    sigfillset(&all); /* signals are the main thread's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&a->thread, NULL, run, a);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!failed)
        return a;
    fault_set(why, FAULT_IO, "no thread: %s", strerror(failed));
    attempt_free(a);
    return NULL;
}

/* Waits at most so long; true when it is over. */
static bool attempt_over(struct attempt *a, int milliseconds)
{
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += (long)milliseconds * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    return pthread_timedjoin_np(a->thread, NULL, &until) == 0;
}

/* --- the screen ------------------------------------------------------------------------------- */

static void line(struct text *t, enum role role, const char *words)
{
    text_word(t, role, words);
    text_break(t);
}

static void write_advice(enum fault_code code, enum store_refusal refusal, struct text *t)
{
    if (code == FAULT_BUSY) {
        line(t, ROLE_TEXT,
             "Another program writes to this index and does not let go of it. When it has ended, "
             "try again; nothing is lost.");
        return;
    }
    if (code == FAULT_IO) {
        line(t, ROLE_TEXT, "Is the disk there, and is there room on it? Then try again.");
        return;
    }
    switch (refusal) {
    case REFUSAL_NEWER:
        line(t, ROLE_TEXT,
             "Use the newer scimscope here, too: this one leaves the file as it is. Or import the "
             "logs into an index of its own:");
        break;
    case REFUSAL_UNREADABLE:
        line(t, ROLE_TEXT,
             "The file's rights do not let you read it: its owner can change that. Or import the "
             "logs into an index of your own:");
        break;
    case REFUSAL_NO_PLACE:
    case REFUSAL_UNWRITABLE:
        line(t, ROLE_TEXT,
             "Nothing can be written in this folder. Take an index in a folder of your own:");
        break;
    case REFUSAL_FOREIGN:
        line(t, ROLE_TEXT, "This file is something else, and stays as it is. Name another index:");
        break;
    case REFUSAL_DAMAGED:
        line(t, ROLE_TEXT,
             "`scimscope verify` says what is wrong with it. The logs can be imported anew into "
             "another one:");
        break;
    }
    text_gap(t);
    line(t, ROLE_KEY, "  scimscope --db OTHER.db Application.evtx capture.har");
}

static void write_key(const struct threshold *t, enum action action, const char *what,
                      struct text *out)
{
    struct buf keys;
    buf_init(&keys, 64);
    keymap_keys_text(t->keys, action, false, &keys);
    text_add(out, ROLE_KEY, arena_copy(out->arena, buf_slice(&keys)));
    text_word(out, ROLE_FOOT, " ");
    text_word(out, ROLE_FOOT, what);
    text_word(out, ROLE_FOOT, "   ");
    buf_free(&keys);
}

void threshold_draw(const struct threshold *t, const struct fault *why, enum store_refusal refusal,
                    struct canvas *c, struct rect r)
{
    enum { MARGIN = 3, WIDTH = 76 };
    struct arena arena;
    struct text text;
    struct rect head = layout_top(&r, 1), foot = layout_bottom(&r, 1);
    arena_init(&arena);
    canvas_word(c, head.x + 1, head.y, head.width - 2, ROLE_BRAND, "scimscope");
    r = layout_inset(r, r.width > 40 ? MARGIN : 0, r.height > 10);
    text_init(&text, &arena, r.width < WIDTH ? r.width : WIDTH);
    line(&text, why ? ROLE_BAD : ROLE_STRONG,
         why ? N_("The index does not open.") : N_("Waiting for the index ..."));
    text_gap(&text);
    text_add(&text, ROLE_ACCENT, slice_of(t->db));
    text_break(&text);
    text_gap(&text);
    if (why) {
        text_add(&text, ROLE_TEXT, slice_of(why->text));
        text_break(&text);
        text_gap(&text);
        line(&text, ROLE_LABEL, "What to do");
        write_advice(why->code, refusal, &text);
    } else
        line(&text, ROLE_TEXT, "Another program is writing to it; that may take some seconds.");
    text_draw(&text, c, r, 0);
    text_free(&text);
    text_init(&text, &arena, foot.width > 2 ? foot.width - 2 : foot.width);
    if (why)
        write_key(t, ACTION_OPEN, N_("try again"), &text);
    write_key(t, ACTION_QUIT, N_("quit"), &text);
    text_draw(&text, c, layout_inset(foot, 1, 0), 0);
    text_free(&text);
    arena_free(&arena);
}

/* --- both ------------------------------------------------------------------------------------- */

static void show(struct threshold *t, const struct fault *why, enum store_refusal refusal)
{
    struct canvas canvas = {0};
    int width, height;
    t->display->size(&width, &height);
    canvas_resize(&canvas, width, height);
    threshold_draw(t, why, refusal, &canvas, canvas_rect(&canvas));
    plain_canvas(&canvas, t->display->plain());
    t->display->paint(&canvas, t->theme);
    canvas_free(&canvas);
}

enum choice { CHOICE_NONE, CHOICE_AGAIN, CHOICE_LEAVE };

static enum choice next_choice(struct threshold *t)
{
    struct terminal_event event;
    if (t->display->signal())
        return CHOICE_LEAVE;
    while ((event = t->display->next()).kind != EVENT_NONE) {
        enum action action =
            event.kind == EVENT_KEY ? keymap_action(t->keys, event.key) : ACTION_NONE;
        if (action == ACTION_QUIT || action == ACTION_BACK)
            return CHOICE_LEAVE;
        if (action == ACTION_REFRESH || action == ACTION_OPEN)
            return CHOICE_AGAIN;
        if (action == ACTION_SUSPEND)
            t->display->suspend();
    }
    return CHOICE_NONE;
}

/* One try, with a screen when it takes long. False: one has left before it was over. */
static bool attempt(struct threshold *t, struct fault *why)
{
    struct attempt *a = attempt_begin(t, why);
    if (!a)
        return true;
    bool over = attempt_over(a, SOON);
    struct fault unseen;
    if (!over && !t->shown)
        t->shown = t->display->start(&unseen) == FAULT_NONE;
    while (!over) {
        const int wakes[] = {a->wake[0]};
        if (t->shown) {
            show(t, NULL, REFUSAL_DAMAGED);
            t->display->wait(wakes, 1, SOON);
            if (next_choice(t) == CHOICE_LEAVE)
                break;
        }
        over = attempt_over(a, t->shown ? 0 : SOON);
    }
    if (!over && !attempt_over(a, LEAVE)) {
        fault_set(why, FAULT_BUSY, "the index is busy: another program is writing it");
        return false;
    }
    *why = a->why;
    t->store = a->store;
    t->read_only = a->read_only;
    attempt_free(a);
    return over;
}

enum fault_code threshold_open(struct threshold *t, struct fault *why)
{
    struct fault unseen;
    while (attempt(t, why) && why->code) {
        enum store_refusal refusal = store_refusal(t->db);
        if (!t->shown)
            t->shown = t->display->start(&unseen) == FAULT_NONE;
        if (!t->shown)
            return why->code;
        enum choice choice = CHOICE_NONE;
        while (choice == CHOICE_NONE) {
            show(t, why, refusal);
            t->display->wait(NULL, 0, -1);
            choice = next_choice(t);
        }
        if (choice == CHOICE_LEAVE)
            return why->code;
    }
    return why->code;
}
