/* The remediation pane: what is wrong with the entry under the cursor, why, what to do about it,
 * what the log itself shows, whether trying again helps, who says so. */
#include "core/explain/retry.h"
#include "tui/view/pane.h"
#include "tui/view/remark.h"

enum { STEP_INDENT = 5, EVIDENCE_INDENT = 4 };

static void heading(struct text *t, const char *word)
{
    text_gap(t);
    text_word(t, ROLE_LABEL, word);
    text_break(t);
}

static void paragraph(struct text *t, enum role role, struct slice words)
{
    text_indent(t, 2);
    text_add(t, role, words);
    text_break(t);
}

static void write_title(const struct entry *e, const struct rule *rule, struct text *t)
{
    char status[16];
    text_add(t, ROLE_STRONG, rule ? rule->title : e->class_id);
    text_break(t);
    if (e->status > 0) {
        text_add(t, status_role(e->status), arena_copy(t->arena, slice_of(status_text(e, status))));
        text_word(t, ROLE_TEXT, "  ");
    }
    if (!slice_is_none(e->category)) {
        text_add(t, ROLE_ACCENT, e->category);
        text_word(t, ROLE_TEXT, "  ");
    }
    text_add(t, ROLE_DIM, e->class_id);
    text_break(t);
    remark_write(t, e->mark, e->note, e->work);
    if (e->detail.len > 0) {
        text_gap(t);
        text_word(t, ROLE_DIM, "“");
        text_add(t, ROLE_TEXT, e->detail);
        text_word(t, ROLE_DIM, "”");
        text_break(t);
    }
}

static void write_steps(const struct rule *rule, struct text *t)
{
    heading(t, "Do");
    for (size_t i = 0; i < rule->remedy.count; i++) {
        text_indent(t, 2);
        text_add(t, ROLE_KEY, arena_format(t->arena, "%zu", i + 1));
        text_indent(t, STEP_INDENT);
        text_column(t, STEP_INDENT);
        text_add(t, ROLE_TEXT, rule->remedy.items[i]);
        text_break(t);
    }
}

const struct verdict_look *verdict_look(enum evidence_verdict verdict)
{
    static const struct verdict_look looks[] = {
        [EVIDENCE_SHOWN] = {"● ", N_("shown  "), ROLE_SHOWN},
        [EVIDENCE_CONSISTENT] = {"◐ ", N_("consistent  "), ROLE_CONSISTENT},
        [EVIDENCE_NOT_CAPTURED] = {"○ ", N_("not captured  "), ROLE_MISSING}};
    return &looks[verdict];
}

static void write_evidence(const struct evidence_list *list, struct text *t)
{
    if (list->count == 0)
        return;
    heading(t, "Evidence");
    for (size_t i = 0; i < list->count; i++) {
        const struct evidence *item = &list->items[i];
        text_indent(t, 2);
        text_word(t, verdict_look(item->verdict)->role, verdict_look(item->verdict)->mark);
        text_indent(t, EVIDENCE_INDENT);
        text_word(t, verdict_look(item->verdict)->role, verdict_look(item->verdict)->word);
        text_add(t, item->verdict == EVIDENCE_NOT_CAPTURED ? ROLE_DIM : ROLE_TEXT, item->text);
        text_break(t);
    }
}

static void write_pair(struct text *t, const char *name, enum role role, struct slice value)
{
    enum { VALUE_COLUMN = 13 };
    if (slice_is_none(value))
        return;
    text_indent(t, 2);
    text_word(t, ROLE_DIM, name);
    text_indent(t, VALUE_COLUMN);
    text_column(t, VALUE_COLUMN);
    text_add(t, role, value);
    text_break(t);
}

/* What to change: only where the log itself tells the value. */
static void write_fix(const struct fix *fix, struct text *t)
{
    if (slice_is_none(fix->value))
        return;
    heading(t, "Change");
    write_pair(t, "attribute", ROLE_TEXT, fix->attribute);
    write_pair(t, "setting", ROLE_TEXT, fix->config_key);
    write_pair(t, "was sent", ROLE_BAD, fix->value);
    write_pair(t, "better", ROLE_GOOD, fix->proposal);
}

static void write_retry(const struct rule *rule, struct text *t)
{
    struct slice words = retry_words(rule, t->arena);
    if (slice_is_none(words) || !rule_is_failure(rule))
        return;
    heading(t, "Try again");
    text_indent(t, 2);
    text_add(t, ROLE_TEXT, words);
    if (!slice_is_none(rule->retry_note)) {
        text_word(t, ROLE_DIM, " (");
        text_add(t, ROLE_DIM, rule->retry_note);
        text_word(t, ROLE_DIM, ")");
    }
    text_break(t);
}

static void write_sources(const struct rule *rule, struct text *t)
{
    if (rule->source.count == 0)
        return;
    heading(t, "Sources");
    for (size_t i = 0; i < rule->source.count; i++)
        paragraph(t, ROLE_DIM, rule->source.items[i]);
}

/* An entry without a class still says what it is. */
static void write_plain(const struct entry *e, const struct entry_answer *a, struct text *t)
{
    text_add(t, ROLE_STRONG, entry_what(e, t->arena));
    text_break(t);
    remark_write(t, e->mark, e->note, e->work);
    text_word(t, ROLE_DIM,
              e->kind == KIND_EVENT ? N_("No SCIM error stands in this event.")
                                    : N_("This exchange is no SCIM call."));
    text_break(t);
    if (a->recorded && e->kind == KIND_EVENT && a->record.event.message.len > 0) {
        text_gap(t);
        text_body(t, ROLE_TEXT, a->record.event.message);
        text_break(t);
    }
}

/* `a` (or NULL) is an entry of the class: what it shows is told too. */
void remedy_write_rule(const struct rule *rule, const struct entry_answer *a, struct text *t)
{
    if (rule->cause.len > 0) {
        heading(t, "Why");
        paragraph(t, ROLE_TEXT, rule->cause);
    }
    if (rule->remedy.count > 0)
        write_steps(rule, t);
    if (a) {
        write_fix(&a->fix, t);
        write_evidence(&a->evidence, t);
    }
    write_retry(rule, t);
    write_sources(rule, t);
}

void remedy_write(const struct desk *d, const struct entry_answer *a, struct text *t)
{
    const struct entry *e = &a->entry;
    (void)d;
    if (slice_is_none(e->class_id)) {
        write_plain(e, a, t);
        return;
    }
    write_title(e, a->rule, t);
    if (a->rule)
        remedy_write_rule(a->rule, a, t);
}
