/* Knows the ceilings of header lists; see pairs.h. */
#include "import/pairs.h"

#include "core/base/alloc.h"

#include <stdlib.h>

void pair_list_add(struct pair_list *list, struct slice name, struct slice value)
{
    if (slice_is_none(name) || list->count == RECORD_FIELDS_LIMIT)
        return;
    if (list->count == list->cap) {
        list->cap = list->cap ? list->cap * 2 : 32;
        list->at = xrealloc(list->at, list->cap, sizeof *list->at);
    }
    if (slice_is_none(value))
        value = SLICE("");
    if (value.len > RECORD_HEADER_LIMIT) {
        value.len = RECORD_HEADER_LIMIT;
        while (value.len && ((unsigned char)value.at[value.len] & 0xc0) == 0x80)
            value.len--; /* not inside a character */
    }
    list->at[list->count++] = (struct pair){name, value};
}

void pair_list_free(struct pair_list *list)
{
    free(list->at);
    *list = (struct pair_list){0};
}
