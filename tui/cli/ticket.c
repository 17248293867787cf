/* `scimscope ticket`: what one hands to a vendor's support. */
#include "core/report/ticket.h"

#include "tui/cli/commands.h"
#include "tui/cli/stop.h"

#include <errno.h>
#include <unistd.h>

/* What it cannot write is said as with every other output. */
static int ticket_fail(struct cli *cli, const char *path, const struct fault *why)
{
    if (why->code == FAULT_IO && !path) {
        cli->out_errno = errno ? errno : EIO; /* cli_end says it */
        return 1;
    }
    int code = cli_fail(cli, path, why);
    return why->code == FAULT_IO ? 1 : code;
}

static int ticket_run(struct cli *cli)
{
    const char *path = options_value(&cli->options, "--output");
    struct store *store = NULL;
    struct rulebook *book = NULL;
    struct filter *filter;
    struct ticket_result result;
    struct arena arena;
    struct fault why = {0};
    if (path && strcmp(path, "-") == 0)
        path = NULL;
    arena_init(&arena);
    int code = cli_read_filter(cli, 0, &arena, &filter);
    if (!code)
        code = cli_load_rules(cli, &book);
    if (!code)
        code = cli_open_entries(cli, book, &store);
    if (!code) {
        struct ticket_options options = {.filter = filter, .book = book, .stop = stop_flag()};
        errno = 0;
        enum fault_code bad = path ? ticket_write_file(store, path, &options, &result, &why)
                                   : ticket_write(store, STDOUT_FILENO, &options, &result, &why);
        if (bad)
            code = ticket_fail(cli, path, &why);
        else if (path)
            cli_note(cli, "%s: %llu problems, %llu pseudonyms", path,
                     (unsigned long long)result.problems, (unsigned long long)result.people);
    }
    store_close(store);
    rulebook_free(book);
    arena_free(&arena);
    return code;
}

static const struct option ticket_options[] = {
    {"--output", "-o", "FILE",
     N_("write a new file, readable by its owner only, instead of stdout")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_ticket = {
    .name = "ticket",
    .arguments = "[FILTER...]",
    .summary = N_("a redacted support ticket for the vendor"),
    .help =
        N_("Markdown: the problems of what is selected with cause, remedy and evidence, the "
           "redacted records of some failures, patterns such as outage windows, and what the "
           "sources cover. User names, mail addresses and ids are pseudonyms, equal for equal "
           "values. Before anything is written the ticket is searched once more: by the redaction "
           "rules, for every secret that the index has seen, and for every name that was replaced. "
           "On a find nothing is written and the command ends with 1."),
    .options = ticket_options,
    .run = ticket_run,
};
