/* `scimscope diff`: what is new, what persists and what was fixed between two runs, two stretches
 * of time or two indexes. */
#include "core/explain/difference.h"

#include "core/base/json.h"
#include "core/base/words.h"
#include "tui/cli/commands.h"
#include "tui/cli/rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

enum diff_format { DIFF_TABLE, DIFF_JSON, DIFF_NDJSON };

/* One side while it is opened. */
struct side {
    struct store *own; /* an index named on the command line; NULL: that of --db */
    struct filter *filter;
    struct difference_side side;
};

struct diff {
    struct cli *cli;
    struct store *store; /* that of --db, when a side needs it */
    struct rulebook *book;
    struct arena arena;
    struct side a, b;
};

static bool is_file(const char *word)
{
    struct stat there;
    return stat(word, &there) == 0;
}

static int diff_filter(struct diff *d, const char *window, size_t first, struct filter **out)
{
    struct fault why;
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    if (window)
        buf_add_format(&text, "time:%s ", window);
    for (size_t i = first; i < d->cli->options.word_count; i++)
        buf_add_format(&text, "%s ", d->cli->options.words[i]);
    enum fault_code bad = buf_full(&text) ? fault_set(&why, FAULT_USAGE, "the filter is too long")
                                          : filter_parse(out, buf_slice(&text), &d->arena, &why);
    buf_free(&text);
    return bad ? cli_fail(d->cli, window, &why) : 0;
}

/* `word` is an index, else a time as after `time:`. */
static int diff_side(struct diff *d, const char *word, size_t first, struct side *out)
{
    struct fault why;
    bool file = is_file(word);
    int code = diff_filter(d, file ? NULL : word, first, &out->filter);
    if (!code && file && store_open(&out->own, word, STORE_READ, &why))
        code = cli_fail(d->cli, word, &why);
    if (!code && !file && !d->store)
        code = cli_open_entries(d->cli, NULL, &d->store);
    out->side = (struct difference_side){file ? out->own : d->store, out->filter};
    return code;
}

/* The last two runs: windows of events. */
static int diff_runs(struct diff *d)
{
    struct agent_run runs[AGENT_RUNS];
    struct fault why;
    size_t count;
    int code = cli_open_entries(d->cli, NULL, &d->store);
    if (code)
        return code;
    if (agent_runs(d->store, &d->arena, runs, &count, &why))
        return cli_fail(d->cli, store_path(d->store), &why);
    if (count < AGENT_RUNS)
        return cli_usage(d->cli, "the events of the index mark fewer than two runs; name two "
                                 "stretches of time, as in diff 2026-11-01 2026-11-02");
    struct side *sides[AGENT_RUNS] = {&d->a, &d->b};
    for (size_t i = 0; !code && i < AGENT_RUNS; i++) {
        char from[TIME_TEXT_SIZE], to[TIME_TEXT_SIZE], window[2 * TIME_TEXT_SIZE + 20];
        snprintf(window, sizeof window, "%s..%s kind:event", time_utc_text(from, runs[i].from_us),
                 time_utc_text(to, runs[i].to_us));
        code = diff_filter(d, window, 0, &sides[i]->filter);
        sides[i]->side = (struct difference_side){d->store, sides[i]->filter};
        cli_note(d->cli, "%s: %s to %s", i ? _("last run") : _("run before"),
                 time_local_text(from, runs[i].from_us), time_local_text(to, runs[i].to_us));
    }
    return code;
}

/* --- printing --------------------------------------------------------------------------------- */

static void diff_json_side(struct buf *out, const char *key, const struct problem *p)
{
    json_add_key(out, key);
    if (!p->attempts) {
        buf_add_text(out, "null");
        return;
    }
    buf_add_byte(out, '{');
    rows_json_number(out, "attempts", (int64_t)p->attempts, -1);
    rows_json_time(out, "first", p->first_us);
    rows_json_time(out, "last", p->last_us);
    rows_json_number(out, "last_entry", p->last_entry, 0);
    buf_add_byte(out, '}');
}

static void diff_json(struct buf *out, const struct rulebook *book, const struct difference *d)
{
    const struct problem *p = d->kind == DIFFERENCE_FIXED ? &d->before : &d->after;
    const struct rule *rule = rulebook_find(book, p->class_id);
    bool fixed = d->kind == DIFFERENCE_FIXED;
    buf_add_byte(out, '{');
    rows_json_text(out, "difference", slice_of(difference_kind_name(d->kind)));
    rows_json_text(out, "user", p->user);
    rows_json_text(out, "subject", p->subject);
    rows_json_text(out, "class", p->class_id);
    rows_json_text(out, "title", rule ? rule->title : SLICE_NONE);
    diff_json_side(out, "before", &d->before);
    diff_json_side(out, "after", &d->after);
    rows_json_text(out, "repair", fixed ? slice_of(evidence_verdict_name(d->repair)) : SLICE_NONE);
    rows_json_number(out, "repaired_by", d->by, 0);
    buf_add_byte(out, '}');
}

/* How a repair shows, in a word or two. */
static struct slice diff_repair(const struct difference *d, struct arena *arena)
{
    if (d->kind != DIFFERENCE_FIXED)
        return SLICE_NONE;
    if (d->repair == EVIDENCE_SHOWN)
        return arena_format(arena, _("shown by entry %lld"), (long long)d->by);
    return slice_of(d->repair == EVIDENCE_CONSISTENT ? _("consistent: met without this failure")
                                                     : _("not captured: not met again"));
}

static void diff_text(struct cli *cli, const struct difference *rows, size_t count,
                      struct arena *arena)
{
    size_t counts[DIFFERENCE_FIXED + 1] = {0};
    for (size_t i = 0; i < count; i++)
        counts[rows[i].kind]++;
    cli_add_format(cli, _("%zu new, %zu persisting, %zu fixed\n"), counts[DIFFERENCE_NEW],
                   counts[DIFFERENCE_PERSISTING], counts[DIFFERENCE_FIXED]);
    if (!count)
        return;
    rows_cell(cli, slice_of(_("CHANGE")), 10, false);
    rows_cell(cli, slice_of(_("BEFORE")), 7, false);
    rows_cell(cli, slice_of(_("AFTER")), 7, false);
    rows_cell(cli, slice_of(_("LAST")), 19, false);
    rows_cell(cli, slice_of(_("USER")), 32, false);
    rows_cell(cli, slice_of(_("CLASS")), 30, false);
    rows_cell(cli, slice_of(_("REPAIR")), 0, true);
    for (size_t i = 0; i < count; i++) {
        const struct difference *d = &rows[i];
        const struct problem *p = d->kind == DIFFERENCE_FIXED ? &d->before : &d->after;
        rows_cell(cli, slice_of(difference_kind_name(d->kind)), 10, false);
        rows_number(cli, d->before.attempts, 7);
        rows_number(cli, d->after.attempts, 7);
        rows_time(cli, p->last_us);
        rows_cell(cli, p->subject, 32, false);
        rows_cell(cli, p->class_id, 30, false);
        rows_cell(cli, diff_repair(d, arena), 0, true);
        if (!cli_add(cli, SLICE("")))
            break;
    }
}

static int diff_print(struct diff *d, enum diff_format format)
{
    struct cli *cli = d->cli;
    struct difference *rows;
    struct fault why;
    size_t count;
    bool empty, more = true;
    if (difference_list(&d->a.side, &d->b.side, &d->arena, &rows, &count, &empty, &why))
        return cli_fail(cli, NULL, &why);
    if (empty)
        cli_note(cli, "the second side holds no entries: that is no repair");
    if (format == DIFF_TABLE) {
        diff_text(cli, rows, count, &d->arena);
        return 0;
    }
    if (format == DIFF_JSON)
        cli_add(cli, SLICE("["));
    for (size_t i = 0; more && i < count; i++) {
        buf_add_text(&cli->out, format == DIFF_JSON && i ? "," : "");
        diff_json(&cli->out, d->book, &rows[i]);
        more = cli_add(cli, format == DIFF_NDJSON ? SLICE("\n") : SLICE(""));
    }
    if (format == DIFF_JSON)
        cli_add(cli, SLICE("]\n"));
    return 0;
}

static int diff_run(struct cli *cli)
{
    static const char *const formats[] = {
        [DIFF_TABLE] = "table", [DIFF_JSON] = "json", [DIFF_NDJSON] = "ndjson", NULL};
    struct diff d = {.cli = cli};
    struct fault why;
    const char *name;
    enum diff_format format = DIFF_TABLE;
    if (options_choice(&cli->options, "--format", formats, "table", &name, &why))
        return cli_usage(cli, "%s", why.text);
    while (formats[format] != name)
        format++;
    if (cli->options.word_count == 1)
        return cli_usage(cli, "diff needs two sides, or none for the last two runs");
    arena_init(&d.arena);
    int code = format == DIFF_TABLE ? 0 : cli_load_rules(cli, &d.book);
    if (!code && cli->options.word_count == 0)
        code = diff_runs(&d);
    else if (!code)
        code = diff_side(&d, cli->options.words[0], 2, &d.a);
    if (!code && cli->options.word_count)
        code = diff_side(&d, cli->options.words[1], 2, &d.b);
    if (!code)
        code = diff_print(&d, format);
    store_close(d.a.own);
    store_close(d.b.own);
    store_close(d.store);
    rulebook_free(d.book);
    arena_free(&d.arena);
    return code;
}

static const struct option diff_options[] = {
    {"--format", NULL, "NAME", N_("table (default), json or ndjson")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_diff = {
    .name = "diff",
    .arguments = "[A B [FILTER...]]",
    .summary = N_("what is new, persists or was fixed between two runs, times or indexes"),
    .help =
        N_("A and B are stretches of time as after time: (2026-11-01, or A..B with open ends) or "
           "the paths of two indexes; FILTER narrows both. Without them the last two runs of the "
           "agent that ran last, as its events mark them, are compared.\n"
           "\n"
           "A problem is a class of failure of one user or other subject: new when only B has "
           "it, persisting when both do, fixed when only A does. How a repair shows is told: "
           "shown (B holds a later success of the same operation), consistent (B holds entries "
           "of the user without this failure), not captured (the user is not met again)."),
    .options = diff_options,
    .run = diff_run,
};
