/* The packs' own samples: every class that a single entry can have shows at least one text, and
 * each text classifies to its class. Samples also hold in Japanese. */
#include "core/explain/rulebook.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct rulebook *book;

static void setup(void)
{
    struct fault why = {0};
    cr_assert(eq(int, rulebook_load(&book, NULL, 0, "ja", &why), FAULT_NONE), "%s", why.text);
}

static void teardown(void)
{
    rulebook_free(book);
}

TestSuite(samples, .init = setup, .fini = teardown);

static const struct rule *classify(const struct sample *sample, struct arena *arena)
{
    struct facts facts;
    struct verdict verdict;
    struct record event = {.kind = KIND_EVENT, .time_us = TIME_NONE};
    if (sample->event_id < 0) {
        facts_of_text(&facts, book, sample->text, arena);
    } else {
        event.event.event_id = sample->event_id;
        event.event.message = sample->text;
        facts_of_record(&facts, book, &event, 0, arena);
        cr_expect(rulebook_has_class(&facts), "line %llu has no class",
                  (unsigned long long)sample->line);
    }
    rulebook_classify(book, &facts, &verdict);
    return verdict.rule;
}

Test(samples, classify_to_their_class)
{
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        for (size_t j = 0; j < rule->sample_count; j++) {
            struct arena arena;
            arena_init(&arena);
            const struct rule *seen = classify(&rule->samples[j], &arena);
            cr_expect(seen == rule, "%s:%llu is %s, not %s", rule->pack.at,
                      (unsigned long long)rule->samples[j].line, seen->id.at, rule->id.at);
            arena_free(&arena);
        }
    }
}

Test(samples, show_every_class_of_a_single_entry)
{
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        if (!rule->cross_entry && !rule->annotation)
            cr_expect(gt(sz, rule->sample_count, 0), "%s has no sample", rule->id.at);
    }
}

Test(samples, show_the_founding_and_the_generic_classes_in_japanese_too)
{
    size_t seeds = 0;
    struct rulebook *english;
    cr_assert(eq(int, rulebook_load(&english, NULL, 0, "en", NULL), FAULT_NONE));
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        const struct rule *other = rulebook_find(english, rule->id);
        cr_assert(other != NULL);
        if (rule->seed.len) {
            seeds++;
            cr_expect(not(slice_equal(rule->title, other->title)), "%s", rule->id.at);
            cr_expect(not(slice_equal(rule->cause, other->cause)), "%s", rule->id.at);
            cr_expect(eq(sz, rule->remedy.count, other->remedy.count), "%s", rule->id.at);
        }
        bool told = slice_is(rule->vendor, "iij") || slice_is(rule->vendor, "entra-api") ||
                    slice_is(rule->vendor, "generic");
        cr_expect(eq(int, slice_equal(rule->cause, other->cause), !told), "%s", rule->id.at);
        if (told)
            cr_expect(eq(sz, rule->remedy.count, other->remedy.count), "%s", rule->id.at);
    }
    cr_expect(eq(sz, seeds, 16));
    rulebook_free(english);
}

Test(samples, come_through_redaction_unchanged)
{
    static const unsigned char key[HASH_KEY_SIZE] = {1};
    struct hash_key *hash = hash_key_new(key);
    struct redactor *redactor = redactor_new(hash);
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        for (size_t j = 0; j < rule->sample_count; j++) {
            struct slice text = rule->samples[j].text;
            struct slice clean = redact_text(redactor, text, &arena);
            cr_expect(slice_equal(text, clean), "%s:%llu became %.*s", rule->pack.at,
                      (unsigned long long)rule->samples[j].line, (int)clean.len, clean.at);
        }
    }
    arena_free(&arena);
    redactor_free(redactor);
    hash_key_free(hash);
}
