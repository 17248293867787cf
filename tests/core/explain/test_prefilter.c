/* literal.c and prefilter.c: no pattern that matches may be left out, whatever the text. */
#include "core/explain/literal.h"
#include "core/explain/pack.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>

struct row {
    char pattern[80], literals[80]; /* blank separated, "" = none can be told */
};

ParameterizedTestParameters(prefilter, reads_what_every_match_contains)
{
    static struct row rows[] = {
        {"has already been taken", "has already been taken"},
        {"external ?id is taken", "id is taken"},
        {"user ?name([^.]){0,60}(taken|in use)", "taken|in use"},
        {"ab(taken|in use)", "taken|in use"},
        {"(taken|in)", ""},
        {"(taken|)x", ""},
        {"tokens?", "token"},
        {"tok*ens", "ens"},
        {"to{0,3}kens", "kens"},
        {"abc+def", "abc"},
        {"a.c.d", ""},
        {"Values? NOT", "value"},
        {"unrecogni[sz]ed", "unrecogni"},
        {"^exact\\.$", "exact."},
        {"\\bword\\b", "word"},
        {"x\\d+yes", "yes"},
        {"(?:abc)", ""},
        {"(?=abc)x", ""},
        {"\\x41bcd", ""},
        {"(foo)?(bar1|bar22)+", "bar1|bar22"},
        {"[[:space:]]abc", ""},
        {"a|bcd", ""},
    };
    return cr_make_param_array(struct row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct row *row, prefilter, reads_what_every_match_contains)
{
    struct literals out;
    char text[2048] = "";
    literals_of(&out, slice_of(row->pattern));
    for (size_t i = 0; i < out.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%.*s", i ? "|" : "",
                 (int)out.items[i].len, out.items[i].text);
    cr_expect_str_eq(text, row->literals, "%s gives \"%s\"", row->pattern, text);
}

static struct rulebook *load(void)
{
    struct rulebook *book;
    struct fault why = {0};
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
    return book;
}

/* Every pattern of the packs against the text: what matches must have been let through. */
static size_t expect_nothing_lost(const struct rulebook *book, struct slice text, size_t *skipped)
{
    uint64_t may[PREFILTER_WORDS];
    struct matcher matcher;
    size_t matched = 0;
    matcher_init(&matcher);
    prefilter_scan(book->prefilter, text, may);
    for (size_t i = 0; i < book->candidate_count; i++) {
        const struct pattern_list *list = &book->candidates[i].alternative->detail;
        for (size_t j = 0; j < list->count; j++) {
            bool lets = prefilter_may(may, &list->items[j]);
            bool found = pattern_found(&list->items[j], text, &matcher);
            cr_expect(lets || !found, "%.*s matches \"%.*s\" but is left out",
                      (int)list->items[j].source.len, list->items[j].source.at,
                      (int)(text.len < 200 ? text.len : 200), text.at);
            matched += found;
            *skipped += !lets;
        }
    }
    matcher_release(&matcher);
    return matched;
}

Test(prefilter, leaves_out_no_pattern_that_matches_a_sample)
{
    struct rulebook *book = load();
    size_t matched = 0, skipped = 0, texts = 0;
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        for (size_t j = 0; j < rule->sample_count; j++, texts++)
            matched += expect_nothing_lost(book, rule->samples[j].text, &skipped);
    }
    cr_expect(matched > 100, "only %zu matches", matched);
    cr_expect(skipped > texts * 150, "it leaves out %zu patterns only, of %zu texts", skipped,
              texts);
    rulebook_free(book);
}

Test(prefilter, leaves_out_nothing_that_matches_a_random_mixture)
{
    struct rulebook *book = load();
    static char text[600];
    size_t matched = 0, skipped = 0;
    srand(1);
    for (int round = 0; round < 3000; round++) {
        size_t len = 0;
        while (len < 400) { /* pieces of samples, in random case */
            const struct rule *rule = rulebook_at(book, (size_t)rand() % rulebook_count(book));
            if (!rule->sample_count)
                continue;
            struct slice from = rule->samples[0].text;
            from = slice_from(from, (size_t)rand() % (from.len + 1));
            from = slice_first(from, (size_t)rand() % 60);
            for (size_t i = 0; i < from.len; i++) {
                char c = from.at[i];
                bool letter = (c | 32) >= 'a' && (c | 32) <= 'z';
                text[len++] = letter && rand() % 2 ? (char)(c ^ 32) : c;
            }
        }
        matched += expect_nothing_lost(book, slice_make(text, len), &skipped);
    }
    cr_expect(matched > 100, "only %zu matches", matched);
    rulebook_free(book);
}

Test(prefilter, holds_with_no_pattern_at_all)
{
    struct prefilter *p = prefilter_new();
    struct pattern pattern = {.source = SLICE("a.b")};
    uint64_t may[PREFILTER_WORDS];
    prefilter_add(p, &pattern);
    prefilter_build(p);
    prefilter_scan(p, SLICE("anything \xff\x00"), may);
    cr_expect(prefilter_may(may, &pattern));
    prefilter_free(p);
}
