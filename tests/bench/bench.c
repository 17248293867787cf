/* Whole imports, exports and questions, side by side with what others need for the same: raw rows
 * into SQLite, lnav indexing the same entries, evtxexport, the sqlite3 shell.
 *
 * usage: bench SCIMSCOPE FOLDER SAMPLE.evtx [ENTRIES] [RUNS]
 * Prints a table of seconds to stderr, the ratios to stdout. Figures are of this machine and this
 * moment, the ratios are what to look at. */
#include "tests/bench/bench.h"
#include "tests/bench/events.h"
#include "tests/index_file.h"

#include <sqlite3.h>

enum { BATCH = 16384, BLOB = 600, CHUNKS = 1000 };

struct bench {
    const char *program;
    char har[BENCH_PATH], lines[BENCH_PATH], evtx[BENCH_PATH], db[BENCH_PATH], raw[BENCH_PATH];
    size_t size;
    unsigned entries, events, runs;
};

struct figures {
    struct figure raw, import, again, count, lnav, evtx, evtxexport, list, export, shell;
};

static void sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench: %s: %s\n", text, sqlite3_errmsg(db));
        exit(1);
    }
}

/* One row per entry: integers, short texts and a blob, as much as an index row holds. */
static void run_sqlite(const struct bench *b, struct figure *f)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    char blob[BLOB];
    index_remove(b->raw);
    double began = bench_now(), cpu = bench_cpu();
    if (sqlite3_open(b->raw, &db) != SQLITE_OK)
        bench_fail(b->raw);
    sql(db, "PRAGMA page_size=16384; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
    sql(db, "CREATE TABLE t(id INTEGER PRIMARY KEY, time INT, kind INT, source INT, position INT,"
            " status INT, method INT, host INT, path INT, class INT, user TEXT, request_id TEXT,"
            " detail TEXT, duration INT, body BLOB)");
    sqlite3_prepare_v2(db, "INSERT INTO t VALUES(NULL,?,1,1,?,?,2,3,4,?,?,?,?,?,?)", -1, &insert,
                       NULL);
    memset(blob, 'x', sizeof blob);
    for (unsigned n = 0; n < b->entries; n++) {
        char user[40], request[40];
        if (n % BATCH == 0)
            sql(db, n ? "COMMIT; BEGIN" : "BEGIN");
        snprintf(user, sizeof user, "user%05u@example.com", n * 2654435761u % 50000);
        snprintf(request, sizeof request, "%08x-%08x", n, n * 40503u);
        memcpy(blob, request, 17);
        sqlite3_bind_int64(insert, 1, (int64_t)n * 50000);
        sqlite3_bind_int64(insert, 2, n);
        sqlite3_bind_int(insert, 3, n % 8 == 3 ? 409 : 201);
        sqlite3_bind_int(insert, 4, (int)(n % 8));
        sqlite3_bind_text(insert, 5, user, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 6, request, -1, SQLITE_STATIC);
        sqlite3_bind_text(insert, 7, "userName has already been taken", -1, SQLITE_STATIC);
        sqlite3_bind_int(insert, 8, 20500);
        sqlite3_bind_blob(insert, 9, blob, sizeof blob, SQLITE_STATIC);
        if (sqlite3_step(insert) != SQLITE_DONE)
            bench_fail("insert");
        sqlite3_reset(insert);
    }
    sql(db, "COMMIT");
    sqlite3_finalize(insert);
    sqlite3_close(db);
    f->spent[f->runs] = bench_cpu() - cpu;
    f->seconds[f->runs++] = bench_now() - began;
    index_remove(b->raw);
}

static void run_all(const struct bench *b, struct figures *f)
{
    const char *const import[] = {b->program, "--db", b->db, "import", b->har, NULL};
    const char *const evtx[] = {b->program, "--db", b->raw, "import", b->evtx, NULL};
    const char *const count[] = {b->program, "--db",  b->db,        "count",
                                 "--by",     "class", "is:failure", NULL};
    const char *const list[] = {b->program, "--db", b->db, "list", "--format", "ndjson", NULL};
    const char *const export[] = {b->program, "--db", b->db, "export", "--format", "ndjson", NULL};
    const char *const lnav[] = {"lnav",   "-n", "-c", ";SELECT count(*) FROM lnav_file",
                                b->lines, NULL};
    const char *const evtxexport[] = {"evtxexport", b->evtx, NULL};
    const char *const shell[] = {"sqlite3", "-json", b->db, "SELECT * FROM log", NULL};
    run_sqlite(b, &f->raw);
    index_remove(b->db);
    bench_run(&f->import, import);
    bench_run(&f->again, import);
    bench_run(&f->count, count);
    bench_run(&f->list, list);
    bench_run(&f->export, export);
    if (bench_has("sqlite3"))
        bench_run(&f->shell, shell);
    if (bench_has("lnav"))
        bench_run(&f->lnav, lnav);
    if (bench_has("evtxexport"))
        bench_run(&f->evtxexport, evtxexport);
    bench_run(&f->evtx, evtx);
    index_remove(b->raw);
}

static void print_seconds(const char *name, struct figure *f, unsigned count)
{
    if (!f->runs)
        return;
    double middle = bench_median(f), spent = bench_median_spent(f);
    fprintf(stderr, "%-34s %8.3f %8.3f %8.3f %10.0f %8.3f %8.2f", name, f->seconds[0], middle,
            f->seconds[f->runs - 1], count / middle, spent, spent * 1e6 / count);
    if (f->peak_kib)
        fprintf(stderr, " %8.1f\n", (double)f->peak_kib / 1024);
    else
        fprintf(stderr, " %8s\n", "-");
}

/* Two threads share an import, so its time is less than what it costs; the processors' seconds are
 * what can be compared while other programs want them, too. */
static void print_cost(struct figures *f)
{
    double load = 0, import = bench_median_spent(&f->import);
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    fprintf(stderr, "import a HAR, seconds of the processors: %.2f of raw SQLite rows",
            import / bench_median_spent(&f->raw));
    if (f->lnav.runs)
        fprintf(stderr, ", %.2f of lnav", import / bench_median_spent(&f->lnav));
    fputs("\n", stderr);
    if (getloadavg(&load, 1) == 1 && load > (double)processors)
        fprintf(stderr,
                "(load %.1f on %ld processors: seconds of the clock say little, take these)\n",
                load, processors);
    fputs("\n", stderr);
}

static void print_ratios(const struct bench *b, struct figures *f)
{
    double import = bench_median(&f->import);
    bench_row("import a HAR", "raw SQLite rows with a 600 B blob", true, 2,
              import / bench_median(&f->raw), LINE_AHEAD);
    if (f->lnav.runs)
        bench_row("import a HAR", "lnav indexing the same entries", true, 1,
                  import / bench_median(&f->lnav), LINE_AHEAD);
    else
        bench_skipped("import a HAR, against lnav", "lnav is not installed");
    if (f->evtxexport.runs)
        bench_row("import an .evtx", "evtxexport, text", false, 10,
                  bench_median(&f->evtxexport) / bench_median(&f->evtx), LINE_AHEAD);
    else
        bench_skipped("import an .evtx, against evtxexport", "evtxexport is not installed");
    long peak = f->import.peak_kib > f->evtx.peak_kib ? f->import.peak_kib : f->evtx.peak_kib;
    bench_row("peak memory of an import", "MiB", true, 128, (double)peak / 1024, LINE_HELD);
    bench_row("index on disk, HAR", "bytes imported", true, .35,
              bench_size(b->db) / (double)b->size, LINE_HELD);
    if (f->shell.runs) {
        double shell = bench_median(&f->shell);
        bench_row("list all as NDJSON", "sqlite3 -json 'SELECT * FROM log'", false, 4,
                  shell / bench_median(&f->list), LINE_AHEAD);
        bench_row("export all as NDJSON, raw too", "sqlite3 -json 'SELECT * FROM log'", false, 2,
                  shell / bench_median(&f->export), LINE_AHEAD);
    } else {
        bench_skipped("export as NDJSON, against the shell", "sqlite3 is not installed");
    }
}

int main(int argc, char **argv)
{
    struct bench b = {.entries = 50000, .runs = 3};
    struct figures f = {0};
    if (argc < 4) {
        fprintf(stderr, "usage: bench SCIMSCOPE FOLDER SAMPLE.evtx [ENTRIES] [RUNS]\n");
        return 2;
    }
    b.program = argv[1];
    if (argc > 4)
        b.entries = (unsigned)strtoul(argv[4], NULL, 10);
    if (argc > 5)
        b.runs = (unsigned)strtoul(argv[5], NULL, 10);
    if (b.entries < 1 || b.runs < 1 || b.runs > BENCH_RUNS_LIMIT)
        return 2;
    mkdir(argv[2], 0700);
    snprintf(b.har, sizeof b.har, "%s/bench.har", argv[2]);
    snprintf(b.lines, sizeof b.lines, "%s/bench.ndjson", argv[2]);
    snprintf(b.evtx, sizeof b.evtx, "%s/bench.evtx", argv[2]);
    snprintf(b.db, sizeof b.db, "%s/bench.db", argv[2]);
    snprintf(b.raw, sizeof b.raw, "%s/raw.db", argv[2]);
    b.size = bench_capture(b.har, b.entries, true);
    bench_capture(b.lines, b.entries, false);
    b.events = events_make(b.evtx, argv[3], CHUNKS);
    setenv("HOME", argv[2], 1); /* lnav writes there */

    for (unsigned i = 0; i < b.runs; i++) /* interleaved, so that noise meets all of them */
        run_all(&b, &f);
    fprintf(stderr, "%u entries, %.1f MB of HAR; %u events, %.1f MB; %u runs interleaved\n\n",
            b.entries, (double)b.size / 1e6, b.events, bench_size(b.evtx) / 1e6, b.runs);
    fprintf(stderr, "%-34s %8s %8s %8s %10s %8s %8s %8s\n", "", "min s", "med s", "max s",
            "entries/s", "CPU s", "CPU us", "RSS MB");
    print_seconds("SQLite, a row per entry", &f.raw, b.entries);
    print_seconds("scimscope import HAR", &f.import, b.entries);
    print_seconds("scimscope import HAR again", &f.again, b.entries);
    print_seconds("lnav, the same entries", &f.lnav, b.entries);
    print_seconds("scimscope import .evtx", &f.evtx, b.events);
    print_seconds("evtxexport", &f.evtxexport, b.events);
    print_seconds("scimscope count --by class", &f.count, b.entries);
    print_seconds("scimscope list, all as NDJSON", &f.list, b.entries);
    print_seconds("scimscope export, all as NDJSON", &f.export, b.entries);
    print_seconds("sqlite3 -json", &f.shell, b.entries);
    fputs("\n", stderr);
    print_cost(&f);
    print_ratios(&b, &f);
    const char *const made[] = {b.har, b.lines, b.evtx};
    index_remove(b.db);
    for (size_t i = 0; i < sizeof made / sizeof *made; i++)
        unlink(made[i]);
    return bench_end();
}
