/* `scimscope check`: for schedulers: does something fail? */
#include "core/explain/problem.h"

#include "tui/cli/commands.h"
#include "tui/cli/rows.h"

enum { CHECK_FAILING = 1, CHECK_NO_DATA = 9 };

static enum fault_code check_any(struct store *store, const struct filter *filter, bool *any,
                                 struct fault *why)
{
    struct selection *sel;
    uint64_t count = 0;
    enum fault_code code = selection_open(&sel, store, filter, why);
    if (code)
        return code;
    code = selection_count(sel, &count, why);
    selection_close(sel);
    *any = count > 0;
    return code;
}

/* One line per problem that is not resolved. Failures of which nothing can tell whether they were
 * resolved count as failing: silence is no success. */
static uint64_t check_print(struct cli *cli, const struct problem *rows, size_t count)
{
    uint64_t failing = 0;
    for (size_t i = 0; i < count; i++) {
        if (rows[i].state == PROBLEM_RESOLVED)
            continue;
        failing++;
        if (cli->quiet)
            continue;
        rows_cell(cli, slice_of(problem_state_name(rows[i].state)), 8, false);
        rows_time(cli, rows[i].last_us);
        rows_cell(cli, rows[i].class_id, 30, false);
        rows_cell(cli, rows[i].subject, 0, true);
        if (!cli_add(cli, SLICE("")))
            break;
    }
    return failing;
}

static int check_run(struct cli *cli)
{
    struct store *store = NULL;
    struct filter *filter;
    struct arena arena;
    struct fault why;
    struct problem *rows;
    size_t count = 0;
    bool any = false;
    arena_init(&arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_open_entries(cli, NULL, &store);
    if (!code && (check_any(store, filter, &any, &why) ||
                  (any && problem_list(store, filter, &arena, &rows, &count, &why))))
        code = cli_fail(cli, store_path(store), &why);
    else if (!code && !any) {
        cli_note(cli, "no entries in the window");
        code = CHECK_NO_DATA;
    } else if (!code && check_print(cli, rows, count)) {
        code = CHECK_FAILING;
    } else if (!code) {
        cli_note_coverage(cli, store);
    }
    store_close(store);
    arena_free(&arena);
    return code;
}

const struct command command_check = {
    .name = "check",
    .arguments = "[FILTER...]",
    .summary = N_("for schedulers: whether something fails"),
    .help =
        N_("Ends with 0 when no problem is failing, 1 when one is (one line for each, silent with "
           "--quiet), 9 when the filter selects no entries at all. Failures of which nothing can "
           "tell whether they were resolved count as failing. Use a window, as in check "
           "since:1d, and import before."),
    .run = check_run,
};
