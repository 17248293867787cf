/* How an index is made, opened, locked, and refused when it is not ours. */
#include "tests/core/index/scratch.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/wait.h>
#include <time.h>

static struct scratch t;

static void setup(void)
{
    scratch_make(&t);
}

static void teardown(void)
{
    scratch_remove(&t);
}

TestSuite(store, .init = setup, .fini = teardown, .timeout = 60);

static struct store *open_or_fail(enum store_mode mode)
{
    struct store *s = NULL;
    struct fault why = {0};
    cr_assert(eq(int, store_open(&s, t.db, mode, &why), FAULT_NONE), "%s", why.text);
    return s;
}

static enum fault_code refusal(enum store_mode mode, struct fault *why)
{
    struct store *s = NULL;
    enum fault_code code = store_open(&s, t.db, mode, why);
    cr_expect(zero(ptr, s));
    store_close(s);
    return code;
}

/* A number that plain SQLite answers about the file. */
static int64_t ask(const char *path, const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *st;
    cr_assert(eq(int, sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), 0));
    cr_assert(eq(int, sqlite3_prepare_v2(db, sql, -1, &st, NULL), 0), "%s", sqlite3_errmsg(db));
    int64_t out = sqlite3_step(st) == SQLITE_ROW ? sqlite3_column_int64(st, 0) : -1;
    sqlite3_finalize(st);
    sqlite3_close(db);
    return out;
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;
    char *text = NULL;
    cr_assert(eq(int, sqlite3_open(path, &db), 0));
    cr_assert(eq(int, sqlite3_exec(db, sql, NULL, NULL, &text), 0), "%s", text ? text : "");
    sqlite3_close(db);
}

static struct buf file_bytes(const char *path)
{
    struct buf out;
    buf_init(&out, 64 * 1024 * 1024);
    FILE *f = fopen(path, "rb");
    char part[4096];
    for (size_t got; f && (got = fread(part, 1, sizeof part, f)) > 0;)
        buf_add(&out, slice_make(part, got));
    if (f)
        fclose(f);
    return out;
}

Test(store, leaves_only_index_key_and_lock)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    cr_assert(eq(int, import_made(s, "a.har", 10, &source, &why), FAULT_NONE), "%s", why.text);
    store_close(s);
    struct buf names;
    cr_expect(eq(str, (char *)scratch_list(&t, &names), "index.db index.db.key index.db.lock"));
    buf_free(&names);
}

Test(store, is_private_under_any_umask)
{
    umask(0);
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 10, &source, &why);
    static const char *const names[] = {"index.db", "index.db.key", "index.db.lock", "index.db-wal",
                                        "index.db-shm"};
    for (size_t i = 0; i < 5; i++) {
        char path[200];
        struct stat st;
        snprintf(path, sizeof path, "%s/%s", t.folder, names[i]);
        cr_assert(eq(int, stat(path, &st), 0), "%s", names[i]);
        cr_expect(eq(int, (int)(st.st_mode & 0777), 0600), "%s", names[i]);
    }
    store_close(s);
    umask(0777);
    char other[200];
    snprintf(other, sizeof other, "%s/other.db", t.folder);
    cr_expect(eq(int, store_open(&s, other, STORE_CREATE, &why), FAULT_NONE), "%s", why.text);
    store_close(s);
    umask(022);
    struct stat st;
    cr_expect(eq(int, stat(other, &st), 0));
    cr_expect(eq(int, (int)(st.st_mode & 0777), 0600));
}

Test(store, marks_the_file_as_its_own)
{
    store_close(open_or_fail(STORE_CREATE));
    cr_expect(eq(i64, ask(t.db, "PRAGMA application_id"), 0x5343494D));
    cr_expect(eq(i64, ask(t.db, "PRAGMA page_size"), 16384));
    cr_expect(eq(i64, ask(t.db, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'"), 0));
    cr_expect(gt(i64, ask(t.db, "PRAGMA user_version"), 0));
}

Test(store, reading_needs_an_index)
{
    struct fault why = {0};
    cr_expect(eq(int, refusal(STORE_READ, &why), FAULT_INDEX));
    cr_expect(strstr(why.text, "does not exist") != NULL, "%s", why.text);
    cr_expect(eq(int, refusal(STORE_WRITE, &why), FAULT_INDEX));
    struct buf names;
    cr_expect(eq(str, (char *)scratch_list(&t, &names), ""));
    buf_free(&names);
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    FILE *f = fopen(path, "wb");
    fwrite(bytes, 1, len, f);
    fclose(f);
}

/* The file is refused in every mode, stays as it is, and nothing appears beside it. */
static void expect_untouched(const char *what)
{
    struct buf before = file_bytes(t.db);
    for (int mode = STORE_READ; mode <= STORE_BROWSE; mode++) {
        struct fault why = {0};
        cr_expect(eq(int, refusal((enum store_mode)mode, &why), FAULT_INDEX), "%s, mode %d: %s",
                  what, mode, why.text);
        struct buf after = file_bytes(t.db);
        cr_expect(slice_equal(buf_slice(&before), buf_slice(&after)), "%s changed", what);
        buf_free(&after);
    }
    struct buf names;
    scratch_list(&t, &names);
    cr_expect(strstr(names.at, "-wal") == NULL, "%s left %s", what, names.at);
    buf_free(&names);
    buf_free(&before);
}

Test(store, refuses_what_is_no_database)
{
    write_file(t.db, "hello, I am not a database\n", 27);
    expect_untouched("a text");
    struct buf names;
    cr_expect(eq(str, (char *)scratch_list(&t, &names), "index.db"));
    buf_free(&names);
}

Test(store, refuses_a_strangers_database)
{
    run_sql(t.db, "PRAGMA journal_mode = WAL; CREATE TABLE precious(a); "
                  "INSERT INTO precious VALUES('x')");
    expect_untouched("a stranger's database");
    cr_expect(eq(i64, ask(t.db, "SELECT count(*) FROM precious"), 1));
}

Test(store, refuses_a_newer_index)
{
    store_close(open_or_fail(STORE_CREATE));
    run_sql(t.db, "PRAGMA user_version = 999999");
    expect_untouched("a newer index");
    struct fault why = {0};
    refusal(STORE_READ, &why);
    cr_expect(strstr(why.text, "newer") != NULL, "%s", why.text);
}

Test(store, refuses_triggers)
{
    store_close(open_or_fail(STORE_CREATE));
    run_sql(t.db, "CREATE TRIGGER evil AFTER INSERT ON entry BEGIN DELETE FROM entry; END");
    expect_untouched("an index with triggers");
}

Test(store, refuses_cut_files)
{
    store_close(open_or_fail(STORE_CREATE));
    cr_assert(eq(int, truncate(t.db, 6144), 0));
    expect_untouched("an index cut within a page");
    cr_assert(eq(int, truncate(t.db, 100), 0));
    expect_untouched("an index cut within its header");
}

Test(store, refuses_a_folder_and_a_fifo)
{
    struct fault why = {0};
    cr_assert(eq(int, mkdir(t.db, 0700), 0));
    cr_expect(eq(int, refusal(STORE_CREATE, &why), FAULT_INDEX));
    rmdir(t.db);
    cr_assert(eq(int, mkfifo(t.db, 0600), 0));
    cr_expect(eq(int, refusal(STORE_CREATE, &why), FAULT_INDEX));
    cr_expect(eq(int, refusal(STORE_READ, &why), FAULT_INDEX));
}

Test(store, takes_an_empty_file_as_a_new_index)
{
    write_file(t.db, "", 0);
    struct fault why = {0};
    cr_expect(eq(int, refusal(STORE_READ, &why), FAULT_INDEX));
    store_close(open_or_fail(STORE_BROWSE));
    cr_expect(eq(i64, ask(t.db, "PRAGMA application_id"), 0x5343494D));
}

Test(store, reads_without_its_key_but_gives_none)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 10, &source, &why);
    const struct hash_key *key = NULL;
    cr_expect(eq(int, store_key(s, &key, &why), FAULT_NONE));
    cr_expect(key != NULL);
    store_close(s);
    char path[200];
    snprintf(path, sizeof path, "%s.key", t.db);
    unlink(path);
    s = open_or_fail(STORE_READ);
    cr_expect(eq(i64, count_of(s, ""), 10));
    cr_expect(eq(int, store_key(s, &key, &why), FAULT_INDEX));
    store_close(s);
    s = open_or_fail(STORE_CREATE);
    cr_expect(eq(int, store_key(s, &key, &why), FAULT_INDEX));
    store_close(s);
    cr_expect(ne(int, access(path, F_OK), 0), "a lost key must not be made anew");
}

Test(store, knows_another_indexs_key)
{
    store_close(open_or_fail(STORE_CREATE));
    char path[200];
    snprintf(path, sizeof path, "%s.key", t.db);
    write_file(path, "0123456789abcdef0123456789abcdef", 32);
    struct store *s = open_or_fail(STORE_CREATE);
    const struct hash_key *key = NULL;
    struct fault why = {0};
    cr_expect(eq(int, store_key(s, &key, &why), FAULT_INDEX));
    store_close(s);
}

Test(store, follows_no_link_to_a_key)
{
    char path[200], target[200];
    snprintf(path, sizeof path, "%s.key", t.db);
    snprintf(target, sizeof target, "%s/elsewhere", t.folder);
    write_file(target, "0123456789abcdef0123456789abcdef", 32);
    cr_assert(eq(int, symlink(target, path), 0));
    struct fault why = {0};
    cr_expect(eq(int, refusal(STORE_CREATE, &why), FAULT_INDEX), "%s", why.text);
}

Test(store, names_the_importer_that_holds_it)
{
    store_close(open_or_fail(STORE_CREATE));
    int ready[2];
    cr_assert(eq(int, pipe(ready), 0));
    pid_t child = fork();
    if (child == 0) {
        struct store *s = NULL;
        store_open(&s, t.db, STORE_CREATE, NULL);
        (void)!write(ready[1], "x", 1);
        pause();
        _exit(0);
    }
    char byte;
    cr_assert(eq(int, (int)read(ready[0], &byte, 1), 1));
    struct fault why = {0};
    time_t before = time(NULL);
    cr_expect(eq(int, refusal(STORE_CREATE, &why), FAULT_BUSY));
    time_t waited = time(NULL) - before;
    cr_expect(waited >= 9 && waited <= 12, "waited %ld s", (long)waited);
    char pid[24];
    snprintf(pid, sizeof pid, "%ld", (long)child);
    cr_expect(strstr(why.text, pid) != NULL, "%s does not name %s", why.text, pid);
    /* Readers and the explorer are not kept out. */
    store_close(open_or_fail(STORE_READ));
    store_close(open_or_fail(STORE_BROWSE));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    store_close(open_or_fail(STORE_CREATE)); /* the lock went with its holder */
}

Test(store, is_busy_while_somebody_writes_with_sqlite)
{
    store_close(open_or_fail(STORE_CREATE));
    sqlite3 *db;
    cr_assert(eq(int, sqlite3_open(t.db, &db), 0));
    cr_assert(eq(int, sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL), 0));
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    cr_expect(eq(int, import_made(s, "a.har", 3, &source, &why), FAULT_BUSY), "%s", why.text);
    sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
    cr_expect(eq(int, import_made(s, "a.har", 3, &source, &why), FAULT_NONE), "%s", why.text);
    store_close(s);
    sqlite3_close(db);
}

Test(store, reads_from_a_read_only_folder)
{
    struct store *s = open_or_fail(STORE_CREATE);
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 10, &source, &why);
    store_close(s);
    if (geteuid() == 0) { /* root may write anyway: drop the right for this process */
        chown(t.db, 65534, 65534);
        chown(t.folder, 65534, 65534);
        cr_assert(eq(int, seteuid(65534), 0));
    }
    chmod(t.db, 0400);
    chmod(t.folder, 0500);
    s = open_or_fail(STORE_READ);
    cr_expect(eq(i64, count_of(s, "is:failure"), 4));
    store_close(s);
    cr_expect(eq(int, refusal(STORE_WRITE, &why), FAULT_INDEX));
    cr_expect(eq(int, refusal(STORE_CREATE, &why), FAULT_INDEX));
    chmod(t.folder, 0700);
}

Test(store, opens_a_file_that_is_whole_only_with_its_journal)
{
    pid_t child = fork();
    if (child == 0) {
        struct store *s = NULL;
        struct store_source source;
        store_open(&s, t.db, STORE_CREATE, NULL);
        import_made(s, "a.har", 3000, &source, NULL);
        raise(SIGKILL);
    }
    waitpid(child, NULL, 0);
    /* As a full disk leaves it: the first page moved already, with the new count of pages, but not
     * those behind it. The count lies at 28, and is believed when 24 equals 92. */
    FILE *f = fopen(t.db, "r+b");
    unsigned char head[100];
    cr_assert(eq(sz, fread(head, 1, sizeof head, f), sizeof head));
    head[28] = head[29] = 0;
    head[30] = 9;
    memcpy(head + 92, head + 24, 4);
    rewind(f);
    fwrite(head, 1, sizeof head, f);
    fclose(f);
    struct store *s = open_or_fail(STORE_CREATE);
    cr_expect(eq(i64, count_of(s, ""), 3000));
    store_close(s);
    s = open_or_fail(STORE_READ);
    cr_expect(eq(i64, count_of(s, ""), 3000));
    store_close(s);
}

Test(store, tells_when_something_was_committed)
{
    struct store *s = open_or_fail(STORE_CREATE), *reader = open_or_fail(STORE_READ);
    uint64_t before = store_version(reader), same = store_version(reader);
    cr_expect(eq(u64, before, same));
    struct store_source source;
    struct fault why = {0};
    import_made(s, "a.har", 10, &source, &why);
    cr_expect(ne(u64, store_version(reader), before));
    store_close(reader);
    store_close(s);
}

Test(store, default_path_follows_the_environment)
{
    unsetenv("SCIMSCOPE_DB");
    setenv("XDG_DATA_HOME", t.folder, 1);
    char *path = store_default_path(false), want[200];
    snprintf(want, sizeof want, "%s/scimscope/index.db", t.folder);
    cr_expect(eq(str, path, want));
    free(path);
    setenv("XDG_DATA_HOME", "relative", 1);
    setenv("HOME", "/nowhere", 1);
    path = store_default_path(false);
    cr_expect(eq(str, path, "/nowhere/.local/share/scimscope/index.db"));
    free(path);
    setenv("SCIMSCOPE_DB", "/elsewhere/x.db", 1);
    path = store_default_path(false);
    cr_expect(eq(str, path, "/elsewhere/x.db"));
    free(path);
}

Test(store, makes_the_default_folders_private)
{
    unsetenv("SCIMSCOPE_DB");
    setenv("XDG_DATA_HOME", t.folder, 1);
    umask(0);
    char *path = store_default_path(true), folder[200];
    free(path);
    struct stat st;
    snprintf(folder, sizeof folder, "%s/scimscope", t.folder);
    cr_assert(eq(int, stat(folder, &st), 0));
    cr_expect(eq(int, (int)(st.st_mode & 0777), 0700));
}
