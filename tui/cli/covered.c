/* What an answer of nothing rests on: which entries were there to be asked, and whether their
 * sources show everything. "Nothing failed" is worth no more than that. */
#include "core/index/coverage.h"

#include "tui/cli/commands.h"

/* Above it only what the sources' rows tell is said: the look for gaps walks over all entries. */
enum { COVERED_WALK = 1000 * 1000 };

struct covered {
    uint64_t entries;
    int64_t first_us, last_us;
    size_t lacking; /* sources that do not show everything */
};

static struct covered covered_sum(const struct store_source *sources, const struct coverage *found,
                                  size_t count)
{
    struct covered sum = {.first_us = TIME_NONE, .last_us = TIME_NONE};
    for (size_t i = 0; i < count; i++) {
        const struct store_source *s = &sources[i];
        sum.entries += s->added;
        sum.lacking += found ? !coverage_is_whole(s, &found[i]) : !s->complete || s->damaged;
        if (s->first_us == TIME_NONE)
            continue;
        if (sum.first_us == TIME_NONE || s->first_us < sum.first_us)
            sum.first_us = s->first_us;
        if (sum.last_us == TIME_NONE || s->last_us > sum.last_us)
            sum.last_us = s->last_us;
    }
    return sum;
}

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
        struct covered sum = covered_sum(sources, NULL, count);
        if (sum.entries <= COVERED_WALK &&
            store_coverage(store, sources, count, &arena, &found, &why) == FAULT_NONE)
            sum = covered_sum(sources, found, count);
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
