/* Derives the users that other entries name (DESIGN.md "Whose entry it is"), from the narrow facts
 * that the index keeps; see link.h. Everything is decided anew from all entries of a group or of an
 * id, so that no order of import shows. */
#include "core/explain/link.h"

#include "core/base/utf8.h"
#include "core/index/store.h"

enum { LINK_NOTES_PER_COMMIT = 1000 };

#define LINK_WINDOW (LINK_WINDOW_SECONDS * TIME_SECOND)

struct link_run {
    struct store *s;
    struct fault *why;
    enum fault_code code;
};

static bool link_same(struct slice a, struct slice b)
{
    if (slice_equal_fold(a, b))
        return true;
    struct buf x, y;
    buf_init(&x, LINK_KEY_LIMIT * 4);
    buf_init(&y, LINK_KEY_LIMIT * 4);
    bool same = utf8_add_folded(&x, a) && utf8_add_folded(&y, b) &&
                slice_equal(buf_slice(&x), buf_slice(&y));
    buf_free(&x);
    buf_free(&y);
    return same;
}

/* Gives an entry its user where that changes anything. */
static void link_set(struct link_run *run, const struct link_entry *entry, struct slice user,
                     int64_t from)
{
    if (run->code || (entry->user_entry == from && !entry->user.at == !user.at &&
                      slice_equal(entry->user, user)))
        return;
    run->code = store_set_user(run->s, entry->id, user, from, run->why);
}

/* --- events ------------------------------------------------------------------------------------
 */

/* An event that names a user; `name` is a copy. */
struct link_witness {
    int64_t id, time_us;
    struct buf name;
    bool open;     /* it speaks for what comes next */
    bool disputed; /* a record between named somebody else */
};

/* An error that waits for what comes after it. */
struct link_error {
    struct link_entry entry; /* `user` points into `user` below */
    struct buf user;
    bool waiting;
    bool nobody; /* a refused token stops a whole run: its error belongs to no user */
    struct link_witness before, between;
};

struct link_group {
    struct link_run *run;
    int64_t from_us, to_us; /* errors outside were not touched */
    struct link_witness start;
    struct link_error error;
};

static void link_witness_set(struct link_witness *witness, const struct link_entry *entry)
{
    witness->id = entry->id;
    witness->time_us = entry->time_us;
    witness->disputed = false;
    buf_reset(&witness->name);
    witness->open = entry->own.len > 0 && buf_add(&witness->name, entry->own);
}

static void link_witness_copy(struct link_witness *to, const struct link_witness *from)
{
    to->id = from->id;
    to->time_us = from->time_us;
    to->disputed = from->disputed;
    buf_reset(&to->name);
    to->open = from->open && buf_add(&to->name, buf_slice(&from->name));
}

/* A record between names somebody else than the witness: whose operation it is stays open. */
static void link_dispute(struct link_witness *witness, struct slice name)
{
    if (witness->open && name.len && !link_same(buf_slice(&witness->name), name))
        witness->disputed = true;
}

static bool link_near(int64_t a, int64_t b)
{
    return a <= b && b - a <= LINK_WINDOW;
}

/* The error at hand gets its user: that of the start before it, of the result after it, or of the
 * nearer one when both say the same. `after` may be NULL. */
static void link_close_error(struct link_group *group, const struct link_entry *after)
{
    struct link_error *error = &group->error;
    if (!error->waiting)
        return;
    error->waiting = false;
    const struct link_entry *e = &error->entry;
    if (e->time_us < group->from_us || e->time_us > group->to_us)
        return;
    bool before = !error->nobody && error->before.open && !error->before.disputed &&
                  link_near(error->before.time_us, e->time_us);
    bool behind =
        !error->nobody && after && after->own.len && link_near(e->time_us, after->time_us);
    if (behind) {
        link_dispute(&error->between, after->own);
        behind = !error->between.disputed;
    }
    struct slice name = buf_slice(&error->before.name);
    if (before && behind && !link_same(name, after->own))
        before = behind = false;
    if (before && behind)
        before = e->time_us - error->before.time_us <= after->time_us - e->time_us;
    if (before)
        link_set(group->run, e, name, error->before.id);
    else if (behind)
        link_set(group->run, e, after->own, after->id);
    else
        link_set(group->run, e, e->own, 0);
}

static void link_open_error(struct link_group *group, const struct link_entry *event)
{
    struct link_error *error = &group->error;
    error->entry = *event;
    buf_reset(&error->user);
    buf_add(&error->user, event->user);
    error->entry.own = SLICE_NONE;
    error->entry.user = event->user.at ? buf_slice(&error->user) : SLICE_NONE;
    error->between.open = error->between.disputed = false;
    link_witness_copy(&error->before, &group->start);
    error->nobody = event->status == 401;
    error->waiting = true;
}

/* A record that ends or begins nothing; it may still name somebody. */
static void link_other(struct link_group *group, const struct link_entry *event)
{
    link_dispute(&group->start, event->own);
    link_dispute(&group->error.between, event->own);
    if (group->error.waiting && !group->error.between.open && event->own.len)
        link_witness_set(&group->error.between, event);
}

static bool link_event(void *self, const struct link_entry *event)
{
    struct link_group *group = self;
    enum step step = event->classed ? STEP_ERROR : event->step;
    if (step == STEP_OTHER) {
        link_other(group, event);
        return !group->run->code;
    }
    link_close_error(group, step == STEP_RESULT ? event : NULL);
    if (step == STEP_ERROR && !event->own.len)
        link_open_error(group, event);
    group->start.open = false;
    if (step == STEP_START)
        link_witness_set(&group->start, event);
    return !group->run->code;
}

static int64_t link_plus(int64_t time_us, int64_t span)
{
    int64_t sum;
    if (__builtin_add_overflow(time_us, span, &sum))
        return span < 0 ? INT64_MIN + 1 : INT64_MAX;
    return sum;
}

static void link_events(struct link_run *run, const struct link_work *work)
{
    struct link_group group = {.run = run,
                               .from_us = link_plus(work->from_us, -LINK_WINDOW),
                               .to_us = link_plus(work->to_us, LINK_WINDOW)};
    struct buf *const names[] = {&group.start.name, &group.error.before.name,
                                 &group.error.between.name, &group.error.user};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buf_init(names[i], LINK_KEY_LIMIT);
    /* What lies one window further decides about the events at the edges. */
    enum fault_code code =
        store_link_events(run->s, work->group, link_plus(group.from_us, -LINK_WINDOW),
                          link_plus(group.to_us, LINK_WINDOW), link_event, &group, run->why);
    link_close_error(&group, NULL);
    if (!run->code)
        run->code = code;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        buf_free(names[i]);
}

/* --- calls -------------------------------------------------------------------------------------
 */

struct link_named {
    struct link_run *run;
    const struct link_name *names; /* by time; without a time last */
    size_t count;
};

/* The name that was shown last before the call, else the first one after it. */
static const struct link_name *link_name_at(const struct link_named *named, int64_t time_us)
{
    const struct link_name *best = &named->names[0];
    for (size_t i = 0; i < named->count && time_us != TIME_NONE; i++) {
        if (named->names[i].time_us == TIME_NONE || named->names[i].time_us > time_us)
            break;
        best = &named->names[i];
    }
    return best;
}

static bool link_call(void *self, const struct link_entry *call)
{
    struct link_named *named = self;
    if (named->count == 0) {
        link_set(named->run, call, call->own, 0);
    } else {
        const struct link_name *name = link_name_at(named, call->time_us);
        link_set(named->run, call, name->name, name->entry);
    }
    return !named->run->code;
}

static void link_calls(struct link_run *run, const struct link_work *work, struct arena *arena)
{
    struct link_name *names = NULL;
    struct link_named named = {.run = run};
    run->code =
        store_link_names(run->s, work->group, work->key, arena, &names, &named.count, run->why);
    named.names = names;
    if (run->code)
        return;
    enum fault_code code =
        store_link_calls(run->s, work->group, work->key, link_call, &named, run->why);
    if (!run->code)
        run->code = code;
}

/* --- all of it ---------------------------------------------------------------------------------
 */

static enum fault_code link_notes(struct link_run *run, struct arena *arena)
{
    struct link_work work;
    bool found = true;
    int64_t last = 0;
    for (unsigned done = 1;; done++) {
        run->code = store_link_next(run->s, last, &work, &found, run->why);
        if (run->code || !found)
            break;
        last = work.id;
        arena_reset(arena);
        work.key = arena_copy(arena, work.key);
        if (work.kind == KIND_EVENT)
            link_events(run, &work);
        else
            link_calls(run, &work, arena);
        if (!run->code && done % LINK_NOTES_PER_COMMIT == 0)
            run->code = store_link_commit(run->s, last, true, run->why);
        if (run->code)
            break;
    }
    return run->code ? run->code : store_link_commit(run->s, last, false, run->why);
}

enum fault_code link_users(struct store *s, struct fault *why)
{
    struct link_run run = {.s = s, .why = why};
    struct arena arena;
    enum fault_code code = store_link_begin(s, why);
    if (code)
        return code;
    arena_init(&arena);
    code = link_notes(&run, &arena);
    if (code)
        store_link_cancel(s);
    arena_free(&arena);
    return code;
}
