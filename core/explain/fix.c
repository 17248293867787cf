/* Knows which attribute a class is about and where its value stands; see fix.h. */
#include "core/explain/fix.h"

#include "core/base/json.h"
#include "core/base/utf8.h"
#include "core/explain/evidence/check.h"
#include "core/explain/scim.h"

#include <string.h>

/* Words of class ids, at_fault texts and details, the more telling first. Of several words for one
 * attribute all count as that attribute. */
static const struct {
    const char *word, *attribute;
    bool whole; /* not at the end of another name: externalUserName is no userName */
} attributes[] = {
    {"idtokenclaims", "idTokenClaims", false},
    {"phone", "phoneNumbers", false},
    {"externalid", "externalId", false},
    {"username", "userName", true},
    {"user-name", "userName", false},
    {"e-mail", "emails", false},
    {"email", "emails", false},
    {"displayname", "displayName", false},
    {"mailnickname", "mailNickname", false},
    {"domain", "userName", false},
    {"password", "password", false},
    {"manager", "manager", false},
    {"familyname", "name.familyName", false},
    {"givenname", "name.givenName", false},
};
enum { ATTRIBUTES = sizeof attributes / sizeof *attributes, ATTRIBUTE_NAME = 63 };

/* "iid.scim.attribute.user.ad_bind.emails.value" wherever the rule names it. */
static struct slice key_in(struct slice text)
{
    size_t at = slice_find(text, SLICE("iid."));
    if (at == SIZE_MAX)
        return SLICE_NONE;
    struct slice key = slice_from(text, at);
    size_t len = 0;
    while (len < key.len && (key.at[len] == '.' || key.at[len] == '_' ||
                             (key.at[len] >= 'a' && key.at[len] <= 'z') ||
                             (key.at[len] >= 'A' && key.at[len] <= 'Z')))
        len++;
    while (len > 0 && key.at[len - 1] == '.')
        len--;
    return slice_first(key, len);
}

static struct slice config_key_of(const struct rule *rule)
{
    const struct text_list *const lists[] = {&rule->at_fault, &rule->remedy};
    for (size_t l = 0; l < 2; l++)
        for (size_t i = 0; i < lists[l]->count; i++) {
            struct slice key = key_in(lists[l]->items[i]);
            if (key.len)
                return key;
        }
    return SLICE_NONE;
}

static bool first_value(void *self, struct slice value)
{
    *(struct slice *)self = value;
    return false;
}

/* The attribute's value in the request; of several the first. */
static struct slice value_of(const cJSON *request, struct slice attribute, struct arena *arena)
{
    struct slice value = SLICE_NONE, rest = attribute, part;
    char name[64];
    if (!request || !attribute.len || attribute.len >= sizeof name)
        return value;
    memcpy(name, attribute.at, attribute.len);
    name[attribute.len] = '\0';
    evidence_values(request, name, first_value, &value);
    const cJSON *at = request;
    while (!value.len && slice_cut(&rest, '.', &part)) {
        char step[64];
        memcpy(step, part.at, part.len);
        step[part.len] = '\0';
        at = json_tree_get_fold(at, step);
        if (slice_is_none(rest) && cJSON_IsString(at))
            value = slice_of(at->valuestring);
    }
    return arena_copy(arena, value);
}

/* --- which attribute ---------------------------------------------------------------------------
 */

/* Attributes that may be meant, as bits of rows of the table: of each the first row. */
typedef uint32_t attribute_set;

static attribute_set set_of(size_t row)
{
    size_t first = 0;
    while (strcmp(attributes[first].attribute, attributes[row].attribute) != 0)
        first++;
    return (attribute_set)1 << first;
}

static bool is_one(attribute_set set)
{
    return set && !(set & (set - 1));
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool has_word(struct slice text, size_t row)
{
    struct slice word = slice_of(attributes[row].word), rest = text;
    for (size_t at; (at = slice_find_fold(rest, word)) != SIZE_MAX;
         rest = slice_from(rest, at + word.len)) {
        const char *found = rest.at + at;
        if (!attributes[row].whole || found == text.at || !is_letter(found[-1]))
            return true;
    }
    return false;
}

static attribute_set named_in(struct slice text)
{
    attribute_set set = 0;
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (has_word(text, i))
            set |= set_of(i);
    return set;
}

/* The name at the beginning of a text; no blank is among its characters. */
static struct slice name_at(struct slice text)
{
    size_t len = 0;
    while (len < text.len && len < ATTRIBUTE_NAME &&
           (is_letter(text.at[len]) || (text.at[len] >= '0' && text.at[len] <= '9') ||
            (text.at[len] && strchr(".-_:$", text.at[len]))))
        len++;
    while (len > 0 && !is_letter(text.at[len - 1]) && text.at[len - 1] != '_' &&
           !(text.at[len - 1] >= '0' && text.at[len - 1] <= '9'))
        len--;
    return slice_first(text, len);
}

/* Written as names are, so that "the attribute is required" names none: displayName. */
static bool is_camel_case(struct slice name)
{
    for (size_t i = 1; i < name.len; i++)
        if (name.at[i - 1] >= 'a' && name.at[i - 1] <= 'z' && name.at[i] >= 'A' &&
            name.at[i] <= 'Z')
            return true;
    return false;
}

/* The one name that an error text calls an attribute: of `the attribute 'costCentreCode' is not
 * part of the schema`, `Attribute displayName is too long`. SLICE_NONE when there is none or there
 * are several. */
static struct slice called_attribute(struct slice text)
{
    struct slice name = SLICE_NONE, rest = text;
    for (size_t at; (at = slice_find_fold(rest, SLICE("attribute "))) != SIZE_MAX;) {
        rest = slice_from(rest, at + sizeof "attribute " - 1);
        bool quoted = rest.len && rest.at[0] && strchr("'\"`", rest.at[0]);
        struct slice word = name_at(slice_from(rest, quoted ? 1 : 0));
        if (!word.len || (quoted ? word.len + 1 >= rest.len || rest.at[word.len + 1] != rest.at[0]
                                 : !is_camel_case(word)))
            continue;
        if (name.len && !slice_equal(name, word))
            return SLICE_NONE;
        name = word;
    }
    return name;
}

static attribute_set sent_in(const cJSON *request, struct arena *arena)
{
    attribute_set set = 0;
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (value_of(request, slice_of(attributes[i].attribute), arena).len)
            set |= set_of(i);
    return set;
}

/* Those of both; when that is none, nothing has been learned. */
static attribute_set narrowed(attribute_set set, attribute_set by)
{
    return set & by ? set & by : set;
}

/* The id of the class says it; else its at_fault texts do. Where these name several, and where a
 * conflict leaves it open, the entry must tell which one: its error text, then its request. */
static struct slice attribute_of(const struct evidence_case *c)
{
    attribute_set said = named_in(c->entry->detail), set = 0;
    for (size_t i = 0; i < ATTRIBUTES; i++)
        if (has_word(c->rule->id, i))
            return slice_of(attributes[i].attribute);
    for (size_t i = 0; i < c->rule->at_fault.count; i++)
        set |= named_in(c->rule->at_fault.items[i]);
    if (!set && evidence_category(c, "conflict"))
        set = said;
    if (!is_one(set))
        set = narrowed(set, said);
    if (set && !is_one(set))
        set = narrowed(set, sent_in(c->request, c->arena));
    for (size_t i = 0; is_one(set) && i < ATTRIBUTES; i++)
        if (set == (attribute_set)1 << i)
            return slice_of(attributes[i].attribute);
    return set ? SLICE_NONE : called_attribute(c->entry->detail);
}

/* Full-width letters, digits and signs have one half-width form each. */
static struct slice half_width(struct slice value, struct arena *arena)
{
    struct buf out;
    bool changed = false;
    buf_init(&out, 4096);
    for (struct slice rest = value; rest.len;) {
        uint32_t code;
        size_t len = utf8_decode(rest, &code);
        if (!len) {
            changed = false;
            break;
        }
        if (code >= 0xff01 && code <= 0xff5e) {
            buf_add_byte(&out, (char)(code - 0xfee0));
            changed = true;
        } else {
            buf_add(&out, slice_first(rest, len));
        }
        rest = slice_from(rest, len);
    }
    struct slice made =
        changed && !buf_full(&out) ? arena_copy(arena, buf_slice(&out)) : SLICE_NONE;
    buf_free(&out);
    return made;
}

/* The sentence about a value that the evidence quotes: of this attribute when one is known. */
static const struct evidence *about_value(const struct evidence_list *list, struct slice attribute)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->items[i].value.len &&
            (!attribute.len || slice_is_fold(attribute, list->items[i].attribute)))
            return &list->items[i];
    return NULL;
}

static cJSON *request_of(const struct record *record, const struct facts *facts,
                         struct arena *arena)
{
    if (!record || record->kind != KIND_HTTP)
        return NULL;
    struct slice body = record->http.request.body.text;
    struct scim_operation answer, asked;
    if (facts->bulk_operation &&
        scim_failed_operation(&record->http, facts->bulk_operation, arena, &answer, &asked))
        body = asked.data;
    return body.len ? json_tree(body, NULL, NULL) : NULL;
}

void fix_of(struct fix *out, const struct entry *entry, const struct record *record,
            const struct facts *facts, const struct rule *rule, const struct rulebook *book,
            const struct evidence_lookup *lookup, struct arena *arena)
{
    *out = (struct fix){0};
    if (!rule)
        return;
    struct evidence_case c = {.entry = entry, .facts = facts, .rule = rule, .arena = arena};
    cJSON *request = request_of(record, facts, arena);
    c.request = request;
    out->attribute = attribute_of(&c);
    out->config_key = config_key_of(rule);
    /* a class that leaves the attribute open says less than the error text that names it */
    out->wrong = out->attribute.len && slice_equal(out->attribute, called_attribute(entry->detail))
                     ? entry->detail
                     : rule->cause;
    out->action = rule->remedy.count ? rule->remedy.items[0] : SLICE_NONE;
    if (!record)
        return; /* nor is there a request */
    struct evidence_list list;
    evidence_collect(&list, entry, record, facts, rule, book, lookup, arena);
    const struct evidence *said = about_value(&list, out->attribute);
    if (said) {
        out->attribute = slice_of(said->attribute);
        out->value = said->value;
        out->wrong = said->text;
        out->proposal = half_width(said->value, arena);
    } else {
        out->value = value_of(request, out->attribute, arena);
    }
    if (!out->value.len && slice_is(out->attribute, "userName") && entry->user.len)
        out->value = entry->user;
    cJSON_Delete(request);
}
