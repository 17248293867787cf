/* Knows what detectors read of a call: its values that must be unique, headers, dates. */
#include "core/explain/patterns/detector.h"

#include "core/explain/scim.h"

static void add_value(struct call *c, const char *attribute, struct slice text)
{
    if (!text.len || c->value_count == CALL_VALUES)
        return;
    uint64_t hash = table_hash_fold(c->host, text);
    for (size_t i = 0; i < c->value_count; i++)
        if (c->values[i].hash == hash)
            return;
    c->values[c->value_count++] =
        (struct unique){.attribute = attribute, .text = text, .hash = hash};
}

const cJSON *call_request(struct call *c)
{
    if (c->tree_read || !c->http)
        return c->tree;
    c->tree_read = true;
    if (c->http->request.body.text.len)
        c->tree = json_tree(c->http->request.body.text, NULL, NULL);
    return c->tree;
}

size_t call_values(struct call *c)
{
    if (c->values_read || !c->http)
        return c->value_count;
    c->values_read = true;
    const cJSON *body = call_request(c);
    add_value(c, "userName", json_tree_text_fold(body, "userName"));
    add_value(c, "externalId", json_tree_text_fold(body, "externalId"));
    add_value(c, "displayName", json_tree_text_fold(body, "displayName"));
    const cJSON *email;
    cJSON_ArrayForEach(email, json_tree_get_fold(body, "emails"))
    {
        add_value(c, "emails", json_tree_text_fold(email, "value"));
    }
    return c->value_count;
}

struct slice call_request_header(const struct call *c, const char *name)
{
    return c->http ? message_header(&c->http->request, name) : SLICE_NONE;
}

struct slice call_response_header(const struct call *c, const char *name)
{
    return c->http ? message_header(&c->http->response, name) : SLICE_NONE;
}

struct slice call_parameter(const struct call *c, const char *name)
{
    return c->entry->query.len ? url_parameter(c->entry->query, name, c->arena) : SLICE_NONE;
}

static bool two_digits(struct slice text, int *out)
{
    int64_t number;
    if (!slice_to_int64(text, &number) || number < 0 || number > 9999)
        return false;
    *out = (int)number;
    return true;
}

bool call_date(struct slice text, int64_t *out)
{
    static const char months[] = "janfebmaraprmayjunjulaugsepoctnovdec";
    size_t comma = slice_find_byte(text, ',');
    if (comma == SIZE_MAX)
        return false;
    struct slice rest = slice_trim(slice_from(text, comma + 1)), part[6];
    for (int i = 0; i < 3; i++)
        if (!slice_cut(&rest, ' ', &part[i]))
            return false;
    for (int i = 3; i < 6; i++)
        if (!slice_cut(&rest, i == 5 ? ' ' : ':', &part[i]))
            return false;
    struct civil at = {0};
    size_t month = slice_find_fold(slice_of(months), part[1]);
    if (part[1].len != 3 || month == SIZE_MAX || month % 3)
        return false;
    at.month = (int)month / 3 + 1;
    if (!two_digits(part[0], &at.day) || !two_digits(part[2], &at.year) ||
        !two_digits(part[3], &at.hour) || !two_digits(part[4], &at.minute) ||
        !two_digits(part[5], &at.second) || !civil_valid(&at))
        return false;
    *out = time_from_utc(&at);
    return true;
}
