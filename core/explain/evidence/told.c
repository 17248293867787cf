/* Knows which values of the rejected user an event's own text, or that of the event that names the
 * user for it, tells in pairs such as `telephoneNumber=03-1234-5678`. */
#include "core/explain/evidence/check.h"
#include "core/explain/whose.h"

enum { TOLD_KEYS = 5 };

static const struct {
    const char *attribute, *keys[TOLD_KEYS];
} attributes[] = {
    {"phoneNumbers",
     {"phoneNumbers.value", "phoneNumbers", "phoneNumber", "telephoneNumber", "phone"}},
    {"emails", {"emails.value", "emails", "email", "e-mail", "mail"}},
};

static cJSON *told_by(struct slice text, struct arena *arena)
{
    cJSON *told = NULL;
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        struct slice keys[TOLD_KEYS];
        for (size_t k = 0; k < TOLD_KEYS; k++)
            keys[k] = slice_of(attributes[i].keys[k]);
        struct slice value = whose_pair(text, (struct text_list){keys, TOLD_KEYS}, arena);
        if (slice_is_none(value))
            continue;
        told = told ? told : cJSON_CreateObject();
        cJSON *list = cJSON_AddArrayToObject(told, attributes[i].attribute);
        cJSON_AddItemToArray(list, cJSON_CreateString(arena_copy(arena, value).at));
    }
    return told;
}

cJSON *told_values(const struct evidence_case *c, const struct record *record, int64_t *entry)
{
    struct ask ask;
    struct evidence_found *found;
    struct record other;
    struct fault unread;
    *entry = 0;
    if (c->entry->kind != KIND_EVENT || !record)
        return NULL;
    cJSON *told = told_by(record_event_text(&record->event, c->arena), c->arena);
    if (told || !c->entry->user_entry)
        return told;
    ask_begin(&ask);
    ask_value(&ask, FILTER_ID, arena_format(c->arena, "%lld", (long long)c->entry->user_entry));
    if (!ask_entries(&ask, c, false, 1, true, &found) || !found[0].raw.len ||
        record_read(&other, found[0].raw, c->arena, &unread) || other.kind != KIND_EVENT)
        return NULL;
    *entry = c->entry->user_entry;
    return told_by(record_event_text(&other.event, c->arena), c->arena);
}
