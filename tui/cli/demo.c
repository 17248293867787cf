/* `scimscope demo`: the explorer, or the summary, on the sample logs that are built in. Their index
 * lies in a folder of its own that is removed afterwards, unless --db names one to keep. */
#include "core/base/alloc.h"
#include "tui/cli/commands.h"
#include "tui/cli/importing.h"
#include "tui/cli/opener.h"
#include "tui/cli/summary.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static int demo_summary(struct cli *cli, const char *db, const struct rulebook *book)
{
    struct store *store;
    struct fault why;
    if (store_open(&store, db, STORE_CREATE, &why))
        return cli_fail(cli, db, &why);
    int imported = importing_run_samples(cli, store, book);
    int code = summary_print(cli, store, book);
    store_close(store);
    return code ? code : imported;
}

static int demo_on(struct cli *cli, const char *db)
{
    struct rulebook *book;
    if (opener_can_explore(cli))
        return opener_explore(cli, &(struct explorer_options){.db = db, .sample = true});
    int code = cli_load_rules(cli, &book);
    if (!code)
        code = demo_summary(cli, db, book);
    rulebook_free(book);
    return code;
}

/* Removes the files of a folder that mkdtemp made, and the folder. */
static void demo_remove(const char *folder)
{
    DIR *dir = opendir(folder);
    if (dir) {
        for (struct dirent *item; (item = readdir(dir));)
            if (strcmp(item->d_name, ".") != 0 && strcmp(item->d_name, "..") != 0)
                unlinkat(dirfd(dir), item->d_name, 0);
        closedir(dir);
    }
    rmdir(folder);
}

static int demo_run(struct cli *cli)
{
    const char *given = options_value(&cli->options, "--db"), *base = getenv("TMPDIR");
    struct buf path;
    if (cli->options.word_count)
        return cli_usage(cli, "demo takes no arguments");
    if (given)
        return demo_on(cli, given);
    buf_init(&path, 4096);
    buf_add_format(&path, "%s/scimscope-demo-XXXXXX", base && base[0] == '/' ? base : "/tmp");
    if (buf_full(&path) || !mkdtemp(path.at)) {
        cli_say(cli, "no folder for the demo's index: %s", strerror(errno));
        buf_free(&path);
        return fault_exit_code(FAULT_IO);
    }
    char *folder = xstrdup(path.at);
    buf_add_text(&path, "/demo.db");
    int code = demo_on(cli, path.at);
    demo_remove(folder);
    free(folder);
    buf_free(&path);
    return code;
}

static const struct option demo_options[] = {OPENER_OPTIONS, {NULL, NULL, NULL, NULL}};

const struct command command_demo = {
    .name = "demo",
    .arguments = "",
    .summary = N_("the explorer on the bundled sample logs"),
    .help =
        N_("Imports the sample logs that are built in into an index of their own, which is removed "
           "afterwards, and opens the explorer on it. The samples hold every documented failure "
           "of the IIJ directory agent and the Entra SCIM API among ordinary traffic. Where "
           "stdout is no terminal the summary is printed instead."),
    .options = demo_options,
    .run = demo_run,
};
