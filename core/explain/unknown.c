/* Knows how messages are masked, compared word by word, and turned into a draft; see unknown.h. */
#include "core/explain/unknown.h"

#include "core/explain/pack.h"

enum { SHOWN_TITLE = 80, SLUG = 40, GUID = 36 };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool in_word(char c)
{
    return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '@' ||
           c == '+' || c == '%';
}

static bool is_guid(struct slice word)
{
    if (word.len != GUID)
        return false;
    for (size_t i = 0; i < GUID; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = word.at[i], low = (char)(c | 32);
        if (dash ? c != '-' : !(is_digit(c) || (low >= 'a' && low <= 'f')))
            return false;
    }
    return true;
}

/* A run of letters with digits in it, as ids of services and numbered names are. */
static bool is_id(struct slice word)
{
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < word.len; i++) {
        digits += is_digit(word.at[i]);
        letters += is_letter(word.at[i]);
    }
    return is_guid(word) || (word.len >= 8 && digits >= 3) || (digits >= 1 && letters >= 2);
}

static const char *placeholder(struct slice word)
{
    size_t digits = 0;
    for (size_t i = 0; i < word.len; i++)
        digits += is_digit(word.at[i]);
    if (slice_find_byte(word, '@') != SIZE_MAX)
        return "{mail}";
    if (digits == word.len && word.len)
        return "{n}";
    return is_id(word) ? "{id}" : NULL;
}

/* Length of a text in quotes that ends in the same line, with both quotes; 0 when there is none. */
static size_t quoted_length(struct slice text)
{
    char quote = text.len ? text.at[0] : '\0';
    if (quote != '"' && quote != '\'' && quote != '`')
        return 0;
    for (size_t i = 1; i < text.len && text.at[i] != '\n'; i++)
        if (text.at[i] == quote && (i + 1 == text.len || !in_word(text.at[i + 1])))
            return i + 1;
    return 0;
}

bool unknown_class(const struct rule *rule)
{
    if (!rule_is_failure(rule) || rule->cross_entry || rule->annotation)
        return false;
    for (size_t i = 0; i < rule->match_count; i++)
        if (rule->match[i].specificity > UNKNOWN_SPECIFICITY)
            return false;
    return true;
}

struct slice unknown_mask(struct slice text, struct arena *arena)
{
    struct buf out;
    buf_init(&out, 8 * (size_t)UNKNOWN_TEXT);
    text = slice_first(slice_trim(text), UNKNOWN_TEXT);
    for (size_t at = 0; at < text.len;) {
        bool begins = at == 0 || !in_word(text.at[at - 1]);
        size_t quoted = begins ? quoted_length(slice_from(text, at)) : 0;
        size_t len = 0;
        while (at + len < text.len && in_word(text.at[at + len]))
            len++;
        struct slice word = slice_first(slice_from(text, at), len);
        size_t tail = 0; /* a full stop ends the sentence, not the word */
        while (tail < word.len && word.at[word.len - 1 - tail] == '.')
            tail++;
        word.len -= tail;
        const char *mask = placeholder(word);
        if (quoted) {
            buf_add_text(&out, "{text}");
            at += quoted;
        } else if (len == 0) {
            buf_add_byte(&out, text.at[at++]);
        } else {
            if (mask)
                buf_add_text(&out, mask);
            else
                buf_add(&out, word);
            for (size_t i = 0; i < tail; i++)
                buf_add_byte(&out, '.');
            at += len;
        }
    }
    struct slice masked = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return masked;
}

/* --- the nearest class ------------------------------------------------------------------------ */

struct words {
    struct slice items[UNKNOWN_WORDS];
    size_t count;
};

static void split(struct words *out, struct slice text)
{
    size_t at = 0;
    out->count = 0;
    while (at < text.len && out->count < UNKNOWN_WORDS) {
        size_t len = 0;
        while (at + len < text.len && (is_letter(text.at[at + len]) || is_digit(text.at[at + len])))
            len++;
        if (len)
            out->items[out->count++] = slice_first(slice_from(text, at), len);
        at += len + 1;
    }
}

static bool has_word(const struct words *words, struct slice word)
{
    for (size_t i = 0; i < words->count; i++)
        if (slice_equal_fold(words->items[i], word))
            return true;
    return false;
}

static int likeness(const struct words *a, const struct words *b)
{
    size_t common = 0;
    for (size_t i = 0; i < a->count; i++)
        common += has_word(b, a->items[i]);
    return a->count + b->count ? (int)(200 * common / (a->count + b->count)) : 0;
}

static struct slice lacking(const struct words *words, const struct words *other,
                            struct arena *arena)
{
    struct buf out;
    buf_init(&out, 2 * (size_t)UNKNOWN_TEXT);
    for (size_t i = 0; i < words->count; i++)
        if (!has_word(other, words->items[i])) {
            buf_add_text(&out, out.len ? " " : "");
            buf_add(&out, words->items[i]);
        }
    struct slice text = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return text;
}

void unknown_nearest(struct nearest *out, const struct rulebook *book, struct slice text,
                     struct arena *arena)
{
    struct words mine, theirs;
    *out = (struct nearest){.rule = NULL};
    split(&mine, slice_first(text, UNKNOWN_TEXT));
    if (mine.count < 2) /* one word in common says nothing */
        return;
    for (size_t i = 0; i < rulebook_count(book); i++) {
        const struct rule *rule = rulebook_at(book, i);
        if (!rule_is_failure(rule) || unknown_class(rule))
            continue;
        for (size_t j = 0; j < rule->sample_count; j++) {
            struct facts facts;
            facts_of_text(&facts, book, rule->samples[j].text, arena);
            split(&theirs, slice_first(facts.error.detail, UNKNOWN_TEXT));
            int alike = likeness(&mine, &theirs);
            if (alike < UNKNOWN_LIKENESS || alike <= out->likeness)
                continue;
            *out = (struct nearest){.rule = rule,
                                    .text = facts.error.detail,
                                    .likeness = alike,
                                    .more = lacking(&mine, &theirs, arena),
                                    .less = lacking(&theirs, &mine, arena)};
        }
    }
}

/* --- drafts ----------------------------------------------------------------------------------- */

/* A text in single quotes, as YAML has it, on one line. */
static void add_quoted(struct buf *out, struct slice text)
{
    buf_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (c == '\'')
            buf_add_byte(out, '\'');
        buf_add_byte(out, (unsigned char)c < 0x20 || c == 0x7f ? ' ' : c);
    }
    buf_add_byte(out, '\'');
}

/* The masked text as a pattern: what is masked may be anything short. */
static struct slice pattern_of(struct slice masked, struct arena *arena)
{
    static const struct {
        const char *mask, *pattern;
    } masks[] = {{"{mail}", "\\S+"}, {"{id}", "\\S+"}, {"{n}", "\\d+"}, {"{text}", ".{0,200}"}};
    struct buf out;
    buf_init(&out, 4096 /* bytes that a pattern may have */);
    for (size_t at = 0; at < masked.len;) {
        struct slice rest = slice_from(masked, at);
        size_t hit = 0;
        while (hit < 4 && !slice_starts(rest, masks[hit].mask))
            hit++;
        if (hit < 4) {
            buf_add_text(&out, masks[hit].pattern);
            at += strlen(masks[hit].mask);
            continue;
        }
        char c = masked.at[at++];
        if (strchr("\\^$.[]|()?*+{}", c) && c)
            buf_add_byte(&out, '\\');
        buf_add_byte(&out, c);
    }
    struct slice text = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return text;
}

static const char *category_of(int status)
{
    return status == 401                    ? "authentication"
           : status == 403                  ? "authorization"
           : status == 404                  ? "not-found"
           : status == 409                  ? "conflict"
           : status == 429                  ? "throttling"
           : status >= 400 && status <= 499 ? "invalid-request"
           : status >= 500                  ? "server"
                                            : "other";
}

static void add_slug(struct buf *out, struct slice masked)
{
    size_t begin = out->len;
    for (size_t i = 0; i < masked.len && out->len - begin < SLUG; i++) {
        char c = masked.at[i];
        bool fits = (unsigned char)c < 0x80 && (is_letter(c) || is_digit(c));
        if (fits)
            buf_add_byte(out, c >= 'A' && c <= 'Z' ? (char)(c + 32) : c);
        else if (out->len > begin && out->at[out->len - 1] != '-')
            buf_add_byte(out, '-');
    }
    while (out->len > begin && out->at[out->len - 1] == '-')
        out->len--;
    if (out->len == begin)
        buf_add_text(out, "message");
}

static void add_sample(struct buf *out, struct slice pasted)
{
    struct slice rest = slice_first(slice_trim(pasted), UNKNOWN_TEXT), line;
    buf_add_text(out, "    samples:\n      - text: |\n");
    while (slice_cut(&rest, '\n', &line)) {
        buf_add_text(out, "          ");
        for (size_t i = 0; i < line.len; i++)
            buf_add_byte(out,
                         (unsigned char)line.at[i] < 0x20 || line.at[i] == 0x7f ? ' ' : line.at[i]);
        buf_add_byte(out, '\n');
    }
}

void unknown_draft(struct buf *out, const struct facts *facts, struct slice pasted,
                   struct arena *arena)
{
    struct slice masked = unknown_mask(facts->detail, arena);
    const char *category = category_of(facts->status);
    buf_add_text(out, "# A draft: complete title, cause and remedy, then try it with\n"
                      "#   scimscope rules test FILE\nrules:\n  - id: own-");
    add_slug(out, masked);
    buf_add_format(out, "\n    category: %s\n    title: ", category);
    add_quoted(out, slice_first(masked, SHOWN_TITLE));
    buf_add_text(out, "\n    vendor: generic\n    match:\n      - specificity: 96\n");
    if (facts->status)
        buf_add_format(out, "        status: [%d]\n", facts->status);
    if (facts->error.scim_type.len) {
        buf_add_text(out, "        scimType: [");
        add_quoted(out, facts->error.scim_type);
        buf_add_text(out, "]\n");
    }
    buf_add_text(out, "        detail_re:\n          - ");
    add_quoted(out, pattern_of(masked, arena));
    buf_add_text(out, "\n        gate: none\n"
                      "    cause: What this message means.\n"
                      "    remedy:\n      - What to do first.\n");
    bool later = strcmp(category, "throttling") == 0 || strcmp(category, "server") == 0;
    buf_add_format(out, "    retry:\n      policy: %s\n    severity: error\n",
                   later ? "backoff" : "after-fix");
    add_sample(out, pasted);
}
