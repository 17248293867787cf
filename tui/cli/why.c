/* Knows how the reasons of a verdict are written; see why.h. What the reasons are:
 * core/explain/reason.c. */
#include "tui/cli/why.h"

#include "core/base/json.h"
#include "tui/cli/explained.h"

enum { WHY_SHOWN = 200 /* bytes of a value that a line shows */, WHY_INDENT = 4 };

static void why_value(struct cli *cli, struct slice text)
{
    cli_add_safe(cli, slice_first(text, WHY_SHOWN));
    if (text.len > WHY_SHOWN)
        cli_add(cli, SLICE("..."));
}

void why_text(struct cli *cli, const struct rulebook *book, const struct verdict *verdict,
              const struct facts *facts, struct arena *arena)
{
    struct reason reasons[REASONS_LIMIT];
    size_t count = rulebook_reasons(book, verdict, facts, arena, reasons);
    size_t alternative = verdict_alternative(verdict);
    cli_add(cli, slice_of(_("\nHow it was classified\n  rule ")));
    cli_add_safe(cli, verdict->rule->id);
    cli_add_format(cli, _(", from %s:%llu"), explained_pack(verdict->rule),
                   (unsigned long long)verdict->rule->line);
    if (alternative)
        cli_add_format(cli, _(", alternative %zu of %zu, specificity %d\n"), alternative,
                       verdict->rule->match_count, verdict->specificity);
    else
        cli_add(cli, SLICE("\n"));
    for (size_t i = 0; i < count; i++) {
        cli_add_format(cli, _("  %-14s asks "), reasons[i].condition);
        why_value(cli, reasons[i].asked);
        cli_add(cli, slice_of(_("\n                 met by ")));
        why_value(cli, reasons[i].met);
        cli_add(cli, SLICE("\n"));
    }
    explained_runners_up(cli, verdict);
}

void why_json_runners_up(struct buf *out, const struct verdict *verdict)
{
    json_add_key(out, "runners_up");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < RUNNERS_UP && verdict->runners_up[i]; i++) {
        buf_add_text(out, i ? ",{" : "{");
        json_add_key(out, "class");
        json_add_string(out, verdict->runners_up[i]->id);
        json_add_key(out, "specificity");
        buf_add_format(out, "%d}", verdict->runner_specificity[i]);
    }
    buf_add_byte(out, ']');
}

void why_json(struct buf *out, const struct rulebook *book, const struct verdict *verdict,
              const struct facts *facts, struct arena *arena)
{
    struct reason reasons[REASONS_LIMIT];
    size_t count = rulebook_reasons(book, verdict, facts, arena, reasons);
    json_add_key(out, "why");
    buf_add_byte(out, '{');
    json_add_key(out, "class");
    json_add_string(out, verdict->rule->id);
    json_add_key(out, "pack");
    json_add_string(out, verdict->rule->pack);
    json_add_key(out, "line");
    buf_add_format(out, "%llu", (unsigned long long)verdict->rule->line);
    json_add_key(out, "alternative");
    buf_add_format(out, "%zu", verdict_alternative(verdict));
    json_add_key(out, "specificity");
    buf_add_format(out, "%d", verdict->specificity);
    json_add_key(out, "conditions");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++) {
        buf_add_text(out, i ? ",{" : "{");
        json_add_key(out, "condition");
        json_add_string(out, slice_of(reasons[i].condition));
        json_add_key(out, "asked");
        json_add_string(out, reasons[i].asked);
        json_add_key(out, "met");
        json_add_string(out, reasons[i].met);
        buf_add_byte(out, '}');
    }
    buf_add_byte(out, ']');
    why_json_runners_up(out, verdict);
    buf_add_byte(out, '}');
}
