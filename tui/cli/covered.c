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
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];
    if (cli->quiet)
        return;
    arena_init(&arena);
    if (store_sources(store, &arena, &sources, &count, &why) == FAULT_NONE && count) {
        struct coverage_sum sum = coverage_sum(sources, NULL, count);
        /* Above it only what the sources' rows tell is said: gaps need a walk over all. */
        if (sum.entries <= COVERAGE_QUICK &&
            store_coverage(store, sources, count, &arena, &found, &why) == FAULT_NONE)
            sum = coverage_sum(sources, found, count);
        if (sum.first_us == TIME_NONE)
            cli_note(cli, "nothing found in %llu entries without a time (sources: %zu)",
                     (unsigned long long)sum.entries, count);
        else
            cli_note(cli, "nothing found in %llu entries from %s to %s (sources: %zu)",
                     (unsigned long long)sum.entries, time_local_text(first, sum.first_us),
                     time_local_text(last, sum.last_us), count);
        if (sum.lacking)
            cli_note(
                cli,
                "sources that do not show everything: %zu; scimscope sources tells what is missing",
                sum.lacking);
        else
            cli_note(cli, "nothing seems to be missing from the sources");
    }
    arena_free(&arena);
}
