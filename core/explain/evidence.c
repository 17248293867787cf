/* Knows the order of the checks, what they share, and which exchange belongs to an event; each
 * check is a file of core/explain/evidence. */
#include "core/explain/evidence/check.h"

#include "core/base/words.h"
#include "core/explain/entra.h"
#include "core/explain/scim.h"

#include <stdarg.h>
#include <stdio.h>

static const struct evidence_check *const checks[] = {
    &evidence_token_expiry,   &evidence_token_rights, &evidence_authorization,
    &evidence_phone,          &evidence_email,        &evidence_required,
    &evidence_odd_values,     &evidence_filter,       &evidence_patch,
    &evidence_media_type,     &evidence_user_agent,   &evidence_domain,
    &evidence_values_sent,    &evidence_resource_id,  &evidence_location,
    &evidence_retry_after,    &evidence_duration,     &evidence_status,
    &evidence_holder,         &evidence_deletion,     &evidence_blind_lookup,
    &evidence_history,        &evidence_renames,      &evidence_members,
    &evidence_write_happened, &evidence_pace,         &evidence_second_writer,
    &evidence_clock,          &evidence_others,       &evidence_request_ids,
    &evidence_site,           &evidence_unchanged,    NULL,
};

const char *evidence_verdict_name(enum evidence_verdict verdict)
{
    switch (verdict) {
    case EVIDENCE_SHOWN:
        return "shown";
    case EVIDENCE_CONSISTENT:
        return "consistent";
    case EVIDENCE_NOT_CAPTURED:
        break;
    }
    return "not-captured";
}

void evidence_say(struct evidence_list *out, const struct evidence_case *c,
                  const struct evidence_check *self, enum evidence_verdict verdict,
                  const char *format, ...)
{
    char text[1024];
    va_list args;
    if (out->count == EVIDENCE_LIMIT)
        return;
    va_start(args, format);
    vsnprintf(text, sizeof text, words_find(format), args);
    va_end(args);
    out->items[out->count++] = (struct evidence){
        .id = self->id, .verdict = verdict, .text = arena_copy(c->arena, slice_of(text))};
    if (verdict != EVIDENCE_NOT_CAPTURED)
        evidence_rests_on(out, c, c->pair);
}

void evidence_rests_on(struct evidence_list *out, const struct evidence_case *c, int64_t entry)
{
    if (out->count == 0 || entry <= 0 || entry == c->entry->id)
        return;
    struct evidence *last = &out->items[out->count - 1];
    for (size_t i = 0; i < last->entry_count; i++)
        if (last->entries[i] == entry)
            return;
    if (last->entry_count < EVIDENCE_ENTRIES)
        last->entries[last->entry_count++] = entry;
}

void evidence_blame(struct evidence_list *out, const struct evidence_case *c, const char *attribute,
                    struct slice value)
{
    if (!out->count)
        return;
    out->items[out->count - 1].attribute = attribute;
    out->items[out->count - 1].value = arena_copy(c->arena, value);
}

void evidence_lacking(struct evidence_list *out, const struct evidence_case *c,
                      const struct evidence_check *self, const char *what)
{
    const char *why;
    if (c->entry->kind == KIND_EVENT && !c->pair)
        why =
            N_("an event log does not hold requests; a proxy capture (HAR) of the same run would");
    else if (!c->http)
        why = N_("its record was not kept; import the capture again");
    else if (!c->http->request.headers_known && !c->request_known)
        why =
            N_("this capture carries neither request headers nor bodies; a HAR with content would");
    else
        why =
            N_("this capture does not carry it; a HAR with content and unsanitized headers would");
    evidence_say(out, c, self, EVIDENCE_NOT_CAPTURED, "%s is not in this record: %s",
                 words_find(what), words_find(why));
}

bool evidence_concerns(const struct evidence_case *c, const char *word)
{
    struct slice wanted = slice_of(word);
    if (slice_find_fold(c->rule->id, wanted) != SIZE_MAX)
        return true;
    for (size_t i = 0; i < c->rule->at_fault.count; i++)
        if (slice_find_fold(c->rule->at_fault.items[i], wanted) != SIZE_MAX)
            return true;
    return false;
}

bool evidence_category(const struct evidence_case *c, const char *category)
{
    return slice_is(c->rule->category, category);
}

bool evidence_vendor(const struct evidence_case *c, const char *vendor)
{
    return slice_is(c->rule->vendor, vendor) ||
           (c->book && rule_is_success(c->rule) &&
            rulebook_vendor_has_host(c->book, vendor, c->facts->host));
}

/* --- values of request bodies ----------------------------------------------------------------- */

struct value_walk {
    bool (*each)(void *self, struct slice value);
    void *self;
    bool stopped;
};

static void give(struct value_walk *walk, const cJSON *value)
{
    if (!walk->stopped && cJSON_IsString(value))
        walk->stopped = !walk->each(walk->self, slice_of(value->valuestring));
}

/* A string, an object with `value`, or a list of either. */
static void give_all(struct value_walk *walk, const cJSON *value)
{
    const cJSON *item;
    if (cJSON_IsArray(value)) {
        cJSON_ArrayForEach(item, value)
        {
            give(walk, cJSON_IsObject(item) ? json_tree_get_fold(item, "value") : item);
        }
    } else {
        give(walk, cJSON_IsObject(value) ? json_tree_get_fold(value, "value") : value);
    }
}

/* Other sub-attributes of a path, as in phoneNumbers[...].type, are not the value. */
static bool path_names(struct slice path, const char *name)
{
    if (!slice_starts_fold(path, name))
        return false;
    struct slice rest = slice_from(path, strlen(name));
    size_t bracket = slice_find_byte(rest, ']');
    if (bracket != SIZE_MAX)
        rest = slice_from(rest, bracket + 1);
    return rest.len == 0 || slice_is_fold(rest, ".value");
}

void evidence_values(const cJSON *request, const char *name,
                     bool (*each)(void *self, struct slice value), void *self)
{
    struct value_walk walk = {.each = each, .self = self};
    const cJSON *operation, *item;
    give_all(&walk, json_tree_get_fold(request, name));
    cJSON_ArrayForEach(operation, patch_operations(request))
    {
        const cJSON *value = json_tree_get_fold(operation, "value");
        struct slice path = json_tree_text_fold(operation, "path");
        if (path_names(path, name))
            give_all(&walk, value);
        if (!cJSON_IsObject(value) || path.len)
            continue;
        cJSON_ArrayForEach(item, value)
        {
            if (path_names(slice_of(item->string), name))
                give_all(&walk, item);
        }
    }
}

/* --- the door --------------------------------------------------------------------------------- */

/* The body that the case is about: of a failed bulk operation its data. */
static cJSON *request_body(struct evidence_case *c)
{
    struct slice body = c->http ? c->http->request.body.text : SLICE_NONE;
    struct scim_operation answer, asked;
    c->request_known = body.len > 0;
    if (c->http && c->facts->bulk_operation &&
        scim_failed_operation(c->http, c->facts->bulk_operation, c->arena, &answer, &asked))
        body = asked.data;
    return body.len ? json_tree(body, NULL, NULL) : NULL;
}

enum { PAIR_WINDOW_SECONDS = 120, PAIR_CANDIDATES = 20 };

/* An event names no request, but a capture of the same run may hold it: the exchange of the same
 * user with the same status and the same error text, nearest in time. */
static void pair_event(struct evidence_case *c, const struct rulebook *book)
{
    const struct entry *entry = c->entry;
    if (entry->kind != KIND_EVENT || !c->lookup || entry->time_us == TIME_NONE ||
        slice_is_none(entry->user) || slice_is_none(entry->detail) || !c->facts->status)
        return;
    struct ask ask;
    struct evidence_found *found;
    int64_t nearest = INT64_MAX;
    ask_begin(&ask);
    ask_words(&ask, "kind:http");
    ask_words(&ask, arena_format(c->arena, "status:%d", c->facts->status).at);
    ask_value(&ask, FILTER_USER, entry->user);
    ask_time(&ask, entry->time_us - PAIR_WINDOW_SECONDS * TIME_SECOND,
             entry->time_us + PAIR_WINDOW_SECONDS * TIME_SECOND);
    size_t count = ask_entries(&ask, c, false, PAIR_CANDIDATES, true, &found);
    for (size_t i = 0; i < count; i++) {
        int64_t distance = found[i].entry.time_us - entry->time_us;
        struct record *record = arena_alloc(c->arena, sizeof *record);
        distance = distance < 0 ? -distance : distance;
        if (distance >= nearest || !slice_equal_fold(found[i].entry.user, entry->user) ||
            !slice_equal(found[i].entry.detail, entry->detail) ||
            !found_exchange(&found[i], c, record))
            continue;
        struct facts *facts = arena_alloc(c->arena, sizeof *facts);
        facts_of_record(facts, book, record, found[i].entry.bulk_operation, c->arena);
        nearest = distance;
        c->pair = found[i].entry.id;
        c->http = &record->http;
        c->facts = facts;
    }
}

void evidence_collect(struct evidence_list *out, const struct entry *entry,
                      const struct record *record, const struct facts *facts,
                      const struct rule *rule, const struct rulebook *book,
                      const struct evidence_lookup *lookup, struct arena *arena)
{
    out->count = 0;
    if (!rule)
        return;
    bool success = rule_is_success(rule);
    struct evidence_case c = {
        .entry = entry, .facts = facts, .rule = rule, .lookup = lookup, .arena = arena};
    c.book = book;
    c.site = book ? rulebook_site(book) : NULL;
    if (record && record->kind == KIND_HTTP)
        c.http = &record->http;
    if (!success)
        pair_event(&c, book);
    cJSON *request = request_body(&c);
    c.request = request;
    cJSON *told = request || success ? NULL : told_values(&c, record, &c.told_entry);
    c.told = told;
    for (size_t i = 0; checks[i]; i++)
        if (!success || checks[i]->of_success)
            checks[i]->run(out, &c, checks[i]);
    cJSON_Delete(told);
    cJSON_Delete(request);
}
