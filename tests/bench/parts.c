/* The parts of an import alone, in this process, side by side with what others need for the same:
 * reading a capture and cJSON, reading and memory, reading an event log and evtxexport, and how
 * many entries a second are classified.
 *
 * usage: parts FOLDER SAMPLE.evtx [ENTRIES] [RUNS] */
#include "core/explain/rulebook.h"
#include "import/readers.h"
#include "tests/bench/bench.h"
#include "tests/bench/events.h"

#include <cjson/cJSON.h>

enum { MEMORY = 512 * 1024 * 1024, CHUNKS = 200, FAILURES = 20000 };

struct parts {
    char har[BENCH_PATH], evtx[BENCH_PATH];
    char *bytes;
    size_t size;
    unsigned entries, runs;
    struct rulebook *book;
};

/* What both readers of a capture find in it, summed in the same order: it must be the same. */
static uint64_t add_text(uint64_t sum, const char *at, size_t len)
{
    return sum * 31 + len + (len ? (unsigned char)at[0] + (unsigned char)at[len - 1] : 0);
}

static uint64_t add_member(uint64_t sum, const cJSON *object, const char *key)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return add_text(sum, text, text ? strlen(text) : 0);
}

static uint64_t add_tree_message(uint64_t sum, const cJSON *message, const char *body)
{
    const cJSON *header, *headers = cJSON_GetObjectItemCaseSensitive(message, "headers");
    cJSON_ArrayForEach(header, headers) sum =
        add_member(add_member(sum, header, "name"), header, "value");
    const cJSON *content = cJSON_GetObjectItemCaseSensitive(message, body);
    return add_member(add_member(sum, content, "mimeType"), content, "text");
}

/* A tree per entry, and the fields that the import takes. */
static double run_cjson(const struct parts *p, uint64_t *sum)
{
    double began = bench_cpu();
    const char *line = strchr(p->bytes, '\n') + 1;
    *sum = 0;
    for (unsigned n = 0; n < p->entries; n++) {
        size_t length = strcspn(line, "\n"); /* an entry ends with its line, all but for a comma */
        cJSON *entry = cJSON_ParseWithLengthOpts(line, length, NULL, 0);
        const cJSON *request = cJSON_GetObjectItemCaseSensitive(entry, "request");
        const cJSON *response = cJSON_GetObjectItemCaseSensitive(entry, "response");
        const cJSON *status = cJSON_GetObjectItemCaseSensitive(response, "status");
        if (!cJSON_IsNumber(status))
            bench_fail("cJSON");
        *sum = add_member(*sum, entry, "startedDateTime") + (uint64_t)status->valuedouble;
        *sum = add_member(add_member(*sum, request, "method"), request, "url");
        *sum = add_tree_message(*sum, request, "postData");
        *sum = add_tree_message(*sum, response, "content");
        cJSON_Delete(entry);
        line += length + 1;
    }
    return bench_cpu() - began;
}

static uint64_t add_slice(uint64_t sum, struct slice text)
{
    return add_text(sum, text.at, text.len);
}

static uint64_t add_message(uint64_t sum, const struct message *message)
{
    for (size_t i = 0; i < message->header_count; i++)
        sum = add_slice(add_slice(sum, message->headers[i].name), message->headers[i].value);
    return add_slice(add_slice(sum, message->body.type), message->body.text);
}

static uint64_t add_record(uint64_t sum, const struct record *record)
{
    const struct record_http *http = &record->http;
    if (record->kind != KIND_HTTP)
        return sum + record->event.data_count;
    sum = add_slice(sum, record->time_text) + (uint64_t)http->status;
    sum = add_slice(add_slice(sum, http->method), http->url);
    return add_message(add_message(sum, &http->request), &http->response);
}

/* All records of a file, as the import reads them: bytes from the page cache, through SHA-256. Or
 * of bytes in memory, without it: what is done to the same bytes by others. */
static double run_reader(const char *path, struct slice bytes, const char *format, unsigned records,
                         uint64_t *sum)
{
    struct input *in;
    struct fault why = {0};
    struct record record;
    void *self;
    double began = bench_cpu();
    const struct reader *reader = reader_named(format);
    if (bytes.len)
        input_drop_digest(in = input_of_memory(path, bytes));
    else if (input_open(&in, path, &why))
        bench_fail(path);
    if (reader->open(&self, in, &why)) {
        fprintf(stderr, "bench: %s\n", why.text);
        exit(1);
    }
    unsigned got = 0;
    enum reading reading;
    *sum = 0;
    for (; (reading = reader->next(self, &record, &why)) == READING_RECORD; got++)
        *sum = add_record(*sum, &record);
    reader->close(self);
    input_close(in);
    if (got != records || reading != READING_END) {
        fprintf(stderr, "bench: %s: %u of %u records: %s\n", path, got, records, why.text);
        exit(1);
    }
    return bench_cpu() - began;
}

/* Seconds that one thread needs to read as many bytes from memory. */
static double run_memory(size_t size)
{
    static uint64_t *words;
    size_t count = MEMORY / sizeof *words;
    if (!words) {
        words = malloc(MEMORY);
        if (!words)
            bench_fail("memory");
        for (size_t i = 0; i < count; i++)
            words[i] = i * UINT64_C(0x9E3779B97F4A7C15);
    }
    double began = bench_cpu();
    uint64_t sum[8] = {0};
    for (size_t i = 0; i < count; i += 8)
        for (size_t k = 0; k < 8; k++)
            sum[k] += words[i + k];
    double spent = bench_cpu() - began;
    volatile uint64_t kept = sum[0] ^ sum[1] ^ sum[2] ^ sum[3] ^ sum[4] ^ sum[5] ^ sum[6] ^ sum[7];
    (void)kept;
    return spent * (double)size / MEMORY;
}

/* Entries a second: failures of the catalogue's own samples' kinds, `distinct` of a hundred with a
 * detail that was not met before. */
static double run_classify(const struct parts *p, unsigned distinct)
{
    static const char *const details[][2] = {{"userName ", " has already been taken"},
                                             {"organization ", " is not found."},
                                             {"Too many requests, retry in ", " s"},
                                             {"The value '", "' of attribute emails is not valid"}};
    static const int statuses[] = {409, 404, 429, 400};
    struct arena arena;
    char body[400];
    unsigned classed = 0;
    arena_init(&arena);
    double began = bench_cpu();
    for (unsigned n = 0; n < FAILURES; n++) {
        unsigned kind = n % 4, number = n % 100 < distinct ? n : kind;
        char detail[100];
        snprintf(detail, sizeof detail, "%s%u%s", details[kind][0], number, details[kind][1]);
        int len = snprintf(body, sizeof body,
                           "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],"
                           "\"status\":\"%d\",\"detail\":\"%s\"}",
                           statuses[kind], detail);
        struct record r = {.kind = KIND_HTTP, .time_us = (int64_t)n};
        r.http.method = SLICE("POST");
        r.http.url = SLICE("https://scim.example.com/scim/v2/Users");
        r.http.status = statuses[kind];
        r.http.response.body = (struct body){.text = slice_make(body, (size_t)len),
                                             .type = SLICE("application/scim+json")};
        struct facts facts;
        struct verdict verdict;
        facts_of_record(&facts, p->book, &r, 0, &arena);
        rulebook_classify(p->book, &facts, &verdict);
        classed += verdict.specificity > 0;
        arena_reset(&arena);
    }
    double spent = bench_cpu() - began;
    arena_free(&arena);
    if (classed < FAILURES / 2)
        bench_fail("classification");
    return FAILURES / spent;
}

static void add(struct figure *f, double seconds)
{
    f->seconds[f->runs++] = seconds;
}

int main(int argc, char **argv)
{
    struct parts p = {.entries = 50000, .runs = 3};
    struct fault why = {0};
    if (argc < 3) {
        fprintf(stderr, "usage: parts FOLDER SAMPLE.evtx [ENTRIES] [RUNS]\n");
        return 2;
    }
    if (argc > 3)
        p.entries = (unsigned)strtoul(argv[3], NULL, 10);
    if (argc > 4)
        p.runs = (unsigned)strtoul(argv[4], NULL, 10);
    if (p.entries < 1 || p.runs < 1 || p.runs > BENCH_RUNS_LIMIT)
        return 2;
    mkdir(argv[1], 0700);
    snprintf(p.har, sizeof p.har, "%s/parts.har", argv[1]);
    snprintf(p.evtx, sizeof p.evtx, "%s/parts.evtx", argv[1]);
    bench_capture(p.har, p.entries, true);
    p.bytes = bench_bytes(p.har, &p.size);
    unsigned events = events_make(p.evtx, argv[2], CHUNKS);
    if (rulebook_load(&p.book, NULL, 0, "en", &why)) {
        fprintf(stderr, "bench: %s\n", why.text);
        return 1;
    }
    bool export = bench_has("evtxexport");
    const char *const evtxexport[] = {"evtxexport", p.evtx, NULL};
    uint64_t trees = 0, fields = 1, ignored;
    struct figure cjson = {0}, har = {0}, digested = {0}, memory = {0}, evtx = {0},
                  exported = {.processor = true}, few = {0}, all = {0};
    for (unsigned i = 0; i < p.runs; i++) { /* interleaved, so that noise meets all of them */
        add(&cjson, run_cjson(&p, &trees));
        add(&har, run_reader(p.har, slice_make(p.bytes, p.size), "har", p.entries, &fields));
        add(&digested, run_reader(p.har, SLICE_NONE, "har", p.entries, &ignored));
        add(&memory, run_memory(p.size));
        add(&evtx, run_reader(p.evtx, SLICE_NONE, "evtx", events, &ignored));
        if (export)
            bench_run(&exported, evtxexport);
        add(&few, run_classify(&p, 5));
        add(&all, run_classify(&p, 100));
    }
    if (fields != trees) {
        fprintf(stderr, "bench: the reader and cJSON find different fields\n");
        return 1;
    }
    double read = bench_median(&har), events_read = bench_median(&evtx);
    fprintf(stderr,
            "capture read at %.0f MB/s (%.0f from its file, with its digest), %.0f entries/s; "
            "events at "
            "%.0f/s\n",
            (double)p.size / 1e6 / read, (double)p.size / 1e6 / bench_median(&digested),
            p.entries / read, events / events_read);
    bench_row("parse and extract HAR entries", "cJSON, a tree per entry", false, 4,
              bench_median(&cjson) / read, LINE_AHEAD);
    bench_row("parse and extract HAR entries", "reading memory, one thread", false, .06,
              bench_median(&memory) / read, LINE_AHEAD);
    if (export)
        bench_row("read an .evtx", "evtxexport, text", false, 40,
                  bench_median(&exported) / events_read, LINE_HELD);
    else
        bench_skipped("read an .evtx", "evtxexport is not installed");
    bench_row("classify, 5 % of details new", "entries a second", false, 200e3, bench_median(&few),
              LINE_HELD);
    bench_row("classify, every detail new", "entries a second", false, 60e3, bench_median(&all),
              LINE_HELD);
    unlink(p.har);
    unlink(p.evtx);
    rulebook_free(p.book);
    free(p.bytes);
    return bench_end();
}
