/* Cutting rectangles: each function takes a part off `*r` and returns it. Parts never exceed what
 * is there. */
#ifndef TUI_SCREEN_LAYOUT_H
#define TUI_SCREEN_LAYOUT_H

#include "tui/screen/canvas.h"

struct rect layout_top(struct rect *r, int rows);
struct rect layout_bottom(struct rect *r, int rows);
struct rect layout_left(struct rect *r, int columns);
struct rect layout_right(struct rect *r, int columns);
/* Without `x` columns at both sides and `y` rows above and below. */
struct rect layout_inset(struct rect r, int x, int y);
/* A rectangle of that size (or less) in the middle of `r`. */
struct rect layout_middle(struct rect r, int width, int height);
bool layout_holds(struct rect r, int x, int y);

#endif
