/* Knows which names are names of secrets (SECURITY.md section 5, rules 1 to 3), and the few names
 * that tell what another value is. One automaton (Aho and Corasick) holds all names, so that a name
 * is looked up in one pass whatever the number of rules; it is built once. */
#include "core/redact/parts.h"

#include <assert.h>
#include <pthread.h>

enum how { WHOLE = 1, STARTS = 2, ENDS = 4, CONTAINS = 8 };

struct rule {
    const char *text; /* folded, without -_. and blanks */
    enum how how;
    unsigned sets;
    enum redact_class kind;
};

#define EVERYWHERE (NAME_HEADER | NAME_QUERY | NAME_VALUE)
#define MEMBER (NAME_QUERY | NAME_VALUE)

static const struct rule rules[] = {
    {"passw", CONTAINS, EVERYWHERE, REDACT_PASSWORD},
    {"passphrase", CONTAINS, EVERYWHERE, REDACT_PASSWORD},
    {"passcode", CONTAINS, EVERYWHERE, REDACT_PASSWORD},
    {"recoverycode", CONTAINS, EVERYWHERE, REDACT_PASSWORD},
    {"bindpw", CONTAINS, EVERYWHERE, REDACT_PASSWORD},
    {"pwd", ENDS, EVERYWHERE, REDACT_PASSWORD},
    {"pass", WHOLE, MEMBER, REDACT_PASSWORD},
    {"pin", WHOLE, MEMBER, REDACT_PASSWORD},
    {"otp", STARTS, MEMBER, REDACT_PASSWORD},
    {"otp", ENDS, MEMBER, REDACT_PASSWORD},
    {"otpcode", ENDS, MEMBER, REDACT_PASSWORD},
    {"mfa", WHOLE, NAME_QUERY, REDACT_PASSWORD},
    {"secret", CONTAINS, EVERYWHERE, REDACT_SECRET},
    {"credential", CONTAINS, EVERYWHERE, REDACT_SECRET},
    {"connectionstring", CONTAINS, EVERYWHERE, REDACT_SECRET},
    {"ciphervalue", WHOLE, NAME_VALUE, REDACT_SECRET},
    {"token", CONTAINS, EVERYWHERE, REDACT_TOKEN},
    {"authorization", CONTAINS, EVERYWHERE, REDACT_TOKEN},
    {"authoriz", CONTAINS, NAME_HEADER, REDACT_TOKEN},
    {"assertion", CONTAINS, EVERYWHERE, REDACT_TOKEN},
    {"jwt", CONTAINS, NAME_HEADER, REDACT_TOKEN},
    {"session", CONTAINS, NAME_HEADER, REDACT_TOKEN},
    {"session", STARTS, MEMBER, REDACT_TOKEN},
    {"samlrequest", WHOLE, MEMBER, REDACT_TOKEN},
    {"samlresponse", WHOLE, MEMBER, REDACT_TOKEN},
    {"samlart", WHOLE, MEMBER, REDACT_TOKEN},
    {"devicecode", WHOLE, MEMBER, REDACT_TOKEN},
    {"codeverifier", WHOLE, MEMBER, REDACT_TOKEN},
    {"codechallenge", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"usercode", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"code", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"state", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"nonce", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"request", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"challenge", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"sid", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"ticket", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"jwt", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"auth", WHOLE, NAME_QUERY | NAME_OAUTH, REDACT_TOKEN},
    {"jti", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"rt", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"idtokenhint", WHOLE, MEMBER, REDACT_TOKEN},
    {"sessid", ENDS, MEMBER, REDACT_TOKEN},
    {"jsessionid", WHOLE, MEMBER, REDACT_TOKEN},
    {"relaystate", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"shdf", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"usg", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"vses2", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"fcparams", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"serverdata", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"facetid", WHOLE, NAME_QUERY, REDACT_TOKEN},
    {"apikey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"accesskey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"privatekey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"signingkey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"encryptionkey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"sharedkey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"accountkey", CONTAINS, EVERYWHERE, REDACT_KEY},
    {"subscriptionkey", ENDS, EVERYWHERE, REDACT_KEY},
    {"key", WHOLE, NAME_QUERY | NAME_OAUTH | NAME_PAIR_NAME, REDACT_KEY},
    {"pfx", ENDS, MEMBER, REDACT_KEY},
    {"signature", CONTAINS, EVERYWHERE, REDACT_SIGNATURE},
    {"sig", WHOLE, MEMBER, REDACT_SIGNATURE},
    {"hmac", WHOLE, MEMBER, REDACT_SIGNATURE},
    {"cookie", CONTAINS, EVERYWHERE, REDACT_COOKIE},
    {"cookie", WHOLE, NAME_COOKIES, REDACT_COOKIE},
    {"cookie2", WHOLE, NAME_COOKIES, REDACT_COOKIE},
    {"setcookie", WHOLE, NAME_COOKIES, REDACT_COOKIE},
    {"setcookie2", WHOLE, NAME_COOKIES, REDACT_COOKIE},
    {"authenticationinfo", WHOLE, NAME_HEADER, REDACT_TOKEN},
    {"proxyauthenticationinfo", WHOLE, NAME_HEADER, REDACT_TOKEN},
    {"dpop", WHOLE, NAME_HEADER, REDACT_TOKEN},
    {"xclientdata", WHOLE, NAME_HEADER, REDACT_TOKEN},
    {"xmsclientprincipal", STARTS, NAME_HEADER, REDACT_TOKEN},
    /* private members of a JWK */
    {"d", WHOLE, NAME_JWK, REDACT_KEY},
    {"p", WHOLE, NAME_JWK, REDACT_KEY},
    {"q", WHOLE, NAME_JWK, REDACT_KEY},
    {"dp", WHOLE, NAME_JWK, REDACT_KEY},
    {"dq", WHOLE, NAME_JWK, REDACT_KEY},
    {"qi", WHOLE, NAME_JWK, REDACT_KEY},
    {"k", WHOLE, NAME_JWK, REDACT_KEY},
    {"kty", WHOLE, NAME_KTY, 0},
    {"granttype", WHOLE, NAME_OAUTH_MARK | NAME_KEPT, 0},
    {"redirecturi", WHOLE, NAME_OAUTH_MARK, 0},
    {"clientsecret", WHOLE, NAME_OAUTH_MARK, REDACT_SECRET},
    {"name", WHOLE, NAME_PAIR_NAME, 0},
    {"value", WHOLE, NAME_PAIR_VALUE, 0},
    {"text", WHOLE, NAME_PAIR_VALUE, 0},
    {"displayname", WHOLE, NAME_CHANGE_NAME, 0},
    {"newvalue", WHOLE, NAME_CHANGE_VALUE, 0},
    {"oldvalue", WHOLE, NAME_CHANGE_VALUE, 0},
    {"path", WHOLE, NAME_PATH, 0},
    /* not secrets, whatever they contain */
    {"claims", ENDS, NAME_NEVER, 0},
    {"type", ENDS, NAME_NEVER, 0},
    {"lifetime", ENDS, NAME_NEVER, 0},
    {"expires", STARTS, NAME_NEVER, 0},
    {"expiry", ENDS, NAME_NEVER, 0},
    {"expiresin", ENDS, NAME_NEVER, 0},
    {"expireson", ENDS, NAME_NEVER, 0},
    {"expiresat", ENDS, NAME_NEVER, 0},
    {"endpoint", ENDS, NAME_NEVER, 0},
    {"supported", ENDS, NAME_NEVER, 0},
    {"count", ENDS, NAME_NEVER, 0},
    {"lastset", ENDS, NAME_NEVER, 0},
    {"datetime", ENDS, NAME_NEVER, 0},
    {"policies", ENDS, NAME_NEVER, 0},
    {"secretary", CONTAINS, NAME_NEVER, 0},
    {"secretaries", CONTAINS, NAME_NEVER, 0},
    {"tokenclaims", CONTAINS, NAME_NEVER, 0},
    {"wwwauthenticate", WHOLE, NAME_NEVER_HEADER, 0},
    {"idempotencykey", ENDS, NAME_NEVER_HEADER, 0},
    {"requestid", ENDS, NAME_NEVER_HEADER, 0},
    {"correlationid", ENDS, NAME_NEVER_HEADER, 0},
    {"secwebsocketkey", WHOLE, NAME_NEVER_HEADER, 0},
    {"publickeypins", STARTS, NAME_NEVER_HEADER, 0},
    {"accesscontrol", STARTS, NAME_NEVER_HEADER, 0},
    {"xratelimit", STARTS, NAME_NEVER_HEADER, 0},
    /* headers that are URLs */
    {"referer", WHOLE, NAME_URL, 0},
    {"referrer", WHOLE, NAME_URL, 0},
    {"location", ENDS, NAME_URL, 0},
    {"origin", WHOLE, NAME_URL, 0},
    {":path", WHOLE, NAME_URL, 0},
    {"xoriginalurl", WHOLE, NAME_URL, 0},
    {"xrewriteurl", WHOLE, NAME_URL, 0},
    {"xforwardeduri", WHOLE, NAME_URL, 0},
    /* who and what an entry is about */
    {"username", WHOLE, NAME_KEPT, 0},
    {"externalid", WHOLE, NAME_KEPT, 0},
    {"id", WHOLE, NAME_KEPT, 0},
    {"schemas", WHOLE, NAME_KEPT, 0},
    {"active", WHOLE, NAME_KEPT, 0},
    {"scimtype", WHOLE, NAME_KEPT, 0},
    {"status", WHOLE, NAME_KEPT, 0},
    {"clientid", WHOLE, NAME_KEPT, 0},
    {"scope", WHOLE, NAME_KEPT, 0},
};

/* Of several names in one (client_secret_token) the class that says most. */
static const unsigned char rank[REDACT_CLASSES] = {
    [REDACT_TOKEN] = 1,     [REDACT_SECRET] = 2, [REDACT_KEY] = 3,
    [REDACT_SIGNATURE] = 4, [REDACT_COOKIE] = 5, [REDACT_PASSWORD] = 6,
};

enum { SYMBOLS = 38, OTHER = 37, STATES_LIMIT = 1200 }; /* a-z 0-9 ':' and the rest */

struct found {
    unsigned sets;
    unsigned char kind, rank;
};

static struct state {
    uint16_t next[SYMBOLS], fail, depth;
    struct found whole, starts; /* of this state alone */
    struct found ends, within;  /* of it and all its suffixes */
} states[STATES_LIMIT];
static unsigned state_count;
static unsigned char symbols[256]; /* 255 = dropped */

static void found_add(struct found *into, struct found more)
{
    if (more.rank > into->rank) {
        into->rank = more.rank;
        into->kind = more.kind;
    }
    into->sets |= more.sets;
}

static void add_rule(const struct rule *rule)
{
    unsigned at = 0;
    for (const char *c = rule->text; *c; c++) {
        unsigned char symbol = symbols[(unsigned char)*c];
        if (!states[at].next[symbol]) {
            assert(state_count < STATES_LIMIT);
            states[state_count].depth = (uint16_t)(states[at].depth + 1);
            states[at].next[symbol] = (uint16_t)state_count++;
        }
        at = states[at].next[symbol];
    }
    bool secret = rule->sets & (EVERYWHERE | NAME_OAUTH | NAME_JWK);
    struct found found = {rule->sets, (unsigned char)rule->kind, secret ? rank[rule->kind] : 0};
    struct state *s = &states[at];
    found_add(rule->how == WHOLE    ? &s->whole
              : rule->how == STARTS ? &s->starts
              : rule->how == ENDS   ? &s->ends
                                    : &s->within,
              found);
}

static void build(void)
{
    memset(symbols, OTHER, sizeof symbols);
    for (int c = 0; c < 26; c++)
        symbols['a' + c] = symbols['A' + c] = (unsigned char)c;
    for (int c = 0; c < 10; c++)
        symbols['0' + c] = (unsigned char)(26 + c);
    symbols[':'] = 36;
    for (const char *c = "-_. []"; *c; c++)
        symbols[(unsigned char)*c] = 255;
    state_count = 1;
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
        add_rule(&rules[i]);
    /* Breadth first, so that a state's suffixes are complete before it. */
    static uint16_t queue[STATES_LIMIT];
    unsigned head = 0, tail = 0;
    for (unsigned s = 0; s < SYMBOLS; s++)
        if (states[0].next[s])
            queue[tail++] = states[0].next[s];
    while (head < tail) {
        struct state *at = &states[queue[head++]];
        found_add(&at->ends, states[at->fail].ends);
        found_add(&at->within, states[at->fail].within);
        for (unsigned s = 0; s < SYMBOLS; s++) {
            uint16_t below = at->next[s];
            uint16_t fail = states[at->fail].next[s];
            if (below) {
                states[below].fail = fail;
                queue[tail++] = below;
            } else {
                at->next[s] = fail;
            }
        }
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

struct name name_look_up(struct slice name)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, build);
    unsigned at = 0;
    size_t length = 0;
    struct found found = {0};
    for (size_t i = 0; i < name.len; i++) {
        unsigned char c = (unsigned char)name.at[i];
        if (c == '%' && i + 2 < name.len && hex_digit(name.at[i + 1]) >= 0 &&
            hex_digit(name.at[i + 2]) >= 0) {
            c = (unsigned char)(hex_digit(name.at[i + 1]) * 16 + hex_digit(name.at[i + 2]));
            i += 2;
        }
        unsigned char symbol = symbols[c];
        if (symbol == 255)
            continue;
        at = states[at].next[symbol];
        length++;
        if (states[at].within.sets)
            found_add(&found, states[at].within);
        if (states[at].starts.sets && states[at].depth == length)
            found_add(&found, states[at].starts);
    }
    found_add(&found, states[at].ends);
    if (states[at].depth == length)
        found_add(&found, states[at].whole);
    return (struct name){found.sets, (enum redact_class)found.kind};
}

struct name name_of_header(struct slice name)
{
    struct name out = name_look_up(name);
    if (!(out.sets & NAME_HEADER) && slice_find_fold(name, SLICE("-key")) != SIZE_MAX)
        out = (struct name){out.sets | NAME_HEADER, REDACT_KEY};
    return out;
}

bool name_is_secret_header(struct name name)
{
    return (name.sets & NAME_HEADER) && !(name.sets & NAME_NEVER_HEADER);
}
