/* Where one was in an index when the explorer was left: one small file per index in
 * $XDG_STATE_HOME/scimscope (else ~/.local/state/scimscope), readable by its owner only. A file
 * that is missing, foreign or damaged means: nothing is known. */
#ifndef TUI_SCREEN_MEMORY_H
#define TUI_SCREEN_MEMORY_H

#include "core/base/buf.h"
#include "core/index/store.h"

struct memory {
    struct buf filter; /* may not parse: whoever uses it tries */
    enum order order;
    int64_t entry; /* id of the entry under the cursor, 0: none */
};

void memory_init(struct memory *m);
void memory_free(struct memory *m);
/* False, and `m` as after memory_init(), when nothing is known of the index at that path. */
bool memory_load(struct memory *m, const char *index_path);
/* Keeps it, or does nothing where that cannot be: leaving never fails over this. */
void memory_save(const struct memory *m, const char *index_path);
/* Takes the file away: its filter may name who was taken out of the index. */
void memory_forget(const char *index_path);

#endif
