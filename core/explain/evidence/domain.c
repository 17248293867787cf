/* Knows the domain of the affected user, for classes that are about it. */
#include "core/explain/evidence/check.h"

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    if (!evidence_concerns(c, "domain"))
        return;
    struct slice user = c->entry->user;
    size_t at = slice_find_byte(user, '@');
    if (at != SIZE_MAX)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The domain of the user is \"%.*s\"%s",
                     EVIDENCE_QUOTE(slice_from(user, at + 1)),
                     c->entry->user_how == USER_LINKED ? _(" (the user is named by another entry)")
                                                       : "");
    else if (user.len)
        evidence_say(out, c, self, EVIDENCE_SHOWN, "The user \"%.*s\" has no domain part",
                     EVIDENCE_QUOTE(user));
    else
        evidence_lacking(out, c, self, "The user and so the domain");
    if (out->count && c->entry->user_how == USER_LINKED && c->entry->user_entry) {
        struct evidence *last = &out->items[out->count - 1];
        last->entries[last->entry_count++] = c->entry->user_entry;
    }
}

const struct evidence_check evidence_domain = {.id = "user-domain", .run = run};
