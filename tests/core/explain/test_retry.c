/* Retry advice in words. */
#include "core/explain/retry.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct arena arena;

static char *words(const char *policy, const char *delay)
{
    struct rule rule = {.retry_policy = slice_of(policy), .retry_delay = slice_of(delay)};
    struct slice text = arena_copy(&arena, retry_words(&rule, &arena));
    return slice_is_none(text) ? "(none)" : (char *)(uintptr_t)text.at;
}

Test(retry, says_delays_in_words)
{
    cr_expect(eq(str, words("after-delay", "P1D"), "after a delay of 1 day"));
    cr_expect(eq(str, words("after-delay", "PT40M"), "after a delay of 40 minutes"));
    cr_expect(eq(str, words("after-delay", "P1M"), "after a delay of P1M"));
    cr_expect(eq(str, words("after-delay", "PT"), "after a delay of PT"));
}

Test(retry, says_policies_in_words)
{
    cr_expect(eq(str, words("backoff", NULL), "yes, with growing pauses"));
    cr_expect(eq(str, words("own-policy", NULL), "own-policy"));
}

Test(retry, is_absent_without_a_policy)
{
    cr_expect(eq(str, words(NULL, "P1D"), "(none)"));
}
