/* Knows the global-number form of RFC 3966 and where a phone number of the request leaves it: '+',
 * then digits with the separators - . ( ), at least one digit, then nothing or ';' parameters. */
#include "core/explain/evidence/check.h"

#include "core/base/utf8.h"

/* Offset of the first byte that does not fit, or SIZE_MAX. */
static size_t offence(struct slice value)
{
    bool digit = false;
    if (value.len == 0 || value.at[0] != '+')
        return 0;
    for (size_t i = 1; i < value.len; i++) {
        char c = value.at[i];
        if (c == ';')
            return digit ? SIZE_MAX : i;
        if (c >= '0' && c <= '9')
            digit = true;
        else if (!strchr("-.()", c) || c == '\0')
            return i;
    }
    return digit ? SIZE_MAX : value.len;
}

struct phones {
    struct slice wrong;
    size_t at, count;
};

static bool look(void *self, struct slice value)
{
    struct phones *phones = self;
    phones->count++;
    phones->at = offence(value);
    if (phones->at != SIZE_MAX)
        phones->wrong = value;
    return phones->at == SIZE_MAX;
}

/* Characters from 1, as people count. */
static size_t character_number(struct slice text, size_t at)
{
    size_t number = 1;
    uint32_t code;
    for (size_t i = 0; i < at; number++) {
        size_t len = utf8_decode(slice_from(text, i), &code);
        i += len ? len : 1;
    }
    return number;
}

static void say_wrong(struct evidence_list *out, const struct evidence_case *c,
                      const struct evidence_check *self, const struct phones *phones,
                      enum evidence_verdict verdict)
{
    struct slice rest = slice_from(phones->wrong, phones->at), one;
    uint32_t code;
    size_t len = utf8_decode(rest, &code);
    one = slice_first(rest, len ? len : 1);
    if (rest.len == 0)
        evidence_say(out, c, self, verdict, "The phone number \"%.*s\" has no digits",
                     EVIDENCE_QUOTE(phones->wrong));
    else if (phones->at == 0)
        evidence_say(
            out, c, self, verdict,
            "The phone number \"%.*s\" begins with \"%.*s\" at character 1, where \"+\" and "
            "the country code must stand",
            EVIDENCE_QUOTE(phones->wrong), EVIDENCE_QUOTE(one));
    else
        evidence_say(
            out, c, self, verdict,
            "The phone number \"%.*s\" holds \"%.*s\" at character %zu; allowed after \"+\" "
            "are digits and - . ( )",
            EVIDENCE_QUOTE(phones->wrong), EVIDENCE_QUOTE(one),
            character_number(phones->wrong, phones->at));
    evidence_blame(out, c, "phoneNumbers", phones->wrong);
    evidence_rests_on(out, c, c->told_entry);
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = evidence_concerns(c, "phone");
    struct phones phones = {0};
    if (!about && !evidence_category(c, "invalid-request"))
        return;
    evidence_values(about ? evidence_sent(c) : c->request, "phoneNumbers", look, &phones);
    if (phones.wrong.at)
        say_wrong(out, c, self, &phones, about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT);
    else if (about && phones.count && c->request)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "All phone numbers of the request have the global form of RFC 3966");
    else if (about && c->request)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request carries no phone number");
    else if (about)
        evidence_lacking(out, c, self, "The rejected phone number");
}

const struct evidence_check evidence_phone = {.id = "phone-format", .run = run};
