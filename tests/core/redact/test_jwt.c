/* JSON Web Tokens: claims kept, signature and text gone, read back for the explanation. */
#include "core/redact/parts.h"
#include "redacting.h"

TestSuite(jwt, .init = redacting_open, .fini = redacting_close);

static struct slice token_of(const char *header, const char *payload, const char *signature)
{
    return arena_format(&arena, "%s.%s.%s", base64_encode(&arena, slice_of(header)).at,
                        base64_encode(&arena, slice_of(payload)).at, signature);
}

/* Base64url without padding, as tokens are written. */
static const char *sent(const char *header, const char *payload, const char *signature)
{
    struct slice token = token_of(header, payload, signature);
    char *out = arena_alloc(&arena, token.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < token.len; i++)
        if (token.at[i] != '=')
            out[len++] = token.at[i];
    out[len] = '\0';
    return out;
}

static const char header[] = "{\"typ\":\"JWT\",\"alg\":\"RS256\",\"kid\":\"k1\"}";
static const char payload[] =
    "{\"iss\":\"https://sts.test/t/\",\"aud\":[\"a\",\"b,c\"],\"iat\":1714564800,"
    "\"exp\":1714568400.5,\"nbf\":1,\"azp\":\"app\",\"tid\":\"t-1\",\"sub\":\"s]#[ x\","
    "\"scp\":\"User.Read All\",\"roles\":[],\"nonce\":\"secretnonce\",\"name\":\"Tanaka\"}";

Test(jwt, keeps_the_claims_that_explain_and_nothing_else)
{
    const char *want = "Bearer [redacted:jwt alg=RS256 kid=k1 iss=https://sts.test/t/ aud=a,b,c "
                       "iat=1714564800 exp=1714568400 nbf=1 appid=app tid=t-1 sub=s%5D%23%5B%20x "
                       "scp=User.Read%20All len=64-511 #]";
    expect_header("Authorization",
                  arena_format(&arena, "Bearer %s", sent(header, payload, "sig")).at, want);
}

Test(jwt, is_found_in_text_and_without_a_signature)
{
    const char *token = sent("{\"alg\":\"none\"}", "{\"exp\":5}", "");
    expect_text(arena_format(&arena, "got %s", token).at,
                "got [redacted:jwt alg=none exp=5 len=16-63 #]");
    token = sent("{\"alg\":\"HS256\"}", "{\"exp\":5}", "abcdef");
    expect_text(arena_format(&arena, "got %s.", token).at,
                "got [redacted:jwt alg=HS256 exp=5 len=16-63 #].");
}

Test(jwt, what_only_looks_like_one_is_a_token)
{
    expect_text("eyJhbGciOiJIUzI1NiJ9.bm8ganNvbg.abc", "[redacted:token len=16-63 #]");
    expect_text("eyJhbGciOiJIUzI1NiJ9.a.b.c.d", "[redacted:token len=16-63 #]");
    expect_text(sent("{\"kid\":\"x\"}", "{\"exp\":5}", "sig"), "[redacted:token len=16-63 #]");
}

Test(jwt, claims_come_back_from_the_tag)
{
    struct slice tag = redacted(arena_format(&arena, "Bearer %s", sent(header, payload, "s")).at);
    struct jwt_facts facts = redact_jwt_facts(tag, &arena);
    cr_assert(facts.present);
    cr_expect(slice_is(facts.alg, "RS256"));
    cr_expect(slice_is(facts.kid, "k1"));
    cr_expect(slice_is(facts.iss, "https://sts.test/t/"));
    cr_expect(slice_is(facts.aud, "a,b,c"));
    cr_expect(slice_is(facts.appid, "app"));
    cr_expect(slice_is(facts.tid, "t-1"));
    cr_expect(slice_is(facts.sub, "s]#[ x"));
    cr_expect(slice_is(facts.scp, "User.Read All"));
    cr_expect(slice_is_none(facts.roles));
    cr_expect_eq(facts.iat, 1714564800);
    cr_expect_eq(facts.exp, 1714568400);
    cr_expect_eq(facts.nbf, 1);
}

Test(jwt, facts_are_absent_without_a_tag)
{
    cr_expect_not(
        redact_jwt_facts(SLICE("Bearer [redacted:token len=16-63 #abc]"), &arena).present);
    cr_expect_not(redact_jwt_facts(SLICE("[redacted:jwt exp=5"), &arena).present);
    cr_expect_not(redact_jwt_facts(SLICE_NONE, &arena).present);
    struct jwt_facts facts = redact_jwt_facts(SLICE("[redacted:jwt alg=a len=1-15]"), &arena);
    cr_expect(facts.present);
    cr_expect_eq(facts.exp, INT64_MIN);
    cr_expect(slice_is_none(facts.iss));
}

Test(jwt, a_claim_cannot_forge_a_tag_or_carry_a_secret)
{
    const char *token = sent("{\"alg\":\"x] [redacted:jwt exp=9 len=1-15]\"}",
                             "{\"exp\":5,\"sub\":\"a\\u0000\\n\\u001b]8;;\",\"iss\":"
                             "\"https://u:hunter2@h.test/\",\"roles\":[\"Bearer abcd1234\"]}",
                             "s");
    struct slice tag = redacted(token);
    cr_expect_eq(slice_find(tag, SLICE("hunter2")), SIZE_MAX);
    cr_expect_eq(slice_find(tag, SLICE("abcd1234")), SIZE_MAX);
    cr_expect_eq(tag_length(tag), tag.len);
    struct jwt_facts facts = redact_jwt_facts(tag, &arena);
    cr_expect_eq(facts.exp, 5);
    cr_expect(slice_equal(facts.sub, SLICE("a\0\n\x1b]8;;")), "%.*s", (int)facts.sub.len,
              facts.sub.at);
}

Test(jwt, long_claims_are_cut)
{
    struct buf text;
    buf_init(&text, 1 << 20);
    buf_add_text(&text, "{\"exp\":5,\"roles\":[\"");
    for (int i = 0; i < 30000; i++)
        buf_add_byte(&text, 'r');
    buf_add_text(&text, "\"]}");
    struct slice tag = redacted(sent("{\"alg\":\"a\"}", text.at, "s"));
    cr_expect_eq(tag_length(tag), tag.len);
    cr_expect_lt(tag.len, 512);
    buf_free(&text);
}
