/* Knows how retry policies and ISO 8601 delays of one unit read as words; see retry.h. */
#include "core/explain/retry.h"

#include "core/base/words.h"

/* "P1D" as "1 day", "PT40M" as "40 minutes"; anything else as it is. */
static struct slice retry_delay_words(struct slice delay, struct arena *arena)
{
    static const struct {
        const char *prefix, *suffix, *one, *many;
    } units[] = {
        {"PT", "H", N_("hour"), "hours"},     {"PT", "M", N_("minute"), "minutes"},
        {"PT", "S", N_("second"), "seconds"}, {"P", "D", N_("day"), "days"},
        {"P", "W", N_("week"), "weeks"},
    };
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        int64_t number;
        size_t before = strlen(units[i].prefix);
        if (delay.len <= before + 1 || !slice_starts(delay, units[i].prefix) ||
            !slice_ends_fold(delay, units[i].suffix) ||
            !slice_to_int64(slice_make(delay.at + before, delay.len - before - 1), &number))
            continue;
        return arena_format(arena, "%lld %s", (long long)number,
                            words_many(units[i].one, units[i].many, (uint64_t)number));
    }
    return delay;
}

struct slice retry_words(const struct rule *rule, struct arena *arena)
{
    static const struct {
        const char *policy, *words;
    } policies[] = {
        {"after-fix", N_("only after the fix: unchanged it fails again")},
        {"after-delay", N_("after a delay")},
        {"backoff", N_("yes, with growing pauses")},
        {"never", N_("no: repeated unchanged it fails again")},
    };
    struct slice words = rule->retry_policy;
    for (size_t i = 0; !slice_is_none(words) && i < sizeof policies / sizeof *policies; i++)
        if (slice_is(rule->retry_policy, policies[i].policy))
            words = slice_of(_(policies[i].words));
    if (slice_is_none(words) || slice_is_none(rule->retry_delay))
        return words;
    struct slice delay = retry_delay_words(rule->retry_delay, arena);
    return arena_format(arena, _("%.*s of %.*s"), (int)words.len, words.at, (int)delay.len,
                        delay.at);
}
