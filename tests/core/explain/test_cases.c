/* The catalogue's single-entry cases: each becomes the record an operator's file would give, goes
 * through redaction, and must classify as expected. Skipped, saying so, where the cases are absent.
 */
#include "core/base/json.h"
#include "core/explain/rulebook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#define IIJ_DOCUMENT "../shared/documents/iij-directory-sync-event-12808.txt"
#define ENTRA_DOCUMENT "../shared/documents/entra-scim-api-errors.txt"
#define CASES "../shared/catalog/cases.ndjson"
enum { HEADERS = 32 };

static struct slice text_of(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsString(item) ? slice_of(item->valuestring) : SLICE_NONE;
}

static void fill_message(struct message *out, struct pair *pairs, const cJSON *headers,
                         struct slice body)
{
    const cJSON *header;
    cJSON_ArrayForEach(header, headers)
    {
        pairs[out->header_count++] =
            (struct pair){slice_of(header->string), slice_of(header->valuestring)};
    }
    out->headers = pairs;
    out->headers_known = headers && !cJSON_IsNull(headers);
    out->body.text = body;
    out->body.size = body.len;
    out->body.type = message_header(out, "content-type");
}

static void fill_exchange(struct record *out, const cJSON *entry, struct pair *pairs)
{
    const cJSON *status = cJSON_GetObjectItemCaseSensitive(entry, "status");
    struct record_http *http = &out->http;
    out->kind = KIND_HTTP;
    http->method = text_of(entry, "method");
    http->url = text_of(entry, "url");
    http->status = cJSON_IsNumber(status) ? status->valueint : 0;
    http->error = text_of(entry, "text");
    if (slice_is_none(http->error))
        http->error = text_of(entry, "error");
    http->duration_us = -1;
    fill_message(&http->request, pairs, cJSON_GetObjectItemCaseSensitive(entry, "req_headers"),
                 text_of(entry, "req_body"));
    fill_message(&http->response, pairs + HEADERS,
                 cJSON_GetObjectItemCaseSensitive(entry, "resp_headers"),
                 text_of(entry, "resp_body"));
}

static void fill_event(struct record *out, const cJSON *entry)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(entry, "event_id");
    out->kind = KIND_EVENT;
    out->event.event_id = cJSON_IsNumber(id) ? id->valueint : -1;
    out->event.record_id = -1;
    out->event.provider = SLICE("IIJ Directory Sync");
    out->event.message = text_of(entry, "text");
}

/* Every class names its alternative and each condition with what met it: nothing else gave it. */
static void expect_reasons(const struct rulebook *book, const struct verdict *verdict,
                           const struct facts *facts, struct arena *arena)
{
    struct reason reasons[REASONS_LIMIT];
    size_t count = rulebook_reasons(book, verdict, facts, arena, reasons);
    bool by_rule = !slice_is(verdict->rule->id, "unclassified") && !rule_is_success(verdict->rule);
    const char *id = verdict->rule->id.at;
    cr_expect(count > 0, "%s is given for no reason", id);
    cr_expect(verdict_alternative(verdict) > 0 || !by_rule, "%s names no alternative", id);
    for (size_t i = 0; i < count; i++)
        cr_expect(reasons[i].asked.len > 0 && !slice_is_none(reasons[i].met),
                  "%s: %s asks or shows nothing", id, reasons[i].condition);
}

/* The class of the entry; of an exchange with failed bulk operations that of the first. */
static const struct rule *classify(const struct rulebook *book, const cJSON *entry,
                                   struct arena *arena, bool *has_class)
{
    static const unsigned char key[HASH_KEY_SIZE] = {1};
    struct pair pairs[2 * HEADERS];
    struct record record = {.time_us = TIME_NONE}, clean;
    struct facts facts;
    struct verdict verdict;
    struct slice source = text_of(entry, "source"), time = text_of(entry, "time");
    struct hash_key *hash = hash_key_new(key);
    struct redactor *redactor = redactor_new(hash);
    if (!slice_is_none(time))
        time_parse(time, &record.time_us, NULL);
    if (slice_is(source, "http"))
        fill_exchange(&record, entry, pairs);
    else
        fill_event(&record, entry);
    if (slice_is(source, "http") || slice_is(source, "evtx")) {
        redact_record(redactor, &record, arena, &clean);
        int failed = facts_bulk_failures(&clean, arena);
        facts_of_record(&facts, book, &clean, failed > 0 ? 1 : 0, arena);
    } else {
        facts_of_text(&facts, book, redact_text(redactor, text_of(entry, "text"), arena), arena);
    }
    rulebook_classify(book, &facts, &verdict);
    *has_class = rulebook_has_class(&facts);
    expect_reasons(book, &verdict, &facts, arena);
    redactor_free(redactor);
    hash_key_free(hash);
    return verdict.rule;
}

static bool is_expected(const cJSON *test, struct slice id)
{
    const cJSON *other;
    if (slice_equal(text_of(test, "expect"), id))
        return true;
    cJSON_ArrayForEach(other, cJSON_GetObjectItemCaseSensitive(test, "also_ok"))
    {
        if (slice_is(id, other->valuestring))
            return true;
    }
    return false;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file)
        return NULL;
    char *bytes = NULL;
    size_t size = 0, got;
    char piece[65536];
    while ((got = fread(piece, 1, sizeof piece, file)) > 0) {
        bytes = realloc(bytes, size + got + 1);
        cr_assert(bytes != NULL);
        memcpy(bytes + size, piece, got);
        size += got;
        bytes[size] = '\0';
    }
    fclose(file);
    return bytes;
}

Test(cases, classify_as_the_catalogue_expects)
{
    char *bytes = read_file(CASES);
    if (!bytes)
        cr_skip_test("%s is not here", CASES);
    struct rulebook *book;
    struct fault why = {0};
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE), "%s", why.text);
    struct slice rest = slice_of(bytes), line;
    int seen = 0;
    while (slice_cut(&rest, '\n', &line)) {
        cJSON *test = cJSON_ParseWithLength(line.at, line.len);
        const cJSON *entry = cJSON_GetObjectItemCaseSensitive(test, "entry");
        if (entry) {
            struct arena arena;
            arena_init(&arena);
            bool has_class = false;
            const struct rule *rule = classify(book, entry, &arena, &has_class);
            cr_expect(is_expected(test, rule->id), "case %d: expected %s, got %s",
                      cJSON_GetObjectItemCaseSensitive(test, "n")->valueint,
                      text_of(test, "expect").at, rule->id.at);
            cr_expect(has_class, "case %d has no class",
                      cJSON_GetObjectItemCaseSensitive(test, "n")->valueint);
            seen++;
            arena_free(&arena);
        }
        cJSON_Delete(test);
    }
    cr_expect(seen > 100, "only %d single-entry cases in %s", seen, CASES);
    rulebook_free(book);
    free(bytes);
}

/* --- the two documents ------------------------------------------------------------------------ */

static struct slice class_of(const struct rulebook *book, struct slice text, struct arena *arena)
{
    struct facts facts;
    struct verdict verdict;
    facts_of_text(&facts, book, text, arena);
    rulebook_classify(book, &facts, &verdict);
    return verdict.rule->seed;
}

/* The JSON text that begins at or behind `*at`, SLICE_NONE when there is none. */
static struct slice next_json(struct slice text, size_t *at)
{
    size_t brace = slice_find_byte(slice_from(text, *at), '{'), end = 0;
    if (brace == SIZE_MAX)
        return SLICE_NONE;
    struct slice rest = slice_from(text, *at + brace);
    cJSON *tree = json_tree(rest, &end, NULL);
    cJSON_Delete(tree);
    *at += brace + (tree ? end : 1);
    return slice_first(rest, tree ? end : 1);
}

static size_t check_document(const char *path, const char *const *seeds)
{
    char *bytes = read_file(path);
    if (!bytes)
        cr_skip_test("%s is not here", path);
    struct rulebook *book;
    struct arena arena;
    arena_init(&arena);
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", NULL), FAULT_NONE));
    struct slice text = slice_of(bytes), json;
    size_t at = 0, count = 0;
    while ((json = next_json(text, &at)).at && seeds[count]) {
        if (slice_find(json, SLICE("messages:2.0:Error")) == SIZE_MAX)
            continue;
        struct slice seed = class_of(book, json, &arena);
        cr_expect(slice_is(seed, seeds[count]), "%.*s: %.*s is not %s", (int)json.len, json.at,
                  (int)seed.len, seed.at, seeds[count]);
        count++;
    }
    arena_free(&arena);
    rulebook_free(book);
    free(bytes);
    return count;
}

Test(cases, know_the_eight_bodies_of_the_directory_sync_document)
{
    static const char *const seeds[] = {"iij-1", "iij-2", "iij-3", "iij-4", "iij-5",
                                        "iij-6", "iij-7", "iij-8", NULL};
    cr_expect(eq(sz, check_document(IIJ_DOCUMENT, seeds), 8));
}

Test(cases, know_the_body_of_the_entra_document)
{
    static const char *const seeds[] = {"entra-400-feature", NULL};
    cr_expect(eq(sz, check_document(ENTRA_DOCUMENT, seeds), 1));
}
