/* Many users fail with one class and one value at fault: the domain of their names, or the same
 * detail once ids are masked. */
#include "core/explain/patterns/detector.h"
#include "core/explain/unknown.h"

enum { CAUSE_USERS = 5, DETAIL_MASKED = 160 };

#define CAUSE_GAP (6 * TIME_HOUR) /* failures further apart are no one cycle */

struct cause {
    uint64_t users[CAUSE_USERS];
    int64_t ids[CAUSE_USERS], times[CAUSE_USERS], last_us;
    char names[CAUSE_USERS][64];
    size_t count;
};

struct state {
    struct table causes;
};

static bool concerned(const struct statuses *s)
{
    (void)s;
    return true;
}

static void begin(void *self)
{
    table_init(&((struct state *)self)->causes, sizeof(struct cause), TABLE_LIMIT / 16);
}

/* What differs from user to user is masked, as in messages that no class knows. The full stop goes:
 * the text becomes a part of sentences. */
static struct slice masked(struct slice detail, struct arena *arena)
{
    struct slice text = slice_first(unknown_mask(detail, arena), DETAIL_MASKED);
    while (text.len > 1 && text.at[text.len - 1] == '.')
        text.len--;
    return text;
}

static void tell(const struct found_one *one, struct buf *out)
{
    char first[TIME_MOMENT_SIZE], last[TIME_MOMENT_SIZE];
    buf_add_format(
        out,
        one->user_count == FINDING_USERS
            ? _("%zu or more users fail with %.*s on %.*s and share one thing, \"%.*s\": from %s "
                "to "
                "%s")
            : _("%zu users fail with %.*s on %.*s and share one thing, \"%.*s\": from %s to %s"),
        one->user_count, QUOTED(one->note[0]), QUOTED(one->note[1]), QUOTED(one->note[2]),
        time_moment_words(first, one->first_us), time_moment_words(last, one->last_us));
}

static void report(struct cause *cause, struct call *c, struct slice value, struct found *found)
{
    const struct entry *e = c->entry;
    struct slice host = e->kind == KIND_EVENT ? e->computer : e->host;
    struct slice subject = arena_format(c->arena, "%.*s: %.*s on %.*s", QUOTED(value),
                                        QUOTED(e->class_id), QUOTED(host));
    struct found_one *it = found_at(found, "pattern-one-cause-many-users", subject, tell);
    if (!it)
        return;
    if (!it->count) {
        it->note[0] = found_keep(found, e->class_id);
        it->note[1] = found_keep(found, host.len ? host : slice_of(_("one host")));
        it->note[2] = found_keep(found, value);
    }
    if (cause->count < CAUSE_USERS + 1) { /* the ones that waited */
        for (size_t i = 0; i + 1 < CAUSE_USERS; i++)
            found_add(it, cause->ids[i], cause->times[i], slice_of(cause->names[i]));
        cause->count = CAUSE_USERS + 1;
    }
    found_add_call(it, c);
}

/* Where no user's data is at fault, the domain of their names says nothing. */
static bool is_of_data(struct slice category)
{
    static const char *const others[] = {"authentication", "authorization", "throttling",
                                         "server",         "network",       NULL};
    for (size_t i = 0; others[i]; i++)
        if (slice_is(category, others[i]))
            return false;
    return true;
}

static void see(void *self, struct call *c, struct found *found)
{
    struct state *s = self;
    const struct entry *e = c->entry;
    if (!e->failure || !e->user.len || e->time_us == TIME_NONE)
        return;
    size_t at = slice_find_byte(e->user, '@');
    bool domain = at != SIZE_MAX && at + 1 < e->user.len && is_of_data(e->category);
    struct slice value = domain          ? slice_from(e->user, at)
                         : e->detail.len ? masked(e->detail, c->arena)
                                         : SLICE("the host");
    uint64_t host = e->kind == KIND_EVENT ? table_hash_fold(2, e->computer) : c->host;
    struct cause *cause =
        table_put(&s->causes, table_hash_fold(table_hash(host, e->class_id), value));
    if (cause->count && e->time_us - cause->last_us > CAUSE_GAP)
        memset(cause, 0, sizeof *cause);
    cause->last_us = e->time_us;
    if (cause->count > CAUSE_USERS) {
        report(cause, c, value, found);
        return;
    }
    uint64_t user = table_hash_fold(0, e->user);
    for (size_t i = 0; i < cause->count; i++)
        if (cause->users[i] == user)
            return;
    struct slice name = slice_first(e->user, sizeof cause->names[0] - 1);
    memcpy(cause->names[cause->count], name.at, name.len);
    cause->users[cause->count] = user;
    cause->ids[cause->count] = e->id;
    cause->times[cause->count] = e->time_us;
    if (++cause->count == CAUSE_USERS)
        report(cause, c, value, found);
}

static void end(void *self, struct found *found)
{
    (void)found;
    table_free(&((struct state *)self)->causes);
}

const struct detector detect_one_cause = {.class_id = "pattern-one-cause-many-users",
                                          .size = sizeof(struct state),
                                          .concerned = concerned,
                                          .begin = begin,
                                          .see = see,
                                          .end = end};
