/* Knows how packed bytes are taken apart, by libarchive (only the formats named in unpack.h are
 * switched on) and zlib; see unpack.h. */
#include "import/unpack.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/time.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <zlib.h>

enum { BLOCK = 256 * 1024 };

struct unpack {
    struct input *in;
    struct archive *archive; /* NULL: zlib, which libarchive does not know, or one file in gzip, of
                                which it would drop the last 64 KiB before a cut */
    z_stream zlib;
    char *block;       /* BLOCK bytes on their way into libarchive or zlib */
    bool single, done; /* one file inside a compressed file; it was handed out */
    uint64_t members;
    uint64_t member_out, member_start; /* bytes of the member at hand; input offset at its start */
    uint64_t begin;                    /* input offset before anything was read */
    struct fault read_why;             /* of reading `in`, inside libarchive's callback */
};

static bool is_zlib(struct slice head)
{
    if (head.len < 2 || head.at[0] != 0x78)
        return false;
    unsigned flags = (unsigned char)head.at[1];
    return (0x78 * 256 + flags) % 31 == 0 && (flags == 0x01 || flags == 0x9c || flags == 0xda);
}

static bool is_tar(struct slice head)
{
    return head.len >= 512 && memcmp(head.at + 257, "ustar", 5) == 0;
}

static bool is_archive(struct slice head)
{
    return slice_starts(head, "PK\x03\x04") || slice_starts(head, "PK\x05\x06") || is_tar(head);
}

static bool is_compressed(struct slice head)
{
    return slice_starts(head, "\x1f\x8b") || slice_starts(head, "\x28\xb5\x2f\xfd") ||
           slice_starts(head, "\xfd"
                              "7zXZ");
}

static bool is_gzip(struct slice head)
{
    return slice_starts(head, "\x1f\x8b");
}

/* Whether a gzip file begins with a tar archive. */
static bool holds_tar(struct slice head)
{
    char first[512];
    z_stream z = {.next_in = (Bytef *)(uintptr_t)head.at, .avail_in = (uInt)head.len};
    if (inflateInit2(&z, 15 + 16) != Z_OK)
        return false;
    z.next_out = (Bytef *)first;
    z.avail_out = sizeof first;
    inflate(&z, Z_SYNC_FLUSH);
    bool tar = is_tar(slice_make(first, sizeof first - z.avail_out));
    inflateEnd(&z);
    return tar;
}

bool unpack_is_packed(struct slice head)
{
    return is_archive(head) || is_compressed(head) || is_zlib(head);
}

static la_ssize_t on_read(struct archive *archive, void *self, const void **out)
{
    struct unpack *u = self;
    size_t got = 0;
    enum fault_code code = input_read(u->in, u->block, BLOCK, &got, &u->read_why);
    *out = u->block;
    if (got == 0 && code != FAULT_NONE) {
        archive_set_error(archive, ARCHIVE_FATAL, "%s", u->read_why.text);
        return -1;
    }
    return (la_ssize_t)got;
}

static enum fault_code open_archive(struct unpack *u, struct fault *why)
{
    u->archive = archive_read_new();
    if (!u->archive)
        alloc_exhausted();
    archive_read_support_filter_gzip(u->archive);
    archive_read_support_filter_xz(u->archive);
    archive_read_support_filter_zstd(u->archive);
    archive_read_support_format_zip_streamable(u->archive);
    archive_read_support_format_tar(u->archive);
    archive_read_support_format_raw(u->archive);
    if (archive_read_open(u->archive, u, NULL, on_read, NULL) != ARCHIVE_OK) {
        if (archive_errno(u->archive) == ENOMEM)
            alloc_exhausted();
        char said[160];
        const char *text = archive_error_string(u->archive);
        return fault_set(why, FAULT_FORMAT, "cannot be unpacked: %s",
                         safe_short(said, sizeof said, slice_of(text ? text : "damaged")));
    }
    return FAULT_NONE;
}

enum fault_code unpack_open(struct unpack **out, struct input *in, struct fault *why)
{
    struct unpack *u = xcalloc(1, sizeof *u);
    struct slice head = input_head(in);
    u->in = in;
    u->begin = input_offset(in);
    u->block = xmalloc(BLOCK);
    *out = u;
    bool gzip = is_gzip(head) && !holds_tar(head);
    if (gzip || (!is_archive(head) && !is_compressed(head))) {
        u->single = true;
        if (inflateInit2(&u->zlib, 15 + 32) != Z_OK)
            alloc_exhausted();
        return FAULT_NONE;
    }
    return open_archive(u, why);
}

void unpack_close(struct unpack *u)
{
    if (!u)
        return;
    if (u->archive)
        archive_read_free(u->archive);
    else
        inflateEnd(&u->zlib);
    free(u->block);
    free(u);
}

/* --- a member's bytes ------------------------------------------------------------------------- */

static enum fault_code check_size(const struct unpack *u, struct fault *why)
{
    /* A block may have been read ahead before the member began: a small file is read as a whole. */
    uint64_t all = input_offset(u->in) - u->begin;
    uint64_t since = input_offset(u->in) - u->member_start + BLOCK;
    uint64_t in = (all < since ? all : since) + 1;
    if (u->member_out > UNPACK_SIZE)
        return fault_set(why, FAULT_LIMIT, "unpacks to more than 16 GiB");
    if (u->member_out > UNPACK_FREE && u->member_out / UNPACK_RATIO > in)
        return fault_set(why, FAULT_LIMIT, "unpacks to more than %d times its size", UNPACK_RATIO);
    return FAULT_NONE;
}

/* Gives zlib its next bytes when it has none. */
static enum fault_code feed_zlib(struct unpack *u, struct fault *why)
{
    if (u->zlib.avail_in)
        return FAULT_NONE;
    size_t have = 0;
    enum fault_code code = input_read(u->in, u->block, BLOCK, &have, why);
    u->zlib.next_in = (Bytef *)u->block;
    u->zlib.avail_in = (uInt)have;
    return code;
}

/* A stream has ended: gzip files may hold several behind each other. */
static enum fault_code end_zlib(struct unpack *u, struct fault *why)
{
    enum fault_code code = feed_zlib(u, why);
    u->done = u->zlib.avail_in == 0 || u->zlib.next_in[0] != 0x1f;
    if (!code && !u->done)
        inflateReset(&u->zlib);
    return code;
}

static enum fault_code read_zlib(struct unpack *u, char *at, size_t size, size_t *got,
                                 struct fault *why)
{
    u->zlib.next_out = (Bytef *)at;
    u->zlib.avail_out = (uInt)(size < BLOCK ? size : BLOCK);
    uInt room = u->zlib.avail_out;
    while (u->zlib.avail_out == room && !u->done) {
        enum fault_code fed = feed_zlib(u, why);
        if (fed != FAULT_NONE)
            return fed;
        int code = inflate(&u->zlib, Z_NO_FLUSH);
        fed = code == Z_STREAM_END ? end_zlib(u, why) : FAULT_NONE;
        if (fed != FAULT_NONE)
            return fed;
        if (code != Z_OK && code != Z_STREAM_END && u->zlib.avail_out == room)
            return fault_set(why, FAULT_FORMAT, "the compressed bytes are damaged or cut short");
    }
    *got = room - u->zlib.avail_out;
    return FAULT_NONE;
}

static enum fault_code read_archive(struct unpack *u, char *at, size_t size, size_t *got,
                                    struct fault *why)
{
    la_ssize_t count = archive_read_data(u->archive, at, size < BLOCK ? size : BLOCK);
    if (count < 0) {
        if (archive_errno(u->archive) == ENOMEM)
            alloc_exhausted();
        char said[160];
        const char *text = archive_error_string(u->archive);
        if (u->read_why.code != FAULT_NONE) {
            *why = u->read_why;
            return why->code;
        }
        return fault_set(why, FAULT_FORMAT, "cannot be unpacked on: %s",
                         safe_short(said, sizeof said, slice_of(text ? text : "damaged")));
    }
    *got = (size_t)count;
    return FAULT_NONE;
}

static enum fault_code member_read(void *self, char *at, size_t size, size_t *got,
                                   struct fault *why)
{
    struct unpack *u = self;
    *got = 0;
    enum fault_code code =
        u->archive ? read_archive(u, at, size, got, why) : read_zlib(u, at, size, got, why);
    u->member_out += *got;
    return code != FAULT_NONE ? code : check_size(u, why);
}

/* --- members ---------------------------------------------------------------------------------- */

static struct input *open_member(struct unpack *u, const char *name, uint64_t size, int64_t mtime)
{
    struct input_source source = {member_read, NULL, u};
    u->member_out = 0;
    return input_of_source(name, &source, size, mtime);
}

static enum unpack_step fail(struct unpack *u, struct fault *why)
{
    char said[160];
    const char *text = archive_error_string(u->archive);
    if (u->read_why.code != FAULT_NONE)
        *why = u->read_why;
    else
        fault_set(why, FAULT_FORMAT, "cannot be unpacked: %s",
                  safe_short(said, sizeof said, slice_of(text ? text : "damaged")));
    why->offset = input_offset(u->in);
    return UNPACK_FAILED;
}

static enum unpack_step next_of_archive(struct unpack *u, struct input **member, const char **name,
                                        struct fault *why)
{
    struct archive_entry *entry;
    for (;;) {
        int code = archive_read_next_header(u->archive, &entry);
        if (code == ARCHIVE_EOF)
            return UNPACK_END;
        if (code < ARCHIVE_WARN && archive_errno(u->archive) == ENOMEM)
            alloc_exhausted();
        if (code < ARCHIVE_WARN)
            return fail(u, why);
        if (++u->members > UNPACK_MEMBERS) {
            fault_set(why, FAULT_LIMIT, "holds more than %d members", UNPACK_MEMBERS);
            return UNPACK_FAILED;
        }
        u->single = archive_format(u->archive) == ARCHIVE_FORMAT_RAW;
        *name = u->single ? NULL : archive_entry_pathname(entry);
        if (archive_entry_is_encrypted(entry)) {
            fault_set(why, FAULT_FORMAT, "is password-protected");
            return UNPACK_BAD;
        }
        /* Links, devices and directories have no bytes of their own. */
        bool regular = archive_entry_filetype(entry) == AE_IFREG && !archive_entry_hardlink(entry);
        if (!regular && !u->single)
            continue;
        if (!u->single && !*name) {
            fault_set(why, FAULT_FORMAT, "a member's name cannot be read");
            return UNPACK_BAD;
        }
        bool sized = archive_entry_size_is_set(entry) && !u->single;
        bool timed = archive_entry_mtime_is_set(entry);
        *member = open_member(
            u, *name ? *name : input_path(u->in), sized ? (uint64_t)archive_entry_size(entry) : 0,
            timed ? (int64_t)archive_entry_mtime(entry) * TIME_SECOND : TIME_NONE);
        return UNPACK_MEMBER;
    }
}

enum unpack_step unpack_next(struct unpack *u, struct input **member, const char **name,
                             struct fault *why)
{
    u->member_start = input_offset(u->in);
    if (u->archive)
        return next_of_archive(u, member, name, why);
    if (u->members++ > 0)
        return UNPACK_END;
    *name = NULL;
    *member = open_member(u, input_path(u->in), 0, TIME_NONE);
    return UNPACK_MEMBER;
}
