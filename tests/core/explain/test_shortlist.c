/* shortlist.c: trying only the candidates on it must give what trying all of them gives. */
#include "core/explain/shortlist.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

static struct rulebook *book;
static struct arena arena;

static void setup(void)
{
    struct fault why = {0};
    cr_assert_eq(rulebook_load(&book, NULL, 0, "en", &why), FAULT_NONE, "%s", why.text);
    arena_init(&arena);
}

static void teardown(void)
{
    arena_free(&arena);
    rulebook_free(book);
}

TestSuite(shortlist, .init = setup, .fini = teardown);

/* How many candidates are on the list of these facts. */
static size_t listed(const struct facts *facts)
{
    uint64_t may[PREFILTER_WORDS], bits[SHORTLIST_WORDS];
    size_t count = 0;
    prefilter_scan(book->prefilter, facts->detail, may);
    size_t words = shortlist_choose(book->shortlist, facts, may, bits);
    for (size_t w = 0; w < words; w++)
        count += (size_t)__builtin_popcountll(bits[w]);
    return count;
}

static void expect_the_same(const struct facts *facts)
{
    struct shortlist *list = book->shortlist;
    struct verdict quick, full;
    rulebook_classify(book, facts, &quick);
    book->shortlist = NULL;
    rulebook_classify(book, facts, &full);
    book->shortlist = list;
    cr_expect(eq(ptr, (void *)(uintptr_t)quick.rule, (void *)(uintptr_t)full.rule),
              "%s, not %s, with status %d", quick.rule->id.at, full.rule->id.at, facts->status);
    cr_expect(eq(ptr, (void *)(uintptr_t)quick.alternative, (void *)(uintptr_t)full.alternative));
    cr_expect_arr_eq(quick.runners_up, full.runners_up, sizeof quick.runners_up);
    cr_expect_arr_eq(quick.runner_specificity, full.runner_specificity,
                     sizeof quick.runner_specificity);
}

Test(shortlist, changes_no_verdict_on_any_sample_under_any_status)
{
    static const int statuses[] = {0, 1, 99, 100, 201, 302, 400, 401, 404, 409, 429, 503, 599, 600};
    size_t texts = 0, tried = 0;
    cr_assert(book->shortlist != NULL);
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        for (size_t j = 0; j < rule->sample_count; j++) {
            struct facts facts;
            facts_of_text(&facts, book, rule->samples[j].text, &arena);
            expect_the_same(&facts);
            tried += listed(&facts);
            texts++;
            for (size_t s = 0; s < sizeof statuses / sizeof *statuses; s++) {
                facts.status = statuses[s];
                expect_the_same(&facts);
            }
        }
    }
    cr_expect(gt(sz, texts, 200));
    cr_expect(lt(sz, tried / texts, book->candidate_count / 2), "%zu of %zu are tried for each",
              tried / texts, book->candidate_count);
}

Test(shortlist, knows_a_call_without_an_answer)
{
    struct record call = {.kind = KIND_HTTP, .time_us = TIME_NONE};
    struct facts facts;
    call.http.method = SLICE("POST");
    call.http.url = SLICE("https://scim.example.com/scim/v2/Users");
    call.http.error = SLICE("getaddrinfo ENOTFOUND scim.example.com");
    facts_of_record(&facts, book, &call, 0, &arena);
    expect_the_same(&facts);
    struct verdict verdict;
    rulebook_classify(book, &facts, &verdict);
    cr_expect(verdict.rule != book->unclassified);
}
