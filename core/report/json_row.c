/* One entry as one line of JSON, for json and ndjson alike. */
#include "core/base/json.h"
#include "core/base/json_check.h"
#include "core/base/safe.h"
#include "core/base/utf8.h"
#include "core/report/formats.h"

/* Whether the text may stand in a report as it is: one JSON value on one line without hidden
 * characters. The index writes records so; a changed index file need not hold to it. */
static bool raw_is_sound(struct slice raw)
{
    struct json_scan scan;
    json_scan_init(&scan, raw);
    if (!json_is_one_tree(raw) &&
        (!json_skip(&scan, json_next(&scan), NULL) || json_next(&scan) != JSON_END))
        return false;
    for (struct slice rest = raw;;) {
        rest = slice_from(rest, safe_plain_run(rest));
        if (rest.len == 0)
            return true;
        uint32_t code;
        size_t n = utf8_decode(rest, &code);
        if (n == 0 || safe_is_hidden(code))
            return false;
        rest = slice_from(rest, n);
    }
}

bool report_add_object(struct buf *out, const struct entry *entry, struct slice raw,
                       const char *const *fields)
{
    if (fields == entry_keys) { /* all, in their order */
        entry_write_json(out, entry);
        return buf_add_byte(out, '}');
    }
    if (fields) {
        buf_add_byte(out, '{');
        for (; *fields; fields++)
            entry_add_json(out, entry, *fields);
        return buf_add_byte(out, '}');
    }
    entry_write_json(out, entry);
    entry_add_remarks(out, entry);
    json_add_key(out, "raw");
    if (raw.len == 0) /* not asked for, or too large to be kept */
        json_add_string(out, SLICE_NONE);
    else if (!raw_is_sound(raw))
        json_add_string(out, raw);
    else
        buf_add(out, raw);
    return buf_add_byte(out, '}');
}
