/* Knows which values that must be unique a conflicting request carried. */
#include "core/explain/evidence/check.h"

static bool first_email(void *self, struct slice value)
{
    *(struct slice *)self = value;
    return false;
}

static void add_value(struct buf *text, const char *name, struct slice value)
{
    if (value.len)
        buf_add_format(text, "%s%s \"%.*s\"", text->len ? ", " : "", name, EVIDENCE_QUOTE(value));
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    if (!evidence_category(c, "conflict") || c->facts->status == 412)
        return;
    struct slice user_name = json_tree_text_fold(c->request, "userName"), email = SLICE_NONE;
    struct buf text;
    buf_init(&text, 900);
    evidence_values(c->request, "emails", first_email, &email);
    add_value(&text, "userName", user_name);
    add_value(&text, "externalId", json_tree_text_fold(c->request, "externalId"));
    add_value(&text, "email", email);
    if (slice_is_none(user_name))
        add_value(&text, "displayName", json_tree_text_fold(c->request, "displayName"));
    if (text.len)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The request carried %s", text.at);
    else if (c->entry->user.len && c->entry->kind == KIND_EVENT) {
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The affected user is \"%.*s\"%s",
                     EVIDENCE_QUOTE(c->entry->user),
                     c->entry->user_how == USER_LINKED ? _(", named by another entry") : "");
        if (out->count && c->entry->user_how == USER_LINKED && c->entry->user_entry) {
            struct evidence *last = &out->items[out->count - 1];
            last->entries[last->entry_count++] = c->entry->user_entry;
        }
    }
    if (!c->request)
        evidence_lacking(out, c, self, "The values that collide (userName, externalId, e-mail)");
    if (!c->lookup || (c->entry->kind == KIND_EVENT && !c->pair)) /* else holder.c has looked */
        evidence_say(
            out, c, self, EVIDENCE_NOT_CAPTURED,
            "Who holds the value already is known to the service only: look it up there, also "
            "among deleted users");
    buf_free(&text);
}

const struct evidence_check evidence_values_sent = {.id = "values-sent", .run = run};
