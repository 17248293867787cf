/* `scimscope export`: a report of the selected entries, to stdout or into a new file. */
#include "core/report/report.h"

#include "tui/cli/commands.h"
#include "tui/cli/stop.h"

#include <errno.h>
#include <unistd.h>

enum { EXPORT_FORMATS = 16 };

static enum fault_code export_choose(struct cli *cli, const struct report **out, struct fault *why)
{
    const char *names[EXPORT_FORMATS + 1] = {NULL}, *chosen;
    for (size_t i = 0; i < EXPORT_FORMATS && reports[i]; i++)
        names[i] = reports[i]->name;
    enum fault_code code = options_choice(&cli->options, "--format", names, "csv", &chosen, why);
    if (!code)
        *out = report_named(chosen);
    return code;
}

/* To stdout. The report writes to the descriptor itself, so what went wrong there is told apart by
 * errno. */
static int export_print(struct cli *cli, struct store *store, const struct report *report,
                        const struct filter *filter, const struct report_options *options)
{
    struct fault why;
    uint64_t rows;
    errno = 0;
    if (!report_write(report, store, filter, options, STDOUT_FILENO, &rows, &why))
        return 0;
    if (why.code == FAULT_IO) {
        cli->out_errno = errno ? errno : EIO; /* cli_end says it */
        return 1;
    }
    return cli_fail(cli, NULL, &why);
}

static int export_file(struct cli *cli, struct store *store, const struct report *report,
                       const struct filter *filter, const struct report_options *options,
                       const char *path)
{
    struct fault why;
    uint64_t rows = 0;
    if (report_write_file(report, store, filter, path, options, &rows, &why)) {
        int code = cli_fail(cli, path, &why);
        return why.code == FAULT_IO ? 1 : code;
    }
    cli_note(cli, "%s: %llu entries", path, (unsigned long long)rows);
    return 0;
}

static int export_run(struct cli *cli)
{
    const struct report *report = NULL;
    const char *path = options_value(&cli->options, "--output");
    struct store *store = NULL;
    struct rulebook *book = NULL;
    struct filter *filter;
    struct arena arena;
    struct fault why;
    if (export_choose(cli, &report, &why))
        return cli_usage(cli, "%s", why.text);
    if (path && strcmp(path, "-") == 0)
        path = NULL;
    arena_init(&arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_open_entries(cli, NULL, &store);
    struct report_options options = {.bom = options_has(&cli->options, "--bom"),
                                     .pseudonymize = options_has(&cli->options, "--pseudonymize"),
                                     .stop = stop_flag()};
    if (!code && (report->markup || options.pseudonymize))
        code = cli_load_rules(cli, &book);
    options.book = book;
    if (!code)
        code = path ? export_file(cli, store, report, filter, &options, path)
                    : export_print(cli, store, report, filter, &options);
    store_close(store);
    rulebook_free(book);
    arena_free(&arena);
    return code;
}

static const struct option export_options[] = {
    {"--format", NULL, "NAME", N_("csv (default), json, ndjson, markdown or html")},
    {"--output", "-o", "FILE",
     N_("write a new file, readable by its owner only, instead of stdout")},
    {"--pseudonymize", NULL, NULL,
     N_("user names, mail addresses and ids become pseudonyms, equal for equal values")},
    {"--bom", NULL, NULL, N_("begin with a byte order mark, for spreadsheets")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_export = {
    .name = "export",
    .arguments = "[FILTER...]",
    .summary = N_("a report of the selected entries"),
    .help = N_("Oldest first. json and ndjson also hold each entry's mark, note and whole redacted "
               "record. A file appears only when it is complete, with mode 0600."),
    .options = export_options,
    .run = export_run,
};
