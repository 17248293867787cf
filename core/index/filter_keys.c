/* Knows the keys of the filter language, their names, and the words that some of them take. */
#include "core/base/near.h"
#include "core/index/filter_parts.h"

static const char *const key_names[FILTER_KEYS + 1] = {
    [FILTER_CLASS] = "class",   [FILTER_CATEGORY] = "category",
    [FILTER_VENDOR] = "vendor", [FILTER_USER] = "user",
    [FILTER_STATUS] = "status", [FILTER_SCIMTYPE] = "scimtype",
    [FILTER_EVENT] = "event",   [FILTER_LEVEL] = "level",
    [FILTER_KIND] = "kind",     [FILTER_METHOD] = "method",
    [FILTER_PATH] = "path",     [FILTER_HOST] = "host",
    [FILTER_SOURCE] = "source", [FILTER_LABEL] = "label",
    [FILTER_ID] = "id",         [FILTER_REQUEST_ID] = "request-id",
    [FILTER_IS] = "is",         [FILTER_PROBLEM] = "problem",
    [FILTER_STATE] = "state",   [FILTER_WORK] = "work",
    [FILTER_MARK] = "mark",     [FILTER_NOTE] = "note",
    [FILTER_HAS] = "has",       [FILTER_TIME] = "time",
    [FILTER_SINCE] = "since",   [FILTER_UNTIL] = "until",
    [FILTER_TEXT] = "text",     [FILTER_BODY] = "body",
};

static const char *const categories[] = {
    "authentication",  "authorization", "not-found", "conflict",
    "invalid-request", "throttling",    "server",    "network",
    "configuration",   "other",         NULL};
static const char *const levels[] = {"critical",    "error",   "warning",
                                     "information", "verbose", NULL};
static const char *const kinds[] = {"event", "http", "provisioning", NULL};
static const char *const is_words[] = {"failure",  "success", "failing",
                                       "resolved", "unknown", NULL};
static const char *const states[] = {"failing", "resolved", "unknown", NULL};
static const char *const works[] = {"open", "done", "ignored", NULL};
static const char *const has_words[] = {"remedy", "evidence", "token", "user",
                                        "mark",   "note",     NULL};

const char *filter_key_name(enum filter_key key)
{
    return key_names[key];
}

const char *const *filter_words(enum filter_key key)
{
    switch (key) {
    case FILTER_CATEGORY:
        return categories;
    case FILTER_LEVEL:
        return levels;
    case FILTER_KIND:
        return kinds;
    case FILTER_STATE:
        return states;
    case FILTER_WORK:
        return works;
    case FILTER_IS:
        return is_words;
    case FILTER_HAS:
        return has_words;
    default:
        return NULL;
    }
}

enum filter_key filter_key_find(struct slice name)
{
    for (int key = 0; key < FILTER_KEYS; key++)
        if (slice_is_fold(name, key_names[key]))
            return (enum filter_key)key;
    return FILTER_KEYS;
}

bool filter_key_is_number(enum filter_key key)
{
    return key == FILTER_STATUS || key == FILTER_EVENT || key == FILTER_ID || key == FILTER_PROBLEM;
}

bool filter_key_is_time(enum filter_key key)
{
    return key == FILTER_TIME || key == FILTER_SINCE || key == FILTER_UNTIL;
}

const char *filter_near_key(struct slice word)
{
    return near_find(word, key_names);
}

bool filter_takes_none(enum filter_key key)
{
    switch (key) {
    case FILTER_IS:
    case FILTER_HAS:
    case FILTER_KIND:
    case FILTER_WORK:
    case FILTER_ID:
    case FILTER_SINCE:
    case FILTER_UNTIL:
    case FILTER_TEXT:
    case FILTER_BODY:
        return false;
    default:
        return true;
    }
}
