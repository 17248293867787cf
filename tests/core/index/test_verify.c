/* An index whose rows no longer agree is told from a sound one. */
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <sqlite3.h>

static struct scratch t;

static void setup(void)
{
    struct store *s = NULL;
    struct store_source source;
    struct fault why = {0};
    scratch_make(&t);
    if (store_open(&s, t.db, STORE_CREATE, &why) || import_made(s, "a.har", 500, &source, &why))
        cr_fatal("%s", why.text);
    store_close(s);
}

static void teardown(void)
{
    scratch_remove(&t);
}

TestSuite(verify, .init = setup, .fini = teardown, .timeout = 60);

static void collect(void *self, const char *line)
{
    buf_add_text(self, line);
    buf_add_byte(self, '\n');
}

static uint64_t verify(struct buf *lines)
{
    struct store *s = NULL;
    struct fault why = {0};
    uint64_t faults = 0;
    buf_init(lines, 1 << 20);
    buf_add_text(lines, "");
    cr_assert(eq(int, store_open(&s, t.db, STORE_READ, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(int, store_verify(s, collect, lines, &faults, &why), FAULT_NONE), "%s", why.text);
    store_close(s);
    return faults;
}

Test(verify, finds_nothing_in_a_sound_index)
{
    struct buf lines;
    cr_expect(eq(u64, verify(&lines), 0), "%s", lines.at);
    buf_free(&lines);
}

struct harm {
    char sql[120];
    char told[60];
    uint64_t faults;
};

ParameterizedTestParameters(verify, finds_what_was_changed)
{
    static struct harm rows[] = {
        /* columns tell too where what they hold changes */
        {"DELETE FROM entry WHERE id = 7", "fingerprint is", 4},
        {"DELETE FROM body WHERE id = 1", "its record is not there", 0},
        {"UPDATE body SET data = x'00' WHERE id = 1", "records of group 1", 1},
        {"UPDATE entry SET body_len = 999999 WHERE id = 3", "entry 3: its record", 1},
        {"UPDATE entry SET source = 99 WHERE id = 3", "entry 3: its source", 3},
        {"UPDATE entry SET class = 99 WHERE id = 3", "entry 3: its class", 2},
        {"UPDATE entry SET user_entry = 9999 WHERE id = 3", "entry 3: its user", 1},
        {"DELETE FROM string WHERE text = 'POST'", "text of it is not in the dictionary", 250},
        {"UPDATE source SET held = 1", "source 1: its count", 1},
        {"DELETE FROM print WHERE entry = 9", "entry 9: it has no fingerprint", 1},
        {"UPDATE entry SET print = 1 WHERE id = 9", "entry 9: its fingerprint", 2},
        {"UPDATE meta SET value = 499 WHERE key = 'last_entry'", "entry 500: its number", 1},
        {"DROP VIEW log", "view log: is missing", 1},
        {"DROP INDEX entry_key; CREATE INDEX entry_key ON entry(host)", "index entry_key: is not",
         1},
        {"UPDATE meta SET value = 'x' WHERE key = 'key_check'", "another key", 1},
    };
    return cr_make_param_array(struct harm, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct harm *row, verify, finds_what_was_changed)
{
    sqlite3 *db;
    struct buf lines;
    cr_assert(eq(int, sqlite3_open(t.db, &db), 0));
    cr_assert(eq(int, sqlite3_exec(db, row->sql, NULL, NULL, NULL), 0), "%s", row->sql);
    sqlite3_close(db);
    uint64_t faults = verify(&lines);
    cr_expect(strstr(lines.at, row->told) != NULL, "%s: %s", row->sql, lines.at);
    if (row->faults)
        cr_expect(eq(u64, faults, row->faults), "%s: %s", row->sql, lines.at);
    buf_free(&lines);
}

Test(verify, finds_broken_pages)
{
    /* Bytes in the middle of every second page behind the schema. */
    FILE *f = fopen(t.db, "r+b");
    fseek(f, 0, SEEK_END);
    long size = ftell(f);
    for (long page = 3; page * 16384 < size; page += 2) {
        fseek(f, page * 16384, SEEK_SET);
        for (int i = 0; i < 300; i++)
            fputc(0xA5, f);
    }
    fclose(f);
    struct buf lines;
    cr_expect(gt(u64, verify(&lines), 0));
    buf_free(&lines);
}
