/* Small YAML files of the user's: where they lie, reading them whole, writing them so that a file
 * is either the old or the new one. */
#ifndef TUI_SCREEN_CONFIG_H
#define TUI_SCREEN_CONFIG_H

#include "core/base/buf.h"
#include "core/base/fault.h"

enum { CONFIG_PATH = 4096 };

/* $XDG_CONFIG_HOME/scimscope/NAME, else ~/.config/scimscope/NAME; false when there is neither. */
bool config_place(char path[CONFIG_PATH], const char *name);
/* The same of $XDG_STATE_HOME, else ~/.local/state; the home of the account where HOME is not set.
 */
bool config_state_place(char path[CONFIG_PATH], const char *name);
/* The whole regular file into `out`, up to its limit; the path stands in the sentence.
 * FAULT_MISSING when it is not there or cannot be read, FAULT_CONFIG when it is too large. */
enum fault_code config_read(struct buf *out, const char *path, struct fault *why);
/* The file anew, mode 0600; missing folders are made, 0700. FAULT_IO. */
enum fault_code config_write(const char *path, struct slice text, struct fault *why);
/* `key: value` as a line of its own in the file, in place of the one that is there; all else stays.
 * `value` is a plain word. */
enum fault_code config_put(const char *path, const char *key, const char *value, struct fault *why);
/* The sentence of `inner` with path and place before it: "FILE:LINE:COLUMN: ...". */
enum fault_code config_fault(struct fault *why, const char *path, const struct fault *inner);

#endif
