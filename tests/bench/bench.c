/* How fast the program is, side by side with what its libraries do alone on the same data: cJSON
 * reading each entry, SQLite inserting a row per entry. The data is made here, the same every time.
 *
 * usage: bench SCIMSCOPE FOLDER [ENTRIES] [RUNS]
 * Prints a table; figures are of this machine and this moment, the ratios are what to look at. */
#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { RUNS_LIMIT = 9, BATCH = 16384, PATH_SIZE = 512, BLOB = 600 };

struct bench {
    const char *program;
    char har[PATH_SIZE], db[PATH_SIZE];
    char *bytes; /* of the HAR, one entry per line */
    size_t size;
    unsigned entries, runs;
};

struct figure {
    double seconds[RUNS_LIMIT];
    long peak_kib;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void fail(const char *what)
{
    fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
    exit(1);
}

/* --- the data --------------------------------------------------------------------------------- */

/* One in eight calls fails, in four ways; users repeat, ids and times do not. */
static void write_entry(FILE *out, unsigned n)
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
        "%s{\"startedDateTime\":\"2026-11-%02uT%02u:%02u:%02u.%03uZ\",\"time\":%u.5,\"request\":"
        "{\"method\":\"POST\",\"url\":\"https://scim.example.com/scim/v2/Users\",\"httpVersion\":"
        "\"HTTP/1.1\",\"cookies\":[],\"headers\":[{\"name\":\"Host\",\"value\":"
        "\"scim.example.com\"},{\"name\":\"Authorization\",\"value\":\"Bearer %016x%016x\"},"
        "{\"name\":\"Content-Type\",\"value\":\"application/scim+json\"},{\"name\":\"User-Agent\","
        "\"value\":\"provisioning-agent/4.2\"}],\"queryString\":[],\"postData\":{\"mimeType\":"
        "\"application/scim+json\",\"text\":\"%s\"},\"headersSize\":-1,\"bodySize\":%zu},",
        n ? ",\n" : "", 1 + second / 86400 % 28, second / 3600 % 24, second / 60 % 60, second % 60,
        n % 20 * 50, 20 + n % 300, n / 5000, n / 5000 + 77, resource, strlen(resource));
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

static void make_data(struct bench *b)
{
    FILE *out = fopen(b->har, "w");
    if (!out)
        fail(b->har);
    fputs("{\"log\":{\"version\":\"1.2\",\"creator\":{\"name\":\"bench\",\"version\":\"1\"},"
          "\"entries\":[\n",
          out);
    for (unsigned n = 0; n < b->entries; n++)
        write_entry(out, n);
    fputs("\n]}}\n", out);
    b->size = (size_t)ftell(out);
    if (fclose(out) != 0)
        fail(b->har);
    b->bytes = malloc(b->size + 1);
    FILE *in = fopen(b->har, "r");
    if (!b->bytes || !in || fread(b->bytes, 1, b->size, in) != b->size)
        fail(b->har);
    fclose(in);
    b->bytes[b->size] = '\0';
}

/* --- the libraries alone ---------------------------------------------------------------------- */

/* A tree per entry and five fields of it; what is found is summed, so that nothing is left out. */
static double run_cjson(const struct bench *b)
{
    double began = now(), sum = 0;
    const char *line = strchr(b->bytes, '\n') + 1;
    for (unsigned n = 0; n < b->entries; n++) {
        size_t length = strcspn(line, "\n"); /* an entry ends with its line, all but for a comma */
        cJSON *entry = cJSON_ParseWithLengthOpts(line, length, NULL, 0);
        const cJSON *request = cJSON_GetObjectItemCaseSensitive(entry, "request");
        const cJSON *response = cJSON_GetObjectItemCaseSensitive(entry, "response");
        const cJSON *url = cJSON_GetObjectItemCaseSensitive(request, "url");
        const cJSON *status = cJSON_GetObjectItemCaseSensitive(response, "status");
        if (!cJSON_IsString(url) || !cJSON_IsNumber(status))
            fail("cJSON");
        sum += status->valuedouble + (double)strlen(url->valuestring);
        cJSON_Delete(entry);
        line += length + 1;
    }
    if (sum <= 0)
        fail("cJSON");
    return now() - began;
}

static void sql(sqlite3 *db, const char *text)
{
    if (sqlite3_exec(db, text, NULL, NULL, NULL) != SQLITE_OK) {
        fprintf(stderr, "bench: %s: %s\n", text, sqlite3_errmsg(db));
        exit(1);
    }
}

static void remove_index(const char *path)
{
    static const char *const suffixes[] = {"", "-wal", "-shm", ".key", ".lock"};
    char name[PATH_SIZE + 8];
    for (size_t i = 0; i < sizeof suffixes / sizeof *suffixes; i++) {
        snprintf(name, sizeof name, "%s%s", path, suffixes[i]);
        unlink(name);
    }
}

/* One row per entry: integers, short texts and a blob, as much as an index row holds. */
static double run_sqlite(const struct bench *b)
{
    sqlite3 *db;
    sqlite3_stmt *insert;
    char blob[BLOB];
    remove_index(b->db);
    double began = now();
    if (sqlite3_open(b->db, &db) != SQLITE_OK)
        fail(b->db);
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
            fail("insert");
        sqlite3_reset(insert);
    }
    sql(db, "COMMIT");
    sqlite3_finalize(insert);
    sqlite3_close(db);
    double spent = now() - began;
    remove_index(b->db);
    return spent;
}

/* --- the program ------------------------------------------------------------------------------ */

static double run_program(const struct bench *b, long *peak_kib, const char *const *words)
{
    const char *arguments[12] = {b->program, "--db", b->db};
    for (size_t i = 0; words[i] && i < 8; i++)
        arguments[3 + i] = words[i];
    double began = now();
    pid_t child = fork();
    if (child == 0) {
        int null = open("/dev/null", O_WRONLY);
        dup2(null, STDOUT_FILENO);
        execv(b->program, (char **)arguments);
        _exit(127);
    }
    int status;
    struct rusage usage;
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        fail(b->program);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        fprintf(stderr, "bench: %s %s ended with status %d\n", b->program, words[0], status);
        exit(1);
    }
    if (usage.ru_maxrss > *peak_kib)
        *peak_kib = usage.ru_maxrss;
    return now() - began;
}

/* --- the table -------------------------------------------------------------------------------- */

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(struct figure *f, unsigned runs)
{
    qsort(f->seconds, runs, sizeof *f->seconds, by_size);
    return f->seconds[runs / 2];
}

static void print_row(const struct bench *b, const char *name, struct figure *f)
{
    double middle = median(f, b->runs);
    printf("%-34s %7.3f %7.3f %8.1f %9.0f", name, f->seconds[0], middle,
           (double)b->size / 1e6 / middle, b->entries / middle);
    if (f->peak_kib)
        printf(" %7.1f\n", (double)f->peak_kib / 1024);
    else
        printf(" %7s\n", "-");
}

int main(int argc, char **argv)
{
    struct bench b = {.entries = 50000, .runs = 3};
    if (argc < 3) {
        fprintf(stderr, "usage: bench SCIMSCOPE FOLDER [ENTRIES] [RUNS]\n");
        return 2;
    }
    b.program = argv[1];
    if (argc > 3)
        b.entries = (unsigned)strtoul(argv[3], NULL, 10);
    if (argc > 4)
        b.runs = (unsigned)strtoul(argv[4], NULL, 10);
    if (b.entries < 1 || b.runs < 1 || b.runs > RUNS_LIMIT)
        return 2;
    mkdir(argv[2], 0700);
    snprintf(b.har, sizeof b.har, "%s/bench.har", argv[2]);
    snprintf(b.db, sizeof b.db, "%s/bench.db", argv[2]);
    make_data(&b);

    const char *const import[] = {"import", b.har, NULL};
    const char *const list[] = {"list", "--format", "ndjson", NULL};
    const char *const count[] = {"count", "--by", "class", "is:failure", NULL};
    const char *const export[] = {"export", "--format", "ndjson", "is:failure", NULL};
    struct figure cjson = {0}, raw = {0}, first = {0}, again = {0}, listed = {0}, counted = {0},
                  exported = {0};
    for (unsigned i = 0; i < b.runs; i++) { /* interleaved, so that noise meets all of them */
        cjson.seconds[i] = run_cjson(&b);
        raw.seconds[i] = run_sqlite(&b);
        remove_index(b.db);
        first.seconds[i] = run_program(&b, &first.peak_kib, import);
        again.seconds[i] = run_program(&b, &again.peak_kib, import);
        listed.seconds[i] = run_program(&b, &listed.peak_kib, list);
        counted.seconds[i] = run_program(&b, &counted.peak_kib, count);
        exported.seconds[i] = run_program(&b, &exported.peak_kib, export);
    }
    printf("%u entries, %.1f MB of HAR, %u runs interleaved\n\n", b.entries, (double)b.size / 1e6,
           b.runs);
    printf("%-34s %7s %7s %8s %9s %7s\n", "", "min s", "med s", "MB/s", "entries/s", "RSS MB");
    print_row(&b, "cJSON, a tree per entry", &cjson);
    print_row(&b, "SQLite, a row per entry", &raw);
    print_row(&b, "scimscope import", &first);
    print_row(&b, "scimscope import again", &again);
    print_row(&b, "scimscope list, all as ndjson", &listed);
    print_row(&b, "scimscope count --by class", &counted);
    print_row(&b, "scimscope export, failures", &exported);
    printf("\nimport takes %.2f times what cJSON and SQLite alone take together\n",
           median(&first, b.runs) / (median(&cjson, b.runs) + median(&raw, b.runs)));
    remove_index(b.db);
    unlink(b.har);
    free(b.bytes);
    return 0;
}
