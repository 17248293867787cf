/* Bodies as one reads them: JSON and XML one member a line, indented by two. */
#ifndef TUI_SCREEN_PRETTY_H
#define TUI_SCREEN_PRETTY_H

#include "core/base/buf.h"

/* Appends the XML with each element on a line of its own, those that hold only text whole. False
 * when it is none, or its tags do not close as they open; what was appended is then of no use. */
bool pretty_add_xml(struct buf *out, struct slice text);

#endif
