/* `scimscope list`: the selected entries, oldest first, as a table or for scripts. */
#include "core/report/report.h"

#include "core/base/near.h"
#include "core/base/safe.h"
#include "tui/cli/commands.h"

/* A column of the table. */
struct list_column {
    const char *key, *heading;
    size_t width;
};

enum { LIST_FIELDS = 40, LIST_CELL = 64 * 1024 * 1024 };

struct list {
    struct cli *cli;
    const struct report *report; /* NULL: table */
    struct list_column columns[LIST_FIELDS];
    const char *fields[LIST_FIELDS + 1]; /* NULL-ended */
    const char *const *wanted;           /* these, or all */
    size_t column_count;
    size_t width; /* of the terminal, 0 = none: nothing is cut */
    uint64_t limit, number;
    struct buf cell;
};

static const struct list_column list_standard[] = {
    {"id", "ID", 7},        {"time", "TIME", 19},     {"status", "STATUS", 6},
    {"class", "CLASS", 30}, {"user", "USER", 26},     {"method", "METHOD", 6},
    {"path", "PATH", 28},   {"detail", "DETAIL", 40},
};

static const struct list_column *list_column_of(const char *key)
{
    static const struct list_column other = {NULL, NULL, 12};
    for (size_t i = 0; i < sizeof list_standard / sizeof *list_standard; i++)
        if (strcmp(list_standard[i].key, key) == 0)
            return &list_standard[i];
    return &other;
}

static const char *list_key(struct slice name, const char *const *keys)
{
    while (*keys && !slice_is(name, *keys))
        keys++;
    return *keys;
}

/* --fields a,b,c: each must be a key of DESIGN.md section 6, or mark, note, work. */
static enum fault_code list_add_field(struct list *list, struct slice name, struct fault *why)
{
    char shown[60];
    const char *key = list_key(name, entry_keys);
    if (!key)
        key = list_key(name, entry_remark_keys);
    safe_short(shown, sizeof shown, name);
    if (key && list->column_count == LIST_FIELDS)
        return fault_set(why, FAULT_USAGE, "--fields: more than %d fields", LIST_FIELDS);
    if (key) {
        list->fields[list->column_count] = key;
        list->columns[list->column_count++] =
            (struct list_column){key, key, list_column_of(key)->width};
        return FAULT_NONE;
    }
    const char *near = near_find(name, entry_keys);
    return near
               ? fault_set(why, FAULT_USAGE, "--fields: no field %s; did you mean %s?", shown, near)
               : fault_set(why, FAULT_USAGE, "--fields: no field %s", shown);
}

static enum fault_code list_choose(struct list *list, struct fault *why)
{
    static const char *const formats[] = {"table", "json", "ndjson", "csv", NULL};
    const struct options *options = &list->cli->options;
    const char *format;
    enum fault_code code = options_choice(options, "--format", formats, "table", &format, why);
    if (!code)
        code = options_number(options, "--limit", UINT64_MAX, &list->limit, why);
    struct slice rest = slice_of(options_value(options, "--fields")), name;
    while (!code && slice_cut(&rest, ',', &name))
        code = list_add_field(list, slice_trim(name), why);
    if (code)
        return code;
    list->report = report_named(format);
    if (list->report || list->column_count)
        return FAULT_NONE;
    for (size_t i = 0; i < sizeof list_standard / sizeof *list_standard; i++)
        list->columns[list->column_count++] = list_standard[i];
    return FAULT_NONE;
}

/* --- the table -------------------------------------------------------------------------------- */

/* One cell; on a terminal the line ends where the terminal does. `*used`: cells so far. */
static void list_cell(struct list *list, struct slice text, size_t column, size_t *used)
{
    struct cli *cli = list->cli;
    bool last = column + 1 == list->column_count;
    size_t width = list->columns[column].width;
    if (!list->width) { /* for a file or a pipe: padded, never cut */
        size_t before = cli->out.len;
        cli_cell(&cli->out, text, SIZE_MAX / 2, false);
        size_t length = cli->out.len - before;
        for (; !last && length < width; length++)
            buf_add_byte(&cli->out, ' ');
        buf_add_text(&cli->out, last ? "" : "  ");
        return;
    }
    if (*used >= list->width)
        return;
    size_t left = list->width - *used;
    if (last || width > left)
        width = left;
    cli_cell(&cli->out, text, width, !last && width < left);
    *used += width + 2;
    if (!last && *used < list->width)
        buf_add_text(&cli->out, "  ");
}

static void list_heading(struct list *list)
{
    size_t used = 0;
    for (size_t i = 0; i < list->column_count; i++)
        list_cell(list, slice_of(list->columns[i].heading), i, &used);
    cli_add(list->cli, SLICE("\n"));
}

static bool list_table_row(struct list *list, const struct entry *entry)
{
    size_t used = 0;
    for (size_t i = 0; i < list->column_count; i++) {
        const char *key = list->columns[i].key;
        char time[TIME_TEXT_SIZE];
        buf_reset(&list->cell);
        if (strcmp(key, "time") == 0 && entry->time_us != TIME_NONE)
            buf_add_text(&list->cell, time_local_text(time, entry->time_us));
        else
            entry_add_field(&list->cell, entry, key);
        list_cell(list, list->cell.len ? buf_slice(&list->cell) : SLICE("-"), i, &used);
    }
    return cli_add(list->cli, SLICE("\n"));
}

/* --- running ---------------------------------------------------------------------------------- */

static bool list_row(void *self, const struct entry *entry, struct slice raw)
{
    struct list *list = self;
    (void)raw;
    if (list->number >= list->limit)
        return false;
    bool fine = list->report ? list->report->row(&list->cli->out, entry, SLICE_NONE, list->wanted,
                                                 list->number) &&
                                   cli_add(list->cli, SLICE(""))
                             : list_table_row(list, entry);
    list->number++;
    return fine && list->number < list->limit;
}

static enum fault_code list_print(struct list *list, struct store *store,
                                  const struct filter *filter, struct fault *why)
{
    struct selection *sel;
    bool reverse = options_has(&list->cli->options, "--reverse");
    enum fault_code code = selection_open(&sel, store, filter, why);
    if (code)
        return code;
    /* json, ndjson, csv without --fields: all of them */
    list->wanted = list->column_count ? list->fields : entry_keys;
    if (list->report)
        list->report->begin(&list->cli->out, list->wanted);
    else
        list_heading(list);
    if (list->limit)
        code = selection_each_ahead(sel, reverse ? ORDER_NEWEST : ORDER_OLDEST, false, list_row,
                                    list, why);
    if (!code && list->report)
        list->report->end(&list->cli->out);
    selection_close(sel);
    return code;
}

static int list_run(struct cli *cli)
{
    struct list list = {.cli = cli, .width = cli_width()};
    struct store *store = NULL;
    struct filter *filter;
    struct arena arena;
    struct fault why;
    if (list_choose(&list, &why))
        return cli_usage(cli, "%s", why.text);
    arena_init(&arena);
    buf_init(&list.cell, LIST_CELL);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_open_entries(cli, NULL, &store);
    if (!code && list_print(&list, store, filter, &why))
        code = cli_fail(cli, store_path(store), &why);
    else if (!code && !list.number && !options_value(&cli->options, "--limit"))
        cli_note_coverage(cli, store);
    store_close(store);
    buf_free(&list.cell);
    arena_free(&arena);
    return code;
}

static const struct option list_options[] = {
    {"--format", NULL, "NAME", N_("table (default), json, ndjson or csv")},
    {"--limit", NULL, "N", N_("at most so many entries")},
    {"--reverse", NULL, NULL, N_("newest first")},
    {"--fields", NULL, "A,B,...", N_("these fields only, in this order; names are the JSON keys")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_list = {
    .name = "list",
    .arguments = "[FILTER...]",
    .summary = N_("the selected entries"),
    .help = N_(
        "All selected entries, oldest first by time, source and position; entries without a "
        "time come last. The table shows times in the chosen zone and is cut to the width of a "
        "terminal, never elsewhere; json, ndjson and csv have UTC times and every field.\n"
        "\n"
        "FILTER: terms like class:iij-username-taken user:tanaka status:4xx since:7d -is:success; "
        "see the README for the language."),
    .options = list_options,
    .run = list_run,
};
