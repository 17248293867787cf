/* Makes an index of any size through the door that imports use: records are redacted, classified,
 * linked and committed as if readers had read them. The same number gives the same records.
 *
 * Thirty days in four sources: two proxies that see the same days (so the second arrives out of
 * time order), an event log, a provisioning log. One call in eight fails, in seven ways; 50,000
 * users, some of them far more often than others.
 *
 * usage: fill DB ENTRIES
 * Prints one line: entries, seconds of the clock and of the processor, MiB at the peak, size of the
 * file in bytes. */
#include "core/explain/rulebook.h"
#include "core/index/store.h"
#include "core/ingest.h"
#include "tests/bench/bench.h"
#include "tests/index_file.h"

enum {
    START = 1762160000, /* 2025-11-03T08:53:20Z */
    DAYS = 30,
    USERS = 50000,
    TEXT = 1200
};

struct made_source {
    const char *path, *format;
    unsigned share; /* of a hundred */
};
static const struct made_source sources[] = {{"proxy-a.har", "har", 45},
                                             {"proxy-b.har", "har", 35},
                                             {"sync01.evtx", "evtx", 15},
                                             {"provisioning.json", "entra-json", 5}};
enum { SOURCES = sizeof sources / sizeof *sources };

/* What a record points to; lives until the next one. */
struct maker {
    uint64_t seed;
    char time[40], url[200], request[TEXT], response[TEXT], text[TEXT], user[60], id[40],
        number[40];
    struct pair request_headers[2], response_headers[2], data[1];
};

static uint64_t mix(uint64_t i)
{
    i += UINT64_C(0x9E3779B97F4A7C15);
    i = (i ^ i >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    i = (i ^ i >> 27) * UINT64_C(0x94D049BB133111EB);
    return i ^ i >> 31;
}

/* Low numbers come more often. */
static unsigned user_of(uint64_t roll)
{
    uint64_t a = roll % USERS;
    return (unsigned)(a * ((roll >> 20) % USERS) / USERS);
}

static void write_time(struct maker *m, int64_t time_us)
{
    char text[TIME_TEXT_SIZE];
    snprintf(m->time, sizeof m->time, "%s", time_utc_text(text, time_us));
}

static const struct {
    int status;
    const char *type, *detail;
} failures[] = {{409, "uniqueness", "userName has already been taken"},
                {404, NULL, "organization is not found."},
                {429, NULL, "Too many requests"},
                {500, NULL, "Internal error"},
                {400, "invalidValue", "Phone numbers Value is invalid format"},
                {401, NULL, "token expired"},
                {503, NULL, "Service temporarily unavailable"}};
enum { FAILURES = sizeof failures / sizeof *failures };

static void write_error(char *out, size_t size, unsigned which, uint64_t roll)
{
    char type[40] = "";
    if (failures[which].type)
        snprintf(type, sizeof type, "\"scimType\":\"%s\",", failures[which].type);
    bool own = roll % 16 == 0; /* a detail of its own */
    char more[30] = "";
    if (own)
        snprintf(more, sizeof more, " (%llx)", (unsigned long long)(roll >> 32));
    snprintf(out, size,
             "{\"schemas\":[\"urn:ietf:params:scim:api:messages:2.0:Error\"],\"status\":\"%d\",%s"
             "\"detail\":\"%s%s\"}",
             failures[which].status, type, failures[which].detail, more);
}

static struct body json_body(const char *text)
{
    return (struct body){
        .text = slice_of(text), .type = SLICE("application/scim+json"), .size = strlen(text)};
}

static void make_call(struct maker *m, struct record *r, uint64_t roll)
{
    bool failing = roll % 8 == 3;
    unsigned user = user_of(roll >> 8), act = (unsigned)(roll >> 4) % 10;
    unsigned which = (unsigned)((roll >> 40) % 16);
    which = which < FAILURES ? which : 0; /* a taken name most often */
    static const char base[] = "https://scim.example.com/scim/v2/Users";
    snprintf(m->user, sizeof m->user, "user%05u@example.com", user);
    snprintf(m->id, sizeof m->id, "%08x-%04x-4000-8000-%012x", user * 2654435761u, user & 0xffff,
             user * 40503u);
    snprintf(m->number, sizeof m->number, "%016llx", (unsigned long long)mix(roll));
    r->kind = KIND_HTTP;
    r->http = (struct record_http){.status = failing   ? failures[which].status
                                             : act < 5 ? 201
                                                       : 200,
                                   .duration_us = (int64_t)(20000 + roll % 300000)};
    if (act < 5)
        snprintf(m->url, sizeof m->url, "%s", base);
    else if (act < 9)
        snprintf(m->url, sizeof m->url, "%s/%s", base, m->id);
    else
        snprintf(m->url, sizeof m->url, "%s?filter=userName%%20eq%%20%%22%s%%22", base, m->user);
    r->http.method = act < 5 ? SLICE("POST") : act < 9 ? SLICE("PATCH") : SLICE("GET");
    r->http.url = slice_of(m->url);
    m->request_headers[0] =
        (struct pair){SLICE("Authorization"), SLICE("Bearer q7RtY2pLx81mZwAA01")};
    m->request_headers[1] = (struct pair){SLICE("User-Agent"), SLICE("provisioning/4.1")};
    r->http.request.headers = m->request_headers;
    r->http.request.header_count = 2;
    m->response_headers[0] = (struct pair){SLICE("Date"), slice_of(m->time)};
    m->response_headers[1] = (struct pair){SLICE("x-request-id"), slice_of(m->number)};
    r->http.response.headers = m->response_headers;
    r->http.response.header_count = roll >> 50 & 1 ? 2 : 1;
    r->http.request.headers_known = r->http.response.headers_known = true;
    if (act < 9) {
        snprintf(m->request, sizeof m->request,
                 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],"
                 "\"userName\":\"%s\",\"externalId\":\"e%05u\",\"active\":true}",
                 m->user, user);
        r->http.request.body = json_body(m->request);
    }
    if (failing)
        write_error(m->response, sizeof m->response, which, roll);
    else
        snprintf(m->response, sizeof m->response,
                 "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"id\":\"%s\","
                 "\"userName\":\"%s\"}",
                 m->id, m->user);
    r->http.response.body = json_body(m->response);
}

static void make_event(struct maker *m, struct record *r, uint64_t roll)
{
    bool failing = roll % 8 == 3;
    unsigned user = user_of(roll >> 8);
    char error[TEXT / 2];
    if (failing) {
        write_error(error, sizeof error, (unsigned)(roll >> 40) % FAILURES, roll);
        snprintf(m->text, sizeof m->text,
                 "[Overview]\r\nSCIM response error.\r\n\r\n[Detail]\r\n%s", error);
    } else {
        snprintf(m->text, sizeof m->text,
                 "[Overview]\r\nThe user has been created.\r\n\r\n[Detail]\r\n"
                 "userName=user%05u@example.com",
                 user);
    }
    m->data[0] = (struct pair){SLICE_NONE, slice_of(m->text)};
    r->kind = KIND_EVENT;
    r->event = (struct record_event){.provider = SLICE("IIJ Directory Sync"),
                                     .computer = SLICE("SYNC01.corp.example.com"),
                                     .channel = SLICE("Application"),
                                     .level = failing ? LEVEL_WARNING : LEVEL_INFORMATION,
                                     .event_id = failing ? 12808 : 12785,
                                     .record_id = (int64_t)r->position + 1000,
                                     .data = m->data,
                                     .data_count = 1};
}

static void make_item(struct maker *m, struct record *r, uint64_t roll)
{
    bool failing = roll % 8 == 3;
    snprintf(m->user, sizeof m->user, "user%05u@example.com", user_of(roll >> 8));
    snprintf(m->id, sizeof m->id, "%016llx", (unsigned long long)mix(roll));
    snprintf(m->text, sizeof m->text, "{\"id\":\"%s\",\"changeId\":\"%s\"}", m->id, m->id);
    r->kind = KIND_PROVISIONING;
    r->provisioning = (struct record_provisioning){
        .item_id = slice_of(m->id),
        .change_id = slice_of(m->id),
        .action = SLICE("create"),
        .status = failing ? SLICE("failure") : SLICE("success"),
        .code = failing ? SLICE("SystemForCrossDomainIdentityManagementServiceIncompatible")
                        : SLICE_NONE,
        .reason = failing ? SLICE("The service answered with an error.") : SLICE_NONE,
        .target_user = slice_of(m->user),
        .source_system = SLICE("Directory"),
        .target_system = SLICE("Example"),
        .duration_us = 100000,
        .item = slice_of(m->text)};
}

static void check(enum fault_code code, const struct fault *why)
{
    if (!code)
        return;
    fprintf(stderr, "fill: %s\n", why->text);
    exit(1);
}

static void fill_source(struct ingest *g, size_t at, uint64_t entries)
{
    struct fault why = {0};
    struct import_result result = {0};
    static struct maker m;
    struct ingest_source source = {
        .path = sources[at].path, .format = sources[at].format, .size = entries, .mtime_us = 1};
    check(ingest_begin(g, &source, &why), &why);
    for (uint64_t i = 0; i < entries; i++) {
        bool full = false;
        uint64_t roll = mix(i + ((uint64_t)at << 48));
        struct record r = {.position = i, .offset = i * 100};
        r.time_us = (int64_t)START * TIME_SECOND +
                    (int64_t)((double)i / (double)entries * DAYS * 86400e6) + (int64_t)at * 777;
        write_time(&m, r.time_us);
        r.time_text = slice_of(m.time);
        if (at < 2)
            make_call(&m, &r, roll);
        else if (at == 2)
            make_event(&m, &r, roll);
        else
            make_item(&m, &r, roll);
        check(ingest_add(g, &r, &full, &why), &why);
        if (full)
            check(ingest_commit(g, i + 1, (i + 1) * 100, "f00d", &why), &why);
    }
    check(ingest_end(g, "f00d", true, &result, &why), &why);
    if (result.added != entries) {
        fprintf(stderr, "fill: %llu of %llu entries\n", (unsigned long long)result.added,
                (unsigned long long)entries);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    struct store *s = NULL;
    struct ingest *g = NULL;
    struct rulebook *book = NULL;
    struct fault why = {0};
    struct import_options options = {0};
    if (argc != 3) {
        fprintf(stderr, "usage: fill DB ENTRIES\n");
        return 2;
    }
    uint64_t entries = strtoull(argv[2], NULL, 10), left = entries;
    index_remove(argv[1]);
    double clock = bench_now(), cpu = bench_cpu();
    check(rulebook_load(&book, NULL, 0, "en", &why), &why);
    check(store_open(&s, argv[1], STORE_CREATE, &why), &why);
    check(ingest_open(&g, s, book, &options, NULL, &why), &why);
    for (size_t at = 0; at < SOURCES; at++) {
        uint64_t share = at + 1 < SOURCES ? entries * sources[at].share / 100 : left;
        fill_source(g, at, share);
        left -= share;
    }
    ingest_close(g);
    store_close(s);
    rulebook_free(book);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    printf("%llu %.3f %.3f %.1f %.0f\n", (unsigned long long)entries, bench_now() - clock,
           bench_cpu() - cpu, (double)usage.ru_maxrss / 1024, bench_size(argv[1]));
    return 0;
}
