/* Knows how event texts name a user: by pairs such as `userName=tanaka@example.jp`, read by the
 * pair and not by the sentence, so that any agent's wording will do; see whose.h. */
#include "core/explain/whose.h"

enum {
    WHOSE_TEXT_LIMIT = 64 * 1024, /* bytes of a text that are searched */
    WHOSE_NAME_LIMIT = 320        /* bytes of a name: the longest mail address */
};

static bool pair_is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-' || c == '.';
}

static struct slice pair_skip(struct slice s, const char *any)
{
    while (s.len && s.at[0] && strchr(any, s.at[0]))
        s = slice_from(s, 1);
    return s;
}

/* What stands for "no user" in the texts of agents. */
static bool pair_is_empty(struct slice value)
{
    static const char *const words[] = {"null",    "(null)", "none",      "n/a",  "-",
                                        "unknown", "nil",    "undefined", "なし", NULL};
    for (const char *const *word = words; *word; word++)
        if (slice_is_fold(value, *word))
            return true;
    return value.len == 0 || slice_starts(value, "[redacted:") ||
           (value.at[0] == '%' && value.len > 1 && value.at[1] >= '0' && value.at[1] <= '9');
}

/* Whether a plain value ends at `rest`. */
static bool pair_ends(struct slice rest)
{
    static const char *const marks[] = {"、", "。", "」", "，", "；", "）", "\xE3\x80\x80", NULL};
    static const char ends[128] = {
        ['\0'] = 1, [' '] = 1, ['\t'] = 1, ['\r'] = 1, ['\n'] = 1, [','] = 1, [';'] = 1,
        [')'] = 1,  [']'] = 1, ['}'] = 1,  ['>'] = 1,  ['"'] = 1,  ['|'] = 1};
    if (rest.len == 0)
        return true;
    if ((unsigned char)rest.at[0] < 0x80)
        return ends[(unsigned char)rest.at[0]];
    for (const char *const *mark = marks; *mark; mark++)
        if (slice_starts(rest, *mark))
            return true;
    return false;
}

static struct slice pair_plain(struct slice text)
{
    size_t len = 0;
    while (!pair_ends(slice_from(text, len)))
        len++;
    while (len && (text.at[len - 1] == '.' || text.at[len - 1] == ':'))
        len--;
    return slice_first(text, len);
}

/* The value that begins at `text`; `*rest` is what follows it. A quoted local part belongs to its
 * address: "a,b"@example.jp. */
static struct slice pair_value(struct slice text, struct slice *rest)
{
    char quote = text.len ? text.at[0] : '\0';
    if (quote == '"' || quote == '\'') {
        size_t close = slice_find_byte(slice_from(text, 1), quote);
        struct slice inner = slice_first(slice_from(text, 1), close);
        if (close != SIZE_MAX && slice_find_byte(inner, '\n') == SIZE_MAX) {
            struct slice after = slice_from(text, close + 2);
            if (quote == '"' && after.len && after.at[0] == '@') {
                struct slice domain = pair_plain(after);
                *rest = slice_from(after, domain.len);
                return slice_first(text, close + 2 + domain.len);
            }
            if (inner.len && inner.at[inner.len - 1] == '\\') /* \"...\" inside a string */
                inner.len--;
            *rest = after;
            return inner;
        }
        text = slice_from(text, 1);
    }
    struct slice value = pair_plain(text);
    *rest = slice_from(text, value.len);
    return value;
}

/* What follows "User: x" must not make it a sentence ("User: not found"): the line ends, a
 * separator or the next pair comes, or the value itself looks like an account. */
static bool pair_is_value(struct slice value, struct slice rest)
{
    if (slice_find_byte(value, '@') != SIZE_MAX || slice_find_byte(value, '\\') != SIZE_MAX)
        return true;
    rest = pair_skip(rest, " \t");
    if (rest.len == 0 || strchr("\r\n,;)]}>|\"'", rest.at[0]))
        return true;
    size_t len = 0;
    while (len < rest.len && pair_is_word(rest.at[len]))
        len++;
    return len > 0 && len < rest.len && (rest.at[len] == '=' || rest.at[len] == ':');
}

/* Reads the right side of a pair; `text` begins behind `=` or `:` (`colon`). */
static struct slice pair_read(struct slice text, bool colon)
{
    struct slice rest;
    struct slice value = slice_trim(pair_value(pair_skip(text, " \t\\"), &rest));
    if (pair_is_empty(value) || value.len > WHOSE_NAME_LIMIT)
        return SLICE_NONE;
    if (colon && !pair_is_value(value, rest))
        return SLICE_NONE;
    return value;
}

/* The first of the `count` keys that `text` ends in as a word of its own, or `count`. */
static size_t pair_key(struct slice text, const struct slice *keys, size_t count)
{
    while (text.len && strchr("\\\"'] \t", text.at[text.len - 1]) && text.at[text.len - 1])
        text.len--;
    for (size_t i = 0; i < count; i++) {
        struct slice key = keys[i];
        if (key.len == 0 || key.len > text.len ||
            !slice_equal_fold(slice_from(text, text.len - key.len), key))
            continue;
        bool ascii = (unsigned char)key.at[0] < 0x80;
        if (!ascii || text.len == key.len || !pair_is_word(text.at[text.len - key.len - 1]))
            return i;
    }
    return count;
}

/* Looks at every `=` and `:` and then at what stands before it: there are few. */
struct slice whose_pair(struct slice text, struct text_list keys, struct arena *arena)
{
    static const char wide[] = "：";
    struct slice best = SLICE_NONE;
    size_t strongest = keys.count;
    text = slice_first(text, WHOSE_TEXT_LIMIT);
    for (size_t at = 0; at < text.len && strongest > 0; at++) {
        size_t size = text.at[at] == '=' || text.at[at] == ':' ? 1 : 0;
        if (text.at[at] == wide[0] && slice_starts(slice_from(text, at), wide))
            size = sizeof wide - 1;
        if (size == 0)
            continue;
        size_t key = pair_key(slice_first(text, at), keys.items, strongest);
        if (key == strongest)
            continue;
        struct slice value = pair_read(slice_from(text, at + size), text.at[at] == ':');
        if (value.at) {
            strongest = key;
            best = value;
        }
    }
    return arena_copy(arena, best);
}

struct slice whose_event(const struct record_event *event, struct text_list keys,
                         struct arena *arena)
{
    /* Other programs have values called User or Account too; these names are an agent's. */
    static const char *const names[] = {"userName", "userPrincipalName", "targetExternalId"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        for (size_t d = 0; d < event->data_count; d++) {
            struct slice value = slice_trim(event->data[d].value);
            if (event->data[d].name.at && slice_is_fold(event->data[d].name, names[i]) &&
                !pair_is_empty(value) && value.len <= WHOSE_NAME_LIMIT)
                return value;
        }
    }
    return whose_pair(record_event_text(event, arena), keys, arena);
}
