/* How long questions take on an index of many entries, side by side with one pass of memchr over
 * the same column bytes, with SQLite's LIKE, and with lnav's GROUP BY over a million of the same
 * lines.
 *
 * usage: query DB FOLDER [RUNS]
 * Prints a table of milliseconds to stderr, the ratios to stdout. */
#include "core/index/filter.h"
#include "core/index/select.h"
#include "tests/bench/bench.h"

#include <sqlite3.h>

enum { RUNS_LIMIT = 999, BARS = 100, PAGE = 50, FACET_SHOWN = 200, LNAV_LINES = 1000000 };

struct times {
    double ms[RUNS_LIMIT];
    unsigned runs;
};

/* What tests/bench/run.sh puts into its table of growth. */
static struct {
    double filter, facet, text;
} growth;

static void check(enum fault_code code, const struct fault *why)
{
    if (!code)
        return;
    fprintf(stderr, "query: %s\n", why->text);
    exit(1);
}

static void add(struct times *t, double seconds)
{
    if (t->runs < RUNS_LIMIT)
        t->ms[t->runs++] = seconds * 1e3;
}

/* The value below which `part` of the times lie. */
static double part_of(struct times *t, double part)
{
    qsort(t->ms, t->runs, sizeof *t->ms, bench_by_size);
    size_t at = (size_t)((double)t->runs * part);
    return t->ms[at < t->runs ? at : t->runs - 1];
}

/* --- what the explorer asks when a filter changes --------------------------------------------- */

struct asked {
    struct store *s;
    const struct filter *filter;
    int64_t oldest, newest;
    uint64_t count, entries; /* selected; in the index */
};

/* Scan, count, first page, timeline: all that is on the screen of a new filter. */
static double change_filter(struct asked *k)
{
    struct selection *sel = NULL;
    struct fault why = {0};
    struct arena arena;
    struct entry *rows;
    size_t got;
    uint64_t bars[BARS];
    arena_init(&arena);
    double began = bench_cpu();
    check(selection_open(&sel, k->s, k->filter, &why), &why);
    check(selection_count(sel, &k->count, &why), &why);
    check(selection_rows(sel, ORDER_NEWEST, 0, PAGE, &arena, &rows, &got, &why), &why);
    check(selection_histogram(sel, k->oldest, k->newest, BARS, bars, &why), &why);
    selection_close(sel);
    double spent = bench_cpu() - began;
    arena_free(&arena);
    return spent;
}

/* The columns that the filter asks, and for each a byte that is rare there. */
struct pass {
    bool asked[FIELDS_HELD];
    int rare[FIELDS_HELD];
    size_t bytes;
};

static struct pass pass_of(struct asked *k)
{
    struct choice choice;
    struct fault why = {0};
    struct block *const *blocks;
    struct pass pass = {0};
    size_t count;
    bool usable, own;
    check(store_read_begin(k->s, &own, &why), &why);
    check(columns_refresh(k->s, &blocks, &count, &usable, &why), &why);
    check(choice_make(&choice, k->s, k->filter, &why), &why);
    for (size_t g = 0; g < choice.count; g++)
        for (size_t t = 0; t < choice.groups[g].count; t++)
            pass.asked[choice.groups[g].tests[t].field] = true;
    for (size_t f = 0; f < FIELDS_HELD; f++) {
        size_t often[256] = {0};
        for (size_t b = 0; pass.asked[f] && b < count; b++) {
            const struct column *c;
            check(block_column(k->s, blocks[b], (enum field)f, &c, &why), &why);
            for (size_t i = 0; i < c->count * c->width; i++)
                often[c->codes[i]]++;
            pass.bytes += c->count * c->width;
        }
        for (int i = 0; i < 256; i++)
            pass.rare[f] = often[i] < often[pass.rare[f]] ? i : pass.rare[f];
    }
    choice_free(&choice);
    store_read_end(k->s, own);
    return pass;
}

/* One pass of memchr over each of them, block by block as they lie in memory. */
static double pass_over(struct asked *k, const struct pass *pass)
{
    struct fault why = {0};
    struct block *const *blocks;
    size_t count, found = 0;
    bool usable;
    check(columns_refresh(k->s, &blocks, &count, &usable, &why), &why);
    double began = bench_cpu();
    for (size_t f = 0; f < FIELDS_HELD; f++) {
        for (size_t b = 0; pass->asked[f] && b < count; b++) {
            const struct column *c = blocks[b]->columns[f];
            const unsigned char *at = c->codes, *end = at + c->count * c->width;
            while (at < end && (at = memchr(at, pass->rare[f], (size_t)(end - at)))) {
                found++;
                at++;
            }
        }
    }
    double spent = bench_cpu() - began;
    volatile size_t kept = found;
    (void)kept;
    return spent;
}

static const char *size_text(char out[40], uint64_t entries)
{
    if (entries >= 1000000)
        snprintf(out, 40, "%.3g M", (double)entries / 1e6);
    else
        snprintf(out, 40, "%.3g k", (double)entries / 1e3);
    return out;
}

struct worst {
    double median, p99, ms;
};

static void one_filter(struct asked *k, const char *text, unsigned runs, struct worst *worst)
{
    static struct times change, passed;
    struct arena arena;
    struct filter *filter = NULL;
    struct fault why = {0};
    arena_init(&arena);
    check(filter_parse(&filter, slice_of(text), &arena, &why), &why);
    k->filter = filter;
    change.runs = passed.runs = 0;
    double first = change_filter(k) * 1e3;
    struct pass pass = pass_of(k);
    for (unsigned i = 0; i < runs; i++) { /* interleaved, so that noise meets both */
        add(&change, change_filter(k));
        add(&passed, pass_over(k, &pass));
    }
    double middle = part_of(&change, .5), high = part_of(&change, .99), base = part_of(&passed, .5);
    fprintf(stderr, "%-38s %9llu %8.2f %8.2f %8.2f %8.2f %8.3f %6.1f %6.1f\n",
            *text ? text : "(all)", (unsigned long long)k->count, (double)pass.bytes / 1e6, first,
            middle, high, base, base > 0 ? middle / base : 0, base > 0 ? high / base : 0);
    /* Where almost every block says by itself what its column holds there is no pass to compare. */
    if (pass.bytes >= k->entries / 2) {
        worst->median = middle / base > worst->median ? middle / base : worst->median;
        worst->p99 = high / base > worst->p99 ? high / base : worst->p99;
    }
    worst->ms = middle > worst->ms ? middle : worst->ms;
    arena_free(&arena);
}

static void filters(struct asked *k, const char *size, unsigned runs)
{
    static const char *const texts[] = {"",
                                        "is:failure",
                                        "-is:failure",
                                        "status:409",
                                        "class:uniqueness-username",
                                        "category:conflict,server",
                                        "kind:event is:failure",
                                        "source:proxy-b.har",
                                        "method:PATCH status:5xx",
                                        "user:user00077@example.com",
                                        "user:user0007*",
                                        "is:failure since:7d@end",
                                        "is:failure since:1h@end",
                                        "status:>=500 level:none kind:http"};
    struct worst worst = {0};
    char work[100];
    fprintf(stderr, "\n%-38s %9s %8s %8s %8s %8s %8s %6s %6s\n", "filter: count, page, timeline",
            "selected", "MB asked", "first ms", "median", "p99", "memchr", "median", "p99");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        one_filter(k, texts[i], runs, &worst);
    growth.filter = worst.ms;
    snprintf(work, sizeof work, "change the filter, %s entries, median", size);
    bench_row(work, "memchr over the same columns", true, 3, worst.median, LINE_AHEAD);
    snprintf(work, sizeof work, "change the filter, %s entries, p99", size);
    bench_row(work, "memchr over the same columns", true, 8, worst.p99, LINE_AHEAD);
    snprintf(work, sizeof work, "change the filter, %s entries", size);
    bench_row(work, "milliseconds", true, 16, worst.ms, LINE_HELD);
}

/* --- facets against lnav ---------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum facet facet;
} facets[] = {{"classes", FACET_CLASS}, {"users", FACET_USER}, {"timeline", FACETS}};

static double ask_facet(struct asked *k, enum facet facet)
{
    struct selection *sel = NULL;
    struct fault why = {0};
    struct arena arena;
    struct facet_row *rows;
    size_t got;
    uint64_t bars[BARS];
    arena_init(&arena);
    double began = bench_cpu();
    check(selection_open(&sel, k->s, k->filter, &why), &why);
    if (facet == FACETS)
        check(selection_histogram(sel, k->oldest, k->newest, BARS, bars, &why), &why);
    else
        check(selection_facet(sel, facet, FACET_SHOWN, &arena, &rows, &got, &why), &why);
    selection_close(sel);
    double spent = bench_cpu() - began;
    arena_free(&arena);
    return spent;
}

static double worst_facet(struct asked *k, const char *text, unsigned runs)
{
    struct arena arena;
    struct filter *filter = NULL;
    struct fault why = {0};
    double worst = 0;
    arena_init(&arena);
    check(filter_parse(&filter, slice_of(text), &arena, &why), &why);
    k->filter = filter;
    fprintf(stderr, "%-38s", *text ? text : "(all)");
    for (size_t f = 0; f < sizeof facets / sizeof *facets; f++) {
        static struct times t;
        t.runs = 0;
        ask_facet(k, facets[f].facet);
        for (unsigned i = 0; i < runs; i++)
            add(&t, ask_facet(k, facets[f].facet));
        double middle = part_of(&t, .5);
        fprintf(stderr, " %8.2f", middle);
        worst = middle > worst ? middle : worst;
    }
    fputc('\n', stderr);
    arena_free(&arena);
    return worst;
}

/* lnav must be told what the fields of a line are. */
static void teach_lnav(const char *folder)
{
    static const char format[] =
        "{\"bench_log\":{\"title\":\"bench\",\"json\":true,\"timestamp-field\":\"time\","
        "\"body-field\":\"url\",\"line-format\":[{\"field\":\"time\"},\" \",{\"field\":\"url\"}],"
        "\"value\":{\"url\":{\"kind\":\"string\"},\"status\":{\"kind\":\"integer\"},"
        "\"class\":{\"kind\":\"string\"},\"user\":{\"kind\":\"string\"}}}}";
    char path[BENCH_PATH + 64];
    static const char *const folders[] = {".lnav", ".lnav/formats", ".lnav/formats/bench"};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, folders[i]);
        mkdir(path, 0700);
    }
    snprintf(path, sizeof path, "%s/.lnav/formats/bench/format.json", folder);
    FILE *out = fopen(path, "w");
    if (!out || fputs(format, out) < 0 || fclose(out) != 0)
        bench_fail(path);
}

static void write_lines(const char *path)
{
    static const char *const classes[] = {"success", "uniqueness-username", "rate-limit-detail"};
    FILE *out = fopen(path, "w");
    if (!out)
        bench_fail(path);
    for (unsigned i = 0; i < LNAV_LINES; i++) {
        unsigned second = i / 5;
        fprintf(out,
                "{\"time\":\"2025-11-%02uT%02u:%02u:%02u.%03uZ\",\"status\":%d,\"class\":\"%s\","
                "\"user\":\"user%05u@example.com\",\"method\":\"POST\","
                "\"url\":\"https://scim.example.com/scim/v2/Users/%08x\",\"detail\":\"%0200u\"}\n",
                3 + second / 86400, second / 3600 % 24, second / 60 % 60, second % 60, i % 5 * 200,
                i % 8 == 3 ? 409 : 200, classes[i % 8 == 3 ? 1 + i / 8 % 2 : 0],
                i * 2654435761u % 50000, i * 2246822519u, i);
    }
    if (fclose(out) != 0)
        bench_fail(path);
}

/* Seconds of the processor that lnav's GROUP BY costs beside reading the file; FOLDER/lnav.txt
 * keeps both for whoever measures next. */
static double lnav_group(const char *folder, unsigned runs)
{
    char lines[BENCH_PATH], kept[BENCH_PATH];
    double read = 0, group = 0;
    snprintf(lines, sizeof lines, "%s/lines.ndjson", folder);
    snprintf(kept, sizeof kept, "%s/lnav.txt", folder);
    FILE *in = fopen(kept, "r");
    bool known = in && fscanf(in, "%lf %lf", &read, &group) == 2;
    if (in)
        fclose(in);
    if (known)
        return group;
    const char *const reading[] = {"lnav", "-n", "-c", ";SELECT count(*) FROM lnav_file",
                                   lines,  NULL};
    const char *const grouping[] = {
        "lnav", "-n", "-c", ";SELECT class, count(*) FROM bench_log GROUP BY class", lines, NULL};
    struct figure first = {.processor = true}, second = {.processor = true};
    teach_lnav(folder);
    write_lines(lines);
    setenv("HOME", folder, 1);
    for (unsigned i = 0; i < runs; i++) {
        bench_run(&first, reading);
        bench_run(&second, grouping);
    }
    unlink(lines);
    read = bench_median(&first);
    group = bench_median(&second) - read;
    fprintf(stderr, "lnav, %d lines: %.2f s to read them, %.2f s more for a GROUP BY\n", LNAV_LINES,
            read, group);
    FILE *out = fopen(kept, "w");
    if (!out || fprintf(out, "%.3f %.3f\n", read, group) < 0 || fclose(out) != 0)
        bench_fail(kept);
    return group;
}

static void count_values(struct asked *k, const char *size, const char *folder, unsigned runs)
{
    static const char *const texts[] = {"", "is:failure", "class:uniqueness-username",
                                        "is:failure since:7d@end"};
    double worst = 0;
    char work[100];
    fprintf(stderr, "\n%-38s %8s %8s %8s\n", "counts by value, ms", facets[0].name, facets[1].name,
            facets[2].name);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        double one = worst_facet(k, texts[i], runs);
        worst = one > worst ? one : worst;
    }
    growth.facet = worst;
    snprintf(work, sizeof work, "classes, users, timeline of %s", size);
    if (bench_has("lnav"))
        bench_row(work, "lnav GROUP BY over 1 M", true, .002, worst / 1e3 / lnav_group(folder, 3),
                  LINE_AHEAD);
    else
        bench_skipped(work, "lnav is not installed");
}

/* --- text against LIKE ------------------------------------------------------------------------ */

static double like(const char *db, const char *needle)
{
    sqlite3 *sql;
    sqlite3_stmt *st;
    char text[80];
    double began = bench_cpu();
    snprintf(text, sizeof text, "%%%s%%", needle);
    if (sqlite3_open_v2(db, &sql, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(sql,
                           "SELECT count(*) FROM entry WHERE detail LIKE ?1 OR path LIKE ?1 OR "
                           "query LIKE ?1 OR request_id LIKE ?1",
                           -1, &st, NULL) != SQLITE_OK)
        bench_fail(db);
    sqlite3_bind_text(st, 1, text, -1, SQLITE_STATIC);
    if (sqlite3_step(st) != SQLITE_ROW)
        bench_fail(db);
    sqlite3_finalize(st);
    sqlite3_close(sql);
    return bench_cpu() - began;
}

static void find_texts(struct asked *k, const char *db, const char *size, unsigned runs)
{
    static const char *const needles[] = {"0fa3c1", "invalid format", "da4cf554", "zq"};
    double worst = 0;
    char work[100];
    fprintf(stderr, "\n%-38s %9s %8s %8s %8s %8s\n", "text", "selected", "first ms", "median",
            "LIKE ms", "ratio");
    for (size_t i = 0; i < sizeof needles / sizeof *needles; i++) {
        static struct times ours;
        struct arena arena;
        struct filter *filter = NULL;
        struct fault why = {0};
        char text[80];
        arena_init(&arena);
        snprintf(text, sizeof text, "text:\"%s\"", needles[i]);
        check(filter_parse(&filter, slice_of(text), &arena, &why), &why);
        k->filter = filter;
        ours.runs = 0;
        double other = like(db, needles[i]) * 1e3, first = change_filter(k) * 1e3;
        for (unsigned r = 0; r < runs; r++)
            add(&ours, change_filter(k));
        double middle = part_of(&ours, .5);
        fprintf(stderr, "%-38s %9llu %8.2f %8.2f %8.0f %8.4f\n", text, (unsigned long long)k->count,
                first, middle, other, middle / other);
        worst = middle / other > worst ? middle / other : worst;
        growth.text = middle > growth.text ? middle : growth.text;
        arena_free(&arena);
    }
    snprintf(work, sizeof work, "find a text in %s, complete", size);
    bench_row(work, "SQLite LIKE over the same columns", true, .02, worst, LINE_AHEAD);
}

int main(int argc, char **argv)
{
    struct asked k = {0};
    struct selection *all = NULL;
    struct fault why = {0};
    char size[40];
    if (argc < 3) {
        fprintf(stderr, "usage: query DB FOLDER [RUNS]\n");
        return 2;
    }
    unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 25;
    runs = runs < 1 ? 1 : runs > RUNS_LIMIT ? RUNS_LIMIT : runs;
    check(store_open(&k.s, argv[1], STORE_READ, &why), &why);
    check(selection_open(&all, k.s, NULL, &why), &why);
    check(selection_span(all, &k.oldest, &k.newest, &why), &why);
    check(selection_count(all, &k.count, &why), &why);
    selection_close(all);
    k.entries = k.count;
    size_text(size, k.count);
    filters(&k, size, runs);
    count_values(&k, size, argv[2], runs);
    find_texts(&k, argv[1], size, runs);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "\nmost memory: %.0f MiB\n", (double)usage.ru_maxrss / 1024);
    FILE *out = getenv("BENCH_GROWTH") ? fopen(getenv("BENCH_GROWTH"), "w") : NULL;
    if (out) {
        fprintf(out, "%.2f %.2f %.2f", growth.filter, growth.facet, growth.text);
        fclose(out);
    }
    store_close(k.s);
    return bench_end();
}
