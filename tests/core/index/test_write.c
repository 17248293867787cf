/* Batches: what is stored comes back, nothing twice, a resumed run finishes what a killed one
 * began, a full disk loses only the batch at hand. */
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>

static struct scratch t;

static void setup(void)
{
    scratch_make(&t);
}

static void teardown(void)
{
    scratch_remove(&t);
}

TestSuite(write, .init = setup, .fini = teardown, .timeout = 120);

static struct store *open_or_fail(enum store_mode mode)
{
    struct store *s = NULL;
    struct fault why = {0};
    cr_assert(eq(int, store_open(&s, t.db, mode, &why), FAULT_NONE), "%s", why.text);
    return s;
}

static void say(void *self, const char *line)
{
    (void)self;
    cr_log_error("verify: %s", line);
}

static void expect_sound(struct store *s)
{
    struct fault why = {0};
    uint64_t faults = 99;
    cr_expect(eq(int, store_verify(s, say, NULL, &faults, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(u64, faults, 0));
}

static struct store_source source_of(const char *path)
{
    return (struct store_source){
        .path = slice_of(path), .format = SLICE("har"), .size = 1, .mtime_us = 2};
}

static void expect_slice(struct slice got, struct slice want, const char *what)
{
    cr_expect(slice_is_none(got) == slice_is_none(want) && slice_equal(got, want),
              "%s: %.*s instead of %.*s", what, (int)got.len, got.at ? got.at : "", (int)want.len,
              want.at ? want.at : "");
}

Test(write, gives_every_field_back)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 8, &source, &why);
    for (uint64_t i = 0; i < 8; i++) {
        struct stored want = make_stored(i);
        struct entry got;
        struct arena arena;
        struct slice raw;
        arena_init(&arena);
        cr_assert(eq(int, store_entry(s, (int64_t)i + 1, &arena, &got, &raw, &why), FAULT_NONE),
                  "%s", why.text);
        want.entry.id = (int64_t)i + 1;
        want.entry.source_id = source.id;
        want.entry.source = SLICE("a.har");
        struct buf a, b;
        buf_init(&a, 1 << 20);
        buf_init(&b, 1 << 20);
        entry_write_json(&a, &got);
        entry_write_json(&b, &want.entry);
        cr_expect(eq(str, a.at, b.at));
        expect_slice(raw, want.raw, "raw");
        expect_slice(got.query, want.entry.query, "query");
        cr_expect(eq(int, got.failure, want.entry.failure));
        cr_expect(eq(int, got.success, want.entry.success));
        buf_free(&a);
        buf_free(&b);
        arena_free(&arena);
    }
    struct entry none;
    struct arena arena;
    arena_init(&arena);
    cr_expect(eq(int, store_entry(s, 9, &arena, &none, NULL, &why), FAULT_USAGE));
    arena_free(&arena);
    expect_sound(s);
    store_close(s);
}

Test(write, keeps_odd_urls_as_they_are)
{
    static const struct {
        const char *url, *path, *query;
    } rows[] = {
        {"https://h/a?b#frag", "/a", "b"}, {"/a?b", "/a", "b"},   {"https://h/a?", "/a", ""},
        {"https://h/a", "/a", NULL},       {"h:443", NULL, NULL}, {"", NULL, NULL}};
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("a");
    struct fault why = {0};
    struct stored batch[6];
    for (size_t i = 0; i < 6; i++) {
        batch[i] = make_stored(2 * i + 1);
        batch[i].entry.url = slice_of(rows[i].url);
        batch[i].entry.path = slice_of(rows[i].path);
        batch[i].entry.query = slice_of(rows[i].query);
    }
    store_source_begin(s, &source, &why);
    cr_assert(eq(int, store_write(s, &source, batch, 6, &why), FAULT_NONE), "%s", why.text);
    for (size_t i = 0; i < 6; i++) {
        struct entry got;
        struct arena arena;
        arena_init(&arena);
        store_entry(s, batch[i].entry.id, &arena, &got, NULL, &why);
        expect_slice(got.url, slice_of(rows[i].url), rows[i].url);
        expect_slice(got.path, slice_of(rows[i].path), rows[i].url);
        expect_slice(got.query, slice_of(rows[i].query), rows[i].url);
        arena_free(&arena);
    }
    store_close(s);
}

Test(write, cleans_texts_that_sql_cannot_hold)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("a");
    struct fault why = {0};
    struct stored one = make_stored(0);
    one.entry.detail = slice_make("a\0b\xff", 4);
    one.entry.user = slice_make("\xc3(", 2);
    one.raw = slice_make("x\0y", 3);
    store_source_begin(s, &source, &why);
    cr_assert(eq(int, store_write(s, &source, &one, 1, &why), FAULT_NONE), "%s", why.text);
    struct entry got;
    struct slice raw;
    struct arena arena;
    arena_init(&arena);
    store_entry(s, one.entry.id, &arena, &got, &raw, &why);
    expect_slice(got.detail,
                 SLICE("a\xEF\xBF\xBD"
                       "b\xEF\xBF\xBD"),
                 "detail");
    expect_slice(got.user, SLICE("\xEF\xBF\xBD("), "user");
    expect_slice(raw, slice_make("x\0y", 3), "raw");
    arena_free(&arena);
    store_close(s);
}

Test(write, importing_again_adds_nothing)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 100, &source, &why);
    cr_expect(eq(u64, source.added, 100));
    import_made(s, "a.har", 100, &source, &why);
    cr_expect(eq(u64, source.added, 0));
    cr_expect(eq(u64, source.duplicates, 100));
    import_made(s, "copy.har", 120, &source, &why);
    cr_expect(eq(u64, source.added, 20));
    cr_expect(eq(u64, source.duplicates, 100));
    cr_expect(eq(i64, count_of(s, ""), 120));
    cr_expect(eq(i64, count_of(s, "source:a.har"), 100));
    expect_sound(s);
    store_close(s);
}

/* Equal rows: (how many in the file, what the index holds after it). */
Test(write, keeps_equal_rows_of_one_file_apart)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct fault why = {0};
    static const struct {
        const char *path;
        size_t rows, held;
    } steps[] = {{"a", 3, 3}, {"a", 3, 3}, {"b", 5, 5}, {"c", 1, 5}, {"b", 5, 5}, {"d", 40, 40}};
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct store_source source = source_of(steps[i].path);
        cr_assert(eq(int, store_source_begin(s, &source, &why), FAULT_NONE));
        /* In batches of two, so that the count goes on across commits. */
        for (size_t done = 0; done < steps[i].rows; done += 2) {
            struct stored batch[2] = {make_stored(7), make_stored(7)};
            size_t count = steps[i].rows - done < 2 ? 1 : 2;
            cr_assert(eq(int, store_write(s, &source, batch, count, &why), FAULT_NONE));
        }
        source.complete = true;
        store_source_end(s, &source, &why);
        cr_expect(eq(i64, count_of(s, ""), (int64_t)steps[i].held), "after step %zu", i);
    }
    expect_sound(s);
    store_close(s);
}

Test(write, entries_that_share_a_record_find_it)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct fault why = {0};
    for (int again = 0; again < 2; again++) {
        struct store_source source = source_of("a");
        store_source_begin(s, &source, &why);
        struct stored batch[3] = {make_stored(1), make_stored(1), make_stored(1)};
        for (int i = 1; i < 3; i++) {
            batch[i].raw = SLICE_NONE;
            batch[i].print = (uint64_t)(1000 * again + i); /* new ones behind a known record */
            batch[i].entry.bulk_operation = i;
        }
        cr_assert(eq(int, store_write(s, &source, batch, 3, &why), FAULT_NONE), "%s", why.text);
        cr_expect(eq(u64, source.added, again ? 2 : 3));
        for (int i = 0; i < 3; i++) {
            struct entry got;
            struct slice raw = SLICE_NONE;
            struct arena arena;
            arena_init(&arena);
            store_entry(s, batch[i].entry.id, &arena, &got, &raw, &why);
            expect_slice(raw, make_stored(1).raw, "raw");
            arena_free(&arena);
        }
        source.complete = true;
        store_source_end(s, &source, &why);
    }
    expect_sound(s);
    store_close(s);
}

Test(write, a_refused_source_leaves_nothing)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("bad.har"), *rows;
    struct fault why = {0};
    struct arena arena;
    size_t count = 9;
    arena_init(&arena);
    store_source_begin(s, &source, &why);
    cr_expect(eq(i64, source.id, 0));
    store_damaged(s, &source, 5, 0, "nothing here");
    cr_expect(eq(int, store_source_drop(s, source.id, &why), FAULT_NONE));
    store_sources(s, &arena, &rows, &count, &why);
    cr_expect(eq(sz, count, 0));
    import_made(s, "good.har", 3, &source, &why);
    cr_expect(eq(int, store_source_drop(s, source.id, &why), FAULT_NONE));
    store_sources(s, &arena, &rows, &count, &why);
    cr_expect(eq(sz, count, 1), "a source with entries stays");
    cr_expect(eq(u64, rows[0].damaged, 0), "notes of the refused one must not go to the next");
    arena_free(&arena);
    store_close(s);
}

Test(write, a_source_tells_what_became_of_it)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("a.har"), *rows;
    struct fault why = {0};
    struct arena arena;
    size_t count = 0;
    arena_init(&arena);
    source.label = SLICE("prod");
    source.zone = SLICE("Asia/Tokyo");
    store_source_begin(s, &source, &why);
    source.other = 4;
    source.redacted = 5;
    for (int i = 0; i < DAMAGED_KEPT + 10; i++)
        store_damaged(s, &source, 77, (uint64_t)i, "cut short");
    write_made(s, &source, 0, 10, &why);
    source.complete = true;
    store_source_end(s, &source, &why);
    store_close(s);
    s = open_or_fail(STORE_READ);
    cr_assert(eq(int, store_sources(s, &arena, &rows, &count, &why), FAULT_NONE));
    cr_assert(eq(sz, count, 1));
    expect_slice(rows->label, SLICE("prod"), "label");
    expect_slice(rows->zone, SLICE("Asia/Tokyo"), "zone");
    expect_slice(rows->format, SLICE("har"), "format");
    cr_expect(eq(u64, rows->damaged, DAMAGED_KEPT + 10));
    cr_expect(eq(u64, rows->other, 4));
    cr_expect(eq(u64, rows->redacted, 5));
    cr_expect(eq(u64, rows->entries, 10));
    cr_expect(eq(i64, rows->first_us, make_stored(0).entry.time_us));
    cr_expect(eq(i64, rows->last_us, make_stored(9).entry.time_us));
    cr_expect(rows->complete);
    arena_free(&arena);
    store_close(s);
}

/* An import of 2,000 entries in batches of 100, as a driver does it. */
static void import_in_batches(struct store *s, int die_at)
{
    struct store_source source = source_of("big.har");
    struct fault why = {0};
    if (store_source_begin(s, &source, &why))
        _exit(1);
    for (uint64_t at = source.records_done; at < 2000; at += 100) {
        if (write_made(s, &source, at, at + 100, &why))
            _exit(2);
        if (die_at && at + 100 == (uint64_t)die_at)
            raise(SIGKILL);
    }
    source.complete = true;
    if (store_source_end(s, &source, &why))
        _exit(3);
}

static void kill_import_at(int die_at)
{
    pid_t child = fork();
    if (child == 0) {
        struct store *s = NULL;
        if (store_open(&s, t.db, STORE_CREATE, NULL))
            _exit(9);
        import_in_batches(s, die_at);
        _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
    cr_assert(killed, "status %d", status);
}

static char *all_rows(struct store *s)
{
    struct buf out;
    buf_init(&out, 1 << 24);
    struct arena arena;
    arena_init(&arena);
    struct selection *sel = NULL;
    struct entry *rows = NULL;
    size_t got = 0;
    selection_open(&sel, s, NULL, NULL);
    selection_rows(sel, ORDER_OLDEST, 0, 10000, &arena, &rows, &got, NULL);
    for (size_t i = 0; i < got; i++) {
        entry_write_json(&out, &rows[i]);
        buf_add_text(&out, "}\n");
    }
    selection_close(sel);
    arena_free(&arena);
    return out.at;
}

Test(write, a_killed_import_is_finished_with_the_same_rows)
{
    kill_import_at(700);
    kill_import_at(1500); /* and killed again */
    struct store *s = open_or_fail(STORE_CREATE);
    cr_expect(eq(i64, count_of(s, ""), 1500));
    expect_sound(s);
    import_in_batches(s, 0);
    expect_sound(s);
    char *resumed = all_rows(s);
    store_close(s);
    scratch_remove(&t);
    scratch_make(&t);
    s = open_or_fail(STORE_CREATE);
    import_in_batches(s, 0);
    char *undisturbed = all_rows(s);
    cr_expect(eq(int, strcmp(resumed, undisturbed), 0), "rows differ");
    cr_expect(eq(i64, count_of(s, ""), 2000));
    free(resumed);
    free(undisturbed);
    store_close(s);
}

Test(write, a_changed_file_is_not_resumed)
{
    kill_import_at(700);
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("big.har");
    struct fault why = {0};
    source.mtime_us++;
    store_source_begin(s, &source, &why);
    cr_expect(eq(u64, source.records_done, 0));
    cr_expect(eq(u64, source.entries, 0));
    write_made(s, &source, 0, 2000, &why);
    cr_expect(eq(u64, source.duplicates, 700));
    cr_expect(eq(i64, count_of(s, ""), 2000));
    store_close(s);
}

Test(write, a_full_disk_loses_only_the_batch_at_hand)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("big.har");
    struct fault why = {0};
    signal(SIGXFSZ, SIG_IGN);
    store_source_begin(s, &source, &why);
    cr_assert(eq(int, write_made(s, &source, 0, 1000, &why), FAULT_NONE));
    struct rlimit was, small;
    getrlimit(RLIMIT_FSIZE, &was);
    small = was;
    small.rlim_cur = 600 * 1024;
    setrlimit(RLIMIT_FSIZE, &small);
    enum fault_code code = FAULT_NONE;
    uint64_t at = 1000;
    for (; !code && at < 60000; at += 1000)
        code = write_made(s, &source, at, at + 1000, &why);
    cr_expect(eq(int, code, FAULT_IO), "%s", why.text);
    at -= 1000;
    setrlimit(RLIMIT_FSIZE, &was);
    cr_expect(eq(i64, count_of(s, ""), (int64_t)at));
    expect_sound(s);
    cr_expect(eq(int, write_made(s, &source, at, at + 1000, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(i64, count_of(s, ""), (int64_t)at + 1000));
    expect_sound(s);
    store_close(s);
}

Test(write, the_log_view_answers_plain_sql)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 4, &source, &why);
    store_close(s);
    sqlite3 *db;
    sqlite3_stmt *st;
    cr_assert(eq(int, sqlite3_open(t.db, &db), 0));
    cr_assert(eq(int, sqlite3_prepare_v2(db, "SELECT * FROM log ORDER BY id", -1, &st, NULL), 0));
    for (int i = 0; entry_keys[i]; i++)
        cr_expect(eq(str, (char *)sqlite3_column_name(st, i), (char *)entry_keys[i]));
    struct buf got, want;
    buf_init(&got, 1 << 20);
    buf_init(&want, 1 << 20);
    for (uint64_t i = 0; i < 4; i++) {
        cr_assert(eq(int, sqlite3_step(st), SQLITE_ROW));
        struct entry e = make_stored(i).entry;
        e.id = (int64_t)i + 1;
        e.source = SLICE("a.har");
        for (int k = 0; entry_keys[k]; k++) {
            const char *text = (const char *)sqlite3_column_text(st, k);
            buf_add_format(&got, "%s=%s\n", entry_keys[k], text ? text : "");
            buf_add_format(&want, "%s=", entry_keys[k]);
            entry_add_field(&want, &e, entry_keys[k]);
            buf_add_text(&want, "\n");
        }
    }
    cr_expect(eq(str, got.at, want.at));
    buf_free(&got);
    buf_free(&want);
    sqlite3_finalize(st);
    sqlite3_close(db);
}

Test(write, times_before_1970_are_cut_not_rounded)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("a");
    struct fault why = {0};
    struct stored batch[2] = {make_stored(0), make_stored(2)};
    batch[0].entry.time_us = -1;
    batch[1].entry.time_us = TIME_NONE;
    store_source_begin(s, &source, &why);
    store_write(s, &source, batch, 2, &why);
    store_close(s);
    sqlite3 *db;
    sqlite3_stmt *st;
    sqlite3_open(t.db, &db);
    sqlite3_prepare_v2(db, "SELECT time FROM log ORDER BY id", -1, &st, NULL);
    sqlite3_step(st);
    cr_expect(eq(str, (char *)sqlite3_column_text(st, 0), "1969-12-31T23:59:59.999999Z"));
    sqlite3_step(st);
    cr_expect(zero(ptr, (void *)sqlite3_column_text(st, 0)));
    sqlite3_finalize(st);
    sqlite3_close(db);
}

/* --- linking ---------------------------------------------------------------------------------- */

static bool collect(void *self, const struct link_entry *entry)
{
    struct buf *out = self;
    buf_add_format(out, "%lld:%.*s>%.*s@%lld ", (long long)entry->id, (int)entry->own.len,
                   entry->own.at ? entry->own.at : "-", (int)entry->user.len,
                   entry->user.at ? entry->user.at : "-", (long long)entry->user_entry);
    return true;
}

Test(write, notes_what_linking_has_to_look_at)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source = source_of("a");
    struct fault why = {0};
    struct stored batch[5];
    for (uint64_t i = 0; i < 5; i++)
        batch[i] = make_stored(i); /* events 0 2 4, calls 1 3 */
    batch[2].entry.user = SLICE_NONE;
    batch[2].entry.user_how = USER_NONE;
    batch[2].link.step = STEP_START;
    struct identity shown = {SLICE("id-1"), SLICE("tanaka")};
    batch[1].link.key = SLICE("id-1");
    batch[3].link.shown = &shown;
    batch[3].link.shown_count = 1;
    store_source_begin(s, &source, &why);
    cr_assert(eq(int, store_write(s, &source, batch, 5, &why), FAULT_NONE), "%s", why.text);

    cr_assert(eq(int, store_link_begin(s, &why), FAULT_NONE));
    struct link_work work;
    bool found = true;
    int64_t last = 0;
    struct buf seen;
    buf_init(&seen, 1 << 16);
    struct arena arena;
    arena_init(&arena);
    while (!store_link_next(s, last, &work, &found, &why) && found) {
        last = work.id;
        if (work.kind == KIND_EVENT) {
            cr_expect(eq(i64, work.from_us, batch[0].entry.time_us));
            cr_expect(eq(i64, work.to_us, batch[4].entry.time_us));
            store_link_events(s, work.group, work.from_us, work.to_us, collect, &seen, &why);
            continue;
        }
        struct link_name *names;
        size_t count = 0;
        struct slice key = arena_copy(&arena, work.key);
        expect_slice(key, SLICE("id-1"), "key");
        store_link_calls(s, work.group, key, collect, &seen, &why);
        store_link_names(s, work.group, key, &arena, &names, &count, &why);
        cr_assert(eq(sz, count, 1));
        expect_slice(names->name, SLICE("tanaka"), "name");
        cr_expect(eq(i64, names->entry, 4));
        store_set_user(s, 2, names->name, names->entry, &why);
    }
    cr_expect(eq(int, store_link_commit(s, last, false, &why), FAULT_NONE), "%s", why.text);
    cr_expect(strstr(seen.at, "1:tanaka@example.com>tanaka@example.com@0") != NULL, "%s", seen.at);
    cr_expect(strstr(seen.at, "3:>@0") != NULL, "%s", seen.at);
    cr_expect(strstr(seen.at, "2:Sato@Example.com>Sato@Example.com@0") != NULL, "%s", seen.at);

    struct entry got;
    store_entry(s, 2, &arena, &got, NULL, &why);
    expect_slice(got.user, SLICE("tanaka"), "linked user");
    cr_expect(eq(int, got.user_how, USER_LINKED));
    cr_expect(eq(i64, got.user_entry, 4));
    cr_expect(eq(i64, count_of(s, "user:tanaka"), 3));
    store_link_begin(s, &why);
    store_link_next(s, 0, &work, &found, &why);
    cr_expect(not(found), "notes that were done are gone");
    store_link_cancel(s);
    expect_sound(s);
    buf_free(&seen);
    arena_free(&arena);
    store_close(s);
}
