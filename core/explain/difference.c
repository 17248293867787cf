/* Knows when problems of two sides are the same, and what shows a repair; see difference.h. */
#include "core/explain/difference.h"

#include "core/base/alloc.h"
#include "core/index/filter.h"
#include "core/index/store.h"

#include <stdlib.h>

const char *difference_kind_name(enum difference_kind kind)
{
    static const char *const names[] = {"new", "persisting", "fixed"};
    return names[kind];
}

static int compare_folded(struct slice a, struct slice b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    for (size_t i = 0; i < len; i++) {
        int left = (unsigned char)a.at[i], right = (unsigned char)b.at[i];
        left += left >= 'A' && left <= 'Z' ? 32 : 0;
        right += right >= 'A' && right <= 'Z' ? 32 : 0;
        if (left != right)
            return left - right;
    }
    return (a.len > b.len) - (a.len < b.len);
}

/* Whose problem it is: class, subject, whether a user. */
static int compare_problems(const void *left, const void *right)
{
    const struct problem *a = left, *b = right;
    int order = compare_folded(a->class_id, b->class_id);
    if (!order)
        order = compare_folded(a->subject, b->subject);
    return order ? order : (int)slice_is_none(a->user) - (int)slice_is_none(b->user);
}

static int compare_differences(const void *left, const void *right)
{
    const struct difference *a = left, *b = right;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    const struct problem *p = a->kind == DIFFERENCE_FIXED ? &a->before : &a->after;
    const struct problem *q = b->kind == DIFFERENCE_FIXED ? &b->before : &b->after;
    if (p->attempts != q->attempts)
        return p->attempts > q->attempts ? -1 : 1;
    return compare_problems(p, q);
}

/* --- repairs ---------------------------------------------------------------------------------- */

/* How many entries of a user the side holds. */
static enum fault_code count_user(const struct difference_side *side, struct slice user,
                                  struct arena *arena, uint64_t *out, struct fault *why)
{
    struct buf text;
    struct filter *filter;
    struct selection *sel = NULL;
    buf_init(&text, FILTER_SIZE);
    if (side->filter)
        buf_add(&text, side->filter->text);
    buf_add_byte(&text, ' ');
    filter_add_term(&text, false, FILTER_USER, user);
    enum fault_code code = filter_parse(&filter, buf_slice(&text), arena, why);
    if (!code)
        code = selection_open(&sel, side->store, filter, why);
    if (!code)
        code = selection_count(sel, out, why);
    selection_close(sel);
    buf_free(&text);
    return code;
}

static enum fault_code judge_repair(struct difference *d, const struct difference_side *a,
                                    const struct difference_side *b, struct selection *second,
                                    struct arena *arena, struct fault *why)
{
    struct fault outside;
    uint64_t rank, count = 0;
    d->repair = EVIDENCE_NOT_CAPTURED;
    if (a->store == b->store && d->before.state == PROBLEM_RESOLVED &&
        !selection_rank(second, ORDER_OLDEST, d->before.resolved_by, &rank, &outside)) {
        d->repair = EVIDENCE_SHOWN;
        d->by = d->before.resolved_by;
        return FAULT_NONE;
    }
    enum fault_code code = slice_is_none(d->before.user)
                               ? FAULT_NONE
                               : count_user(b, d->before.user, arena, &count, why);
    if (count)
        d->repair = EVIDENCE_CONSISTENT;
    return code;
}

/* --- all -------------------------------------------------------------------------------------- */

/* Both lists by compare_problems, as one. */
static size_t merge(const struct problem *before, size_t before_count, const struct problem *after,
                    size_t after_count, struct difference *out)
{
    size_t count = 0, i = 0, j = 0;
    while (i < before_count || j < after_count) {
        int order = i == before_count  ? 1
                    : j == after_count ? -1
                                       : compare_problems(&before[i], &after[j]);
        struct difference *d = &out[count++];
        *d = (struct difference){.kind = order < 0   ? DIFFERENCE_FIXED
                                         : order > 0 ? DIFFERENCE_NEW
                                                     : DIFFERENCE_PERSISTING};
        if (order <= 0)
            d->before = before[i++];
        if (order >= 0)
            d->after = after[j++];
    }
    return count;
}

enum fault_code difference_list(const struct difference_side *a, const struct difference_side *b,
                                struct arena *arena, struct difference **out, size_t *count,
                                bool *empty, struct fault *why)
{
    struct problem *before = NULL, *after = NULL;
    size_t before_count = 0, after_count = 0;
    struct selection *second = NULL;
    uint64_t entries = 0;
    *count = 0;
    enum fault_code code =
        problem_list_within(a->store, a->filter, arena, &before, &before_count, why);
    if (!code)
        code = problem_list_within(b->store, b->filter, arena, &after, &after_count, why);
    if (!code)
        code = selection_open(&second, b->store, b->filter, why);
    if (!code)
        code = selection_count(second, &entries, why);
    if (!code) {
        if (before_count)
            qsort(before, before_count, sizeof *before, compare_problems);
        if (after_count)
            qsort(after, after_count, sizeof *after, compare_problems);
        *out = arena_zalloc(arena, before_count + after_count + 1, sizeof **out);
        *count = merge(before, before_count, after, after_count, *out);
    }
    for (size_t i = 0; !code && i < *count; i++)
        if ((*out)[i].kind == DIFFERENCE_FIXED)
            code = judge_repair(&(*out)[i], a, b, second, arena, why);
    selection_close(second);
    if (!code && *count)
        qsort(*out, *count, sizeof **out, compare_differences);
    *empty = entries == 0;
    return code;
}
