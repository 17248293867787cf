/* Knows by which keys, paths and forms a text names a person; see personal.h. */
#include "core/report/personal.h"

#include "core/base/json.h"

enum { KEY_LENGTH = 40, LEVELS = 4 /* JSON inside strings inside JSON */ };

/* Of JSON members and pairs: folded, without `_`, `-` and blanks. */
static const char *const person_keys[] = {
    "username",
    "externalid",
    "displayname",
    "formatted",
    "familyname",
    "givenname",
    "middlename",
    "nickname",
    "streetaddress",
    "postalcode",
    "employeenumber",
    "mailnickname",
    "mail",
    "userprincipalname",
    "email",
    "emailaddress",
    "samaccountname",
    "upn",
    "preferredusername",
    "login",
    "loginname",
    "accountname",
    "userid",
    "usersid",
    "targetuser",
    "sourceuser",
    "targetexternalid",
    "objectguid",
    "sourceexternalid",
    "mailaddress",
    "sn",
    "distinguishedname",
    "sourceanchor",
    "immutableid",
    "cn",
    "phonenumber",
    "onpremisesobjectid",
    NULL,
};
/* Of JSON members only: too common a word elsewhere. */
static const char *const member_keys[] = {"id", "value", "display", "user", "account", NULL};

static const char *const common_words[] = {
    "true",
    "false",
    "null",
    "none",
    "active",
    "username",
    "externalid",
    "displayname",
    "emails",
    "phonenumbers",
    "name",
    "title",
    "id",
    "password",
    "groups",
    "members",
    "roles",
    "entitlements",
    "nickname",
    "locale",
    "timezone",
    "usertype",
    "profileurl",
    "addresses",
    "ims",
    "photos",
    "manager",
    "department",
    "division",
    "organization",
    "costcenter",
    "user",
    "group",
    "users",
    "work",
    "home",
    "mobile",
    "other",
    "primary",
    "add",
    "remove",
    "replace",
    "preferredlanguage",
    "x509certificates",
    "employeenumber",
    "mailnickname",
    "schemas",
    "givenname",
    "familyname",
    "formatted",
    "value",
    "type",
    "unknown",
    "domain",
    "invalid",
    NULL,
};

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z');
}

/* Of a value as much as tells it apart; all of it is its place. */
static struct slice known_part(struct slice text, size_t from, size_t len)
{
    return slice_first(slice_from(text, from), len < PERSONAL_VALUE ? len : PERSONAL_VALUE);
}

static bool in_list(const char *const *list, struct slice word)
{
    for (; *list; list++)
        if (slice_is_fold(word, *list))
            return true;
    return false;
}

bool personal_is_common(struct slice value)
{
    size_t dot = value.len; /* of "name.givenName" the last part */
    while (dot > 0 && value.at[dot - 1] != '.' && value.at[dot - 1] != ':')
        dot--;
    return value.len == 0 || in_list(common_words, value) ||
           in_list(common_words, slice_from(value, dot)) || slice_starts_fold(value, "urn:") ||
           slice_starts(value, "[redacted:");
}

/* The key folded into `out`; SLICE_NONE when too long for any that is known. */
static struct slice fold_key(struct slice key, char out[KEY_LENGTH])
{
    size_t len = 0;
    for (size_t i = 0; i < key.len; i++) {
        char c = key.at[i];
        if (c == '_' || c == '-' || c == ' ' || c == '$')
            continue;
        if (len == KEY_LENGTH)
            return SLICE_NONE;
        out[len++] = c;
    }
    return slice_make(out, len);
}

/* --- members of JSON, in strings at any level ------------------------------------------------- */

static size_t backslashes(struct slice text, size_t before)
{
    size_t count = 0;
    while (count < before && text.at[before - 1 - count] == '\\')
        count++;
    return count;
}

/* Where the string ends whose opening quote had `level` backslashes before it: at the first of the
 * backslashes of its closing quote. A quote inside has more of them. */
static size_t string_end(struct slice text, size_t from, size_t level)
{
    for (size_t i = from; i < text.len; i++) {
        if (text.at[i] != '"')
            continue;
        size_t before = backslashes(text, i);
        if (before > i - from)
            before = i - from;
        if (before >= level && (before - level) % (level + 1) == 0 &&
            (before - level) / (level + 1) % 2 == 0)
            return i - level;
        if (before < level)
            return i - before; /* a string around this one ends here: it was cut */
    }
    return text.len;
}

static struct slice unescape(struct slice text, size_t level, struct arena *arena)
{
    for (size_t layers = level + 1; layers >= 1 && memchr(text.at, '\\', text.len); layers /= 2) {
        char *quoted = arena_alloc(arena, text.len + 2);
        quoted[0] = quoted[text.len + 1] = '"';
        memcpy(quoted + 1, text.at, text.len);
        text = json_text(arena, slice_make(quoted, text.len + 2));
    }
    return text;
}

static size_t skip_blanks(struct slice text, size_t at)
{
    while (at < text.len && (text.at[at] == ' ' || text.at[at] == '\t' || text.at[at] == '\n' ||
                             text.at[at] == '\r'))
        at++;
    return at;
}

/* `"key" : "value"` whose opening quote stands at `at`. `*next`: where to go on when it is none. */
static bool member_at(struct slice text, size_t at, struct arena *arena, struct personal *out,
                      size_t *next)
{
    char folded[KEY_LENGTH];
    size_t level = backslashes(text, at), i = at + 1;
    *next = at + 1;
    while (i < text.len && i - at <= KEY_LENGTH &&
           (is_alnum(text.at[i]) || strchr("_-$ .", text.at[i])) && text.at[i])
        i++;
    struct slice key = fold_key(slice_first(slice_from(text, at + 1), i - at - 1), folded);
    i += level; /* the backslashes of the closing quote */
    if (key.len == 0 || i >= text.len || text.at[i] != '"' || level >= 1 << LEVELS)
        return false;
    i = skip_blanks(text, i + 1);
    if (i >= text.len || text.at[i] != ':')
        return false;
    i = skip_blanks(text, i + 1) + level;
    if (i >= text.len || text.at[i] != '"' || backslashes(text, i) != level ||
        (!in_list(person_keys, key) && !in_list(member_keys, key)))
        return false;
    size_t end = string_end(text, i + 1, level);
    *out = (struct personal){.from = i + 1, .len = end - i - 1, .how = PERSONAL_MEMBER};
    out->value = unescape(known_part(text, out->from, out->len), level, arena);
    *next = end;
    return !personal_is_common(out->value);
}

/* --- pairs, paths, mail addresses ------------------------------------------------------------- */

static bool ends_value(char c, bool name)
{
    return strchr(name ? ",;\"'<>&\\\r\n\t|" : " ,;\"'<>&\\\r\n\t|)]}", c) != NULL;
}

static bool is_pair_key(struct slice word, const struct slice *keys, size_t key_count)
{
    char folded[KEY_LENGTH], other[KEY_LENGTH];
    struct slice key = fold_key(word, folded);
    if (key.len == 0 || in_list(person_keys, key))
        return key.len != 0;
    for (size_t i = 0; i < key_count; i++)
        if (slice_equal_fold(fold_key(keys[i], other), key))
            return true;
    return false;
}

/* `key=value` or `key: value` whose word begins at `at`. */
static bool pair_at(struct slice text, size_t at, const struct slice *keys, size_t key_count,
                    struct personal *out)
{
    size_t i = at;
    while (i < text.len && i - at < KEY_LENGTH && (is_alnum(text.at[i]) || text.at[i] == '_'))
        i++;
    struct slice word = slice_first(slice_from(text, at), i - at);
    while (i < text.len && text.at[i] == ' ')
        i++;
    if (i >= text.len || (text.at[i] != '=' && text.at[i] != ':') ||
        !is_pair_key(word, keys, key_count))
        return false;
    for (i++; i < text.len && text.at[i] == ' '; i++)
        ;
    size_t from = i;
    bool name = slice_is_fold(word, "cn") || slice_is_fold(word, "displayName");
    while (i < text.len && text.at[i] && !ends_value(text.at[i], name) && i - from < PERSONAL_VALUE)
        i++;
    *out = (struct personal){.from = from,
                             .len = i - from,
                             .how = PERSONAL_PAIR,
                             .value = known_part(text, from, i - from)};
    return !personal_is_common(out->value);
}

/* The id behind /Users/ or /Groups/, whose first '/' stands at `at`. */
static bool path_at(struct slice text, size_t at, struct personal *out)
{
    struct slice rest = slice_from(text, at);
    size_t from = slice_starts_fold(rest, "/users/")    ? 7
                  : slice_starts_fold(rest, "/groups/") ? 8
                                                        : 0;
    size_t end = from;
    while (from && end < rest.len && !strchr("/?#\"' <>\\),;`\r\n\t", rest.at[end]))
        end++;
    *out = (struct personal){.from = at + from,
                             .len = end - from,
                             .how = PERSONAL_PATH,
                             .value = known_part(rest, from, end - from)};
    return end > from && rest.at[from] != '.' && !personal_is_common(out->value);
}

static bool is_mail_byte(char c)
{
    return is_alnum(c) || (unsigned char)c >= 0x80 || (c && strchr("._+-'!#$*", c));
}

static size_t at_sign(struct slice rest)
{
    if (rest.len && rest.at[0] == '@')
        return 1;
    return slice_starts(rest, "%40") ? 3 : 0;
}

/* A mail address whose local part begins at `at`. `*run`: where the local part ends. */
static bool mail_at(struct slice text, size_t at, struct personal *out, size_t *run)
{
    size_t i = at;
    while (i < text.len && is_mail_byte(text.at[i]))
        i++;
    *run = i > at ? i : at + 1;
    size_t sign = at_sign(slice_from(text, i)), domain = i + sign, end = domain, dot = 0;
    while (sign && end < text.len &&
           (is_alnum(text.at[end]) || text.at[end] == '-' || text.at[end] == '.')) {
        dot = text.at[end] == '.' && end > domain ? end : dot;
        end++;
    }
    while (end > domain && (text.at[end - 1] == '.' || text.at[end - 1] == '-'))
        end--;
    *out = (struct personal){.from = at, .len = end - at, .how = PERSONAL_MAIL};
    out->value = known_part(text, at, end - at);
    return sign && i > at && dot && dot < end;
}

/* --- all -------------------------------------------------------------------------------------- */

bool personal_next(struct slice text, size_t *at, const struct slice *keys, size_t key_count,
                   struct arena *arena, struct personal *out)
{
    size_t words = *at; /* a word or mail address may begin from here on */
    while (*at < text.len) {
        size_t i = *at, next = i + 1;
        char c = text.at[i];
        bool found = false;
        if (c == '"')
            found = member_at(text, i, arena, out, &next);
        else if (c == '/')
            found = path_at(text, i, out);
        else if (i >= words && is_mail_byte(c)) {
            bool word = is_alnum(c) && (i == 0 || !is_alnum(text.at[i - 1]));
            found =
                (word && pair_at(text, i, keys, key_count, out)) || mail_at(text, i, out, &words);
        }
        if (found) {
            *at = out->from + out->len;
            return true;
        }
        *at = next;
    }
    return false;
}
