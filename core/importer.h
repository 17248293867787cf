/* The door between the front ends and the import wing. `import` fills it in, `tui/main.c` hands it
 * over, so that neither wing knows the other. */
#ifndef CORE_IMPORTER_H
#define CORE_IMPORTER_H

#include "core/base/fault.h"
#include "core/base/slice.h"

#include <stdatomic.h>

struct rulebook;
struct store;

struct format_info {
    const char *name;     /* "evtx": what --format takes and the source row shows */
    const char *title;    /* "Windows event log (.evtx)" */
    const char *suffixes; /* "evtx" or "har json", blank separated */
    const char *how;      /* how to make such an export, a few lines, for `formats show` */
};

struct import_options {
    const char *format; /* overrides detection, or NULL */
    const char *label;  /* or NULL */
    bool all_traffic;
    bool dry_run; /* read and classify, store nothing */
    bool follow;  /* go on with what is appended or dropped in, until stopped */
};

/* Read by other threads while an import runs. */
struct import_progress {
    _Atomic uint64_t bytes_done, bytes_total; /* over all files; total 0 = not known */
    _Atomic uint64_t entries, damaged, files_done, files_total;
    _Atomic bool stop; /* set by anyone: end after the batch at hand */
};

/* What became of one input; also one row of `source`. */
struct import_result {
    struct slice path, format; /* format SLICE_NONE when refused */
    uint64_t entries, added, duplicates, damaged, other;
    enum fault_code code; /* FAULT_NONE, or why it was refused or ended early */
    bool stored;          /* at least one of its entries is in the index */
    struct fault why;
};

/* Called from the importing thread: one result per source, and each damaged place as it is met
 * (`why->offset` is the byte offset). May be NULL. */
struct import_listener {
    void *self;
    void (*source)(void *self, const struct import_result *result);
    void (*damaged)(void *self, const char *path, const struct fault *why);
};

struct importer {
    const struct format_info *const *formats; /* NULL-ended */
    /* Imports files and directories (recursively, sorted by name) and "-" in the given order into
     * a store opened for writing. Returns the exit code of DESIGN.md section 4 over all inputs. */
    int (*run)(struct store *store, const struct rulebook *book, const char *const *paths,
               size_t path_count, const struct import_options *options,
               struct import_progress *progress, const struct import_listener *listener);
    /* The same for bytes in memory (embedded samples). */
    int (*run_memory)(struct store *store, const struct rulebook *book, const char *path,
                      struct slice bytes, const struct import_options *options,
                      struct import_progress *progress, const struct import_listener *listener);
};

#endif
