/* Pseudonyms: who is named, by what, in every encoding; and that they mean nothing. */
#include "core/report/personal.h"
#include "core/report/pseudonym.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>

static struct hash_key *key;
static struct pseudonyms *people;
static struct arena arena;

static void setup(void)
{
    static const unsigned char bytes[HASH_KEY_SIZE] = "a key of at most 32 bytes";
    key = hash_key_new(bytes);
    people = pseudonyms_new(key, NULL);
    arena_init(&arena);
}

static void teardown(void)
{
    pseudonyms_free(people);
    hash_key_free(key);
    arena_free(&arena);
}

TestSuite(pseudonym, .init = setup, .fini = teardown);

static void learn(const char *user, const char *raw)
{
    struct entry entry = {.user = slice_of(user)};
    struct fault why = {0};
    cr_assert_eq(pseudonyms_learn(people, &entry, slice_of(raw), &why), FAULT_NONE, "%s", why.text);
}

static const char *apply(const char *text)
{
    return arena_copy(&arena, pseudonyms_apply(people, slice_of(text), &arena)).at;
}

static bool holds(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

struct naming {
    char text[160], left[40]; /* what must not be left of it */
};

ParameterizedTestParameters(pseudonym, replaces_whom_a_text_names)
{
    static struct naming rows[] = {
        {"{\"userName\":\"tanaka\"}", "tanaka"},
        {"{ \"UserName\" : \"tanaka\" }", "tanaka"},
        {"{\"text\":\"{\\\"externalId\\\": \\\"e-1\\\"}\"}", "e-1"},
        {"{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"userName\\\\\\\":\\\\\\\"sato\\\\\\\"}\\\"}\"}", "sato"},
        {"{\"userName\":\"a\\\"quoted\"}", "quoted"},
        {"{\"userName\":\"cut off here", "cut off"},
        {"{\"id\":\"17\"}", "17"},
        {"/scim/v2/Users/2819c223?x=1", "2819c223"},
        {"GET /scim/v2/groups/77 HTTP/1.1", "77"},
        {"no user jane.doe@corp.example.com here", "jane.doe"},
        {"filter=emails%20eq%20%22jane%40corp.example.com%22", "jane"},
        {"userName=tanaka.taro operation=create", "tanaka.taro"},
        {"CN=Taro Tanaka,OU=People", "Tanaka"},
        {"{\"emails\":[{\"value\":\"not-a-mail-address\"}]}", "not-a-mail"},
    };
    return cr_make_param_array(struct naming, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct naming *row, pseudonym, replaces_whom_a_text_names)
{
    const char *text = apply(row->text);
    cr_expect(not(holds(text, row->left)), "%s became %s", row->text, text);
    cr_expect(eq(str, (char *)(uintptr_t)apply(text), (char *)(uintptr_t)text),
              "a second time changes it");
}

Test(pseudonym, leaves_alone_what_names_nobody)
{
    static const char *const texts[] = {
        "{\"schemas\":[\"urn:ietf:params:scim:schemas:core:2.0:User\"],\"active\":true}",
        "{\"op\":\"replace\",\"path\":\"active\",\"value\":\"False\"}",
        "{\"detail\":\"userName has already been taken\",\"status\":\"409\"}",
        "/scim/v2/Users?filter=x",
        "10:17:42",
        "user@localhost",
        "[redacted:token len=16-63 #0f3a]",
        "{\"displayName\":\"userName\"}",
        "/scim/v2/Users/.search",
        "\"",
        "\\\"",
        "\"userName\":",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        cr_expect(eq(str, (char *)(uintptr_t)apply(texts[i]), (char *)(uintptr_t)texts[i]));
}

Test(pseudonym, replaces_a_learned_value_in_every_encoding)
{
    static const char *const texts[] = {
        "detail: TANAKA_T is taken",
        "x%20eq%20%22tanaka_t%22",
        "the name is \xe7\x94\xb0\xe4\xb8\xad \xe5\xa4\xaa\xe9\x83\x8e.",
        "u \\u7530\\u4e2d \\u592a\\u90ce",
        "u \\\\u7530\\\\u4E2D \\\\u592a\\\\u90ce",
        "%E7%94%B0%e4%b8%ad%20%e5%a4%aa%e9%83%8e",
        "O&#39;Brien &amp; Co",
        "O%27Brien%20%26%20Co",
    };
    learn("tanaka_t", "{\"displayName\":\"\\u7530\\u4e2d \\u592a\\u90ce\",\"familyName\":"
                      "\"O'Brien & Co\"}");
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        const char *text = apply(texts[i]);
        cr_expect(holds(text, "name-"), "%s stays", texts[i]);
        bool left = holds(text, "Brien") || holds(text, "7530") || holds(text, "%E7");
        cr_expect(not(left), "%s became %s", texts[i], text);
    }
    cr_expect(eq(str, (char *)(uintptr_t)apply("tanaka_tx"), "tanaka_tx"), "a part of a word");
}

Test(pseudonym, is_the_same_for_the_same_value_and_key_only)
{
    unsigned char other_bytes[HASH_KEY_SIZE] = {1};
    struct hash_key *other_key = hash_key_new(other_bytes);
    struct pseudonyms *other = pseudonyms_new(other_key, NULL);
    struct slice text = SLICE("{\"userName\":\"tanaka@example.jp\"}");
    const char *here = apply(text.at);
    cr_expect(eq(str, (char *)(uintptr_t)here, (char *)(uintptr_t)apply(text.at)));
    cr_expect(not(slice_equal(pseudonyms_apply(other, text, &arena), slice_of(here))));
    cr_expect(eq(str, (char *)(uintptr_t)apply("{\"userName\":\"Tanaka@Example.jp\"}"),
                 (char *)(uintptr_t)here),
              "letter case does not matter");
    cr_expect(holds(here, ".invalid"));
    pseudonyms_free(other);
    hash_key_free(other_key);
}

Test(pseudonym, finds_what_is_left_in_an_output_base64_included)
{
    size_t from = 0, len = 0;
    learn("tanaka.taro", "");
    cr_expect(not(pseudonyms_left(people, SLICE("nothing of anybody"), &from, &len)));
    from = 0;
    cr_expect(pseudonyms_left(people, SLICE("x tanaka.taro"), &from, &len));
    cr_expect(eq(sz, from, 2));
    static const char *const forms[] = {"dGFuYWthLnRhcm8=", "eHRhbmFrYS50YXJv",
                                        "eHh0YW5ha2EudGFybw"};
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        from = 0;
        cr_expect(pseudonyms_left(people, slice_of(forms[i]), &from, &len), "%s", forms[i]);
    }
    from = 0;
    const char *clean = apply("user tanaka.taro and jane@corp.example.com");
    cr_expect(not(pseudonyms_left(people, slice_of(clean), &from, &len)), "%s", clean);
}

/* Work is bounded, and nothing is read past the end, whatever the text. */
Test(pseudonym, stands_any_bytes)
{
    static const char pieces[][12] = {"\"",      "\\",        "\"id\":\"", "@", "%40",
                                      "/users/", "userName=", "tanaka",    ":", "{",
                                      ".",       "\xe7\x94",  "a"};
    learn("tanaka.taro", "{\"displayName\":\"tanaka\"}");
    srand(1);
    for (int round = 0; round < 3000; round++) {
        char text[400] = "";
        while (strlen(text) < 300)
            strcat(text, pieces[(size_t)rand() % (sizeof pieces / sizeof *pieces)]);
        const char *once = apply(text);
        size_t from = 0, len;
        cr_assert(not(pseudonyms_left(people, slice_of(once), &from, &len)), "%s gives %s", text,
                  once);
        arena_reset(&arena);
    }
}
