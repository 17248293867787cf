/* `scimscope forget`: take entries out of the index. */
#include "core/forget.h"

#include "core/explain/rulebook.h"
#include "tui/cli/commands.h"
#include "tui/screen/memory.h"

#include <inttypes.h>
#include <stdio.h>

/* A date, or a date and time, in the zone of the process. */
static bool forget_time(struct slice text, int64_t *out)
{
    char day[32];
    if (time_parse(text, out, NULL))
        return true;
    if (text.len > 10)
        return false;
    snprintf(day, sizeof day, "%.*s 00:00", (int)text.len, text.at);
    return time_parse(slice_of(day), out, NULL);
}

/* The sources of that path (one per label), each with `before`. */
static int forget_run_sources(struct cli *cli, struct store *store, const struct rulebook *book,
                              const char *path, int64_t before_us, uint64_t *entries)
{
    struct store_source *sources;
    struct arena arena;
    struct fault why;
    size_t count, found = 0;
    int code = 0;
    arena_init(&arena);
    if (store_sources(store, &arena, &sources, &count, &why))
        code = cli_fail(cli, store_path(store), &why);
    for (size_t i = 0; !code && i < count; i++) {
        if (!slice_is(sources[i].path, path))
            continue;
        struct store_forget what = {.source = sources[i].id, .before_us = before_us};
        uint64_t some;
        if (forget_entries(store, book, &what, &some, &why))
            code = cli_fail(cli, store_path(store), &why);
        *entries += some;
        found++;
    }
    if (!code && !found)
        code = cli_usage(cli, "%s is no source of this index; see scimscope sources", path);
    arena_free(&arena);
    return code;
}

static int forget_run(struct cli *cli)
{
    struct store *store;
    struct rulebook *book = NULL;
    struct fault why;
    uint64_t entries = 0;
    struct store_forget what = {.before_us = TIME_NONE};
    const char *before = options_value(&cli->options, "--before");
    if (before && !forget_time(slice_of(before), &what.before_us))
        return cli_usage(cli, "--before %s is no time", before);
    if (!before && !cli->options.word_count)
        return cli_usage(cli, "forget needs a source or --before TIME");
    int code = cli_open_index(cli, STORE_WRITE, &store);
    if (code)
        return code;
    code = cli_load_rules(cli, &book);
    for (size_t i = 0; !code && i < cli->options.word_count; i++)
        code =
            forget_run_sources(cli, store, book, cli->options.words[i], what.before_us, &entries);
    if (!code && !cli->options.word_count && forget_entries(store, book, &what, &entries, &why))
        code = cli_fail(cli, store_path(store), &why);
    if (!code)
        memory_forget(store_path(store)); /* the explorer's filter may name who is gone */
    if (!code)
        cli_note(cli, "%llu entries taken out", (unsigned long long)entries);
    rulebook_free(book);
    store_close(store);
    return code;
}

static const struct option forget_options[] = {
    {"--before", NULL, "TIME", N_("entries before this date or time only")},
    {NULL, NULL, NULL, NULL},
};

const struct command command_forget = {
    .name = "forget",
    .arguments = "[SOURCE...]",
    .summary = N_("take entries out of the index"),
    .help =
        N_("Takes out the entries of the sources (paths as `sources` shows them), those before a "
           "time, or both, with everything that was kept of them. Entries that several sources "
           "share belong to the one that was imported first: import the others again to have "
           "them back. The files themselves are never touched."),
    .options = forget_options,
    .run = forget_run,
};
