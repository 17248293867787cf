/* What the benchmarks share: time, other programs, the table, and data that is made here, the same
 * every time. */
#ifndef TESTS_BENCH_BENCH_H
#define TESTS_BENCH_BENCH_H

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { BENCH_RUNS_LIMIT = 9, BENCH_PATH = 512 };

struct figure {
    double seconds[BENCH_RUNS_LIMIT];
    double spent[BENCH_RUNS_LIMIT]; /* of the processors, by other programs and run_sqlite */
    unsigned runs;
    long peak_kib;
    bool processor; /* seconds are of the processor, not of the clock */
};

static inline double bench_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Of this process alone: what is compared within one thread is not disturbed by others then. */
static inline double bench_cpu(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static inline void bench_fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

static inline int bench_by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static inline double bench_median(struct figure *f)
{
    qsort(f->seconds, f->runs, sizeof *f->seconds, bench_by_size);
    return f->seconds[f->runs / 2];
}

static inline double bench_median_spent(struct figure *f)
{
    qsort(f->spent, f->runs, sizeof *f->spent, bench_by_size);
    return f->spent[f->runs / 2];
}

/* --- other programs --------------------------------------------------------------------------- */

static inline bool bench_has(const char *program)
{
    const char *rest = getenv("PATH");
    while (rest && *rest) {
        const char *end = strchr(rest, ':');
        int len = end ? (int)(end - rest) : (int)strlen(rest);
        char path[BENCH_PATH];
        snprintf(path, sizeof path, "%.*s/%s", len, rest, program);
        if (access(path, X_OK) == 0)
            return true;
        rest = end ? end + 1 : NULL;
    }
    return false;
}

/* Runs a program with what it prints going nowhere; its time is added to the figure. */
static inline void bench_run(struct figure *f, const char *const *arguments)
{
    double began = bench_now();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_RDWR);
        dup2(null, STDIN_FILENO);
        dup2(null, STDOUT_FILENO);
        execvp(arguments[0], (char **)arguments);
        _exit(127);
    }
    int status = 0;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        bench_fail(arguments[0]);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "bench: %s %s ended with status %d\n", arguments[0], arguments[1], status);
        exit(1);
    }
    if (usage.ru_maxrss > f->peak_kib)
        f->peak_kib = usage.ru_maxrss;
    double cpu = (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
                 (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
    f->spent[f->runs] = cpu;
    f->seconds[f->runs++] = f->processor ? cpu : bench_now() - began;
}

/* --- the table -------------------------------------------------------------------------------- */

enum line {
    LINE_HELD, /* make bench-check fails when it is not met */
    LINE_AHEAD /* not met yet everywhere: only told */
};

static int bench_broken; /* lines that must hold and do not */

/* One ratio. `most`: the line is an upper one. */
static inline void bench_row(const char *work, const char *against, bool most, double line,
                             double measured, enum line kind)
{
    bool met = most ? measured <= line : measured >= line;
    char hold[32];
    snprintf(hold, sizeof hold, "%s %g", most ? "<=" : ">=", line);
    printf("%-40s %-38s %12s %10.3g  %s\n", work, against, hold, measured, met ? "met" : "NOT MET");
    bench_broken += !met && kind == LINE_HELD;
    fflush(stdout);
}

static inline void bench_skipped(const char *work, const char *why)
{
    printf("%-40s skipped: %s\n", work, why);
}

static inline int bench_end(void)
{
    return getenv("BENCH_CHECK") && bench_broken ? 1 : 0;
}

/* --- data: a capture -------------------------------------------------------------------------- */

/* One in eight calls fails, in four ways; users repeat, ids and times do not. */
static inline void bench_entry(FILE *out, unsigned n)
{
    static const struct {
        int status;
        const char *body;
    } answers[] = {
        {409, "{\\\"schemas\\\":[\\\"urn:ietf:params:scim:api:messages:2.0:Error\\\"],"
              "\\\"status\\\":\\\"409\\\",\\\"scimType\\\":\\\"uniqueness\\\","
              "\\\"detail\\\":\\\"userName has already been taken\\\"}"},
        {404, "{\\\"schemas\\\":[\\\"urn:ietf:params:scim:api:messages:2.0:Error\\\"],"
              "\\\"status\\\":\\\"404\\\",\\\"detail\\\":\\\"organization is not found.\\\"}"},
        {429, "{\\\"schemas\\\":[\\\"urn:ietf:params:scim:api:messages:2.0:Error\\\"],"
              "\\\"status\\\":\\\"429\\\",\\\"detail\\\":\\\"Too many requests\\\"}"},
        {500, "{\\\"schemas\\\":[\\\"urn:ietf:params:scim:api:messages:2.0:Error\\\"],"
              "\\\"status\\\":\\\"500\\\",\\\"detail\\\":\\\"Internal error\\\"}"},
    };
    unsigned user = n * 2654435761u % 50000, second = n / 20, failing = n % 8 == 3;
    int status = failing ? answers[n / 8 % 4].status : 201;
    char resource[640];
    snprintf(
        resource, sizeof resource,
        "{\\\"schemas\\\":[\\\"urn:ietf:params:scim:schemas:core:2.0:User\\\"],"
        "\\\"id\\\":\\\"%08x-0000-4000-8000-%012x\\\",\\\"userName\\\":\\\"user%05u@"
        "example.com\\\",\\\"active\\\":true,\\\"name\\\":{\\\"familyName\\\":\\\"Family%u\\\","
        "\\\"givenName\\\":\\\"Given%u\\\"},\\\"emails\\\":[{\\\"value\\\":\\\"user%05u@"
        "example.com\\\",\\\"primary\\\":true}],\\\"phoneNumbers\\\":[{\\\"value\\\":"
        "\\\"+81-3-5205-%04u\\\"}]}",
        n * 2246822519u, n, user, user, user, user, user % 10000);
    fprintf(
        out,
        "{\"startedDateTime\":\"2026-11-%02uT%02u:%02u:%02u.%03uZ\",\"time\":%u.5,\"request\":"
        "{\"method\":\"POST\",\"url\":\"https://scim.example.com/scim/v2/Users\",\"httpVersion\":"
        "\"HTTP/1.1\",\"cookies\":[],\"headers\":[{\"name\":\"Host\",\"value\":"
        "\"scim.example.com\"},{\"name\":\"Authorization\",\"value\":\"Bearer %016x%016x\"},"
        "{\"name\":\"Content-Type\",\"value\":\"application/scim+json\"},{\"name\":\"User-Agent\","
        "\"value\":\"provisioning-agent/4.2\"}],\"queryString\":[],\"postData\":{\"mimeType\":"
        "\"application/scim+json\",\"text\":\"%s\"},\"headersSize\":-1,\"bodySize\":%zu},",
        1 + second / 86400 % 28, second / 3600 % 24, second / 60 % 60, second % 60, n % 20 * 50,
        20 + n % 300, n / 5000, n / 5000 + 77, resource, strlen(resource));
    fprintf(
        out,
        "\"response\":{\"status\":%d,\"statusText\":\"\",\"httpVersion\":\"HTTP/1.1\",\"cookies\":"
        "[],\"headers\":[{\"name\":\"Content-Type\",\"value\":\"application/scim+json\"},{\"name\":"
        "\"request-id\",\"value\":\"%08x-%08x\"}],\"content\":{\"size\":%zu,\"mimeType\":"
        "\"application/scim+json\",\"text\":\"%s\"},\"redirectURL\":\"\",\"headersSize\":-1,"
        "\"bodySize\":-1},\"cache\":{},\"timings\":{\"send\":1,\"wait\":10,\"receive\":1}}",
        status, n, n * 40503u, strlen(failing ? answers[n / 8 % 4].body : resource),
        failing ? answers[n / 8 % 4].body : resource);
}

/* The capture as a HAR, or one entry a line. */
static inline size_t bench_capture(const char *path, unsigned entries, bool har)
{
    FILE *out = fopen(path, "w");
    if (!out)
        bench_fail(path);
    if (har)
        fputs("{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},"
              "\"entries\":[\n",
              out);
    for (unsigned n = 0; n < entries; n++) {
        bench_entry(out, n);
        fputs(har && n + 1 < entries ? ",\n" : "\n", out);
    }
    if (har)
        fputs("]}}\n", out);
    long size = ftell(out);
    if (fclose(out) != 0 || size < 0)
        bench_fail(path);
    return (size_t)size;
}

/* A whole file, NUL-ended; to be freed. */
static inline char *bench_bytes(const char *path, size_t *size)
{
    struct stat st;
    FILE *in = fopen(path, "r");
    if (!in || fstat(fileno(in), &st) != 0)
        bench_fail(path);
    *size = (size_t)st.st_size;
    char *bytes = malloc(*size + 1);
    if (!bytes || fread(bytes, 1, *size, in) != *size)
        bench_fail(path);
    fclose(in);
    bytes[*size] = '\0';
    return bytes;
}

static inline double bench_size(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (double)st.st_size : 0;
}

#endif
