/* Knows what is wrong with the filter of a query: words that the Entra SCIM API does not take, and
 * blanks around '=' that it refuses. */
#include "core/explain/entra.h"
#include "core/explain/evidence/check.h"

/* Offset of a blank (also as %20 or '+') before or after the first '=' of a parameter; SIZE_MAX. */
static size_t blank_at_equals(struct slice query)
{
    for (size_t i = 0; i < query.len; i++) {
        if (query.at[i] != '=')
            continue;
        struct slice before = slice_first(query, i), after = slice_from(query, i + 1);
        if (slice_ends_fold(before, " ") || slice_ends_fold(before, "+"))
            return i - 1;
        if (slice_ends_fold(before, "%20"))
            return i - 3;
        if (slice_starts(after, " ") || slice_starts(after, "+") || slice_starts(after, "%20"))
            return i + 1;
    }
    return SIZE_MAX;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = evidence_concerns(c, "filter") || evidence_concerns(c, "query");
    bool entra = slice_is(c->rule->vendor, "entra-api");
    if (!about || !slice_is(c->rule->category, "invalid-request"))
        return;
    if (c->entry->kind != KIND_HTTP) {
        evidence_lacking(out, c, self, "The filter");
        return;
    }
    size_t blank = entra ? blank_at_equals(c->facts->query) : SIZE_MAX;
    struct slice filter = url_parameter(c->facts->query, "filter", c->arena);
    if (blank != SIZE_MAX)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "A blank stands beside \"=\" in the query, at character %zu: \"%.*s\"",
                     blank + 1, EVIDENCE_QUOTE(c->facts->query));
    if (slice_is_none(filter))
        return;
    bool groups = path_has_segment(c->facts->path, "groups");
    struct slice word = entra ? entra_filter_offence(filter, groups) : SLICE_NONE;
    if (word.len)
        evidence_say(out, c, self, EVIDENCE_SHOWN,
                     "The API does not support \"%.*s\" in the filter %.*s", EVIDENCE_QUOTE(word),
                     EVIDENCE_QUOTE(filter));
    else
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The filter is: %.*s",
                     EVIDENCE_QUOTE(filter));
}

const struct evidence_check evidence_filter = {.id = "filter", .run = run};
