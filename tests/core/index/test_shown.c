/* Names that calls show for ids: found at once, sorted in when somebody waits for one. */
#include "core/index/lookup.h"
#include "tests/core/index/asking.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct scratch t;

static void setup(void)
{
    scratch_make(&t);
}

static void teardown(void)
{
    scratch_remove(&t);
}

TestSuite(shown, .init = setup, .fini = teardown);

static int64_t ask(const char *sql)
{
    return scratch_ask(&t, sql);
}

/* A call that shows a name for an id, or waits for that of `key`. */
static struct stored call(uint64_t n, struct identity *shown, const char *key)
{
    struct stored one = make_stored(2 * n + 1);
    one.entry.user = SLICE_NONE;
    one.entry.user_how = USER_NONE;
    one.link =
        (struct link_facts){.key = slice_of(key), .shown = shown, .shown_count = shown ? 1 : 0};
    return one;
}

static struct store *opened(void)
{
    struct store *s = NULL;
    struct fault why = {0};
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    return s;
}

static void write_calls(struct store *s, const char *path, struct stored *batch, size_t count)
{
    struct fault why = {0};
    struct store_source source = {
        .path = slice_of(path), .format = SLICE("har"), .size = 1, .mtime_us = 1};
    cr_assert(eq(int, store_source_begin(s, &source, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_write(s, &source, batch, count, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_source_end(s, &source, &why), FAULT_NONE), "%s", why.text);
}

/* "id=name@entry " of each sighting. */
static void expect_sightings(struct store *s, struct slice id, struct slice name, const char *want)
{
    struct arena arena;
    struct evidence_sighting *found;
    size_t count = 0;
    char got[400] = "";
    arena_init(&arena);
    struct evidence_lookup lookup = store_evidence_lookup(s);
    cr_assert(
        lookup.sightings(lookup.self, SLICE("api.example.com"), id, name, &arena, &found, &count));
    for (size_t i = 0; i < count; i++)
        snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s=%.*s@%lld ",
                 (int)found[i].id.len, found[i].id.at, (int)found[i].name.len, found[i].name.at,
                 (long long)found[i].entry);
    cr_expect(eq(str, got, (char *)want));
    arena_free(&arena);
}

static void settle(struct store *s)
{
    struct fault why = {0};
    cr_assert(eq(int, store_link_begin(s, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_link_commit(s, 0, false, &why), FAULT_NONE), "%s", why.text);
}

Test(shown, names_are_found_before_and_after_they_are_sorted_in)
{
    struct store *s = opened();
    struct identity first = {SLICE("id-1"), SLICE("Tanaka")},
                    second = {SLICE("id-2"), SLICE("tanaka")};
    struct stored batch[3] = {call(5, &first, NULL), call(6, &second, NULL), call(7, &first, NULL)};
    write_calls(s, "a", batch, 3);
    settle(s);
    cr_expect(eq(i64, ask("SELECT sum(names) FROM link_shown"), 2));
    cr_expect(eq(i64, ask("SELECT count(*) FROM link_name"), 0), "nobody waits: nothing is sorted");
    expect_sightings(s, SLICE("id-1"), SLICE_NONE, "id-1=Tanaka@1 ");
    expect_sightings(s, SLICE("id-9"), SLICE_NONE, "");
    expect_sightings(s, SLICE_NONE, SLICE("TANAKA"), "id-1=Tanaka@1 id-2=tanaka@2 ");

    struct stored waits = call(9, NULL, "id-1");
    struct stored earlier = call(2, &first, NULL);
    write_calls(s, "b", &waits, 1);
    settle(s);
    cr_expect(eq(i64, ask("SELECT count(*) FROM link_shown"), 0));
    cr_expect(eq(i64, ask("SELECT count(*) FROM link_name"), 2));
    expect_sightings(s, SLICE("id-1"), SLICE_NONE, "id-1=Tanaka@1 ");
    expect_sightings(s, SLICE_NONE, SLICE("TANAKA"), "id-1=Tanaka@1 id-2=tanaka@2 ");

    write_calls(s, "c", &earlier, 1);
    expect_sightings(s, SLICE("id-1"), SLICE_NONE, "id-1=Tanaka@5 ");
    expect_sightings(s, SLICE_NONE, SLICE("tanaka"), "id-1=Tanaka@5 id-2=tanaka@2 ");
    settle(s);
    expect_sightings(s, SLICE_NONE, SLICE("tanaka"), "id-1=Tanaka@5 id-2=tanaka@2 ");
    store_close(s);
}

Test(shown, a_call_that_waits_is_looked_at_again_when_its_name_comes)
{
    struct store *s = opened();
    struct fault why = {0};
    struct identity shown = {SLICE("id-1"), SLICE("tanaka")},
                    other = {SLICE("id-2"), SLICE("sato")};
    struct stored waits = call(1, NULL, "id-1");
    struct stored later[2] = {call(5, &other, NULL), call(6, &shown, NULL)};
    write_calls(s, "a", &waits, 1);
    settle(s);
    struct link_work work;
    bool found = true;
    cr_assert(eq(int, store_link_begin(s, &why), FAULT_NONE));
    cr_assert(eq(int, store_link_next(s, 0, &work, &found, &why), FAULT_NONE));
    int64_t last = found ? work.id : 0;
    cr_assert(eq(int, store_link_commit(s, last, false, &why), FAULT_NONE));

    write_calls(s, "b", later, 2);
    cr_assert(eq(int, store_link_begin(s, &why), FAULT_NONE));
    cr_assert(eq(int, store_link_next(s, 0, &work, &found, &why), FAULT_NONE));
    cr_assert(found, "nobody looks at the call again");
    cr_expect(slice_is(work.key, "id-1"));
    last = work.id;
    cr_assert(eq(int, store_link_next(s, last, &work, &found, &why), FAULT_NONE));
    cr_expect(not(found), "an id that nobody waits for is looked at");
    store_link_cancel(s);
    store_close(s);
}

Test(shown, names_go_with_the_entries_that_show_them)
{
    struct store *s = opened();
    struct fault why = {0};
    struct identity first = {SLICE("id-1"), SLICE("tanaka")},
                    second = {SLICE("id-2"), SLICE("sato")};
    struct stored one = call(5, &first, NULL), two = call(6, &second, NULL);
    uint64_t gone = 0;
    write_calls(s, "a", &one, 1);
    write_calls(s, "b", &two, 1);
    struct store_forget what = {.source = 1, .before_us = TIME_NONE};
    cr_assert(eq(int, store_forget(s, &what, &gone, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(u64, gone, 1));
    expect_sightings(s, SLICE("id-1"), SLICE_NONE, "");
    expect_sightings(s, SLICE("id-2"), SLICE_NONE, "id-2=sato@2 ");
    store_close(s);
}
