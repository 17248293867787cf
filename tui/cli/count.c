/* `scimscope count`: how many entries a filter selects, in all or by a value. */
#include "tui/cli/commands.h"

static const struct {
    const char *name;
    enum facet facet;
} count_facets[] = {
    {"class", FACET_CLASS},   {"category", FACET_CATEGORY}, {"user", FACET_USER},
    {"status", FACET_STATUS}, {"source", FACET_SOURCE},     {"state", FACET_STATE},
    {"hour", FACET_HOUR},     {"day", FACET_DAY},
};

enum { COUNT_FACETS = sizeof count_facets / sizeof *count_facets };

/* The facet that --by names, FACETS when it was not given. */
static enum fault_code count_by(struct cli *cli, enum facet *out, struct fault *why)
{
    const char *names[COUNT_FACETS + 1] = {NULL}, *chosen;
    for (size_t i = 0; i < COUNT_FACETS; i++)
        names[i] = count_facets[i].name;
    *out = FACETS;
    enum fault_code code = options_choice(&cli->options, "--by", names, NULL, &chosen, why);
    for (size_t i = 0; chosen && i < COUNT_FACETS; i++)
        if (names[i] == chosen)
            *out = count_facets[i].facet;
    return code;
}

static enum fault_code count_rows(struct cli *cli, struct selection *sel, enum facet facet,
                                  struct arena *arena, uint64_t *number, struct fault *why)
{
    struct facet_row *rows;
    size_t count;
    enum fault_code code = selection_facet(sel, facet, SIZE_MAX, arena, &rows, &count, why);
    *number = code ? 0 : count;
    for (size_t i = 0; !code && i < count; i++) {
        cli_add_format(cli, "%llu\t", (unsigned long long)rows[i].count);
        cli_add_safe(cli, slice_is_none(rows[i].value) ? SLICE("-") : rows[i].value);
        if (!cli_add(cli, SLICE("\n")))
            break;
    }
    return code;
}

static int count_run(struct cli *cli)
{
    enum facet facet;
    struct fault why;
    struct store *store = NULL;
    struct selection *sel = NULL;
    struct filter *filter;
    struct arena arena;
    uint64_t number = 0;
    if (count_by(cli, &facet, &why))
        return cli_usage(cli, "%s", why.text);
    arena_init(&arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_open_entries(cli, NULL, &store);
    if (!code) {
        enum fault_code fault = selection_open(&sel, store, filter, &why);
        if (!fault && facet != FACETS)
            fault = count_rows(cli, sel, facet, &arena, &number, &why);
        else if (!fault && !(fault = selection_count(sel, &number, &why)))
            cli_add_format(cli, "%llu\n", (unsigned long long)number);
        if (fault)
            code = cli_fail(cli, store_path(store), &why);
        else if (!number)
            cli_note_coverage(cli, store);
    }
    selection_close(sel);
    store_close(store);
    arena_free(&arena);
    return code;
}

static const struct option count_options[] = {
    {"--by", NULL, "KEY", N_("class, category, user, status, source, state, hour or day")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_count = {
    .name = "count",
    .arguments = "[FILTER...]",
    .summary = N_("how many entries a filter selects"),
    .help =
        N_("Prints one number. With --by: one line per value, COUNT and VALUE separated by a tab, "
           "most first, `-` for entries without one; hours and days as UTC times, in time order."),
    .options = count_options,
    .run = count_run,
};
