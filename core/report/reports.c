/* The table of report formats. */
#include "core/report/formats.h"

const struct report *const reports[] = {&report_csv,      &report_json, &report_ndjson,
                                        &report_markdown, &report_html, NULL};

const struct report *report_named(const char *name)
{
    for (const struct report *const *report = reports; *report; report++)
        if (strcmp((*report)->name, name) == 0)
            return *report;
    return NULL;
}
