/* Knows what is wrong with the filter of a query: words that the Entra SCIM API or AWS does not
 * take, and blanks around '=' that it refuses. */
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

/* The first operator of a filter other than eq and `and`, values in quotes left out. */
static struct slice only_equal_and(struct slice filter)
{
    static const char *const refused[] = {"ne", "co", "sw", "ew", "pr", "gt",
                                          "ge", "lt", "le", "or", "not"};
    struct slice rest = filter, quoted, word;
    while (slice_cut(&rest, '"', &quoted)) {
        while (slice_cut(&quoted, ' ', &word))
            for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
                if (slice_is_fold(word, refused[i]))
                    return word;
        slice_cut(&rest, '"', &quoted);
    }
    return SLICE_NONE;
}

static void run(struct evidence_list *out, const struct evidence_case *c,
                const struct evidence_check *self)
{
    bool about = evidence_concerns(c, "filter") || evidence_concerns(c, "query");
    bool entra = slice_is(c->rule->vendor, "entra-api");
    bool aws = slice_is(c->rule->vendor, "aws");
    enum evidence_verdict verdict = about ? EVIDENCE_SHOWN : EVIDENCE_CONSISTENT;
    if (!slice_is(c->rule->category, "invalid-request") || (!about && c->facts->status != 400))
        return;
    if (c->entry->kind != KIND_HTTP) {
        if (about)
            evidence_lacking(out, c, self, "The filter");
        return;
    }
    size_t blank = entra ? blank_at_equals(c->facts->query) : SIZE_MAX;
    struct slice filter = url_parameter(c->facts->query, "filter", c->arena);
    if (blank != SIZE_MAX)
        evidence_say(out, c, self, verdict,
                     "A blank stands beside \"=\" in the query, at character %zu: \"%.*s\"",
                     blank + 1, EVIDENCE_QUOTE(c->facts->query));
    if (slice_is_none(filter))
        return;
    bool groups = path_has_segment(c->facts->path, "groups");
    struct slice word = entra ? entra_filter_offence(filter, groups)
                        : aws ? only_equal_and(filter)
                              : SLICE_NONE;
    if (word.len)
        evidence_say(out, c, self, verdict, "The API does not support \"%.*s\" in the filter %.*s",
                     EVIDENCE_QUOTE(word), EVIDENCE_QUOTE(filter));
    else if (about)
        evidence_say(out, c, self, EVIDENCE_CONSISTENT, "The filter is: %.*s",
                     EVIDENCE_QUOTE(filter));
}

const struct evidence_check evidence_filter = {.id = "filter", .run = run};
