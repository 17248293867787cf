/* What an answer of nothing rests on: which entries were there to be asked, and whether their
 * sources show everything. "Nothing failed" is worth no more than that. */
#include "core/index/coverage.h"

#include "tui/cli/commands.h"

void cli_note_coverage(struct cli *cli, struct store *store)
{
    struct arena arena;
    struct store_source *sources;
    struct coverage *found = NULL;
    struct fault why;
    size_t count = 0;
    if (cli->quiet)
        return;
    arena_init(&arena);
    if (store_sources(store, &arena, &sources, &count, &why) == FAULT_NONE && count) {
        if (store_coverage_quick(store, sources, count, &arena, &found, &why))
            found = NULL;
        struct coverage_sum sum = coverage_sum(sources, found, count);
        struct slice held, missing;
        coverage_words(&sum, "scimscope sources", &arena, &held, &missing);
        cli_note(cli, "%s", held.at);
        cli_note(cli, "%s", missing.at);
    }
    arena_free(&arena);
}
