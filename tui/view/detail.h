/* What stands in the detail view: written once per entry and width, drawn as often as needed. */
#ifndef TUI_VIEW_DETAIL_H
#define TUI_VIEW_DETAIL_H

#include "tui/view/pane.h"

enum { DETAIL_SIDE_BY_SIDE = 110 /* columns from which request and response stand side by side */ };

/* What is folded in the bodies of a page: lines by document and number. */
enum { FOLDS = 256, FOLD_LINES = 1 << 20 };
#define FOLD_KEY(document) (((document) + 1) * FOLD_LINES)
enum { DOCUMENT_REQUEST, DOCUMENT_RESPONSE, DOCUMENT_RECORD };
struct folds {
    int keys[FOLDS];
    size_t count;
    bool all; /* the other way round: all are folded but these */
};
bool folds_has(const struct folds *folds, int key);
void folds_toggle(struct folds *folds, int key);

/* text_json.c: pretty JSON or XML, or any other text as it is. `folds` NULL: nothing can be folded;
 * else lines that can be are marked with their key. */
void pretty_write(struct text *t, struct slice pretty, const struct folds *folds, int document);

/* claims.c: the claims of a token's tag in a value; nothing without one. */
void claims_write(struct text *t, struct slice value, int64_t call_us);

struct detail_page {
    struct arena arena;
    struct text head, left, right, tail; /* left and right stand beside each other */
    int gap;                             /* column where `right` begins; 0: nothing beside */
};

void detail_write(struct detail_page *p, const struct desk *d, const struct entry_answer *a,
                  const struct folds *folds, int width);
/* Folds or opens what begins in that line, on either side; false when nothing does. */
bool detail_fold(const struct detail_page *p, size_t line, struct folds *folds);
void detail_free(struct detail_page *p);
size_t detail_lines(const struct detail_page *p);
/* The value that a line is about; false when it is about none. */
bool detail_value(const struct detail_page *p, size_t line, enum filter_key *key,
                  struct slice *out);
void detail_draw_page(const struct detail_page *p, struct canvas *c, struct rect r, size_t top);

#endif
