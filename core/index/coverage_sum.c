/* Knows what the coverage of all sources together comes to, and how that is said where nothing was
 * found; see coverage.h. */
#include "core/base/words.h"
#include "core/index/coverage.h"

bool coverage_is_whole(const struct store_source *source, const struct coverage *c)
{
    return source->complete && !source->damaged && !c->holes && !c->gaps && !c->twice &&
           !c->cleared && !c->ids_unread && !c->unread;
}

struct coverage_sum coverage_sum(const struct store_source *sources, const struct coverage *found,
                                 size_t count)
{
    struct coverage_sum sum = {.sources = count, .first_us = TIME_NONE, .last_us = TIME_NONE};
    for (size_t i = 0; i < count; i++) {
        const struct store_source *s = &sources[i];
        bool unread = !found || found[i].unread;
        bool lacking = unread ? !s->complete || s->damaged : !coverage_is_whole(s, &found[i]);
        sum.entries += s->held;
        sum.lacking += lacking;
        sum.unread += unread && !lacking;
        if (s->first_us == TIME_NONE)
            continue;
        if (sum.first_us == TIME_NONE || s->first_us < sum.first_us)
            sum.first_us = s->first_us;
        if (sum.last_us == TIME_NONE || s->last_us > sum.last_us)
            sum.last_us = s->last_us;
    }
    return sum;
}

void coverage_words(const struct coverage_sum *sum, const char *where, struct arena *arena,
                    struct slice *held, struct slice *missing)
{
    char first[TIME_TEXT_SIZE], last[TIME_TEXT_SIZE];
    if (sum->first_us == TIME_NONE)
        *held =
            arena_format(arena, _("nothing found in %llu entries without a time (sources: %zu)"),
                         (unsigned long long)sum->entries, sum->sources);
    else
        *held =
            arena_format(arena, _("nothing found in %llu entries from %s to %s (sources: %zu)"),
                         (unsigned long long)sum->entries, time_local_text(first, sum->first_us),
                         time_local_text(last, sum->last_us), sum->sources);
    if (sum->lacking)
        *missing = arena_format(
            arena, _("sources that do not show everything: %zu; %s tells what is missing"),
            sum->lacking, where);
    else if (sum->unread)
        *missing = arena_format(arena, _("whether something is missing, %s tells"), where);
    else
        *missing = arena_copy(arena, slice_of(_("nothing seems to be missing from the sources")));
}
