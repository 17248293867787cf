/* Reads the values of the filter language that are numbers or words of a list. */
#include "core/base/near.h"
#include "core/base/safe.h"
#include "core/index/filter_parts.h"
#include "core/record.h"

#include <stdio.h>

static bool filter_number(struct slice s, int64_t *out)
{
    return s.len > 0 && s.at[0] >= '0' && s.at[0] <= '9' && slice_to_int64(s, out);
}

/* `>=500` and its relatives. */
static bool filter_compared(struct slice text, struct filter_value *value)
{
    bool less = text.at[0] == '<';
    bool equal = text.len > 1 && text.at[1] == '=';
    int64_t bound;
    if (!filter_number(slice_from(text, equal ? 2 : 1), &bound))
        return false;
    if (less) {
        value->low = 0;
        value->high = equal ? bound : bound - 1;
    } else {
        value->low = equal || bound == INT64_MAX ? bound : bound + 1;
        value->high = INT64_MAX;
    }
    return true;
}

static bool filter_read_range(struct slice text, enum filter_key key, struct filter_value *value)
{
    if (text.len == 0)
        return false;
    if (text.at[0] == '<' || text.at[0] == '>')
        return filter_compared(text, value);
    if (key == FILTER_STATUS && text.len == 3 && text.at[0] >= '1' && text.at[0] <= '5' &&
        slice_is_fold(slice_from(text, 1), "xx")) {
        value->low = (text.at[0] - '0') * 100;
        value->high = value->low + 99;
        return true;
    }
    size_t dash = slice_find_byte(text, '-');
    if (dash != SIZE_MAX)
        return filter_number(slice_first(text, dash), &value->low) &&
               filter_number(slice_from(text, dash + 1), &value->high);
    if (!filter_number(text, &value->low))
        return false;
    value->high = value->low;
    return true;
}

enum fault_code filter_read_number(struct filter_value *value, enum filter_key key,
                                   struct fault *why)
{
    char shown[FILTER_SHOWN];
    const char *name = filter_key_name(key);
    if (!filter_read_range(value->text, key, value)) {
        safe_short(shown, sizeof shown, value->text);
        if (key == FILTER_STATUS)
            return fault_set(why, FAULT_USAGE,
                             "'%s' is no status; write 409, 5xx, 400-499, >=500 or none", shown);
        return fault_set(why, FAULT_USAGE, "'%s' is no %s number; write 12808, 100-200, >=100%s",
                         shown, name, key == FILTER_ID ? "" : " or none");
    }
    if (value->low > value->high)
        return fault_set(why, FAULT_USAGE, "this %s range is empty; write the smaller number first",
                         name);
    if (key == FILTER_STATUS && (value->high < 100 || value->low > 599))
        return fault_set(why, FAULT_USAGE,
                         "a status is 100 to 599; write status:none for calls that got "
                         "no answer");
    return FAULT_NONE;
}

/* The spelling of filter_words() for what was written, or NULL. */
static const char *filter_known_word(enum filter_key key, struct slice text)
{
    if (key == FILTER_LEVEL) {
        const char *name = level_name(level_parse(text));
        if (name)
            return name;
    }
    for (const char *const *word = filter_words(key); *word; word++)
        if (slice_is_fold(text, *word))
            return *word;
    return NULL;
}

enum fault_code filter_read_word(struct filter_value *value, enum filter_key key, struct fault *why)
{
    const char *word = filter_known_word(key, value->text);
    if (word) {
        value->text = slice_of(word);
        return FAULT_NONE;
    }
    char shown[FILTER_SHOWN];
    safe_short(shown, sizeof shown, value->text);
    const char *near = near_find(value->text, filter_words(key));
    if (near)
        return fault_set(why, FAULT_USAGE, "'%s' is no value of %s; did you mean %s:%s?", shown,
                         filter_key_name(key), filter_key_name(key), near);
    char list[160];
    size_t used = 0;
    for (const char *const *w = filter_words(key); *w; w++) {
        int n = snprintf(list + used, sizeof list - used, "%s%s", used ? " " : "", *w);
        if (n < 0 || (size_t)n >= sizeof list - used)
            break;
        used += (size_t)n;
    }
    return fault_set(why, FAULT_USAGE, "'%s' is no value of %s; it takes: %s", shown,
                     filter_key_name(key), list);
}
