/* The import job against an index that only takes notes: what is read, committed and skipped, and
 * which exit code it all gives. */
#include "import/importer.h"

#include "core/base/hash.h"
#include "core/ingest.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define FIXTURES "tests/fixtures/har/"
/* What is said of text.har. */
#define BARE                                                                                       \
    "unknown format: bare HTTP text, no capture; export the calls as HAR (`scimscope explain` "    \
    "reads one such answer)"

/* --- the index that takes notes --------------------------------------------------------------- */

struct noted {
    /* what it shall do */
    enum fault_code open_code, begin_code, add_code;
    uint64_t fail_at, batch; /* add_code at this record; records per batch */
    uint64_t skip, skip_offset;
    char skip_sha256[65];
    bool stores_nothing; /* every record is another's traffic */
    _Atomic bool *stop_at_first;
    /* what it saw */
    uint64_t opened, closed, begun, restarted, added, commits, damaged, ended;
    uint64_t first_position, source_added, source_damaged;
    uint64_t last_records, last_offset;
    char last_sha256[65], end_sha256[65];
    bool end_complete;
    enum fault_code end_code;
    char formats[64];
};
static struct noted noted;

enum fault_code ingest_open(struct ingest **out, struct store *store, const struct rulebook *book,
                            const struct import_options *options, struct import_progress *progress,
                            struct fault *why)
{
    (void)store, (void)book, (void)options, (void)progress;
    *out = NULL;
    if (noted.open_code != FAULT_NONE)
        return fault_set(why, noted.open_code, "held by another import");
    noted.opened++;
    return FAULT_NONE;
}

void ingest_close(struct ingest *g)
{
    (void)g;
    noted.closed++;
}

enum fault_code ingest_begin(struct ingest *g, struct ingest_source *source, struct fault *why)
{
    (void)g;
    if (noted.begin_code != FAULT_NONE)
        return fault_set(why, noted.begin_code, "begin");
    noted.begun++;
    noted.source_added = noted.source_damaged = 0;
    snprintf(noted.formats + strlen(noted.formats), sizeof noted.formats - strlen(noted.formats),
             "%s ", source->format);
    source->skip = noted.skip;
    source->skip_offset = noted.skip_offset;
    memcpy(source->skip_sha256, noted.skip_sha256, sizeof source->skip_sha256);
    return FAULT_NONE;
}

void ingest_restart(struct ingest *g)
{
    (void)g;
    noted.restarted++;
}

enum fault_code ingest_add(struct ingest *g, const struct record *record, bool *full,
                           struct fault *why)
{
    (void)g;
    if (noted.add_code != FAULT_NONE && noted.added + 1 == noted.fail_at)
        return fault_set(why, noted.add_code, "disk full");
    if (noted.added++ == 0)
        noted.first_position = record->position;
    noted.source_added++;
    if (noted.stop_at_first)
        atomic_store(noted.stop_at_first, true);
    *full = noted.batch && noted.added % noted.batch == 0;
    return FAULT_NONE;
}

enum fault_code ingest_commit(struct ingest *g, uint64_t records, uint64_t offset,
                              const char *sha256, struct fault *why)
{
    (void)g, (void)why;
    noted.commits++;
    noted.last_records = records;
    noted.last_offset = offset;
    snprintf(noted.last_sha256, sizeof noted.last_sha256, "%s", sha256);
    return FAULT_NONE;
}

enum fault_code ingest_damaged(struct ingest *g, uint64_t position, const struct fault *place,
                               struct fault *why)
{
    (void)g, (void)position, (void)place, (void)why;
    noted.damaged++;
    noted.source_damaged++;
    return FAULT_NONE;
}

enum fault_code ingest_end(struct ingest *g, const char *sha256, bool complete,
                           struct import_result *result, struct fault *why)
{
    (void)g, (void)why;
    noted.ended++;
    noted.end_complete = complete;
    noted.end_code = result->code;
    snprintf(noted.end_sha256, sizeof noted.end_sha256, "%s", sha256);
    result->damaged = noted.source_damaged;
    *(noted.stores_nothing ? &result->other : &result->entries) = noted.source_added;
    result->added = result->entries;
    result->stored = result->entries > 0;
    return FAULT_NONE;
}

/* --- running ---------------------------------------------------------------------------------- */

static struct import_progress progress;
static struct import_options options;
static char said[4096]; /* "PATH: SENTENCE\n" per result that has one, "PATH ok\n" for others */
static uint64_t told_offset, told;

static void on_source(void *self, const struct import_result *result)
{
    (void)self;
    size_t len = strlen(said);
    if (result->code == FAULT_NONE)
        snprintf(said + len, sizeof said - len, "%.*s ok\n", (int)result->path.len,
                 result->path.at);
    else
        snprintf(said + len, sizeof said - len, "%.*s: %s\n", (int)result->path.len,
                 result->path.at, result->why.text);
}

static void on_damaged(void *self, const char *path, const struct fault *why)
{
    (void)self, (void)path;
    told++;
    told_offset = why->offset;
}

static int run_paths(const char *const *paths, size_t count)
{
    static const struct import_listener listener = {.source = on_source, .damaged = on_damaged};
    return importer_door.run(NULL, NULL, paths, count, &options, &progress, &listener);
}

static int run_one(const char *path)
{
    return run_paths(&path, 1);
}

static void digest_of(const char *path, uint64_t bytes, char out[HASH_HEX_SIZE])
{
    struct hash_sha *sha = hash_sha_new();
    FILE *file = fopen(path, "r");
    cr_assert(file != NULL);
    for (int c; bytes-- && (c = fgetc(file)) != EOF;)
        hash_sha_add(sha, &(char){(char)c}, 1);
    fclose(file);
    hash_sha_hex(sha, out);
    hash_sha_free(sha);
}

/* --- exit codes ------------------------------------------------------------------------------- */

struct code_row {
    char paths[2][64];
    int code;
    char said[200];
    uint64_t added, damaged;
};

ParameterizedTestParameters(import, gives_the_exit_code_over_all_inputs)
{
    static struct code_row rows[] = {
        {{FIXTURES "plain.har", ""}, 0, FIXTURES "plain.har ok\n", 3, 0},
        {{FIXTURES "no_entries.har", ""}, 0, FIXTURES "no_entries.har ok\n", 0, 0},
        {{FIXTURES "lost_quote.har", ""}, 3, FIXTURES "lost_quote.har ok\n", 4, 1},
        {{FIXTURES "truncated.har", ""}, 3, FIXTURES "truncated.har ok\n", 3, 1},
        {{FIXTURES "missing.har", ""}, 4, FIXTURES "missing.har: no such file\n", 0, 0},
        {{"/dev/null", ""}, 4, "/dev/null: is a device, not a file\n", 0, 0},
        {{"", ""}, 4, ": no such file\n", 0, 0},
        {{FIXTURES "no_list.har", ""},
         4,
         FIXTURES "no_list.har: its log has no list of entries\n",
         0,
         0},
        {{FIXTURES "text.har", ""}, 4, FIXTURES "text.har: " BARE "\n", 0, 0},
        {{FIXTURES "other.json", ""},
         4,
         FIXTURES "other.json: unknown format: JSON, but no HAR, session, events, provisioning "
                  "log or export; see `scimscope formats`\n",
         0,
         0},
        {{FIXTURES "plain.har", FIXTURES "bom.har"},
         0,
         FIXTURES "plain.har ok\n" FIXTURES "bom.har ok\n",
         4,
         0},
        {{FIXTURES "plain.har", FIXTURES "text.har"},
         3,
         FIXTURES "plain.har ok\n" FIXTURES "text.har: " BARE "\n",
         3,
         0},
        {{FIXTURES "no_entries.har", FIXTURES "text.har"},
         4,
         FIXTURES "no_entries.har ok\n" FIXTURES "text.har: " BARE "\n",
         0,
         0},
    };
    return cr_make_param_array(struct code_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct code_row *row, import, gives_the_exit_code_over_all_inputs)
{
    const char *paths[] = {row->paths[0], row->paths[1]};
    cr_expect(eq(int, run_paths(paths, row->paths[1][0] ? 2 : 1), row->code), "%s", paths[0]);
    cr_expect(eq(str, said, row->said));
    cr_expect(eq(u64, noted.added, row->added));
    cr_expect(eq(u64, noted.damaged, row->damaged));
    cr_expect(eq(u64, told, row->damaged), "the listener hears of each damaged place");
    cr_expect(eq(u64, noted.closed, 1));
    cr_expect(eq(u64, noted.begun, noted.ended));
}

Test(import, tells_where_a_place_is_damaged)
{
    cr_expect(eq(int, run_one(FIXTURES "lost_quote.har"), 3));
    cr_expect(eq(u64, told_offset, 2049));
    cr_expect(eq(u64, atomic_load(&progress.damaged), 1));
}

Test(import, refuses_a_file_without_anything_intact)
{
    struct slice text = SLICE("{\"log\":{\"version\":\"1.2\",\"entries\":[17,18]}}");
    static const struct import_listener listener = {.source = on_source, .damaged = on_damaged};
    cr_expect(
        eq(int, importer_door.run_memory(NULL, NULL, "m.har", text, &options, &progress, &listener),
           4));
    cr_expect(eq(str, said, "m.har: nothing intact in it\n"));
    cr_expect(eq(int, (int)noted.end_code, FAULT_FORMAT), "so that the index forgets it");
}

Test(import, calls_damage_without_a_stored_entry_refused)
{
    noted.stores_nothing = true;
    cr_expect(eq(int, run_one(FIXTURES "lost_quote.har"), 4));
}

Test(import, takes_a_sound_capture_without_scim_calls)
{
    noted.stores_nothing = true;
    cr_expect(eq(int, run_one(FIXTURES "plain.har"), 0));
    cr_expect(eq(int, (int)noted.end_code, FAULT_NONE));
}

Test(import, lets_the_format_be_named)
{
    options.format = "har";
    cr_expect(eq(int, run_one(FIXTURES "text.har"), 4));
    cr_expect(eq(str, said, FIXTURES "text.har: not a HAR: it does not begin with an object\n"));
}

Test(import, says_that_stdin_has_no_bytes)
{
    int null = open("/dev/null", O_RDONLY);
    dup2(null, STDIN_FILENO);
    cr_expect(eq(int, run_one("-"), 4));
    cr_expect(eq(str, said, "-: has no bytes\n"));
}

Test(import, reads_stdin_and_memory_like_files)
{
    int file = open(FIXTURES "plain.har", O_RDONLY);
    dup2(file, STDIN_FILENO);
    noted.skip = 2; /* stdin cannot be read twice: begun anew */
    cr_expect(eq(int, run_one("-"), 0));
    cr_expect(eq(u64, noted.added, 3));
    cr_expect(eq(u64, noted.restarted, 1));
}

/* --- faults of the index ---------------------------------------------------------------------- */

Test(import, ends_with_the_code_of_a_held_index)
{
    noted.open_code = FAULT_BUSY;
    cr_expect(eq(int, run_one(FIXTURES "plain.har"), 7));
    cr_expect(eq(str, said, FIXTURES "plain.har: held by another import\n"));
}

Test(import, stops_all_work_when_the_index_cannot_be_written)
{
    const char *paths[] = {FIXTURES "bom.har", FIXTURES "plain.har", FIXTURES "bom.har"};
    noted.add_code = FAULT_IO;
    noted.fail_at = 3;
    cr_expect(eq(int, run_paths(paths, 3), 6));
    cr_expect(eq(u64, noted.begun, 2));
    cr_expect_not(noted.end_complete);
    cr_expect(eq(str, said, FIXTURES "bom.har ok\n" FIXTURES "plain.har: disk full\n"));
}

/* --- resume points ---------------------------------------------------------------------------- */

Test(import, commits_every_full_batch_with_the_bytes_read_so_far)
{
    noted.batch = 2;
    cr_expect(eq(int, run_one(FIXTURES "plain.har"), 0));
    cr_expect(eq(u64, noted.commits, 1));
    cr_expect(eq(u64, noted.last_records, 2));
    char wanted[HASH_HEX_SIZE];
    digest_of(FIXTURES "plain.har", noted.last_offset, wanted);
    cr_expect(eq(str, noted.last_sha256, wanted));
    digest_of(FIXTURES "plain.har", UINT64_MAX, wanted);
    cr_expect(eq(str, noted.end_sha256, wanted));
    cr_expect(noted.end_complete);
}

Test(import, goes_on_behind_the_last_committed_record)
{
    noted.skip = 2;
    noted.skip_offset = 3000;
    digest_of(FIXTURES "plain.har", 3000, noted.skip_sha256);
    cr_expect(eq(int, run_one(FIXTURES "plain.har"), 0));
    cr_expect(eq(u64, noted.added, 1));
    cr_expect(eq(u64, noted.first_position, 2));
}

Test(import, does_not_tell_damage_again_that_an_earlier_run_met)
{
    noted.skip = 3; /* two entries and the damaged one behind them */
    noted.skip_offset = 3000;
    digest_of(FIXTURES "lost_quote.har", 3000, noted.skip_sha256);
    cr_expect(eq(int, run_one(FIXTURES "lost_quote.har"), 3));
    cr_expect(eq(u64, noted.added, 2));
    cr_expect(eq(u64, noted.first_position, 3));
    cr_expect(eq(u64, noted.restarted, 0));
    cr_expect(eq(u64, told, 0), "the damaged place was told then");
}

Test(import, reads_from_the_start_when_the_bytes_before_the_resume_point_changed)
{
    noted.skip = 2;
    noted.skip_offset = 3000;
    digest_of(FIXTURES "broken_value.har", 3000, noted.skip_sha256);
    run_one(FIXTURES "lost_quote.har");
    cr_expect(eq(u64, noted.restarted, 1));
    cr_expect(eq(u64, noted.added, 4));
}

Test(import, reads_from_the_start_when_the_file_ends_before_the_resume_point)
{
    noted.skip = 2;
    noted.skip_offset = 300000;
    digest_of(FIXTURES "plain.har", UINT64_MAX, noted.skip_sha256);
    cr_expect(eq(int, run_one(FIXTURES "plain.har"), 0));
    cr_expect(eq(u64, noted.restarted, 1));
    cr_expect(eq(u64, noted.added, 3));
}

/* --- stopping --------------------------------------------------------------------------------- */

Test(import, stops_before_the_next_record_and_commits_what_it_has)
{
    const char *paths[] = {FIXTURES "plain.har", FIXTURES "bom.har"};
    noted.stop_at_first = &progress.stop;
    cr_expect(eq(int, run_paths(paths, 2), 130));
    cr_expect(eq(u64, noted.added, 1));
    cr_expect(eq(u64, noted.commits, 1));
    cr_expect(eq(u64, noted.last_records, 1));
    cr_expect(eq(u64, noted.begun, 1));
    cr_expect_not(noted.end_complete);
    cr_expect(eq(int, (int)noted.end_code, FAULT_CANCELLED));
}

/* --- directories ------------------------------------------------------------------------------ */

static char folder[] = "/tmp/test_import_XXXXXX";

static void make(const char *name, const char *from)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    char *slash = strrchr(path, '/');
    *slash = '\0';
    mkdir(path, 0700);
    *slash = '/';
    FILE *in = fopen(from, "r"), *out = fopen(path, "w");
    cr_assert(in != NULL && out != NULL);
    for (int c; (c = fgetc(in)) != EOF;)
        fputc(c, out);
    fclose(in);
    fclose(out);
}

static void remove_folder(void)
{
    static const char *const names[] = {"b/one.har", "b",    "a.har", "pipe",
                                        "z.har",     "loop", "e",     ""};
    char path[256];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        remove(path);
    }
}

Test(import, reads_directories_sorted_and_leaves_out_what_is_no_file, .fini = remove_folder)
{
    char path[256], wanted[512];
    cr_assert(mkdtemp(folder) != NULL);
    make("z.har", FIXTURES "bom.har");
    make("b/one.har", FIXTURES "bom.har");
    make("a.har", FIXTURES "plain.har");
    snprintf(path, sizeof path, "%s/pipe", folder);
    cr_assert(zero(int, mkfifo(path, 0600)));
    snprintf(path, sizeof path, "%s/loop", folder);
    cr_assert(zero(int, symlink(folder, path)));
    snprintf(path, sizeof path, "%s/", folder);
    cr_expect(eq(int, run_one(path), 0));
    snprintf(wanted, sizeof wanted, "%s/a.har ok\n%s/b/one.har ok\n%s/z.har ok\n", folder, folder,
             folder);
    cr_expect(eq(str, said, wanted));
    cr_expect(eq(u64, atomic_load(&progress.files_total), 3));
    cr_expect(eq(u64, atomic_load(&progress.files_done), 3));
    cr_expect(eq(u64, atomic_load(&progress.bytes_done), atomic_load(&progress.bytes_total)));
}

Test(import, refuses_a_directory_without_files, .fini = remove_folder)
{
    char path[256];
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/e", folder);
    cr_assert(zero(int, mkdir(path, 0700)));
    cr_expect(eq(int, run_one(folder), 4));
    cr_expect(strstr(said, ": is a directory without files\n") != NULL);
    cr_expect(zero(u64, noted.begun));
}

/* --- the table of formats --------------------------------------------------------------------- */

Test(import, lists_its_formats_with_what_people_need_to_know)
{
    size_t count = 0;
    for (; importer_door.formats[count]; count++) {
        const struct format_info *info = importer_door.formats[count];
        cr_expect(info->name[0] && info->title[0] && info->suffixes[0] && info->how[0], "%s",
                  info->name);
    }
    cr_expect(ge(sz, count, 2));
}
