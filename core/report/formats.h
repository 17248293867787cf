/* The report formats and what they share; private to core/report. */
#ifndef CORE_REPORT_FORMATS_H
#define CORE_REPORT_FORMATS_H

#include "core/report/report.h"

extern const struct report report_csv, report_json, report_ndjson, report_markdown, report_html;

/* Appends an entry as one JSON object on one line: `fields`, or all of them with `mark note raw`.
 */
bool report_add_object(struct buf *out, const struct entry *entry, struct slice raw,
                       const char *const *fields);

#endif
