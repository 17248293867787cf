/* One source of an import job. */
#ifndef IMPORT_SOURCE_H
#define IMPORT_SOURCE_H

#include "import/reader.h"

struct follow;
struct ingest;

/* Where a source's bytes come from. */
struct origin {
    const char *path;
    struct slice bytes;        /* in memory; SLICE_NONE: the file `path` */
    const struct input *outer; /* of a packed file's member: the file, for progress; else NULL */
};

/* An import job: what its sources share, and what they mean together. */
struct job {
    struct ingest *ingest;
    const struct import_options *options;
    struct import_progress *progress;
    const struct import_listener *listener; /* or NULL */
    struct follow *follow;                  /* or NULL */
    uint64_t bytes_before;                  /* of the files already done */
    bool any_stored, any_refused;
    int worst; /* of the exit codes that win over 3 and 4 */
};

/* Opens the bytes; `stop` ends reading them early. */
enum fault_code origin_open(struct input **out, const struct origin *origin,
                            const _Atomic bool *stop, struct fault *why);

/* Imports what `in` (open, not read yet) holds; false when the job cannot go on. */
bool source_import(struct job *job, const struct origin *origin, struct input *in,
                   const struct reader *reader);
/* Tells that a source is refused, and why; false when the job cannot go on. */
bool source_refuse(struct job *job, const char *path, const struct fault *refused);

#endif
