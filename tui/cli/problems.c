/* `scimscope problems`: one row per class and user, and what to change: the list that one hands to
 * whoever keeps the directory. */
#include "core/explain/problem.h"

#include "core/explain/fix.h"
#include "core/index/lookup.h"
#include "core/report/report.h"
#include "tui/cli/commands.h"
#include "tui/cli/rows.h"

#include <stdio.h>

enum problems_format { PROBLEMS_TABLE, PROBLEMS_JSON, PROBLEMS_NDJSON, PROBLEMS_CSV };

struct problems {
    struct cli *cli;
    struct store *store;
    struct rulebook *book;
    enum problems_format format;
    struct arena arena; /* of the row at hand */
};

/* What the newest failed entry of a problem says about its remedy. */
static enum fault_code problems_fix(struct problems *p, const struct problem *problem,
                                    const struct rule *rule, struct fix *fix, struct fault *why)
{
    struct entry entry;
    struct slice raw;
    struct record record;
    struct facts facts = {0};
    struct fault unread;
    *fix = (struct fix){0};
    enum fault_code code = store_entry(p->store, problem->last_entry, &p->arena, &entry, &raw, why);
    if (code)
        return code;
    bool known = raw.len && !record_read(&record, raw, &p->arena, &unread);
    if (known)
        facts_of_record(&facts, p->book, &record, entry.bulk_operation, &p->arena);
    struct evidence_lookup lookup = store_evidence_lookup(p->store);
    fix_of(fix, &entry, known ? &record : NULL, &facts, rule, p->book,
           entry.kind == KIND_EVENT ? &lookup : NULL, &p->arena);
    return FAULT_NONE;
}

static enum fault_code problems_json(struct problems *p, const struct problem *problem,
                                     const struct rule *rule, const struct fix *fix, size_t number,
                                     struct fault *why)
{
    struct buf *out = &p->cli->out;
    int64_t *ids;
    size_t count;
    enum fault_code code = problem_entries(p->store, problem, &p->arena, &ids, &count, why);
    if (code)
        return code;
    if (p->format == PROBLEMS_JSON && number)
        buf_add_byte(out, ',');
    buf_add_byte(out, '{');
    rows_json_text(out, "user", problem->user);
    rows_json_text(out, "subject", problem->subject);
    rows_json_text(out, "class", problem->class_id);
    rows_json_text(out, "title", rule ? rule->title : SLICE_NONE);
    rows_json_number(out, "attempts", (int64_t)problem->attempts, -1);
    rows_json_time(out, "first", problem->first_us);
    rows_json_time(out, "last", problem->last_us);
    rows_json_text(out, "state", slice_of(problem_state_name(problem->state)));
    rows_json_number(out, "resolved_by", problem->resolved_by, 0);
    rows_json_ids(out, "entries", ids, count);
    rows_json_text(out, "value", fix->value);
    rows_json_text(out, "action", fix->action);
    rows_json_text(out, "mark", problem->mark);
    rows_json_text(out, "note", problem->note);
    rows_json_text(out, "work", problem->work);
    buf_add_text(out, p->format == PROBLEMS_JSON ? "}" : "}\n");
    return FAULT_NONE;
}

static void problems_csv(struct problems *p, const struct problem *problem, const struct rule *rule,
                         const struct fix *fix)
{
    struct buf *out = &p->cli->out;
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE], attempts[24];
    snprintf(attempts, sizeof attempts, "%llu", (unsigned long long)problem->attempts);
    const struct slice cells[] = {
        problem->user,
        fix->attribute,
        fix->config_key,
        fix->value,
        fix->wrong,
        fix->proposal,
        fix->action,
        problem->class_id,
        rule ? rule->title : SLICE_NONE,
        slice_of(attempts),
        problem->first_us == TIME_NONE ? SLICE_NONE
                                       : slice_of(time_utc_text(first, problem->first_us)),
        problem->last_us == TIME_NONE ? SLICE_NONE
                                      : slice_of(time_utc_text(last, problem->last_us)),
        slice_of(problem_state_name(problem->state)),
        problem->subject};
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        buf_add_text(out, i ? "," : "");
        report_add_cell(out, cells[i]);
    }
    buf_add_text(out, "\r\n");
}

static void problems_table(struct problems *p, const struct problem *problem,
                           const struct rule *rule)
{
    struct cli *cli = p->cli;
    rows_cell(cli, slice_of(problem_state_name(problem->state)), 8, false);
    rows_number(cli, problem->attempts, 8);
    rows_time(cli, problem->first_us);
    rows_time(cli, problem->last_us);
    rows_cell(cli, problem->subject, 32, false);
    rows_cell(cli, problem->class_id, 30, false);
    rows_cell(cli, rule ? rule->title : SLICE_NONE, 0, true);
}

static void problems_heading(struct problems *p)
{
    static const char csv[] = "\"user\",\"attribute\",\"config_key\",\"value\",\"wrong\","
                              "\"proposal\",\"action\",\"class\",\"title\",\"attempts\","
                              "\"first\",\"last\",\"state\",\"subject\"\r\n";
    struct cli *cli = p->cli;
    if (p->format == PROBLEMS_JSON)
        cli_add(cli, SLICE("["));
    if (p->format == PROBLEMS_CSV)
        cli_add(cli, slice_of(csv));
    if (p->format != PROBLEMS_TABLE)
        return;
    rows_cell(cli, SLICE("STATE"), 8, false);
    rows_cell(cli, SLICE("ATTEMPTS"), 8, false);
    rows_cell(cli, SLICE("FIRST"), 19, false);
    rows_cell(cli, SLICE("LAST"), 19, false);
    rows_cell(cli, SLICE("USER"), 32, false);
    rows_cell(cli, SLICE("CLASS"), 30, false);
    rows_cell(cli, SLICE("TITLE"), 0, true);
}

static enum fault_code problems_print(struct problems *p, const struct filter *filter,
                                      struct fault *why)
{
    struct arena arena;
    struct problem *rows;
    size_t count = 0;
    arena_init(&arena);
    enum fault_code code = problem_list(p->store, filter, &arena, &rows, &count, why);
    if (!code)
        problems_heading(p);
    for (size_t i = 0; !code && i < count; i++) {
        const struct rule *rule = rulebook_find(p->book, rows[i].class_id);
        struct fix fix;
        arena_reset(&p->arena);
        if (p->format == PROBLEMS_TABLE) {
            problems_table(p, &rows[i], rule);
        } else {
            code = problems_fix(p, &rows[i], rule, &fix, why);
            if (!code && p->format == PROBLEMS_CSV)
                problems_csv(p, &rows[i], rule, &fix);
            else if (!code)
                code = problems_json(p, &rows[i], rule, &fix, i, why);
        }
        if (!cli_add(p->cli, SLICE("")))
            break;
    }
    if (!code && p->format == PROBLEMS_JSON)
        cli_add(p->cli, SLICE("]\n"));
    if (!code && !count)
        cli_note_coverage(p->cli, p->store);
    arena_free(&arena);
    return code;
}

static int problems_run(struct cli *cli)
{
    static const char *const formats[] = {[PROBLEMS_TABLE] = "table",
                                          [PROBLEMS_JSON] = "json",
                                          [PROBLEMS_NDJSON] = "ndjson",
                                          [PROBLEMS_CSV] = "csv",
                                          [PROBLEMS_CSV + 1] = NULL};
    struct problems p = {.cli = cli};
    struct filter *filter;
    struct arena arena;
    struct fault why;
    const char *format;
    if (options_choice(&cli->options, "--format", formats, "table", &format, &why))
        return cli_usage(cli, "%s", why.text);
    while (formats[p.format] != format)
        p.format++;
    arena_init(&arena);
    arena_init(&p.arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_load_rules(cli, &p.book);
    if (!code)
        code = cli_open_entries(cli, p.book, &p.store);
    if (!code && problems_print(&p, filter, &why))
        code = cli_fail(cli, store_path(p.store), &why);
    store_close(p.store);
    rulebook_free(p.book);
    arena_free(&p.arena);
    arena_free(&arena);
    return code;
}

static const struct option problems_options[] = {
    {"--format", NULL, "NAME", N_("table (default), json, ndjson or csv")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_problems = {
    .name = "problems",
    .arguments = "[FILTER...]",
    .summary = N_("what fails for whom, and what to change"),
    .help =
        N_("One row for all failures of one class for one user (or other subject): attempts, "
           "first, last, and whether it still fails, was resolved by a later success of the same "
           "operation, or nothing can tell. What is not resolved comes first, classes that hit "
           "most people before others. csv is the list to hand to whoever keeps the directory: "
           "attribute, configuration key, the value that was sent, what is wrong with it, and a "
           "proposal where the value itself gives one.\n"
           "\n"
           "FILTER chooses the problems that have an entry it selects; each is counted whole."),
    .options = problems_options,
    .run = problems_run,
};
