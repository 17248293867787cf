/* Knows how an index is found, made, checked and opened. A new index is built under another name
 * and put in place complete, so that a file at the index's path either is an index or is not ours;
 * who is not ours is looked at as a file that nobody changes (no lock, no journal, not one byte).
 */
#include "core/index/column.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PROGRESS_STEPS = 4000 }; /* of SQLite's machine between two looks at `stale` */

static char *join(const char *a, const char *b)
{
    size_t len = strlen(a) + strlen(b) + 1;
    char *out = xmalloc(len);
    snprintf(out, len, "%s%s", a, b);
    return out;
}

static void make_folders(const char *path)
{
    char *copy = xstrdup(path);
    for (char *at = strchr(copy + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(copy, 0700) == 0)
            chmod(copy, 0700); /* whatever the umask */
        *at = '/';
    }
    free(copy);
}

char *store_default_path(bool make)
{
    const char *given = getenv("SCIMSCOPE_DB");
    if (given && *given)
        return xstrdup(given);
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char *path;
    if (data && data[0] == '/') {
        path = join(data, "/scimscope/index.db");
    } else {
        if (!home || !*home) {
            const struct passwd *me = getpwuid(getuid());
            home = me && me->pw_dir ? me->pw_dir : ".";
        }
        path = join(home, "/.local/share/scimscope/index.db");
    }
    if (make)
        make_folders(path);
    return path;
}

static enum fault_code refused(const char *path, const char *what, struct fault *why)
{
    char shown[120];
    return fault_set(why, FAULT_INDEX, "index %s %s",
                     safe_short(shown, sizeof shown, slice_of(path)), _(what));
}

/* `file:` name of a path for SQLite; the caller frees it. */
static char *uri_of(const char *path, const char *query)
{
    struct buf out;
    buf_init(&out, SIZE_MAX / 2);
    buf_add_text(&out, "file:");
    while (path[0] == '/' && path[1] == '/')
        path++; /* else it would read as a host */
    for (const char *at = path; *at; at++) {
        if (*at == '?' || *at == '#' || *at == '%')
            buf_add_format(&out, "%%%02X", (unsigned char)*at);
        else
            buf_add_byte(&out, *at);
    }
    buf_add_text(&out, query);
    return out.at;
}

/* Want of memory is nothing that a file can be blamed for. */
static void need_memory(int rc)
{
    if ((rc & 0xff) == SQLITE_NOMEM)
        alloc_exhausted();
}

static int ask_raw(sqlite3 *db, const char *sql, int64_t *out)
{
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    if (!rc) {
        rc = sqlite3_step(st);
        *out = rc == SQLITE_ROW ? sqlite3_column_int64(st, 0) : 0;
    }
    int end = sqlite3_finalize(st);
    need_memory(rc);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? SQLITE_OK : end ? end : rc;
}

static void harden(sqlite3 *db)
{
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, INDEX_VALUE_LIMIT);
    sqlite3_limit(db, SQLITE_LIMIT_SQL_LENGTH, 256 * 1024);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

/* Whose file this is, as SQLite reads it. An index carries its mark in the file itself from the
 * moment it has its name (see create), so the journal need not be asked; but a file whose journal
 * was being moved into it when the disk was full or the power went may be whole only with its
 * journal (`half`: one that seems damaged is then let through, to be looked at again with it). */
static enum fault_code check_identity(sqlite3 *db, const char *path, bool half, struct fault *why)
{
    int64_t id = 0, version = 0, triggers = 0, tables = 0;
    int rc = ask_raw(db, "PRAGMA application_id", &id);
    if (!rc)
        rc = ask_raw(db, "PRAGMA user_version", &version);
    if ((rc & 0xff) == SQLITE_BUSY)
        return fault_set(why, FAULT_BUSY, "the index is busy: another program is writing it");
    if ((rc & 0xff) == SQLITE_CANTOPEN)
        return refused(path, "cannot be opened", why);
    if (half && ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_IOERR))
        return FAULT_NONE;
    if (rc)
        return refused(path, "is not an index: not a SQLite file, or damaged", why);
    if (id != INDEX_APPLICATION_ID)
        return refused(path, "is not an index of scimscope", why);
    if (version > INDEX_VERSION)
        return refused(path, "was written by a newer scimscope; this one does not touch it", why);
    rc = ask_raw(db, "SELECT count(*) FROM sqlite_schema WHERE type = 'trigger'", &triggers);
    if (!rc)
        rc = ask_raw(db,
                     "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN "
                     "('meta', 'source', 'string', 'class', 'body', 'entry', 'print')",
                     &tables);
    if (half && rc)
        return FAULT_NONE;
    if (rc)
        return refused(path, "is damaged", why);
    if (triggers)
        return refused(path, "has triggers, which are not scimscope's", why);
    return tables == 7 ? FAULT_NONE : refused(path, "is damaged: a table is missing", why);
}

/* Looks without touching. */
static enum fault_code check_file(const char *path, bool *hot, struct fault *why)
{
    char *wal = join(path, "-wal");
    struct stat st;
    *hot = stat(wal, &st) == 0 && st.st_size > 0;
    free(wal);
    char *uri = uri_of(path, "?immutable=1");
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(uri, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX,
                             NULL);
    free(uri);
    need_memory(rc);
    enum fault_code code;
    if (rc) {
        code = refused(path, "cannot be opened", why);
    } else {
        harden(db);
        code = check_identity(db, path, *hot, why);
    }
    int64_t pages = 0, size = 0;
    if (!code && !*hot && stat(path, &st) == 0 && !ask_raw(db, "PRAGMA page_size", &size) &&
        !ask_raw(db, "PRAGMA page_count", &pages) && st.st_size % size)
        code = refused(path, "is damaged: it ends within a page", why);
    sqlite3_close(db);
    return code;
}

static void sync_folder(const char *path)
{
    char *folder = xstrdup(path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    int fd = open(slash ? folder : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
    free(folder);
}

/* Builds an empty index at `name`, which does not exist. */
static enum fault_code build(const char *name, const char *key_check, struct fault *why)
{
    int fd = open(name, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0 || fchmod(fd, 0600) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        bool disk = error == ENOSPC || error == EDQUOT || error == EIO;
        char shown[120];
        return fault_set(why, disk ? FAULT_IO : FAULT_INDEX, "index %s cannot be made: %s",
                         safe_short(shown, sizeof shown, slice_of(name)), strerror(error));
    }
    close(fd);
    char *uri = uri_of(name, "");
    sqlite3 *db = NULL;
    int rc = sqlite3_open_v2(uri, &db,
                             SQLITE_OPEN_READWRITE | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    free(uri);
    need_memory(rc);
    enum fault_code code =
        rc ? refused(name, "cannot be made", why) : schema_create(db, key_check, why);
    rc = sqlite3_close(db);
    if (!code && rc)
        code = refused(name, "cannot be made", why);
    return code;
}

static void unlink_all(const char *name)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", "-journal"};
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        char *one = join(name, suffixes[i]);
        unlink(one);
        free(one);
    }
}

/* Makes the index; the caller holds its lock. `empty`: a file without bytes stands in its place. */
static enum fault_code create(const char *path, bool empty, struct fault *why)
{
    struct hash_key *key;
    enum fault_code code = key_load(&key, path, true, why);
    if (code)
        return code;
    char check[KEY_CHECK_SIZE];
    key_check_text(key, check);
    hash_key_free(key);
    char *name = join(path, ".new");
    unlink_all(name); /* of a run that was killed here */
    code = build(name, check, why);
    if (!code && (empty ? rename(name, path) : link(name, path)) != 0 && errno != EEXIST &&
        (empty || rename(name, path) != 0))
        code = refused(path, strerror(errno), why);
    unlink_all(name);
    free(name);
    sync_folder(path);
    return code;
}

static enum fault_code make_if_missing(struct store *s, struct fault *why)
{
    struct stat st;
    bool there = stat(s->path, &st) == 0;
    if (there && !S_ISREG(st.st_mode))
        return refused(s->path, "is not a regular file", why);
    if (there && st.st_size > 0)
        return FAULT_NONE;
    if (s->mode == STORE_READ || s->mode == STORE_WRITE)
        return refused(s->path, there ? N_("is empty") : N_("does not exist"), why);
    int fd = s->lock_fd;
    enum fault_code code = fd >= 0 ? FAULT_NONE : lock_take(&fd, s->path, INDEX_BUSY_SECONDS, why);
    if (code)
        return code;
    there = stat(s->path, &st) == 0; /* somebody may have made it while we waited */
    if (!there || st.st_size == 0)
        code = create(s->path, there, why);
    if (s->lock_fd < 0)
        lock_release(fd);
    return code;
}

static bool folder_writable(const char *path)
{
    char *folder = xstrdup(path);
    char *slash = strrchr(folder, '/');
    if (slash)
        slash[slash == folder] = '\0';
    bool yes = faccessat(AT_FDCWD, slash ? folder : ".", W_OK, AT_EACCESS) == 0;
    free(folder);
    return yes;
}

static int on_progress(void *self)
{
    struct store *s = self;
    return s->stale && s->stale(s->stale_self);
}

static enum fault_code connect_to(struct store *s, bool hot, struct fault *why)
{
    s->writable = faccessat(AT_FDCWD, s->path, W_OK, AT_EACCESS) == 0 && folder_writable(s->path);
    if (!s->writable && s->mode != STORE_READ)
        return refused(s->path, "is not writable", why);
    /* Without write access a journal cannot be made: the file is then read as one that nobody
     * changes, or with the journal that is there. */
    s->immutable = !s->writable && !hot;
    char *uri = uri_of(s->path, s->writable ? "?mode=rw" : hot ? "?mode=ro" : "?immutable=1");
    int flags = s->writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    int rc = sqlite3_open_v2(uri, &s->db, flags | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, NULL);
    free(uri);
    need_memory(rc);
    if (rc)
        return refused(s->path, "cannot be opened", why);
    sqlite3_extended_result_codes(s->db, 1);
    sqlite3_busy_timeout(s->db, INDEX_BUSY_SECONDS * 1000);
    harden(s->db);
    /* Until it is known to be ours nothing of it is moved, not even on the way out. */
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    enum fault_code code = check_identity(s->db, s->path, false, why);
    if (code)
        return code;
    sqlite3_db_config(s->db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 0, NULL);
    code = store_exec(s,
                      "PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
                      "PRAGMA cell_size_check = ON; PRAGMA secure_delete = ON;"
                      "PRAGMA cache_size = -16384; PRAGMA synchronous = NORMAL;"
                      "PRAGMA journal_size_limit = 67108864; PRAGMA wal_autocheckpoint = 4000;",
                      why);
    if (!code)
        code = schema_migrate(s, why);
    if (!code && s->mode == STORE_READ)
        code = store_exec(s, "PRAGMA query_only = ON", why);
    if (!code && s->writable && s->mode != STORE_READ)
        columns_watch(s);
    if (!code)
        code = functions_add(s, why);
    sqlite3_progress_handler(s->db, PROGRESS_STEPS, on_progress, s);
    if (s->mode == STORE_READ)
        s->writable = false;
    return code;
}

/* Nobody asks SQLite how much memory it holds: counting would take a lock for each piece. */
static void configure(void)
{
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
}

enum fault_code store_open(struct store **out, const char *path, enum store_mode mode,
                           struct fault *why)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, configure);
    struct store *s = xcalloc(1, sizeof *s);
    s->path = xstrdup(path);
    s->mode = mode;
    s->lock_fd = -1;
    bool hot = false;
    enum fault_code code = FAULT_NONE;
    struct stat st;
    /* A stranger's file gets no lock beside it either. */
    if (stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        code = check_file(path, &hot, why);
    if (!code && mode == STORE_CREATE && (stat(path, &st) != 0 || S_ISREG(st.st_mode)))
        code = lock_take(&s->lock_fd, path, INDEX_BUSY_SECONDS, why);
    if (!code)
        code = make_if_missing(s, why);
    if (!code)
        code = check_file(path, &hot, why);
    if (!code)
        code = connect_to(s, hot, why);
    if (code) {
        store_close(s);
        s = NULL;
    }
    *out = s;
    return code;
}

void store_close(struct store *s)
{
    if (!s)
        return;
    store_finish_statements(s);
    dictionary_close(s);
    class_forget(s);
    group_forget(s);
    notes_close(s);
    body_forget(s);
    extent_forget(s);
    columns_close(s);
    strings_close(s);
    source_order_forget(s);
    columns_close_changes(s);
    free(s->damaged);
    sqlite3_close(s->db); /* the last one out empties and removes the journal */
    lock_release(s->lock_fd);
    hash_key_free(s->key);
    free(s->path);
    free(s);
}

const char *store_path(const struct store *s)
{
    return s->path;
}

enum fault_code store_key(struct store *s, const struct hash_key **out, struct fault *why)
{
    if (!s->key) {
        struct hash_key *key;
        enum fault_code code = key_load(&key, s->path, false, why);
        if (code)
            return code;
        char mine[KEY_CHECK_SIZE];
        key_check_text(key, mine);
        sqlite3_stmt *st =
            store_statement(s, "SELECT value FROM meta WHERE key = 'key_check'", why);
        bool same = st && sqlite3_step(st) == SQLITE_ROW && slice_is(store_column(st, 0), mine);
        if (st)
            sqlite3_reset(st);
        if (!same) {
            hash_key_free(key);
            return refused(s->path, "has another key than the one beside it", why);
        }
        s->key = key;
    }
    *out = s->key;
    return FAULT_NONE;
}

void store_cancel_when(struct store *s, bool (*stale)(void *self), void *self)
{
    s->stale = stale;
    s->stale_self = self;
}

uint64_t store_version(struct store *s)
{
    int64_t others = 0;
    if (store_ask(s, "PRAGMA data_version", 0, &others, NULL))
        return 0;
    return ((uint64_t)others << 32) + (uint64_t)sqlite3_total_changes64(s->db);
}
