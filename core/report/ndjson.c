/* NDJSON: one entry per line, for tools that read streams. */
#include "core/report/formats.h"

#include "core/base/words.h"

static bool ndjson_begin(struct buf *out, const char *const *fields)
{
    (void)fields;
    return !buf_full(out);
}

static bool ndjson_row(struct buf *out, const struct entry *entry, struct slice raw,
                       const char *const *fields, uint64_t number)
{
    (void)number;
    report_add_object(out, entry, raw, fields);
    return buf_add_byte(out, '\n');
}

static bool ndjson_end(struct buf *out)
{
    return !buf_full(out);
}

const struct report report_ndjson = {
    .name = "ndjson",
    .title = N_("JSON, one entry per line"),
    .with_raw = true,
    .begin = ndjson_begin,
    .row = ndjson_row,
    .end = ndjson_end,
};
