/* Knows what keeps a value from being an e-mail address, as far as a value alone can show. */
#include "core/explain/evidence/check.h"

#include "core/base/utf8.h"

/* What is wrong; `wrong` becomes the character that is, `place` its number from 1. */
static const char *fault_of(struct slice value, struct slice *wrong, size_t *place)
{
    size_t at = slice_find_byte(value, '@'), count = 0;
    uint32_t code;
    if (value.len == 0)
        return N_("is an empty text");
    for (struct slice rest = value; rest.len;) {
        size_t len = utf8_decode(rest, &code);
        ++*place;
        if (len == 0)
            return N_("holds bytes that are no text");
        *wrong = slice_first(rest, len);
        if (code == ' ' || code == '\t' || code == 0x3000 || code == 0xa0)
            return N_("holds a blank");
        if (code >= 0xff01 && code <= 0xff5e)
            return N_("holds full-width characters");
        if (code < 0x20 || code == 0x7f)
            return N_("holds a control character");
        if (code > 0x7f && at != SIZE_MAX && rest.at < value.at + at)
            return N_("holds characters outside ASCII before the \"@\"");
        count += code == '@';
        rest = slice_from(rest, len);
    }
    *wrong = SLICE_NONE;
    if (count != 1)
        return count ? N_("holds more than one \"@\"") : N_("has no \"@\"");
    if (at == 0 || at + 1 == value.len)
        return at ? N_("has nothing after the \"@\"") : N_("has nothing before the \"@\"");
    return NULL;
}

struct emails {
    struct slice wrong, character;
    const char *fault;
    size_t count, place;
};

static bool look(void *self, struct slice value)
{
    struct emails *emails = self;
    emails->count++;
    emails->place = 0;
    emails->character = SLICE_NONE;
    emails->fault = fault_of(value, &emails->character, &emails->place);
    emails->wrong = value;
    return emails->fault == NULL;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = evidence_concerns(c, "email") || evidence_concerns(c, "e-mail");
    struct emails emails = {0};
    if (!evidence_category(c, "invalid-request"))
        return;
    evidence_values(about ? evidence_sent(c) : c->request, "emails", look, &emails);
    if (emails.fault) {
        enum evidence_verdict verdict = about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT;
        if (emails.character.len)
            evidence_say(out, c, self, verdict,
                         "The e-mail address \"%.*s\" %s: \"%.*s\" at character %zu",
                         EVIDENCE_QUOTE(emails.wrong), words_find(emails.fault),
                         EVIDENCE_QUOTE(emails.character), emails.place);
        else
            evidence_say(out, c, self, verdict, "The e-mail address \"%.*s\" %s",
                         EVIDENCE_QUOTE(emails.wrong), words_find(emails.fault));
        evidence_blame(out, c, "emails", emails.wrong);
        evidence_rests_on(out, c, c->told_entry);
    } else if (about && emails.count && c->request)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT,
                     "All e-mail addresses of the request look well formed");
    else if (about && c->request)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request carries no e-mail address");
    else if (about)
        evidence_lacking(out, c, self, "The rejected e-mail address");
}

const struct evidence_check evidence_email = {.id = "email-format", .run = run};
