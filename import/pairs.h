/* Lists of headers and fields under the ceilings of core/record.h. */
#ifndef IMPORT_PAIRS_H
#define IMPORT_PAIRS_H

#include "core/record.h"

struct pair_list {
    struct pair *at;
    size_t count, cap;
};

/* Adds a pair (borrowed). A value over RECORD_HEADER_LIMIT is cut at a character; pairs over
 * RECORD_FIELDS_LIMIT and pairs without a name are left out; a missing value becomes empty. */
void pair_list_add(struct pair_list *list, struct slice name, struct slice value);
/* Gives the memory back; the list is empty and usable again. */
void pair_list_free(struct pair_list *list);

#endif
