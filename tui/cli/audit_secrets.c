/* `scimscope audit-secrets`: the redaction rules once more, over what the index holds. */
#include "core/audit.h"

#include "tui/cli/commands.h"

#include <inttypes.h>

static void audit_say(void *self, const struct audit_hit *hit)
{
    struct cli *cli = self;
    cli_add_format(cli, "%" PRId64 "\t%s\t", hit->entry, hit->where);
    cli_add_safe(cli, hit->class_name);
    cli_add(cli, SLICE("\n"));
}

static int audit_run(struct cli *cli)
{
    struct store *store;
    struct audit_result result;
    struct fault why;
    if (cli->options.word_count)
        return cli_usage(cli, "audit-secrets takes no arguments");
    int code = cli_open_index(cli, STORE_READ, &store);
    if (code)
        return code;
    if (audit_index(store, audit_say, cli, &result, &why))
        code = cli_fail(cli, store_path(store), &why);
    else if (result.hits)
        code = 1;
    if (result.hits)
        cli_say(cli, "%llu places may hold a secret; `scimscope forget` takes entries out",
                (unsigned long long)result.hits);
    else if (!code)
        cli_note(cli, "%s: no secret found in %llu entries", store_path(store),
                 (unsigned long long)result.entries);
    store_close(store);
    return code;
}

const struct command command_audit_secrets = {
    .name = "audit-secrets",
    .arguments = "",
    .summary = N_("search the index for secrets again"),
    .help =
        N_("Secrets are taken out before anything is stored. This looks through every record and "
           "text of the index with the same rules once more and ends with 1 on a find. Prints "
           "entry id, place and kind, tab-separated; never the value. Places outside entries "
           "(source paths and labels) have the id 0."),
    .run = audit_run,
};
