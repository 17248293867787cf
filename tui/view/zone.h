/* Turning to another zone of all times on the screen and in the filter. */
#ifndef TUI_VIEW_ZONE_H
#define TUI_VIEW_ZONE_H

#include "tui/view/desk.h"

/* The next of: as begun with, UTC, the machine's, the one of the source at hand where it is known.
 */
void zone_next(struct desk *d);

#endif
