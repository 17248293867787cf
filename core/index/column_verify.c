/* Knows how columns are proved: each block is made again from the rows and compared with the file.
 */
#include "core/index/column.h"

#include <stdio.h>

enum { LINE = 160, SAID_AT_MOST = 20 };

static bool same_column(const struct column *a, const struct column *b, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (column_number(a, i) != column_number(b, i))
            return false;
    return true;
}

/* The text of an entry, as the block has it. */
static struct slice text_of(const struct block *b, size_t field, size_t at)
{
    const struct texts_block *texts = b->texts[field - FIELD_TEXTS];
    int64_t number = column_number(b->columns[field], at);
    if (number < 0 || (size_t)number >= texts->count)
        return SLICE_NONE;
    return slice_make(texts->bytes + texts->starts[number],
                      texts->starts[number + 1] - texts->starts[number] - 1);
}

static bool same_texts(const struct block *a, const struct block *b, size_t field)
{
    for (size_t i = 0; i < a->entries; i++) {
        struct slice left = text_of(a, field, i), right = text_of(b, field, i);
        if (slice_is_none(left) != slice_is_none(right) || !slice_equal(left, right))
            return false;
    }
    return true;
}

static bool same_classes(const struct block *a, const struct block *b)
{
    return a->class_count == b->class_count &&
           (!a->class_count ||
            memcmp(a->classes, b->classes, a->class_count * sizeof *a->classes) == 0);
}

/* What is wrong with a block whose blobs are read, or NULL. */
static const char *difference(const struct block *b, const struct block *made)
{
    if (!made || made->entries != b->entries || made->last_id != b->last_id)
        return "hold other entries than the rows";
    if (made->timed != b->timed || made->min_us != b->min_us || made->max_us != b->max_us ||
        !same_classes(b, made))
        return "are summed up wrong";
    for (size_t f = 0; f < FIELDS; f++) {
        if ((f == FIELD_USER || f == FIELD_SUBJECT) && b->flags & BLOCK_USER_STALE)
            continue; /* known to be behind */
        if (f < FIELD_TEXTS ? !same_column(b->columns[f], made->columns[f], b->entries)
                            : !same_texts(b, made, f))
            return "differ from the rows";
    }
    return NULL;
}

static enum fault_code verify_block(struct store *s, struct block *b, const char **wrong,
                                    struct fault *why)
{
    *wrong = NULL;
    for (unsigned f = 0; f < BLOBS && !*wrong; f++)
        if (!block_load(s, b, f))
            *wrong = "are missing or damaged";
    struct block *made = NULL;
    enum fault_code code =
        *wrong ? FAULT_NONE : block_build(&made, s, b->first_id, b->last_id, why);
    if (!code && !*wrong)
        *wrong = difference(b, made);
    block_release(made);
    return code;
}

enum fault_code columns_verify(struct store *s, void (*say)(void *self, const char *line),
                               void *self, uint64_t *faults, struct fault *why)
{
    struct block **blocks = NULL;
    size_t count = 0;
    int64_t entries = 0, sum = 0;
    uint64_t before = *faults;
    char line[LINE];
    enum fault_code code = blocks_list(s, &blocks, &count, why);
    if (!code)
        code = store_ask(s, "SELECT count(*) FROM entry", 0, &entries, why);
    for (size_t i = 0; !code && i < count; i++) {
        const char *wrong;
        sum += (int64_t)blocks[i]->entries;
        code = verify_block(s, blocks[i], &wrong, why);
        if (!code && wrong) {
            snprintf(line, sizeof line, "columns of entries %lld to %lld: %s",
                     (long long)blocks[i]->first_id, (long long)blocks[i]->last_id, wrong);
            if (++*faults - before <= SAID_AT_MOST)
                say(self, line);
        }
        block_release(blocks[i]);
        blocks[i] = NULL;
    }
    if (!code && sum != entries) {
        snprintf(line, sizeof line, "columns hold %lld entries of %lld", (long long)sum,
                 (long long)entries);
        ++*faults;
        say(self, line);
    }
    blocks_release(blocks, count);
    return code;
}
