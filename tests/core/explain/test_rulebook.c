/* pack.c, pack_rule.c, rulebook.c: what a rule pack may say, and where it is wrong. */
#include "core/explain/rulebook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A class that is right, for rows to break. */
#define CLASS                                                                                      \
    "rules:\n"                                                                                     \
    "- id: my-class\n"                                                                             \
    "  title: Mine\n"                                                                              \
    "  vendor: generic\n"                                                                          \
    "  category: conflict\n"                                                                       \
    "  cause: because\n"                                                                           \
    "  remedy: [do this]\n"                                                                        \
    "  severity: error\n"                                                                          \
    "  retry: {policy: after-fix}\n"
#define MATCH "  match:\n  - specificity: 99\n    detail_re: frobnication (failed|refused)\n"

/* Writes the text into a file of its own; the caller frees the path. */
static char *write_pack(const char *text)
{
    char *path = strdup("/tmp/scimscope-pack-XXXXXX");
    int file = mkstemp(path);
    cr_assert(file >= 0);
    cr_assert(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    return path;
}

static enum fault_code load(struct rulebook **book, const char *text, struct fault *why)
{
    char *path = write_pack(text);
    const char *extra[] = {path};
    enum fault_code code = rulebook_load(book, extra, 1, "en", why);
    unlink(path);
    free(path);
    return code;
}

struct wrong {
    char text[400];
    char says[80];
    unsigned line, column;
};

ParameterizedTestParameters(rulebook, refuses)
{
    static struct wrong rows[] = {
        {CLASS MATCH "  colour: red\n", "unknown key colour", 13, 3},
        {CLASS MATCH "  severty: error\n", "did you mean severity", 13, 3},
        {"rules:\n- id: a\n  title: A\n", "lacks the key vendor", 2, 3},
        {CLASS, "lacks the key match", 2, 3},
        {CLASS "  match:\n  - specificity: 101\n", "from 0 to 100", 11, 18},
        {CLASS "  match:\n  - specificity: high\n", "whole number", 11, 18},
        {CLASS "  match:\n  - gate: soft\n", "lacks the key specificity", 11, 5},
        {CLASS "  match: []\n", "list of alternatives", 10, 10},
        {CLASS "  match: yes\n", "list of alternatives", 10, 10},
        {CLASS "  match:\n  - specificity: 1\n    gate: sotf\n", "did you mean soft", 12, 11},
        {CLASS "  match:\n  - specificity: 1\n    detect: magic\n", "unknown detector", 12, 13},
        {CLASS "  match:\n  - specificity: 1\n    detail_re: [ok, 'a(b']\n",
         "missing closing parenthesis", 12, 21},
        {CLASS "  match:\n  - specificity: 1\n    status: [400, ok]\n", "whole number", 12, 19},
        {CLASS "  match:\n  - specificity: 1\n    status: []\n", "must not be empty", 12, 13},
        {CLASS "  match:\n  - specificity: 1\n    status_range: [1]\n", "two numbers", 12, 19},
        {CLASS "  match:\n  - specificity: 1\n    req_jwt: {exp: now}\n", "test of a claim", 12,
         20},
        {CLASS "  match:\n  - specificity: 1\n    req_jwt: {scp: past}\n", "no time", 12, 20},
        {CLASS "  match:\n  - specificity: 1\n    req_header: {accept: '!('}\n", "parenthesis", 12,
         26},
        {CLASS MATCH "  cause: again\n", "second time", 13, 3},
        {CLASS MATCH "  texts: {english: x}\n", "a language", 13, 11},
        {CLASS MATCH "  texts:\n    de: {titel: x}\n", "unknown key titel", 14, 10},
        {CLASS MATCH "  samples:\n  - event_id: 1\n", "lacks the key text", 14, 5},
        {"rules: 7\n", "list of classes", 1, 8},
        {"- id: x\n", "a rule pack must be a map", 1, 1},
        {"steps: {begin: [x]}\n", "unknown step", 1, 9},
        {"steps:\n  begin: x\n", "unknown step", 2, 3},
        {"vendors:\n  acme: {host: x}\n", "unknown key host", 2, 10},
        {"vendors:\n  acme: {host_re: '*'}\n", "quantifier", 2, 19},
    };
    return cr_make_param_array(struct wrong, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct wrong *row, rulebook, refuses)
{
    struct rulebook *book;
    struct fault why = {0};
    char place[40];
    cr_assert(eq(int, load(&book, row->text, &why), FAULT_CONFIG), "%s", row->text);
    cr_expect(book == NULL);
    cr_expect(strstr(why.text, row->says) != NULL, "%s says %s", row->text, why.text);
    cr_expect(eq(u64, why.line, row->line), "%s: %s", row->text, why.text);
    cr_expect(eq(u64, why.column, row->column), "%s: %s", row->text, why.text);
    snprintf(place, sizeof place, ":%u:%u: ", row->line, row->column);
    cr_expect(strncmp(why.text, "/tmp/scimscope-pack-", 20) == 0, "%s", why.text);
    cr_expect(strstr(why.text, place) != NULL, "%s", why.text);
}

/* The rows above that would not fit. */
Test(rulebook, refuses_unknown_words_of_a_class)
{
    static const struct {
        const char *from, *to, *says;
    } changes[] = {
        {"category: conflict", "category: conflicts", "did you mean conflict"},
        {"vendor: generic", "vendor: nobody", "unknown vendor nobody"},
        {"severity: error", "severity: bad", "unknown severity bad"},
        {"policy: after-fix", "policy: soon", "unknown retry policy soon"},
        {"policy: after-fix", "policy: after-delay", "lacks the key delay"},
        {"id: my-class", "id: My_Class", "lower-case"},
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char text[600];
        const char *whole = CLASS MATCH, *at = strstr(whole, changes[i].from);
        struct rulebook *book;
        struct fault why = {0};
        cr_assert(at != NULL);
        snprintf(text, sizeof text, "%.*s%s%s", (int)(at - whole), whole, changes[i].to,
                 at + strlen(changes[i].from));
        cr_expect(eq(int, load(&book, text, &why), FAULT_CONFIG));
        cr_expect(strstr(why.text, changes[i].says) != NULL, "%s", why.text);
    }
}

Test(rulebook, refuses_a_class_twice_in_one_pack)
{
    struct rulebook *book;
    struct fault why = {0};
    char text[1200];
    snprintf(text, sizeof text, "%s%s", CLASS MATCH, strchr(CLASS MATCH, '\n') + 1);
    cr_expect(eq(int, load(&book, text, &why), FAULT_CONFIG));
    cr_expect(strstr(why.text, "already in") != NULL, "%s", why.text);
}

Test(rulebook, names_a_file_that_is_not_there)
{
    const char *extra[] = {"/nonexistent/pack.yaml"};
    struct rulebook *book;
    struct fault why = {0};
    cr_expect(eq(int, rulebook_load(&book, extra, 1, "en", &why), FAULT_CONFIG));
    cr_expect(strstr(why.text, "/nonexistent/pack.yaml") != NULL);
}

static const struct rule *classify(const struct rulebook *book, const char *text)
{
    struct arena arena;
    struct facts facts;
    struct verdict verdict;
    arena_init(&arena);
    facts_of_text(&facts, book, slice_of(text), &arena);
    rulebook_classify(book, &facts, &verdict);
    arena_free(&arena);
    return verdict.rule;
}

Test(rulebook, takes_a_further_pack_with_its_own_class_and_vendor)
{
    struct rulebook *book, *plain;
    struct fault why = {0};
    cr_assert(eq(int, load(&book, "vendors: {acme: }\n", &why), FAULT_CONFIG));
    cr_assert(eq(int, load(&book, CLASS MATCH "vendors:\n  acme:\n    host_re: acme\n", &why),
                 FAULT_NONE),
              "%s", why.text);
    cr_expect(slice_is(classify(book, "frobnication refused")->id, "my-class"));
    cr_expect(slice_is(classify(book, "something else")->id, "unclassified"));
    cr_assert(eq(int, rulebook_load(&plain, NULL, 0, "en", &why), FAULT_NONE));
    cr_expect(ne(u64, rulebook_hash(book), rulebook_hash(plain)));
    cr_expect(eq(sz, rulebook_count(book), rulebook_count(plain) + 1));
    rulebook_free(plain);
    rulebook_free(book);
}

Test(rulebook, lets_a_further_pack_replace_a_class)
{
    struct rulebook *book;
    struct fault why = {0};
    cr_assert(eq(int,
                 load(&book,
                      "rules:\n- id: http-404\n  title: Ours\n  vendor: generic\n"
                      "  category: other\n  cause: c\n  remedy: [r]\n  severity: error\n"
                      "  retry: {policy: never}\n  match:\n  - specificity: 20\n"
                      "    status: [404]\n",
                      &why),
                 FAULT_NONE),
              "%s", why.text);
    const struct rule *rule = classify(book, "HTTP/1.1 404 Not Found\n");
    cr_expect(slice_is(rule->id, "http-404"));
    cr_expect(slice_is(rule->title, "Ours"));
    rulebook_free(book);
}

Test(rulebook, has_the_same_hash_each_time_and_in_each_language)
{
    struct rulebook *a, *b;
    cr_assert(eq(int, rulebook_load(&a, NULL, 0, "en", NULL), FAULT_NONE));
    cr_assert(eq(int, rulebook_load(&b, NULL, 0, "ja", NULL), FAULT_NONE));
    cr_expect(eq(u64, rulebook_hash(a), rulebook_hash(b)));
    rulebook_free(a);
    rulebook_free(b);
}

Test(rulebook, knows_the_words_of_agents_in_two_languages)
{
    struct rulebook *book;
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", NULL), FAULT_NONE));
    for (enum step step = STEP_START; step < STEPS; step++) {
        struct text_list words = rulebook_words(book, step);
        bool english = false, japanese = false;
        for (size_t i = 0; i < words.count; i++) {
            bool ascii = (unsigned char)words.items[i].at[0] < 0x80;
            english = english || ascii;
            japanese = japanese || !ascii;
        }
        cr_expect(english && japanese, "step %d", (int)step);
    }
    cr_expect(eq(sz, rulebook_words(book, STEP_OTHER).count, 0));
    cr_expect(gt(sz, rulebook_user_keys(book).count, 5));
    rulebook_free(book);
}

Test(rulebook, tells_failures_from_what_is_none)
{
    struct rulebook *book;
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "en", NULL), FAULT_NONE));
    cr_expect(rule_is_success(rulebook_find(book, SLICE("success"))));
    cr_expect(rule_is_success(rulebook_find(book, SLICE("not-modified"))));
    cr_expect(not(rule_is_failure(rulebook_find(book, SLICE("success")))));
    cr_expect(not(rule_is_failure(rulebook_find(book, SLICE("entra-prov-sync-skipped")))));
    cr_expect(rule_is_failure(rulebook_find(book, SLICE("unclassified"))));
    cr_expect(rule_is_failure(rulebook_find(book, SLICE("http-404"))));
    cr_expect(rule_is_failure(rulebook_find(book, SLICE("iij-username-taken"))));
    rulebook_free(book);
}
