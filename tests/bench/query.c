/* How long questions take on an index of many entries: by columns, and by SQL over the rows. The
 * index is made here, the same every time, through the door that imports use.
 *
 * usage: query FOLDER [ENTRIES] [RUNS]
 * Prints a table, medians in milliseconds; figures are of this machine and this moment. */
#include "core/index/filter.h"
#include "core/index/select.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>

enum { BATCH = 16384, RUNS_LIMIT = 99, BARS = 100, PAGE = 50, START = 1762160000 };

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void check(enum fault_code code, const struct fault *why)
{
    if (!code)
        return;
    fprintf(stderr, "query: %s\n", why->text);
    exit(1);
}

static struct stored make(uint64_t i, struct arena *arena)
{
    static const char *const failures[] = {"generic-conflict", "generic-not-found",
                                           "generic-timeout", "generic-throttled"};
    uint64_t mixed = i * UINT64_C(0x9E3779B97F4A7C15) >> 20;
    unsigned user = (unsigned)(mixed % 50000);
    bool bad = mixed % 8 == 0;
    struct stored one = {.print = mixed * 31 + i,
                         .print_time = (int64_t)(START + i / 20),
                         .raw = SLICE("{\"kind\":\"http\"}")};
    one.entry =
        (struct entry){.time_us = (int64_t)(START + i / 20) * 1000000 + (int64_t)(i % 20),
                       .kind = KIND_HTTP,
                       .position = (int64_t)i,
                       .event_id = -1,
                       .record_id = -1,
                       .duration_us = 1000,
                       .method = SLICE("PATCH"),
                       .host = SLICE("api.example.com"),
                       .status = bad ? 409 : 200,
                       .class_id = bad ? slice_of(failures[mixed / 8 % 4]) : SLICE("success"),
                       .category = SLICE("other"),
                       .failure = bad,
                       .success = !bad};
    one.entry.path = arena_format(arena, "/scim/v2/Users/%08x", user * 2654435761U);
    one.entry.user = arena_format(arena, "user%u@example.com", user);
    if (bad)
        one.entry.detail = arena_format(arena, "request %u was refused", user % 997);
    return one;
}

static void fill(const char *db, uint64_t entries)
{
    struct store *s = NULL;
    struct fault why = {0};
    struct arena arena;
    struct stored *batch = calloc(BATCH, sizeof *batch);
    struct store_source source = {.path = SLICE("made.har"), .format = SLICE("har")};
    arena_init(&arena);
    double start = now();
    check(store_open(&s, db, STORE_CREATE, &why), &why);
    check(store_source_begin(s, &source, &why), &why);
    for (uint64_t i = 0; i < entries;) {
        size_t count = 0;
        for (; count < BATCH && i < entries; count++, i++)
            batch[count] = make(i, &arena);
        check(store_write(s, &source, batch, count, &why), &why);
        arena_reset(&arena);
    }
    source.complete = true;
    check(store_source_end(s, &source, &why), &why);
    store_close(s);
    arena_free(&arena);
    free(batch);
    printf("index of %llu entries made in %.1f s\n", (unsigned long long)entries,
           (now() - start) / 1e3);
}

/* What is measured: every question opens its own selection, as the explorer does. */
enum question { COUNT, PAGE_NEWEST, CLASSES, USERS, TIMELINE, QUESTIONS };
static const char *const names[] = {"count", "page", "classes", "users", "timeline"};

static double ask(struct store *s, const struct filter *filter, enum question what, bool by_rows)
{
    struct selection *sel = NULL;
    struct fault why = {0};
    struct arena arena;
    struct facet_row *facet;
    struct entry *rows;
    size_t got;
    uint64_t count, bars[BARS];
    int64_t from = (int64_t)START * 1000000;
    arena_init(&arena);
    double start = now();
    check(selection_open(&sel, s, filter, &why), &why);
    if (by_rows)
        sel->prepared = sel->by_rows = true;
    switch (what) {
    case COUNT:
        check(selection_count(sel, &count, &why), &why);
        break;
    case PAGE_NEWEST:
        check(selection_rows(sel, ORDER_NEWEST, 0, PAGE, &arena, &rows, &got, &why), &why);
        break;
    case CLASSES:
    case USERS:
        check(selection_facet(sel, what == CLASSES ? FACET_CLASS : FACET_USER, 20, &arena, &facet,
                              &got, &why),
              &why);
        break;
    default:
        check(selection_histogram(sel, from, from + INT64_C(86400000000), BARS, bars, &why), &why);
        break;
    }
    selection_close(sel);
    double took = now() - start;
    arena_free(&arena);
    return took;
}

static int compare(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void compare_ways(const char *db, const char *text, unsigned runs)
{
    struct arena arena;
    struct filter *filter = NULL;
    struct fault why = {0};
    struct store *s = NULL;
    arena_init(&arena);
    check(filter_parse(&filter, slice_of(text), &arena, &why), &why);
    double start = now();
    check(store_open(&s, db, STORE_READ, &why), &why);
    double opened =
        now() - start + ask(s, filter, COUNT, false) + ask(s, filter, PAGE_NEWEST, false);
    for (enum question q = 0; q < QUESTIONS; q++) {
        double columns[RUNS_LIMIT], rows = ask(s, filter, q, true);
        ask(s, filter, q, false);
        for (unsigned r = 0; r < runs; r++)
            columns[r] = ask(s, filter, q, false);
        qsort(columns, runs, sizeof *columns, compare);
        printf("%-34s %-9s %10.2f %10.2f %10.2f\n", *text ? text : "(all)", names[q],
               columns[runs / 2], columns[runs - 1], rows);
    }
    printf("%-34s %-9s %10.2f\n", *text ? text : "(all)", "open", opened);
    store_close(s);
    arena_free(&arena);
}

int main(int argc, char **argv)
{
    static const char *const filters[] = {"is:failure",
                                          "is:failure since:1h@end",
                                          "user:user77@example.com",
                                          "status:409 class:*conflict",
                                          "\"refused\" is:failure",
                                          "text:0fa3",
                                          ""};
    char db[600];
    struct stat st;
    if (argc < 2) {
        fprintf(stderr, "usage: query FOLDER [ENTRIES] [RUNS]\n");
        return 2;
    }
    uint64_t entries = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
    unsigned runs = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 9;
    runs = runs < 1 ? 1 : runs > RUNS_LIMIT ? RUNS_LIMIT : runs;
    snprintf(db, sizeof db, "%s/query-%llu.db", argv[1], (unsigned long long)entries);
    if (stat(db, &st) != 0)
        fill(db, entries);
    printf("%-34s %-9s %10s %10s %10s\n", "filter", "question", "columns", "worst", "rows, 1 run");
    for (size_t i = 0; i < sizeof filters / sizeof *filters; i++)
        compare_ways(db, filters[i], runs);
    return 0;
}
