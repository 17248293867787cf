/* Knows what the site's own settings say about the keys that the remedy names. */
#include "core/explain/site.h"
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    struct site_word words[SITE_WORDS];
    size_t count = site_tell(c->site, c->rule, c->arena, words);
    for (size_t i = 0; i < count; i++)
        evidence_say(out, c, self, words[i].fine ? EVIDENCE_CONSISTENT : EVIDENCE_SHOWN, "%.*s",
                     (int)words[i].text.len, words[i].text.at);
}

const struct evidence_check evidence_site = {.id = "site-settings", .run = run};
