/* Knows how checks put questions to the other entries as filters, and what an entry that was found
 * did. Knows no SQL: the questions go through struct evidence_lookup. */
#include "core/explain/evidence/check.h"

void ask_begin(struct ask *ask)
{
    buf_init(&ask->text, FILTER_SIZE);
}

void ask_words(struct ask *ask, const char *terms)
{
    buf_add_text(&ask->text, ask->text.len ? " " : "");
    buf_add_text(&ask->text, terms);
}

static void add_term(struct ask *ask, bool exclude, enum filter_key key, struct slice value)
{
    if (slice_is_none(value))
        return;
    buf_add_text(&ask->text, ask->text.len ? " " : "");
    filter_add_term(&ask->text, exclude, key, value);
}

void ask_value(struct ask *ask, enum filter_key key, struct slice value)
{
    add_term(ask, false, key, value);
}

void ask_without(struct ask *ask, enum filter_key key, struct slice value)
{
    add_term(ask, true, key, value);
}

void ask_time(struct ask *ask, int64_t from_us, int64_t to_us)
{
    char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE];
    ask_words(ask, "time:");
    buf_add_text(&ask->text, time_utc_text(from, from_us));
    buf_add_text(&ask->text, "..");
    buf_add_text(&ask->text, time_utc_text(to, to_us));
}

size_t ask_entries(struct ask *ask, const struct evidence_case *c, bool newest, size_t limit,
                   bool want_raw, struct evidence_found **out)
{
    size_t count = 0;
    if (!c->lookup || buf_full(&ask->text) ||
        !c->lookup->entries(c->lookup->self, buf_slice(&ask->text), newest, limit, want_raw,
                            c->arena, out, &count))
        count = 0;
    buf_free(&ask->text);
    return count;
}

bool ask_tally(struct ask *ask, const struct evidence_case *c, struct evidence_tally *out)
{
    bool told = c->lookup && !buf_full(&ask->text) &&
                c->lookup->tally(c->lookup->self, buf_slice(&ask->text), out);
    buf_free(&ask->text);
    return told;
}

size_t ask_calls(const struct evidence_case *c, struct slice id, bool want_raw,
                 struct evidence_found **out)
{
    size_t count = 0;
    if (!c->lookup || id.len == 0 ||
        !c->lookup->calls(c->lookup->self, c->facts->host, id, want_raw, c->arena, out, &count))
        return 0;
    return count;
}

size_t ask_sightings(const struct evidence_case *c, struct slice id, struct slice name,
                     struct evidence_sighting **out)
{
    size_t count = 0;
    if (!c->lookup || (id.len == 0 && name.len == 0) ||
        !c->lookup->sightings(c->lookup->self, c->facts->host, id, name, c->arena, out, &count))
        return 0;
    return count;
}

/* --- what was found --------------------------------------------------------------------------- */

bool found_exchange(const struct evidence_found *found, const struct evidence_case *c,
                    struct record *out)
{
    struct fault unread;
    return found->entry.kind == KIND_HTTP && !slice_is_none(found->raw) &&
           !record_read(out, found->raw, c->arena, &unread) && out->kind == KIND_HTTP;
}

bool found_deletes(const struct evidence_found *found)
{
    return slice_is_fold(found->entry.method, "DELETE") && found_well(found);
}

static bool is_false(const cJSON *value)
{
    return cJSON_IsFalse(value) ||
           (cJSON_IsString(value) && slice_is_fold(slice_of(value->valuestring), "false"));
}

static bool sets_inactive(const cJSON *body)
{
    const cJSON *operation;
    if (is_false(json_tree_get_fold(body, "active")))
        return true;
    cJSON_ArrayForEach(operation, json_tree_get_fold(body, "Operations"))
    {
        const cJSON *value = json_tree_get_fold(operation, "value");
        if (slice_is_fold(json_tree_text_fold(operation, "path"), "active")
                ? is_false(value)
                : is_false(json_tree_get_fold(value, "active")))
            return true;
    }
    return false;
}

bool found_deactivates(const struct evidence_found *found, const struct evidence_case *c)
{
    struct record record;
    bool writes =
        slice_is_fold(found->entry.method, "PATCH") || slice_is_fold(found->entry.method, "PUT");
    if (!writes || !found_well(found) || !found_exchange(found, c, &record) ||
        record.http.request.body.text.len == 0)
        return false;
    cJSON *body = json_tree(record.http.request.body.text, NULL, NULL);
    bool seen = sets_inactive(body);
    cJSON_Delete(body);
    return seen;
}

/* --- sentences -------------------------------------------------------------------------------- */

const char *moment_of(const struct evidence_case *c, int64_t us)
{
    char text[TIME_MOMENT_SIZE];
    return arena_copy(c->arena, slice_of(time_moment_words(text, us))).at;
}

struct slice case_user_name(const struct evidence_case *c)
{
    struct slice name = json_tree_text_fold(c->request, "userName");
    return slice_is_none(name) ? c->entry->user : name;
}
