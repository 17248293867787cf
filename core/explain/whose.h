/* Whose entry it is, as far as the entry itself tells (DESIGN.md section 1, "Whose entry it is").
 * What other entries tell is core/explain/link.c. Pure; any thread. */
#ifndef CORE_EXPLAIN_WHOSE_H
#define CORE_EXPLAIN_WHOSE_H

#include "core/explain/rulebook.h"

struct whose {
    struct slice user; /* SLICE_NONE = nobody, or not told */
    struct slice key;  /* the id in the path of a call on /Users/ID that states no userName: a name
                          that another call shows for it goes before `user` */
};

/* The user of a call; `bulk` n: of its n-th failed bulk operation. Slices are the record's or lie
 * in the arena. */
void whose_call(struct whose *out, const struct record_http *http, int bulk, struct arena *arena);

/* The user that an event names, in a pair of its text or as a named value of its data; `keys` are
 * the names of such pairs (rulebook_user_keys). */
struct slice whose_event(const struct record_event *event, struct text_list keys,
                         struct arena *arena);

/* The user that a text names in a `userName=`, `TargetExternalId:`, `user:`-like pair: the first
 * pair of the first key that has one. SLICE_NONE when it names none. Borrowed or in the arena. */
struct slice whose_pair(struct slice text, struct text_list keys, struct arena *arena);

#endif
