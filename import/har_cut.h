/* Cuts the entries out of a HAR stream one by one, in memory that does not grow with the file.
 * Knows only brackets, strings and the names `log` and `entries`; what an entry says is
 * har_entry.h's. */
#ifndef IMPORT_HAR_CUT_H
#define IMPORT_HAR_CUT_H

#include "import/input.h"

struct har_cut;

enum har_step {
    HAR_PIECE, /* *out is the text of one entry, borrowed until the next call */
    HAR_BAD,   /* a damaged place: out->offset and `why` tell it; the next call goes on behind it */
    HAR_END,   /* the capture ends */
    HAR_FAILED /* nothing more can be read: `why` says so */
};

struct har_piece {
    struct slice text;
    uint64_t offset; /* in the file */
    bool guess;      /* found behind a damaged place by its looks: not every such object is one */
    bool alike;      /* begins with the same key as the first entry did */
};

struct har_cut *har_cut_open(struct input *in);
void har_cut_close(struct har_cut *cut); /* NULL-safe */

enum har_step har_cut_next(struct har_cut *cut, struct har_piece *out, struct fault *why);

/* Says that the piece handed out last is no sound entry: the next call looks for the next entry
 * inside it instead of behind it, since a lost quote or bracket may have swallowed good ones. */
void har_cut_reject(struct har_cut *cut);

#endif
