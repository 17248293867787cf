/* Reading a small YAML file of the user's, with its name in what goes wrong. */
#ifndef TUI_SCREEN_CONFIG_H
#define TUI_SCREEN_CONFIG_H

#include "core/base/buf.h"
#include "core/base/fault.h"

/* The whole file into `out`, at most YAML_SIZE bytes. FAULT_MISSING, FAULT_CONFIG when too large.
 */
enum fault_code config_read(struct buf *out, const char *path, struct fault *why);
/* Puts the path before the sentence of `inner` and keeps its place. */
enum fault_code config_fault(struct fault *why, const char *path, const struct fault *inner);

#endif
