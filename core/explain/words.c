/* Knows the words of errors in texts that are no JSON; see words.h. */
#include "core/explain/words.h"

#include "core/base/json.h"

/* --- cut JSON --------------------------------------------------------------------------------- */

static bool is_one_of(char c, const char *set)
{
    return c && strchr(set, c);
}

static struct slice skip_any(struct slice s, const char *set)
{
    while (s.len && is_one_of(s.at[0], set))
        s = slice_from(s, 1);
    return s;
}

/* The text behind `"key" :` and blanks, from `*at` on; false when there is no such pair. */
static bool find_pair(struct slice text, const char *key, size_t *at, struct slice *value)
{
    for (;;) {
        struct slice rest = slice_from(text, *at);
        size_t hit = slice_find_fold(rest, slice_of(key));
        if (hit == SIZE_MAX)
            return false;
        *at += hit + strlen(key);
        struct slice after = skip_any(slice_from(text, *at), " \t\r\n");
        if (!slice_starts(after, ":"))
            continue;
        *value = skip_any(slice_from(after, 1), " \t\r\n");
        return true;
    }
}

/* Bytes up to the quote that closes a string, or to the end. */
static size_t string_end(struct slice s)
{
    size_t i = 0;
    while (i < s.len && s.at[i] != '"')
        i += s.at[i] == '\\' ? 2 : 1;
    return i < s.len ? i : s.len;
}

static size_t letters(struct slice s)
{
    size_t i = 0;
    while (i < s.len && (s.at[i] | 32) >= 'a' && (s.at[i] | 32) <= 'z')
        i++;
    return i;
}

static size_t digits(struct slice s)
{
    size_t i = 0;
    while (i < s.len && s.at[i] >= '0' && s.at[i] <= '9')
        i++;
    return i;
}

static int number_of(struct slice text)
{
    int64_t value;
    return slice_to_int64(text, &value) ? (int)value : 0;
}

void words_salvage(struct cut_error *out, struct slice text, struct arena *arena)
{
    struct slice value;
    size_t at = 0;
    while (slice_is_none(out->detail) && find_pair(text, "\"detail\"", &at, &value))
        if (slice_starts(value, "\"")) {
            value = slice_from(value, 1);
            out->detail = json_text(arena, slice_first(value, string_end(value)));
        }
    at = 0;
    while (slice_is_none(out->scim_type) && find_pair(text, "\"scimType\"", &at, &value)) {
        size_t len = slice_starts(value, "\"") ? letters(slice_from(value, 1)) : 0;
        if (len && slice_starts(slice_from(value, 1 + len), "\""))
            out->scim_type = slice_first(slice_from(value, 1), len);
    }
    at = 0;
    while (out->status == 0 && find_pair(text, "\"status\"", &at, &value)) {
        value = slice_from(value, slice_starts(value, "\"") ? 1 : 0);
        if (digits(value) >= 3)
            out->status = number_of(slice_first(value, 3));
    }
}

/* --- labelled codes --------------------------------------------------------------------------- */

static bool is_word_byte(char c)
{
    return c == '_' || (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Length of the code that a text begins with: a letter, three letters or '_', then digits too; 0
 * for numbers and short words. */
static size_t code_length(struct slice text)
{
    size_t len = 0;
    while (len < text.len && is_word_byte(text.at[len]) &&
           (len >= 4 || text.at[len] < '0' || text.at[len] > '9'))
        len++;
    return len >= 4 && text.at[0] != '_' ? len : 0;
}

void words_each_code(struct slice text, void (*each)(void *self, struct slice code), void *self)
{
    static const char *const labels[] = {"error code", "errorcode",         "skip reason",
                                         "skipreason", "quarantine reason", "quarantinereason"};
    static const char prefix[] = "SystemForCrossDomainIdentityManagement";
    struct slice rest;
    size_t hit;
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        rest = text;
        while ((hit = slice_find_fold(rest, slice_of(labels[i]))) != SIZE_MAX) {
            rest = slice_from(rest, hit + strlen(labels[i]));
            struct slice word = skip_any(rest, "\"\t\r\n :=|");
            size_t len = code_length(word);
            if (len && word.at != rest.at)
                each(self, slice_first(word, len));
        }
    }
    rest = text;
    while ((hit = slice_find(rest, slice_of(prefix))) != SIZE_MAX) {
        rest = slice_from(rest, hit);
        size_t len = letters(rest);
        if (len > strlen(prefix))
            each(self, slice_first(rest, len));
        rest = slice_from(rest, len);
    }
}

/* --- statuses --------------------------------------------------------------------------------- */

/* The status that reason words stand for, 0 when they are none. */
static int reason_status(struct slice words)
{
    static const struct {
        const char *words;
        int status;
    } reasons[] = {
        {"badrequest", 400},
        {"unauthorized", 401},
        {"forbidden", 403},
        {"notfound", 404},
        {"methodnotallowed", 405},
        {"notacceptable", 406},
        {"proxyauthenticationrequired", 407},
        {"requesttimeout", 408},
        {"conflict", 409},
        {"gone", 410},
        {"preconditionfailed", 412},
        {"requestentitytoolarge", 413},
        {"unsupportedmediatype", 415},
        {"unprocessableentity", 422},
        {"toomanyrequests", 429},
        {"internalservererror", 500},
        {"notimplemented", 501},
        {"badgateway", 502},
        {"serviceunavailable", 503},
        {"gatewaytimeout", 504},
    };
    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        if (slice_is_fold(words, reasons[i].words))
            return reasons[i].status;
    return 0;
}

/* Where `label` ends its n-th time in `*rest`, with the separators behind it passed; false: none.
 */
static bool next_label(struct slice *rest, const char *label, struct slice *value)
{
    size_t hit = slice_find_fold(*rest, slice_of(label));
    if (hit == SIZE_MAX)
        return false;
    *rest = slice_from(*rest, hit + strlen(label));
    *value = skip_any(*rest, " :=\"");
    return true;
}

static int number_status(struct slice text)
{
    static const char *const labels[] = {"status code", "statuscode", "status", "http"};
    for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
        struct slice rest = text, value;
        while (next_label(&rest, labels[i], &value)) {
            if (i == 3 && slice_starts(rest, "/")) {
                struct slice version = slice_from(rest, 1);
                while (version.len && is_one_of(version.at[0], "0123456789."))
                    version = slice_from(version, 1);
                rest = version;
                value = skip_any(version, " :=\"");
            }
            if (value.at != rest.at && digits(value) == 3 && value.at[0] >= '1' &&
                value.at[0] <= '5')
                return number_of(slice_first(value, 3));
        }
    }
    return 0;
}

static int word_status(struct slice text)
{
    static const char *const labels[] = {"status code", "statuscode"};
    for (size_t i = 0; i < 2; i++) {
        struct slice rest = text, value;
        if (next_label(&rest, labels[i], &value) && value.at != rest.at && letters(value))
            return reason_status(slice_first(value, letters(value)));
    }
    static const struct {
        const char *words;
        int status;
    } reported[] = {
        {"Bad Request. Errors reported", 400},
        {"Unauthorized. Errors reported", 401},
        {"Forbidden. Errors reported", 403},
        {"Not Found. Errors reported", 404},
        {"Conflict. Errors reported", 409},
        {"Too Many Requests. Errors reported", 429},
        {"Internal Server Error. Errors reported", 500},
    };
    for (size_t i = 0; i < sizeof reported / sizeof *reported; i++)
        if (slice_find_fold(text, slice_of(reported[i].words)) != SIZE_MAX)
            return reported[i].status;
    return 0;
}

int words_status(struct slice text)
{
    int status = number_status(text);
    return status ? status : word_status(text);
}
