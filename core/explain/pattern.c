/* Knows how to drive PCRE2 within limits; see pattern.h. */
#include "core/explain/pattern.h"

#include "core/base/alloc.h"

#include <stdio.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

bool pattern_compile(struct pattern *out, struct slice source, char *message, size_t size)
{
    int error = 0;
    PCRE2_SIZE at = 0;
    *out = (struct pattern){.source = source};
    if (source.len > PATTERN_SIZE) {
        snprintf(message, size, "longer than %d bytes", PATTERN_SIZE);
        return false;
    }
    uint32_t options = PCRE2_CASELESS | PCRE2_NO_AUTO_CAPTURE | PCRE2_DOLLAR_ENDONLY |
                       PCRE2_NEVER_BACKSLASH_C | PCRE2_NEVER_UTF;
    pcre2_code *code = pcre2_compile((PCRE2_SPTR)source.at, source.len, options, &error, &at, NULL);
    if (!code && error == PCRE2_ERROR_HEAP_FAILED)
        alloc_exhausted();
    if (!code) {
        unsigned char sentence[160];
        pcre2_get_error_message(error, sentence, sizeof sentence);
        snprintf(message, size, "%s (at byte %zu of the pattern)", (const char *)sentence,
                 (size_t)at);
        return false;
    }
    pcre2_jit_compile(code, PCRE2_JIT_COMPLETE); /* without JIT the interpreter answers the same */
    out->code = code;
    return true;
}

void pattern_release(struct pattern *pattern)
{
    pcre2_code_free(pattern->code);
    pattern->code = NULL;
}

void matcher_init(struct matcher *matcher)
{
    *matcher = (struct matcher){0};
}

void matcher_release(struct matcher *matcher)
{
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    matcher_init(matcher);
}

static void prepare(struct matcher *matcher)
{
    pcre2_match_data *data = pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = pcre2_match_context_create(NULL);
    if (!data || !context)
        alloc_exhausted();
    pcre2_set_match_limit(context, PATTERN_STEPS);
    pcre2_set_heap_limit(context, PATTERN_HEAP);
    matcher->data = data;
    matcher->context = context;
}

bool pattern_found(const struct pattern *pattern, struct slice text, struct matcher *matcher)
{
    if (!pattern->code)
        return false;
    if (!matcher->data)
        prepare(matcher);
    struct slice subject = slice_first(text, PATTERN_SUBJECT);
    int found = pcre2_match(pattern->code, (PCRE2_SPTR)(subject.at ? subject.at : ""), subject.len,
                            0, 0, matcher->data, matcher->context);
    if (found < 0 && found != PCRE2_ERROR_NOMATCH && pattern->limits) {
        atomic_fetch_add_explicit(&pattern->limits->count, 1, memory_order_relaxed);
        atomic_store_explicit(&pattern->limits->last, pattern->code, memory_order_relaxed);
    }
    return found >= 0;
}
