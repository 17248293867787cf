/* Finds the entries of a HAR stream one by one, in memory that does not grow with the file. Knows
 * where entries begin and the names `log` and `entries`; what an entry says, and so where it ends,
 * is har_entry.h's. */
#ifndef IMPORT_HAR_CUT_H
#define IMPORT_HAR_CUT_H

#include "import/input.h"

struct har_cut;

enum har_step {
    HAR_PIECE, /* an entry begins: to be followed by har_cut_take or har_cut_reject */
    HAR_BAD,   /* a damaged place: out->offset and `why` tell it; the next call goes on behind it */
    HAR_END,   /* the capture ends */
    HAR_FAILED /* nothing more can be read: `why` says so */
};

struct har_piece {
    struct slice text; /* from the entry's bracket on, as much as is visible: it may go on behind
                          the entry or end inside it. Writable; lives until the next call */
    uint64_t offset;   /* in the file */
    bool guess;        /* found behind a damaged place by its looks: not every such object is one */
    bool alike;        /* a guess that begins with the same key as the first entry did */
};

struct har_cut *har_cut_open(struct input *in);
void har_cut_close(struct har_cut *cut); /* NULL-safe */

enum har_step har_cut_next(struct har_cut *cut, struct har_piece *out, struct fault *why);

/* The text of the piece ends inside the entry: shows more of it, from its begin on. HAR_BAD: there
 * is no more, or the entry is over RECORD_SIZE_LIMIT (`why`); then it is to be rejected. */
enum har_step har_cut_more(struct har_cut *cut, struct har_piece *piece, struct fault *why);

/* The piece handed out last is an entry and `size` bytes long: the next call goes on behind it. */
void har_cut_take(struct har_cut *cut, size_t size);

/* The piece handed out last is no sound entry: the next call looks for one inside it instead of
 * behind it, since a lost quote or bracket may have swallowed good ones. */
void har_cut_reject(struct har_cut *cut);

#endif
