/* Knows which problem a failed entry belongs to without asking its row: by the numbers of its
 * subject and class. States change without the entries, so what is made here is never written. */
#include "core/index/column.h"

#include "core/base/alloc.h"
#include "core/explain/problem.h"

#include <stdlib.h>

enum { SLOTS_FIRST = 1024, PROBLEMS_LIMIT = INT32_MAX / 2 };

struct problem_slot {
    int64_t subject;
    int32_t class, number; /* 1 + it; 0: free */
};

static size_t slot_of(const struct problem_set *set, int64_t subject, int32_t class)
{
    uint64_t h = ((uint64_t)subject << 20 ^ (uint64_t) class) * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 24) & set->mask;
    while (set->slots[at].number &&
           (set->slots[at].subject != subject || set->slots[at].class != class))
        at = (at + 1) & set->mask;
    return at;
}

int32_t problem_set_find(const struct problem_set *set, int64_t subject, int64_t class)
{
    if (class <= 0 || class > INT32_MAX)
        return NO_PROBLEM;
    return set->slots[slot_of(set, subject, (int32_t) class)].number - 1;
}

static void grow(struct problem_set *set)
{
    size_t before = set->slots ? set->mask + 1 : 0;
    struct problem_slot *old = set->slots;
    if (before && set->count * 2 < before)
        return;
    set->mask = (before ? before * 2 : SLOTS_FIRST) - 1;
    set->slots = xcalloc(set->mask + 1, sizeof *set->slots);
    for (size_t i = 0; i < before; i++)
        if (old[i].number)
            set->slots[slot_of(set, old[i].subject, old[i].class)] = old[i];
    free(old);
    set->ids = xrealloc(set->ids, set->mask + 1, sizeof *set->ids);
    set->states = xrealloc(set->states, set->mask + 1, 1);
}

enum fault_code problem_set_read(struct problem_set **out, struct store *s, struct fault *why)
{
    *out = NULL;
    sqlite3_stmt *st =
        store_statement(s, "SELECT id, subject, class, state FROM problem ORDER BY id", why);
    if (!st)
        return store_statement_fault(why);
    struct problem_set *set = xcalloc(1, sizeof *set);
    enum fault_code code = FAULT_NONE;
    int rc = SQLITE_DONE;
    grow(set);
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        int64_t subject = sqlite3_column_int64(st, 1), class = sqlite3_column_int64(st, 2);
        int state = sqlite3_column_int(st, 3);
        if (class <= 0 || class > INT32_MAX || set->count >= PROBLEMS_LIMIT ||
            !problem_state_name((enum problem_state)state)) {
            code = fault_set(why, FAULT_INDEX, "the index is damaged: problem %lld",
                             (long long)sqlite3_column_int64(st, 0));
            break;
        }
        set->ids[set->count] = sqlite3_column_int64(st, 0);
        set->states[set->count] = (unsigned char)state;
        set->slots[slot_of(set, subject, (int32_t) class)] =
            (struct problem_slot){subject, (int32_t) class, (int32_t)++set->count};
        grow(set);
    }
    if (!code && rc != SQLITE_DONE)
        code = store_sql_fault(s, rc, why);
    sqlite3_reset(st);
    if (code)
        problem_set_free(set);
    else
        *out = set;
    return code;
}

void problem_set_free(struct problem_set *set)
{
    if (!set)
        return;
    free(set->ids);
    free(set->states);
    free(set->slots);
    free(set);
}

enum fault_code problem_states(struct store *s, struct block *b, struct fault *why)
{
    const struct problem_set *set;
    const struct column *subjects, *classes;
    enum fault_code code = columns_problems(s, &set, why);
    if (!code)
        code = block_column(s, b, FIELD_SUBJECT, &subjects, why);
    if (!code)
        code = block_column(s, b, FIELD_CLASS, &classes, why);
    if (code)
        return code;
    int64_t *states = xcalloc(b->entries, sizeof *states);
    for (size_t i = 0; i < b->entries; i++) {
        int64_t subject = column_number(subjects, i);
        int32_t number = subject == COLUMN_NULL
                             ? NO_PROBLEM
                             : problem_set_find(set, subject, column_number(classes, i));
        states[i] = number == NO_PROBLEM ? COLUMN_NULL : set->states[number];
    }
    b->columns[FIELD_STATE] = xcalloc(1, sizeof *b->columns[FIELD_STATE]);
    column_pack(b->columns[FIELD_STATE], states, b->entries);
    free(states);
    return FAULT_NONE;
}
