/* `scimscope sources`: what is in the index and what it does not show. */
#include "core/base/json.h"
#include "core/index/coverage.h"
#include "tui/cli/commands.h"
#include "tui/cli/summary.h"

#include <inttypes.h>

/* --- for people ------------------------------------------------------------------------------- */

static void sources_holes(struct cli *cli, const struct coverage *c)
{
    if (c->holes)
        cli_add_format(cli, _("  %llu record ids missing in %llu places\n"),
                       (unsigned long long)c->missing, (unsigned long long)c->holes);
    for (size_t i = 0; i < c->hole_count; i++) {
        const struct coverage_hole *hole = &c->hole[i];
        cli_add_format(cli, "    %lld", (long long)hole->from_id);
        if (hole->to_id != hole->from_id)
            cli_add_format(cli, _(" to %lld"), (long long)hole->to_id);
        cli_add(cli, slice_of(_(" of ")));
        cli_add_safe(cli, hole->channel.len ? hole->channel : slice_of(_("the log")));
        cli_add(cli, slice_of(_(" on ")));
        cli_add_safe(cli, hole->computer.len ? hole->computer : slice_of(_("a nameless computer")));
        cli_add(cli, SLICE("\n"));
    }
    if (c->holes > c->hole_count)
        cli_add_format(cli, _("    and %llu places more\n"),
                       (unsigned long long)(c->holes - c->hole_count));
    if (c->ids_unread)
        cli_add(cli, slice_of(_("  record ids lie too far apart to be looked at\n")));
    if (c->twice)
        cli_add_format(cli, _("  %llu record ids were given twice: the log began anew\n"),
                       (unsigned long long)c->twice);
    if (c->cleared)
        cli_add_format(cli, _("  %llu events say that a log was cleared\n"),
                       (unsigned long long)c->cleared);
}

static void sources_gaps(struct cli *cli, const struct coverage *c)
{
    for (size_t i = 0; i < c->gap_count; i++) {
        char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], span[TIME_TEXT_SIZE];
        cli_add_format(cli, _("  silent from %s to %s (%s)\n"),
                       time_local_text(from, c->gap[i].from_us),
                       time_local_text(to, c->gap[i].to_us),
                       time_span_words(span, c->gap[i].to_us - c->gap[i].from_us));
    }
    if (c->gaps > c->gap_count)
        cli_add_format(cli, _("  and %llu silent stretches more\n"),
                       (unsigned long long)(c->gaps - c->gap_count));
}

static void sources_damage(struct cli *cli, const struct store_source *s, const struct coverage *c)
{
    for (size_t i = 0; i < c->damage_count; i++) {
        cli_add_format(cli, _("  not read: at offset %llu: "),
                       (unsigned long long)c->damage[i].offset);
        cli_add_safe(cli, c->damage[i].text);
        cli_add(cli, SLICE("\n"));
    }
    if (s->damaged > c->damage_count)
        cli_add_format(cli, _("  and %llu damaged places more\n"),
                       (unsigned long long)(s->damaged - c->damage_count));
    if (!s->complete)
        cli_add(cli, slice_of(_("  its import was cut short: import it again to read the rest\n")));
}

/* Times of the hour when clocks are changed. */
static void sources_clocks(struct cli *cli, const struct store_source *s)
{
    if (s->zone_twice)
        cli_add_format(cli, _("  %llu of them exist twice there; the first was taken\n"),
                       (unsigned long long)s->zone_twice);
    if (s->zone_never)
        cli_add_format(cli, _("  %llu of them do not exist there; they were moved forward\n"),
                       (unsigned long long)s->zone_never);
}

static void sources_text(struct cli *cli, const struct store_source *s, const struct coverage *c)
{
    summary_source(cli, s);
    if (!slice_is_none(s->label)) {
        cli_add(cli, slice_of(_("  label ")));
        cli_add_safe(cli, s->label);
        cli_add(cli, SLICE("\n"));
    }
    sources_damage(cli, s, c);
    sources_holes(cli, c);
    sources_gaps(cli, c);
    if (c->timeless)
        cli_add_format(cli, _("  %llu entries have no time\n"), (unsigned long long)c->timeless);
    if (s->duplicates)
        cli_add_format(cli, _("  %llu entries were there already\n"),
                       (unsigned long long)s->duplicates);
    if (c->shared)
        cli_add(cli, slice_of(_("  what it held itself is not known: entries of all sources were "
                                "counted\n")));
    if (!slice_is_none(s->zone)) {
        cli_add(cli, slice_of(_("  times without a zone were taken for ")));
        cli_add_safe(cli, s->zone);
        cli_add(cli, SLICE("\n"));
        sources_clocks(cli, s);
    }
    if (s->redacted)
        cli_add_format(cli, _("  %llu secrets removed\n"), (unsigned long long)s->redacted);
    if (coverage_is_whole(s, c))
        cli_add(cli, slice_of(_("  nothing seems to be missing\n")));
}

/* --- for scripts ------------------------------------------------------------------------------ */

static void sources_json_time(struct buf *out, const char *key, int64_t us)
{
    char text[TIME_TEXT_SIZE];
    json_add_key(out, key);
    json_add_string(out, us == TIME_NONE ? SLICE_NONE : slice_of(time_utc_text(text, us)));
}

static void sources_json_number(struct buf *out, const char *key, uint64_t value)
{
    json_add_key(out, key);
    buf_add_format(out, "%" PRIu64, value);
}

static void sources_json_text(struct buf *out, const char *key, struct slice text)
{
    json_add_key(out, key);
    json_add_string(out, text);
}

static void sources_json_flag(struct buf *out, const char *key, bool value)
{
    json_add_key(out, key);
    buf_add_text(out, value ? "true" : "false");
}

static void sources_json_lists(struct buf *out, const struct coverage *c)
{
    json_add_key(out, "id_holes");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < c->hole_count; i++) {
        buf_add_text(out, i ? ",{" : "{");
        sources_json_text(out, "computer", c->hole[i].computer);
        sources_json_text(out, "channel", c->hole[i].channel);
        sources_json_number(out, "from", (uint64_t)c->hole[i].from_id);
        sources_json_number(out, "to", (uint64_t)c->hole[i].to_id);
        buf_add_byte(out, '}');
    }
    buf_add_byte(out, ']');
    json_add_key(out, "silent_gaps");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < c->gap_count; i++) {
        buf_add_text(out, i ? ",{" : "{");
        sources_json_time(out, "from", c->gap[i].from_us);
        sources_json_time(out, "to", c->gap[i].to_us);
        buf_add_byte(out, '}');
    }
    buf_add_byte(out, ']');
    json_add_key(out, "not_read");
    buf_add_byte(out, '[');
    for (size_t i = 0; i < c->damage_count; i++) {
        buf_add_text(out, i ? ",{" : "{");
        sources_json_number(out, "offset", c->damage[i].offset);
        sources_json_number(out, "position", c->damage[i].position);
        sources_json_text(out, "text", c->damage[i].text);
        buf_add_byte(out, '}');
    }
    buf_add_byte(out, ']');
}

static void sources_json(struct buf *out, const struct store_source *s, const struct coverage *c)
{
    buf_add_byte(out, '{');
    sources_json_text(out, "source", s->path);
    sources_json_text(out, "label", s->label);
    sources_json_text(out, "format", s->format);
    sources_json_number(out, "entries", s->entries);
    sources_json_number(out, "duplicates", s->duplicates);
    sources_json_number(out, "damaged", s->damaged);
    sources_json_number(out, "other", s->other);
    sources_json_time(out, "first", s->first_us);
    sources_json_time(out, "last", s->last_us);
    sources_json_flag(out, "complete", s->complete);
    sources_json_text(out, "sha256", s->complete ? s->sha256 : SLICE_NONE);
    sources_json_text(out, "zone_assumed", s->zone);
    sources_json_number(out, "zone_twice", s->zone_twice);
    sources_json_number(out, "zone_never", s->zone_never);
    sources_json_number(out, "secrets_removed", s->redacted);
    sources_json_number(out, "without_time", c->timeless);
    sources_json_number(out, "ids_missing", c->missing);
    sources_json_number(out, "ids_twice", c->twice);
    sources_json_flag(out, "ids_unread", c->ids_unread);
    sources_json_number(out, "log_cleared", c->cleared);
    sources_json_number(out, "gaps", c->gaps);
    sources_json_lists(out, c);
    sources_json_flag(out, "others_counted", c->shared);
    sources_json_flag(out, "whole", coverage_is_whole(s, c));
    buf_add_byte(out, '}');
}

static void sources_print(struct cli *cli, const char *format, const struct store_source *sources,
                          const struct coverage *coverage, size_t count)
{
    bool json = strcmp(format, "json") == 0, table = strcmp(format, "table") == 0;
    if (json)
        cli_add(cli, SLICE("["));
    for (size_t i = 0; i < count; i++) {
        if (table) {
            sources_text(cli, &sources[i], &coverage[i]);
            continue;
        }
        if (json && i)
            cli_add(cli, SLICE(",\n"));
        sources_json(&cli->out, &sources[i], &coverage[i]);
        cli_add(cli, json ? SLICE("") : SLICE("\n"));
    }
    if (json)
        cli_add(cli, SLICE("]\n"));
}

static int sources_run(struct cli *cli)
{
    static const char *const formats[] = {"table", "json", "ndjson", NULL};
    const char *format;
    struct store *store;
    struct store_source *sources;
    struct coverage *coverage;
    struct arena arena;
    size_t count;
    struct fault why;
    if (cli->options.word_count)
        return cli_usage(cli, "sources takes no arguments");
    if (options_choice(&cli->options, "--format", formats, "table", &format, &why))
        return cli_usage(cli, "%s", why.text);
    int code = cli_open_index(cli, STORE_READ, &store);
    if (code)
        return code;
    arena_init(&arena);
    if (store_sources(store, &arena, &sources, &count, &why) ||
        store_coverage(store, sources, count, &arena, &coverage, &why))
        code = cli_fail(cli, store_path(store), &why);
    else
        sources_print(cli, format, sources, coverage, count);
    arena_free(&arena);
    store_close(store);
    return code;
}

static const struct option sources_options[] = {
    {"--format", NULL, "NAME", N_("table (default), json or ndjson")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_sources = {
    .name = "sources",
    .arguments = "",
    .summary = N_("what is in the index, and what is missing in it"),
    .help = N_(
        "One tab-separated line per source: path, format, entries, damaged places, other "
        "exchanges, time of the first and the last entry, and `partial` when its import was "
        "cut short. Indented below it what it does not show: parts that could not be read, "
        "missing record ids (an export that was filtered has them by nature), silent stretches, "
        "cleared logs; then the zone that was assumed and how many secrets were removed.\n"
        "\n"
        "Ids and silences are those of the source itself, what was in the index already included. "
        "Where that was not noted when it was imported, entries of other sources count too, and "
        "it is said.\n"
        "\n"
        "A stretch is silent when it is an hour and four times longer than the usual pause of "
        "the source, or a day when it has too few pauses to judge."),
    .options = sources_options,
    .run = sources_run,
};
