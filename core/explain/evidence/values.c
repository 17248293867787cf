/* Knows values of a request body that servers often refuse, whatever the attribute: an empty text
 * where the attribute should be absent, control characters, `active` as a text. */
#include "core/explain/evidence/check.h"

enum { SENTENCES = 4, DEPTH = 4 };

struct search {
    struct evidence_list *out;
    const struct evidence_case *c;
    const struct evidence_check *self;
    size_t said;
};

/* C0 and C1 but tab and line ends; 0 = none. */
static unsigned control_in(const char *text)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        if ((*at < 0x20 && !strchr("\t\r\n", *at)) || *at == 0x7f)
            return *at;
        if (at[0] == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f)
            return at[1];
    }
    return 0;
}

static void look(struct search *s, const char *name, const cJSON *value)
{
    const char *text = value->valuestring;
    unsigned control = control_in(text);
    enum evidence_verdict empty =
        evidence_concerns(s->c, "empty") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT;
    enum evidence_verdict odd =
        evidence_concerns(s->c, "control") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT;
    size_t before = s->out->count;
    if (!text[0])
        evidence_say(s->out, s->c, s->self, empty,
                     "%.*s is sent as an empty text; many servers want the attribute left out or "
                     "null",
                     EVIDENCE_QUOTE(slice_of(name)));
    else if (control)
        evidence_say(s->out, s->c, s->self, odd,
                     "The value of %.*s holds the control character "
                     "U+%04X",
                     EVIDENCE_QUOTE(slice_of(name)), control);
    else if (slice_is_fold(slice_of(name), "active") &&
             (slice_is_fold(slice_of(text), "true") || slice_is_fold(slice_of(text), "false")))
        evidence_say(s->out, s->c, s->self,
                     evidence_concerns(s->c, "boolean") ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT,
                     "active is sent as the text \"%.*s\", not as a boolean",
                     EVIDENCE_QUOTE(slice_of(text)));
    s->said += s->out->count - before;
}

/* Whether a check of its own looks at the values of this attribute. */
static bool spoken_for(const struct evidence_case *c, const char *name)
{
    return (slice_is_fold(slice_of(name), "emails") &&
            (evidence_concerns(c, "email") || evidence_concerns(c, "e-mail"))) ||
           (slice_is_fold(slice_of(name), "phoneNumbers") && evidence_concerns(c, "phone"));
}

static void walk(struct search *s, const char *prefix, const cJSON *node, int depth)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, node)
    {
        const char *name = prefix;
        if (s->said >= SENTENCES || depth > DEPTH)
            return;
        if (item->string && spoken_for(s->c, item->string))
            continue;
        if (item->string)
            name =
                arena_format(s->c->arena, "%s%s%s", prefix, prefix[0] ? "." : "", item->string).at;
        if (cJSON_IsString(item))
            look(s, name, item);
        else
            walk(s, name, item, depth + 1);
    }
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct search search = {.out = out, .c = c, .self = self};
    if (!evidence_category(c, "invalid-request") || !cJSON_IsObject(c->request) ||
        slice_is(c->facts->method, "PATCH"))
        return;
    walk(&search, "", c->request, 0);
}

const struct evidence_check evidence_odd_values = {.id = "odd-values", .run = run};
