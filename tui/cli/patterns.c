/* `scimscope patterns`: what only several entries together show. */
#include "core/explain/finding.h"

#include "tui/cli/commands.h"
#include "tui/cli/rows.h"

enum patterns_format { PATTERNS_TABLE, PATTERNS_JSON, PATTERNS_NDJSON };

static void patterns_json(struct buf *out, const struct finding *f)
{
    buf_add_byte(out, '{');
    rows_json_text(out, "class", f->class_id);
    rows_json_text(out, "subject", f->subject);
    rows_json_number(out, "users", (int64_t)f->users, -1);
    rows_json_ids(out, "entries", f->entries, f->entry_count);
    rows_json_time(out, "first", f->first_us);
    rows_json_time(out, "last", f->last_us);
    rows_json_text(out, "text", f->text);
    buf_add_byte(out, '}');
}

/* The class and its title, then the sentence. */
static void patterns_text(struct cli *cli, const struct rulebook *book, const struct finding *f)
{
    const struct rule *rule = rulebook_find(book, f->class_id);
    cli_add_safe(cli, f->class_id);
    if (rule) {
        cli_add(cli, SLICE("  "));
        cli_add_safe(cli, rule->title);
    }
    cli_add_format(cli, _("  (users %llu, entries %llu)\n  "), (unsigned long long)f->users,
                   (unsigned long long)f->count);
    cli_add_wrapped(cli, f->text, 2);
    cli_add(cli, SLICE("\n"));
}

static void patterns_print(struct cli *cli, const struct rulebook *book,
                           enum patterns_format format, const struct finding *rows, size_t count)
{
    bool more = true;
    if (format == PATTERNS_JSON)
        cli_add(cli, SLICE("["));
    for (size_t i = 0; more && i < count; i++) {
        if (format == PATTERNS_TABLE) {
            patterns_text(cli, book, &rows[i]);
        } else {
            buf_add_text(&cli->out, format == PATTERNS_JSON && i ? "," : "");
            patterns_json(&cli->out, &rows[i]);
            buf_add_text(&cli->out, format == PATTERNS_NDJSON ? "\n" : "");
        }
        more = cli_add(cli, SLICE(""));
    }
    if (format == PATTERNS_JSON)
        cli_add(cli, SLICE("]\n"));
}

static int patterns_run(struct cli *cli)
{
    static const char *const formats[] = {[PATTERNS_TABLE] = "table",
                                          [PATTERNS_JSON] = "json",
                                          [PATTERNS_NDJSON] = "ndjson",
                                          [PATTERNS_NDJSON + 1] = NULL};
    struct store *store = NULL;
    struct rulebook *book = NULL;
    struct filter *filter;
    struct finding *rows;
    struct arena arena;
    struct fault why;
    size_t count = 0;
    const char *name;
    enum patterns_format format = PATTERNS_TABLE;
    if (options_choice(&cli->options, "--format", formats, "table", &name, &why))
        return cli_usage(cli, "%s", why.text);
    while (formats[format] != name)
        format++;
    arena_init(&arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_load_rules(cli, &book);
    if (!code)
        code = cli_open_entries(cli, book, &store);
    if (!code && finding_list(store, book, filter, &arena, &rows, &count, &why))
        code = cli_fail(cli, store_path(store), &why);
    else if (!code)
        patterns_print(cli, book, format, rows, count);
    if (!code && !count)
        cli_note_coverage(cli, store);
    store_close(store);
    rulebook_free(book);
    arena_free(&arena);
    return code;
}

static const struct option patterns_options[] = {
    {"--format", NULL, "NAME", N_("table (default), json or ndjson")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_patterns = {
    .name = "patterns",
    .arguments = "[FILTER...]",
    .summary = N_("what only several entries together show"),
    .help =
        N_("One finding each: a token that stopped working, a look-up that finds nothing before a "
           "create that conflicts, a storm of retries against a rate limit, one cause behind many "
           "users, an outage. Most people affected first. Times in the sentences are UTC.\n"
           "\n"
           "FILTER: terms on time, source, label, host and kind narrow what is looked at; the "
           "others choose the findings that rest on an entry they select."),
    .options = patterns_options,
    .run = patterns_run,
};
