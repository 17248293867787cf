/* Knows how to look into a record: a header by name, an event's text, the words for level and kind.
 * The record's JSON form is record_json.c, the parts of its URL are url.c. */
#include "core/record.h"

struct slice message_header(const struct message *m, const char *name)
{
    struct slice want = slice_of(name);
    for (size_t i = 0; i < m->header_count; i++)
        if (slice_equal_fold(m->headers[i].name, want))
            return m->headers[i].value;
    return SLICE_NONE;
}

struct slice record_event_text(const struct record_event *event, struct arena *arena)
{
    if (slice_trim(event->message).len || event->data_count == 0)
        return event->message;
    if (event->data_count == 1)
        return event->data[0].value;
    size_t size = 0;
    for (size_t i = 0; i < event->data_count; i++)
        size += event->data[i].value.len + 1;
    char *text = arena_alloc(arena, size);
    char *end = text;
    for (size_t i = 0; i < event->data_count; i++) {
        struct slice value = event->data[i].value;
        if (i)
            *end++ = '\n';
        if (value.len)
            memcpy(end, value.at, value.len);
        end += value.len;
    }
    return slice_make(text, (size_t)(end - text));
}

static const char *const level_names[] = {
    [LEVEL_CRITICAL] = "critical",       [LEVEL_ERROR] = "error",     [LEVEL_WARNING] = "warning",
    [LEVEL_INFORMATION] = "information", [LEVEL_VERBOSE] = "verbose",
};

const char *level_name(enum level level)
{
    return (size_t)level < sizeof level_names / sizeof *level_names ? level_names[level] : NULL;
}

const char *kind_name(enum entry_kind kind)
{
    switch (kind) {
    case KIND_EVENT:
        return "event";
    case KIND_HTTP:
        return "http";
    case KIND_PROVISIONING:
        return "provisioning";
    }
    return NULL;
}

enum level level_parse(struct slice word)
{
    /* What Event Viewer (English, Japanese), wevtutil, PowerShell and agents print. The audit
     * words stand in the security log's Keywords column, its events having level 0. */
    static const struct {
        const char *word;
        enum level level;
    } words[] = {
        {"critical", LEVEL_CRITICAL},
        {"error", LEVEL_ERROR},
        {"warning", LEVEL_WARNING},
        {"information", LEVEL_INFORMATION},
        {"verbose", LEVEL_VERBOSE},
        {"1", LEVEL_CRITICAL},
        {"2", LEVEL_ERROR},
        {"3", LEVEL_WARNING},
        {"4", LEVEL_INFORMATION},
        {"5", LEVEL_VERBOSE},
        {"0", LEVEL_INFORMATION},
        {"fatal", LEVEL_CRITICAL},
        {"warn", LEVEL_WARNING},
        {"info", LEVEL_INFORMATION},
        {"debug", LEVEL_VERBOSE},
        {"logalways", LEVEL_INFORMATION},
        {"informational", LEVEL_INFORMATION},
        {"audit success", LEVEL_INFORMATION},
        {"audit failure", LEVEL_INFORMATION},
        {"重大", LEVEL_CRITICAL},
        {"エラー", LEVEL_ERROR},
        {"警告", LEVEL_WARNING},
        {"情報", LEVEL_INFORMATION},
        {"詳細", LEVEL_VERBOSE},
        {"成功の監査", LEVEL_INFORMATION},
        {"失敗の監査", LEVEL_INFORMATION},
        {"監査の成功", LEVEL_INFORMATION},
        {"監査の失敗", LEVEL_INFORMATION},
        {"成功した監査", LEVEL_INFORMATION},
        {"失敗した監査", LEVEL_INFORMATION},
    };
    word = slice_trim(word);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_is_fold(word, words[i].word))
            return words[i].level;
    return LEVEL_NONE;
}
