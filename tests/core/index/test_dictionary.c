/* The dictionary of texts: each once, whether it is kept in memory or has grown too large for it.
 */
#include "core/index/lexicon.h"
#include "tests/core/index/asking.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

enum { LONG = LEXICON_BYTES / 32, ENTRIES = 40 }; /* 20 texts fit into memory, 40 do not */

static struct scratch t;

static void setup(void)
{
    scratch_make(&t);
}

static void teardown(void)
{
    scratch_remove(&t);
}

TestSuite(dictionary, .init = setup, .fini = teardown);

static int64_t ask(const char *sql)
{
    return scratch_ask(&t, sql);
}

static void say(void *self, const char *line)
{
    (void)self;
    cr_log_error("%s", line);
}

/* Entries whose users are `length` bytes long, written by a connection of their own. */
static void write_users(const char *path, uint64_t from, size_t length)
{
    struct store *s = NULL;
    struct fault why = {0};
    static char users[ENTRIES][LONG];
    struct stored batch[ENTRIES];
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    struct store_source source = {
        .path = slice_of(path), .format = SLICE("har"), .size = 1, .mtime_us = 1};
    for (unsigned i = 0; i < ENTRIES; i++) {
        batch[i] = make_stored(2 * (from + i) + 1);
        memset(users[i], 'u', length);
        memcpy(users[i], "user", 4);
        users[i][4] = (char)('a' + i % 20);
        batch[i].entry.user = slice_make(users[i], length);
    }
    cr_assert(eq(int, store_source_begin(s, &source, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_write(s, &source, batch, ENTRIES, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, store_source_end(s, &source, &why), FAULT_NONE), "%s", why.text);
    uint64_t faults = 0;
    cr_assert(eq(int, store_verify(s, say, NULL, &faults, &why), FAULT_NONE));
    cr_expect(eq(u64, faults, 0));
    store_close(s);
}

static const char *const users = "SELECT count(DISTINCT text) FROM string WHERE text LIKE 'user%'";
static const char *const twice = "SELECT count(*) FROM (SELECT text FROM string GROUP BY text "
                                 "HAVING count(*) > 1)";
static const char *const index_of_texts =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'string_text'";

Test(dictionary, holds_each_text_once_without_an_index)
{
    write_users("a", 0, 30);
    write_users("b", 100, 30);
    cr_expect(eq(i64, ask(users), 20));
    cr_expect(eq(i64, ask(twice), 0));
    cr_expect(eq(i64, ask(index_of_texts), 0));
}

Test(dictionary, asks_an_index_when_its_texts_are_too_many_for_memory)
{
    write_users("a", 0, LONG);
    cr_expect(eq(i64, ask(users), 20));
    cr_expect(eq(i64, ask(index_of_texts), 0), "20 long texts fit");
    write_users("b", 100, LONG - 1);
    cr_expect(eq(i64, ask(users), 40));
    cr_expect(eq(i64, ask(index_of_texts), 1), "40 do not");
    write_users("c", 200, LONG);
    write_users("d", 300, 30);
    write_users("e", 400, LONG - 1);
    cr_expect(eq(i64, ask(users), 60));
    cr_expect(eq(i64, ask(twice), 0));
}

Test(dictionary, knows_a_text_that_is_stored_without_what_is_no_text)
{
    struct store *s = NULL;
    struct fault why = {0};
    struct stored batch[2] = {make_stored(1), make_stored(3)};
    batch[0].entry.user = slice_make("ta\0naka\xFF", 8);
    batch[1].entry.user = SLICE("ta\xEF\xBF\xBDnaka\xEF\xBF\xBD");
    cr_assert(eq(int, store_open(&s, t.db, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    struct store_source source = {
        .path = SLICE("a"), .format = SLICE("har"), .size = 1, .mtime_us = 1};
    store_source_begin(s, &source, &why);
    cr_assert(eq(int, store_write(s, &source, batch, 2, &why), FAULT_NONE), "%s", why.text);
    store_close(s);
    cr_expect(eq(i64, ask("SELECT count(*) FROM string WHERE text LIKE 'ta%'"), 1));
    cr_expect(eq(i64, ask("SELECT count(DISTINCT user) FROM entry"), 1));
}
