/* What stands in the detail view: written once per entry and width, drawn as often as needed. */
#ifndef TUI_VIEW_DETAIL_H
#define TUI_VIEW_DETAIL_H

#include "tui/view/pane.h"

enum { DETAIL_SIDE_BY_SIDE = 110 /* columns from which request and response stand side by side */ };

struct detail_page {
    struct arena arena;
    struct text head, left, right, tail; /* left and right stand beside each other */
    int gap;                             /* column where `right` begins; 0: nothing beside */
};

void detail_write(struct detail_page *p, const struct desk *d, const struct entry_answer *a,
                  int width);
void detail_free(struct detail_page *p);
size_t detail_lines(const struct detail_page *p);
/* The value that a line is about; false when it is about none. */
bool detail_value(const struct detail_page *p, size_t line, enum filter_key *key,
                  struct slice *out);
void detail_draw_page(const struct detail_page *p, struct canvas *c, struct rect r, size_t top);

#endif
