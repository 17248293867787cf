/* Texts for the clipboard of the person's terminal (OSC 52), which only goes there when the
 * settings say so: whoever chooses a name in a log would write into it otherwise. Pure; any thread.
 */
#ifndef TUI_SCREEN_CLIPBOARD_H
#define TUI_SCREEN_CLIPBOARD_H

#include "core/base/buf.h"

/* Bytes of a text: what the common terminals take, less would cut curl commands off. */
enum { CLIPBOARD_LIMIT = 64 * 1024 };

/* Appends the sequence that puts the text into the clipboard; of the text its safe form only (line
 * ends and tabs stay). False, and nothing appended, when that is longer than CLIPBOARD_LIMIT. */
bool clipboard_add(struct buf *out, struct slice text);

#endif
