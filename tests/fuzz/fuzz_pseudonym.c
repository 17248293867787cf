/* Fuzz target: pseudonyms in hostile text. A user's name is written in one of its encodings between
 * bytes of the fuzzer's choice: it must not come through, and a second time must change nothing.
 * The first byte says which encoding and whether the text is learned from, the second where. */
#include "core/report/pseudonym.h"
#include "tests/fuzz/fuzz.h"

#define USER "m\xc3\xbcller.7f3A"

static const char *const forms[] = {USER,
                                    "M\xc3\xbcLLER.7F3a",
                                    "m\\u00fcller.7f3A",
                                    "m\\\\u00FCller.7f3A",
                                    "m\\\\\\\\u00fcller.7f3A",
                                    "m%c3%bcller.7f3A",
                                    "M%C3%BCller.7f3a"};
enum { FORMS = sizeof forms / sizeof *forms };

static struct hash_key *key(void)
{
    static const unsigned char bytes[HASH_KEY_SIZE] = "a key of at most 32 bytes";
    static struct hash_key *made;
    if (!made)
        made = hash_key_new(bytes);
    return made;
}

static bool is_base64(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", text.at[i]))
            return false;
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice given = fuzz_slice(data, size);
    if (size < 2 || slice_find_fold(given, SLICE("7f3a")) != SIZE_MAX)
        return 0;
    struct slice rest = slice_from(given, 2), before = slice_first(rest, data[1]);
    struct slice form = slice_of(forms[data[0] % FORMS]);
    struct pseudonyms *p = pseudonyms_new(key(), NULL);
    struct entry entry = {.user = SLICE(USER), .detail = data[0] & 128 ? rest : SLICE_NONE};
    struct arena arena;
    struct buf text;
    struct fault why;
    size_t from = 0, len;
    arena_init(&arena);
    buf_init(&text, 1 << 20);
    buf_add(&text, before);
    buf_add_byte(&text, '\n');
    buf_add(&text, form);
    buf_add_byte(&text, '\n');
    buf_add(&text, slice_from(rest, before.len));
    FUZZ_EXPECT(pseudonyms_learn(p, &entry, data[0] & 128 ? buf_slice(&text) : SLICE_NONE, &why) ==
                FAULT_NONE);
    struct slice out = pseudonyms_apply(p, buf_slice(&text), &arena);
    for (size_t i = 0; i < FORMS; i++)
        FUZZ_EXPECT(slice_find_fold(out, slice_of(forms[i])) == SIZE_MAX);
    FUZZ_EXPECT(slice_equal(pseudonyms_apply(p, out, &arena), out));
    while (pseudonyms_left(p, out, &from, &len)) {
        FUZZ_EXPECT(len > 0 && from + len <= out.len);
        FUZZ_EXPECT(is_base64(slice_make(out.at + from, len)));
        from += len;
    }
    struct entry all = {.url = out, .path = rest, .query = rest, .detail = rest, .user = rest};
    pseudonyms_apply_entry(p, &all, &arena);
    pseudonyms_free(p);
    arena_free(&arena);
    buf_free(&text);
    return 0;
}
