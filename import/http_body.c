/* Knows content codings, character sets and what is text; see http_body.h. */
#include "import/http_body.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <brotli/decode.h>
#include <iconv.h>
#include <openssl/evp.h>
#include <zlib.h>
#include <zstd.h>
#include <zstd_errors.h>

enum { STEP = 64 * 1024, RATIO_FREE = 1024 * 1024 };

/* Whether a body that grew out of `coded` bytes may become `size` bytes long. */
static bool size_allowed(size_t size, size_t coded)
{
    return size <= RECORD_SIZE_LIMIT && (size <= RATIO_FREE || size / HTTP_BODY_RATIO <= coded);
}

/* --- codings ---------------------------------------------------------------------------------- */

/* `window` as inflateInit2 takes it: 31 gzip, 15 zlib, -15 raw. */
static bool inflate_all(struct slice in, int window, struct buf *out)
{
    z_stream z = {0};
    z.next_in = (Bytef *)(uintptr_t)in.at;
    z.avail_in = (uInt)in.len;
    if (inflateInit2(&z, window) != Z_OK)
        alloc_exhausted();
    int code = Z_OK;
    while (code == Z_OK) {
        size_t before = out->len;
        char *to = buf_extend(out, STEP);
        if (!to)
            break;
        z.next_out = (Bytef *)to;
        z.avail_out = STEP;
        code = inflate(&z, Z_NO_FLUSH);
        if (code == Z_MEM_ERROR)
            alloc_exhausted();
        out->len = before + STEP - z.avail_out;
        if (!size_allowed(out->len, in.len))
            break;
        if (code == Z_STREAM_END && window == 31 && z.avail_in > 18 && z.next_in[0] == 0x1f)
            code = inflateReset(&z); /* gzip members may follow each other */
    }
    inflateEnd(&z);
    return code == Z_STREAM_END;
}

static bool decode_deflate(struct slice in, struct buf *out)
{
    /* "deflate" means zlib (RFC 9110 section 8.4.1.2); some servers send it raw. */
    if (inflate_all(in, 15, out))
        return true;
    buf_reset(out);
    return inflate_all(in, -15, out);
}

static bool decode_gzip(struct slice in, struct buf *out)
{
    return inflate_all(in, 31, out);
}

static bool decode_brotli(struct slice in, struct buf *out)
{
    BrotliDecoderState *state = BrotliDecoderCreateInstance(NULL, NULL, NULL);
    if (!state)
        alloc_exhausted();
    const uint8_t *next = (const uint8_t *)in.at;
    size_t left = in.len;
    BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
    while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
        size_t before = out->len, room = STEP;
        uint8_t *to = (uint8_t *)buf_extend(out, STEP);
        if (!to)
            break;
        result = BrotliDecoderDecompressStream(state, &left, &next, &room, &to, NULL);
        out->len = before + STEP - room;
        if (result == BROTLI_DECODER_RESULT_ERROR &&
            BrotliDecoderGetErrorCode(state) <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES &&
            BrotliDecoderGetErrorCode(state) > BROTLI_DECODER_ERROR_UNREACHABLE)
            alloc_exhausted();
        if (!size_allowed(out->len, in.len))
            break;
    }
    BrotliDecoderDestroyInstance(state);
    return result == BROTLI_DECODER_RESULT_SUCCESS;
}

static bool decode_zstd(struct slice in, struct buf *out)
{
    ZSTD_DCtx *context = ZSTD_createDCtx();
    if (!context)
        alloc_exhausted();
    ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27);
    ZSTD_inBuffer input = {in.at, in.len, 0};
    size_t code = 1;
    while (code != 0 || input.pos < input.size) {
        size_t before = out->len;
        char *to = buf_extend(out, STEP);
        if (!to)
            break;
        ZSTD_outBuffer output = {to, STEP, 0};
        size_t taken = input.pos;
        code = ZSTD_decompressStream(context, &output, &input);
        out->len = before + output.pos;
        if (ZSTD_getErrorCode(code) == ZSTD_error_memory_allocation)
            alloc_exhausted();
        bool stuck = taken == input.pos && output.pos == 0;
        if (ZSTD_isError(code) || !size_allowed(out->len, in.len) || stuck)
            break;
    }
    ZSTD_freeDCtx(context);
    return code == 0 && input.pos == input.size;
}

static const struct coding {
    const char *name;
    bool (*decode)(struct slice in, struct buf *out);
} codings[] = {{"gzip", decode_gzip}, {"x-gzip", decode_gzip}, {"deflate", decode_deflate},
               {"br", decode_brotli}, {"zstd", decode_zstd},   {NULL, NULL}};

static const struct coding *coding_named(struct slice name)
{
    for (const struct coding *c = codings; c->name; c++)
        if (slice_is_fold(name, c->name))
            return c;
    return NULL;
}

/* Takes one coding off; false when it cannot be. */
static bool take_off(struct slice *bytes, struct slice name, struct arena *arena)
{
    if (name.len == 0 || slice_is_fold(name, "identity") || bytes->len == 0)
        return true;
    const struct coding *coding = coding_named(name);
    if (!coding)
        return false;
    struct buf out;
    buf_init(&out, RECORD_SIZE_LIMIT + STEP);
    bool sound = coding->decode(*bytes, &out);
    if (sound)
        *bytes = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return sound;
}

/* Codings stand in the order they were put on; the last comes off first. */
static bool take_all_off(struct slice *bytes, struct slice coding, struct arena *arena)
{
    struct slice names[HTTP_CODINGS_LIMIT], part;
    size_t count = 0;
    while (slice_cut(&coding, ',', &part)) {
        if (count == HTTP_CODINGS_LIMIT)
            return false;
        names[count++] = slice_trim(part);
    }
    while (count > 0)
        if (!take_off(bytes, names[--count], arena))
            return false;
    return true;
}

/* --- text ------------------------------------------------------------------------------------- */

static bool is_text_type(struct slice type)
{
    static const char *const words[] = {"json",       "xml", "text/", "form-urlencoded",
                                        "javascript", NULL};
    for (size_t i = 0; words[i]; i++)
        if (slice_find_fold(type, slice_of(words[i])) != SIZE_MAX)
            return true;
    return false;
}

/* The charset parameter of a media type, without quotes; SLICE_NONE when there is none. */
static struct slice charset_of(struct slice type)
{
    size_t at = slice_find_fold(type, SLICE("charset="));
    if (at == SIZE_MAX)
        return SLICE_NONE;
    struct slice value = slice_from(type, at + strlen("charset="));
    size_t end = slice_find_byte(value, ';');
    value = slice_trim(end == SIZE_MAX ? value : slice_first(value, end));
    if (value.len >= 2 && value.at[0] == '"')
        value = slice_make(value.at + 1, value.len - 2);
    return value;
}

/* Turns bytes of a named character set into UTF-8; false when the set is not known. Bytes that are
 * wrong in it become U+FFFD. */
static bool convert(struct slice *bytes, struct slice charset, struct arena *arena)
{
    char name[64];
    if (charset.len >= sizeof name)
        return false;
    memcpy(name, charset.at, charset.len);
    name[charset.len] = '\0';
    iconv_t set = iconv_open("UTF-8", name);
    if (set == (iconv_t)-1) /* NOLINT: iconv's own way to say so */
        return false;
    struct buf out;
    buf_init(&out, (size_t)RECORD_SIZE_LIMIT * 2);
    char *from = (char *)(uintptr_t)bytes->at;
    size_t left = bytes->len;
    while (left && !buf_full(&out)) {
        size_t before = out.len, room = STEP;
        char *to = buf_extend(&out, STEP);
        if (!to)
            break;
        size_t result = iconv(set, &from, &left, &to, &room);
        out.len = before + STEP - room;
        if (result == (size_t)-1 && room > 8 && left) {
            buf_add_text(&out, "\xef\xbf\xbd");
            from++;
            left--;
        }
    }
    iconv_close(set);
    *bytes = arena_copy(arena, buf_slice(&out));
    buf_free(&out);
    return true;
}

static void finish_text(struct body *out, struct arena *arena)
{
    struct slice charset = charset_of(out->type);
    bool utf8 =
        slice_is_none(charset) || slice_is_fold(charset, "utf-8") || slice_is_fold(charset, "utf8");
    if (!utf8 && is_text_type(out->type) && convert(&out->text, charset, arena))
        return;
    if (slice_find_byte(out->text, '\0') != SIZE_MAX)
        out->binary = true;
    else if (is_text_type(out->type))
        out->text = utf8_clean(out->text, arena);
    else
        out->binary = !utf8_valid(out->text);
}

void http_body_finish(struct body *out, struct slice bytes, struct slice type, struct slice coding,
                      struct arena *arena)
{
    *out = (struct body){.text = bytes, .type = type};
    if (slice_is_none(bytes))
        return;
    if (take_all_off(&out->text, coding, arena))
        finish_text(out, arena);
    else
        out->binary = true;
    out->size = out->text.len;
}

struct slice http_base64(struct slice text, struct arena *arena)
{
    if (text.len > RECORD_SIZE_LIMIT)
        return SLICE_NONE;
    char *to = arena_alloc(arena, text.len / 4 * 3 + 4);
    EVP_ENCODE_CTX *decoder = EVP_ENCODE_CTX_new();
    if (!decoder)
        alloc_exhausted();
    int size = 0, rest = 0;
    EVP_DecodeInit(decoder);
    bool sound = EVP_DecodeUpdate(decoder, (unsigned char *)to, &size,
                                  (const unsigned char *)text.at, (int)text.len) >= 0 &&
                 EVP_DecodeFinal(decoder, (unsigned char *)to + size, &rest) >= 0;
    EVP_ENCODE_CTX_free(decoder);
    return sound ? slice_make(to, (size_t)(size + rest)) : SLICE_NONE;
}

void http_body_finish_base64(struct body *out, struct slice text, struct slice type,
                             struct slice coding, struct arena *arena)
{
    struct slice bytes = slice_is_none(text) ? text : http_base64(text, arena);
    if (!slice_is_none(text) && slice_is_none(bytes))
        *out = (struct body){.text = text, .type = type, .size = text.len, .binary = true};
    else
        http_body_finish(out, bytes, type, coding, arena);
}
