/* JSON: one array of entries. */
#include "core/report/formats.h"

#include "core/base/words.h"

static bool json_begin(struct buf *out, const char *const *fields)
{
    (void)fields;
    return buf_add_byte(out, '[');
}

static bool json_row(struct buf *out, const struct entry *entry, struct slice raw,
                     const char *const *fields, uint64_t number)
{
    buf_add_text(out, number ? ",\n" : "\n");
    return report_add_object(out, entry, raw, fields);
}

static bool json_end(struct buf *out)
{
    return buf_add_text(out, "\n]\n");
}

const struct report report_json = {
    .name = "json",
    .title = N_("JSON, one array"),
    .with_raw = true,
    .begin = json_begin,
    .row = json_row,
    .end = json_end,
};
