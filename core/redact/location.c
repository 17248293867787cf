/* Knows where secrets stand in URLs: user-info, path segments of webhooks, query and fragment. */
#include "core/redact/parts.h"

#include <math.h>

enum { SEGMENT_LEAST = 20 };

/* Where the scheme's "://" begins in the first bytes, else SIZE_MAX. */
static size_t scheme_end(struct slice url)
{
    size_t i = 0;
    while (i < url.len && i < 32 &&
           ((url.at[i] >= 'a' && url.at[i] <= 'z') || (url.at[i] >= 'A' && url.at[i] <= 'Z') ||
            (url.at[i] >= '0' && url.at[i] <= '9') || url.at[i] == '+' || url.at[i] == '-' ||
            url.at[i] == '.'))
        i++;
    return i && slice_starts(slice_from(url, i), "://") ? i : SIZE_MAX;
}

/* The user stays, the password goes. */
static void scan_authority(struct redactor *r, struct slice authority, size_t base)
{
    size_t at = authority.len;
    while (at > 0 && authority.at[at - 1] != '@')
        at--;
    if (!at)
        return;
    size_t colon = slice_find_byte(slice_first(authority, at - 1), ':');
    if (colon == SIZE_MAX)
        return;
    struct slice raw = slice_make(authority.at + colon + 1, at - 1 - colon - 1);
    tag_replace(r, base + colon + 1, base + at - 1, encoding_decode(r, raw, ENCODING_PERCENT),
                REDACT_PASSWORD);
}

/* --- paths ------------------------------------------------------------------------------------ */

static double entropy(struct slice text)
{
    unsigned counts[256] = {0};
    for (size_t i = 0; i < text.len; i++)
        counts[(unsigned char)text.at[i]]++;
    double bits = 0;
    for (size_t i = 0; i < 256; i++)
        if (counts[i]) {
            double share = (double)counts[i] / (double)text.len;
            bits -= share * log2(share);
        }
    return bits;
}

static bool is_uuid(struct slice text)
{
    if (text.len != 36)
        return false;
    for (size_t i = 0; i < 36; i++) {
        bool dash = i == 8 || i == 13 || i == 18 || i == 23;
        char c = (char)(text.at[i] | 0x20);
        if (dash ? text.at[i] != '-' : !((c >= '0' && c <= '9') || (c >= 'a' && c <= 'f')))
            return false;
    }
    return true;
}

/* What a segment says about those behind it. */
enum behind { BEHIND_NOTHING, BEHIND_MAYBE, BEHIND_SECRET, BEHIND_SCIM, BEHIND_SAME };

static enum behind segment_means(struct slice segment)
{
    static const struct {
        const char *word;
        enum behind means;
    } words[] = {
        {"token", BEHIND_SECRET},   {"tokens", BEHIND_SECRET},  {"secret", BEHIND_SECRET},
        {"secrets", BEHIND_SECRET}, {"webhook", BEHIND_SECRET}, {"webhooks", BEHIND_SECRET},
        {"hooks", BEHIND_SECRET},   {"hook", BEHIND_SECRET},    {"webhookb2", BEHIND_SECRET},
        {"services", BEHIND_MAYBE}, {"scim", BEHIND_SCIM},      {"users", BEHIND_SCIM},
        {"groups", BEHIND_SCIM},    {"bulk", BEHIND_SCIM},      {"me", BEHIND_SCIM},
    };
    for (size_t i = 0; segment.len <= 9 && i < sizeof words / sizeof *words; i++)
        if (slice_is_fold(segment, words[i].word))
            return words[i].means;
    return BEHIND_SAME;
}

/* Paths whose last segment is the credential, whatever it looks like. */
static bool is_webhook(struct slice host, struct slice path)
{
    if (slice_is_fold(host, "hooks.slack.com"))
        return slice_starts(path, "/services/") || slice_starts(path, "/workflows/");
    if (slice_ends_fold(host, ".webhook.office.com"))
        return true;
    return (slice_is_fold(host, "discord.com") || slice_is_fold(host, "discordapp.com")) &&
           slice_find_fold(path, SLICE("/webhooks/")) != SIZE_MAX;
}

/* `;name=value` behind a segment. */
static void scan_matrix(struct redactor *r, struct slice segment, size_t base)
{
    size_t at = slice_find_byte(segment, ';');
    if (at != SIZE_MAX)
        location_scan_query(r, slice_from(segment, at + 1), base + at + 1, PARTS_LEVELS);
}

static void scan_path(struct redactor *r, struct slice path, size_t base, struct slice host)
{
    bool webhook = is_webhook(host, path);
    enum behind behind = BEHIND_NOTHING;
    struct slice rest = path, segment;
    while (slice_cut(&rest, '/', &segment)) {
        size_t at = base + (size_t)(segment.at - path.at);
        struct slice plain = slice_first(segment, slice_find_byte(segment, ';'));
        bool last = webhook && slice_is_none(rest) && plain.len;
        bool guess = plain.len >= SEGMENT_LEAST && entropy(plain) > 3.5 &&
                     slice_find(plain, SLICE("[redacted:")) == SIZE_MAX &&
                     (behind == BEHIND_SECRET || (behind == BEHIND_MAYBE && !is_uuid(plain)));
        if (last || guess)
            tag_replace(r, at, at + plain.len, plain, REDACT_TOKEN);
        else if (plain.len >= 10)
            prose_scan(r, plain, at, PARTS_LEVELS);
        if (plain.len < segment.len)
            scan_matrix(r, segment, at);
        enum behind means = segment_means(plain);
        if (means != BEHIND_SAME)
            behind = means;
    }
}

/* --- queries ---------------------------------------------------------------------------------- */

static void scan_pair(struct redactor *r, struct slice part, size_t base, unsigned level)
{
    size_t equals = tag_find_outside(part, 0, "=");
    if (equals == part.len) {
        if (part.len >= 8)
            encoding_scan(r, part, base, ENCODING_FORM, level);
        return;
    }
    struct slice value = slice_from(part, equals + 1);
    struct slice written = slice_trim(slice_first(part, equals));
    struct name name = {0};
    if (slice_find(written, SLICE("[redacted:")) == SIZE_MAX) /* a tag's words name nothing */
        name = name_look_up(written);
    if (name_is_secret(name, NAME_QUERY))
        tag_replace(r, base + equals + 1, base + part.len, encoding_decode(r, value, ENCODING_FORM),
                    name.kind);
    else if (value.len >= 8)
        encoding_scan(r, value, base + equals + 1, ENCODING_FORM, level + 1);
}

void location_scan_query(struct redactor *r, struct slice query, size_t base, unsigned level)
{
    size_t at = 0;
    while (at < query.len) {
        size_t end = at;
        while (end < query.len && query.at[end] != '&' && query.at[end] != ';')
            end++;
        scan_pair(r, slice_make(query.at + at, end - at), base + at, level);
        at = end + 1;
    }
}

void location_scan(struct redactor *r, struct slice url, size_t base, unsigned level)
{
    size_t at = 0;
    struct slice host = SLICE("");
    size_t scheme = scheme_end(url);
    if (scheme != SIZE_MAX || slice_starts(url, "//")) {
        at = scheme == SIZE_MAX ? 2 : scheme + 3;
        size_t end = tag_find_outside(url, at, "/?#");
        struct slice authority = slice_make(url.at + at, end - at);
        scan_authority(r, authority, base + at);
        host = authority;
        for (size_t i = authority.len; i > 0; i--)
            if (authority.at[i - 1] == '@') {
                host = slice_from(authority, i);
                break;
            }
        host = slice_first(host, slice_find_byte(host, ':'));
        at = end;
    }
    size_t end = tag_find_outside(url, at, "?#");
    scan_path(r, slice_make(url.at + at, end - at), base + at, host);
    if (end < url.len && url.at[end] == '?') {
        at = end + 1;
        end = tag_find_outside(url, at, "#");
        location_scan_query(r, slice_make(url.at + at, end - at), base + at, level);
    }
    if (end < url.len) {
        /* A fragment may hold parameters, alone or behind a path of its own. */
        at = end + 1;
        size_t query = tag_find_outside(url, at, "?");
        if (query < url.len)
            at = query + 1;
        location_scan_query(r, slice_from(url, at), base + at, level);
    }
}
