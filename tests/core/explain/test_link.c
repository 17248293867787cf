/* Which users follow from other entries. The index is played by arrays here, so that each case is a
 * line; tests/core/index and the end-to-end tests link through the real one. */
#include "core/explain/link.h"

#include "core/index/store.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>

/* --- the index ---------------------------------------------------------------------------------
 */

enum { PLAY_ROWS = 64 };

struct store {
    struct link_entry rows[PLAY_ROWS];
    char names[PLAY_ROWS][40]; /* the users that rows have now */
    size_t count;
    struct link_work work[4];
    size_t work_count;
    struct link_name shown[8];
    size_t shown_count;
    size_t writes, commits;
    bool fails;
};

enum fault_code store_link_begin(struct store *s, struct fault *why)
{
    (void)s;
    (void)why;
    return FAULT_NONE;
}

void store_link_cancel(struct store *s)
{
    s->commits = 999;
}

enum fault_code store_link_next(struct store *s, int64_t after, struct link_work *out, bool *found,
                                struct fault *why)
{
    (void)why;
    *found = false;
    for (size_t i = 0; i < s->work_count && !*found; i++) {
        if (s->work[i].id > after) {
            *out = s->work[i];
            *found = true;
        }
    }
    return FAULT_NONE;
}

enum fault_code store_link_commit(struct store *s, int64_t last, bool more, struct fault *why)
{
    (void)last;
    (void)more;
    (void)why;
    s->commits++;
    return FAULT_NONE;
}

static enum fault_code play_rows(struct store *s, int64_t from, int64_t to,
                                 bool (*each)(void *self, const struct link_entry *row), void *self)
{
    for (size_t i = 0; i < s->count; i++) {
        /* Slices die after the callback, as in the real index. */
        struct link_entry row = s->rows[i];
        char *own = slice_dup(row.own), *user = slice_dup(row.user);
        row.own.at = row.own.at ? own : NULL;
        row.user.at = row.user.at ? user : NULL;
        bool on = row.time_us < from || row.time_us > to || each(self, &row);
        if (own)
            memset(own, '#', row.own.len);
        free(own);
        free(user);
        if (!on)
            break;
    }
    return FAULT_NONE;
}

enum fault_code store_link_events(struct store *s, int64_t group, int64_t from_us, int64_t to_us,
                                  bool (*event)(void *self, const struct link_entry *event),
                                  void *self, struct fault *why)
{
    (void)group;
    (void)why;
    return play_rows(s, from_us, to_us, event, self);
}

enum fault_code store_link_calls(struct store *s, int64_t host, struct slice key,
                                 bool (*call)(void *self, const struct link_entry *call),
                                 void *self, struct fault *why)
{
    (void)host;
    (void)why;
    cr_assert(slice_is(key, "17"));
    return play_rows(s, INT64_MIN, INT64_MAX, call, self);
}

enum fault_code store_link_names(struct store *s, int64_t host, struct slice key,
                                 struct arena *arena, struct link_name **out, size_t *count,
                                 struct fault *why)
{
    (void)host;
    (void)key;
    (void)arena;
    (void)why;
    *out = s->shown;
    *count = s->shown_count;
    return FAULT_NONE;
}

enum fault_code store_set_user(struct store *s, int64_t id, struct slice user, int64_t from,
                               struct fault *why)
{
    if (s->fails)
        return fault_set(why, FAULT_IO, "disk full");
    struct link_entry *row = &s->rows[id - 1];
    snprintf(s->names[id - 1], sizeof s->names[0], "%.*s", (int)user.len, user.at ? user.at : "");
    row->user = user.at ? slice_of(s->names[id - 1]) : SLICE_NONE;
    row->user_entry = from;
    s->writes++;
    return FAULT_NONE;
}

/* --- events ------------------------------------------------------------------------------------
 */

/* A log in short: a letter and a user per event, one second apart: S start, E error, F error with
 * 401, R result, D done, U run, O anything else, + nine seconds more. */
static void play_log(struct store *s, const char *log)
{
    static char text[PLAY_ROWS][40];
    int64_t now = 0;
    for (struct slice rest = slice_of(log), word; slice_cut(&rest, ' ', &word);) {
        if (slice_is(word, "+")) {
            now += 9;
            continue;
        }
        size_t i = s->count++;
        struct link_entry *row = &s->rows[i];
        snprintf(text[i], sizeof text[i], "%.*s", (int)word.len - 1, word.at + 1);
        *row = (struct link_entry){.id = (int64_t)i + 1, .time_us = now++ * TIME_SECOND};
        row->own = word.len > 1 ? slice_of(text[i]) : SLICE_NONE;
        row->user = row->own;
        row->classed = word.at[0] == 'E' || word.at[0] == 'F';
        row->status = word.at[0] == 'F' ? 401 : row->classed ? 409 : 0;
        row->step = word.at[0] == 'S'   ? STEP_START
                    : word.at[0] == 'R' ? STEP_RESULT
                    : word.at[0] == 'D' ? STEP_DONE
                    : word.at[0] == 'U' ? STEP_RUN
                                        : STEP_OTHER;
    }
}

/* The errors' users and the entries that named them: "tanaka@1 -". */
static const char *play_errors(const struct store *s)
{
    static char out[512];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < s->count; i++) {
        const struct link_entry *row = &s->rows[i];
        if (!row->classed)
            continue;
        used += (size_t)snprintf(out + used, sizeof out - used, "%s", used ? " " : "");
        if (!row->user.at)
            used += (size_t)snprintf(out + used, sizeof out - used, "-");
        else
            used += (size_t)snprintf(out + used, sizeof out - used, "%.*s@%d", (int)row->user.len,
                                     row->user.at, (int)row->user_entry);
    }
    return out;
}

struct log_row {
    char log[64], want[48];
};

ParameterizedTestParameters(link, finds_the_user_of_an_error)
{
    static struct log_row rows[] = {
        {"Sa E", "a@1"},          /* the start directly before */
        {"E Ra", "a@2"},          /* the result directly after */
        {"Sa E Ra", "a@1"},       /* both, the nearer one; the earlier of two as near */
        {"Sa + E Ra", "a@3"},     /* both, the later one is nearer */
        {"SA E Ra", "A@1"},       /* both, but for the case */
        {"Sa E Rb", "-"},         /* they disagree */
        {"E", "-"},               /* nobody says */
        {"Sa E E", "a@1 -"},      /* an error ends the operation */
        {"Sa E Sb E", "a@1 b@3"}, /* each its own */
        {"E E Ra", "- a@3"},      /* the result belongs to the error directly before it */
        {"E Ra Ra", "a@2"},       /* only the first result */
        {"Ra E", "-"},            /* a result ends what was before it */
        {"Sa D E", "-"},          /* a finished operation between */
        {"Sa Db E", "-"},         /* another's too */
        {"E D Ra", "-"},          /* after the error as well */
        {"Sa U E", "-"},          /* the boundary of a run between */
        {"E U Ra", "-"},          /* after it as well */
        {"E Sa", "-"},            /* the next operation does not speak for this one */
        {"Sa O E", "a@1"},        /* a record that says nothing between */
        {"Sa Oa E", "a@1"},       /* a retry that names the same user */
        {"Sa Ob E", "-"},         /* somebody else between: whose it is stays open */
        {"E Oa Ra", "a@3"},       /* the same after the error */
        {"E Ob Ra", "-"},         /* and somebody else there */
        {"Sa E Ob Rb", "-"},      /* start and result still disagree */
        {"Oa E", "-"},            /* an unrecognised record links nothing */
        {"E Oa", "-"},            /* after it neither */
        {"Sa + E", "a@1"},        /* ten seconds are near */
        {"Sa + O E", "-"},        /* eleven are not */
        {"E + Ra", "a@2"},        /* after it the same */
        {"E + O Ra", "-"},        /* */
        {"S E", "-"},             /* a start that names nobody */
        {"Sa S E", "-"},          /* hides the one before */
        {"Sa Sb E", "b@2"},       /* the start directly before */
        {"Sa Eb", "b@0"},         /* an error that names its user keeps it */
        {"Sa Eb E", "b@0 -"},     /* and ends the operation */
        {"U F U", "-"},           /* a refused token stops the run */
        {"Sa F", "-"},            /* and is nobody's, whoever came first */
        {"F Ra", "-"},            /* or after it */
        {"Sa F E", "- -"},        /* nor does the next error inherit him */
        {"Sa E Ra F U Sb E Rb", "a@1 - b@6"},
    };
    return cr_make_param_array(struct log_row, rows, sizeof rows / sizeof *rows);
}

static struct store *play_events(const char *log, int64_t from, int64_t to)
{
    struct store *s = calloc(1, sizeof *s);
    play_log(s, log);
    s->work[0] = (struct link_work){.id = 1, .kind = KIND_EVENT, .from_us = from, .to_us = to};
    s->work_count = 1;
    return s;
}

ParameterizedTest(struct log_row *row, link, finds_the_user_of_an_error)
{
    struct fault why = {0};
    struct store *s = play_events(row->log, 0, 100 * TIME_SECOND);
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_str_eq(play_errors(s), row->want, "%s: %s", row->log, play_errors(s));
    size_t writes = s->writes;
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_eq(s->writes, writes, "%s: a second run changes nothing", row->log);
    free(s);
}

Test(link, takes_a_user_back_when_entries_in_between_arrive)
{
    struct fault why = {0};
    struct store *s = play_events("Sa D E", 0, 100 * TIME_SECOND);
    s->rows[2].user = SLICE("a"); /* linked before the D was there */
    s->rows[2].user_entry = 1;
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_str_eq(play_errors(s), "-");
    free(s);
}

Test(link, touches_only_what_is_near_the_new_entries)
{
    struct fault why = {0};
    /* Times: S0 E1, S11 E12, S22 E23; what came lies at 12 s. */
    struct store *s = play_events("Sa E + Sb E + Sc E", 12 * TIME_SECOND, 12 * TIME_SECOND);
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_str_eq(play_errors(s), "- b@3 -", "%s", play_errors(s));
    free(s);
    /* An error at the edge still sees its start one window further. */
    s = play_events("Sa + E + E", 19 * TIME_SECOND, 19 * TIME_SECOND);
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_str_eq(play_errors(s), "a@1 -", "%s", play_errors(s));
    free(s);
}

Test(link, ends_of_time_do_not_overflow)
{
    struct fault why = {0};
    struct store *s = play_events("Sa E", INT64_MIN + 1, INT64_MAX);
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    cr_expect_str_eq(play_errors(s), "a@1");
    free(s);
}

Test(link, passes_a_fault_on_and_commits_nothing)
{
    struct fault why = {0};
    struct store *s = play_events("Sa E", 0, TIME_SECOND);
    s->fails = true;
    cr_expect_eq(link_users(s, &why), FAULT_IO);
    cr_expect_str_eq(why.text, "disk full");
    cr_expect_eq(s->commits, 999);
    free(s);
}

/* --- calls -------------------------------------------------------------------------------------
 */

static struct store *play_calls(size_t names)
{
    static const struct link_name shown[] = {
        {SLICE("first"), 10, 71}, {SLICE("second"), 20, 72}, {SLICE("timeless"), TIME_NONE, 73}};
    struct store *s = calloc(1, sizeof *s);
    static const int64_t times[] = {5, 10, 15, 25, TIME_NONE};
    for (size_t i = 0; i < 5; i++)
        s->rows[s->count++] = (struct link_entry){
            .id = (int64_t)i + 1, .time_us = times[i], .own = SLICE("17"), .user = SLICE("17")};
    s->work[0] = (struct link_work){.id = 1, .kind = KIND_HTTP, .key = SLICE("17")};
    s->work_count = 1;
    memcpy(s->shown, shown, sizeof shown);
    s->shown_count = names;
    return s;
}

Test(link, a_call_takes_the_name_that_was_shown_last_before_it)
{
    struct fault why = {0};
    struct store *s = play_calls(3);
    static const struct {
        const char *user;
        int64_t from;
    } want[] = {{"first", 71}, {"first", 71}, {"first", 71}, {"second", 72}, {"first", 71}};
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    for (size_t i = 0; i < 5; i++) {
        cr_expect(slice_is(s->rows[i].user, want[i].user), "call %zu: %s", i, s->rows[i].user.at);
        cr_expect_eq(s->rows[i].user_entry, want[i].from);
    }
    free(s);
}

Test(link, a_call_falls_back_to_what_it_states_when_no_name_is_left)
{
    struct fault why = {0};
    struct store *s = play_calls(0);
    s->rows[1].user = SLICE("gone");
    s->rows[1].user_entry = 70;
    cr_assert_eq(link_users(s, &why), FAULT_NONE);
    for (size_t i = 0; i < 5; i++) {
        cr_expect(slice_is(s->rows[i].user, "17"));
        cr_expect_eq(s->rows[i].user_entry, 0);
    }
    cr_expect_eq(s->writes, 1);
    free(s);
}
