/* Compressed files and archives, packed here by libarchive and taken apart again. */
#include "import/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

static char packed[1 << 20];
static size_t packed_size;

static struct archive *begin(int (*format)(struct archive *), int (*filter)(struct archive *))
{
    struct archive *a = archive_write_new();
    format(a);
    filter(a);
    archive_write_set_bytes_in_last_block(a, 1);
    archive_write_open_memory(a, packed, sizeof packed, &packed_size);
    return a;
}

static void add(struct archive *a, const char *name, const char *text, size_t size)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)size);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0600);
    archive_write_header(a, entry);
    archive_write_data(a, text, size);
    archive_entry_free(entry);
}

static void end(struct archive *a)
{
    archive_write_close(a);
    archive_write_free(a);
}

/* All members as "name=text;", what failed as "!" and its sentence's last word left out. */
static const char *contents(void)
{
    static char out[4096];
    struct input *in = input_of_memory("file", slice_make(packed, packed_size)), *member;
    struct unpack *u;
    struct fault why = {.code = FAULT_NONE};
    const char *name;
    size_t used = 0;
    cr_assert(unpack_is_packed(input_head(in)));
    cr_assert(eq(int, (int)unpack_open(&u, in, &why), FAULT_NONE), "%s", why.text);
    for (;;) {
        enum unpack_step step = unpack_next(u, &member, &name, &why);
        if (step == UNPACK_END)
            break;
        if (step != UNPACK_MEMBER) {
            used += (size_t)snprintf(out + used, sizeof out - used, "!%s;", why.text);
            break;
        }
        char text[1000];
        size_t got;
        enum fault_code code = input_read(member, text, sizeof text - 1, &got, &why);
        text[got] = '\0';
        used += (size_t)snprintf(out + used, sizeof out - used, "%s=%s%s;", name ? name : "-", text,
                                 code == FAULT_NONE ? "" : "!");
        input_close(member);
    }
    out[used] = '\0';
    unpack_close(u);
    input_close(in);
    return out;
}

Test(unpack, reads_zip_members_in_order)
{
    struct archive *a = begin(archive_write_set_format_zip, archive_write_add_filter_none);
    add(a, "b.har", "two", 3);
    add(a, "dir/a.har", "one", 3);
    end(a);
    cr_expect(eq(str, (char *)contents(), "b.har=two;dir/a.har=one;"));
}

Test(unpack, reads_packed_tar_files)
{
    struct archive *a = begin(archive_write_set_format_ustar, archive_write_add_filter_zstd);
    add(a, "a", "one", 3);
    add(a, "b", "two", 3);
    end(a);
    cr_expect(eq(str, (char *)contents(), "a=one;b=two;"));
}

Test(unpack, one_file_alone_has_no_name)
{
    struct archive *a = begin(archive_write_set_format_raw, archive_write_add_filter_gzip);
    add(a, "ignored", "text", 4);
    end(a);
    cr_expect(eq(str, (char *)contents(), "-=text;"));
    a = begin(archive_write_set_format_raw, archive_write_add_filter_xz);
    add(a, "ignored", "text", 4);
    end(a);
    cr_expect(eq(str, (char *)contents(), "-=text;"));
    uLongf size = sizeof packed;
    compress((Bytef *)packed, &size, (const Bytef *)"zlib", 4);
    packed_size = size;
    cr_expect(eq(str, (char *)contents(), "-=zlib;"));
}

Test(unpack, keeps_what_stands_before_the_cut)
{
    struct archive *a = begin(archive_write_set_format_zip, archive_write_add_filter_none);
    add(a, "a", "one", 3);
    add(a, "b", "two", 3);
    end(a);
    packed_size = packed_size / 2;
    const char *got = contents();
    cr_expect(slice_starts(slice_of(got), "a=one;"), "%s", got);
}

Test(unpack, stops_bombs_where_they_grow)
{
    size_t size = 64 * 1024 * 1024;
    char *run = malloc(size);
    memset(run, 'a', size); /* zero bytes look like an empty tar file */
    struct archive *a = begin(archive_write_set_format_raw, archive_write_add_filter_gzip);
    add(a, "x", run, size);
    end(a);
    struct input *in = input_of_memory("file", slice_make(packed, packed_size)), *member;
    struct unpack *u;
    struct fault why;
    const char *name;
    size_t got;
    unpack_open(&u, in, &why);
    cr_assert(eq(int, (int)unpack_next(u, &member, &name, &why), UNPACK_MEMBER));
    cr_expect(eq(int, (int)input_read(member, run, size, &got, &why), FAULT_LIMIT));
    cr_expect(lt(sz, got, size));
    input_close(member);
    unpack_close(u);
    input_close(in);
    free(run);
}

Test(unpack, passes_over_links)
{
    struct archive *a = begin(archive_write_set_format_ustar, archive_write_add_filter_none);
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, "link");
    archive_entry_set_filetype(entry, AE_IFLNK);
    archive_entry_set_symlink(entry, "/etc/passwd");
    archive_write_header(a, entry);
    archive_entry_free(entry);
    add(a, "../../b", "two", 3);
    end(a);
    cr_expect(eq(str, (char *)contents(), "../../b=two;"), "a name is only a name");
}

Test(unpack, plain_files_are_not_packed)
{
    cr_expect(not(unpack_is_packed(SLICE("{\"log\":{}}"))));
    cr_expect(not(unpack_is_packed(SLICE("xylophone"))));
    cr_expect(not(unpack_is_packed(SLICE(""))));
}

/* All of a small file is read before its member begins: it must not look as if it had grown out of
 * nothing. */
Test(unpack, a_small_file_may_hold_some_megabytes)
{
    size_t size = 2 * 1024 * 1024;
    char *text = malloc(size);
    uint32_t seed = 1;
    for (size_t i = 0; i < size; i++) {
        if (i % 1024 < 64)
            seed = seed * 1664525u + 1013904223u;
        text[i] = i % 1024 < 64 ? (char)('a' + (seed >> 24) % 26) : text[i - 64];
    }
    struct archive *a = begin(archive_write_set_format_zip, archive_write_add_filter_none);
    add(a, "x", text, size);
    add(a, "y", "two", 3);
    end(a);
    cr_assert(lt(sz, packed_size, 256 * 1024));
    struct input *in = input_of_memory("file", slice_make(packed, packed_size)), *member;
    struct unpack *u;
    struct fault why;
    const char *name;
    char *back = malloc(size);
    size_t got;
    unpack_open(&u, in, &why);
    cr_assert(eq(int, (int)unpack_next(u, &member, &name, &why), UNPACK_MEMBER));
    cr_expect(eq(int, (int)input_read(member, back, size, &got, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(sz, got, size));
    cr_expect(eq(int, memcmp(text, back, size), 0));
    input_close(member);
    unpack_close(u);
    input_close(in);
    free(back);
    free(text);
}

/* Compresses a text of `size` letters as one gzip stream behind what is in `packed`. */
static void add_gzip(const char *text, size_t size)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)text, .avail_in = (uInt)size};
    cr_assert(eq(int, deflateInit2(&z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK));
    z.next_out = (Bytef *)packed + packed_size;
    z.avail_out = (uInt)(sizeof packed - packed_size);
    deflate(&z, Z_FINISH);
    packed_size += z.total_out;
    deflateEnd(&z);
}

Test(unpack, gzip_streams_behind_each_other_are_one_file)
{
    packed_size = 0;
    add_gzip("one ", 4);
    add_gzip("two", 3);
    cr_expect(eq(str, (char *)contents(), "-=one two;"));
}

Test(unpack, a_cut_gzip_file_gives_all_that_stands_before_the_cut)
{
    char text[8000];
    uint32_t seed = 1;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)('a' + ((seed = seed * 1664525u + 1013904223u) >> 24) % 26);
    packed_size = 0;
    add_gzip(text, sizeof text);
    struct input *in = input_of_memory("file", slice_make(packed, packed_size / 2)), *member;
    struct unpack *u;
    struct fault why;
    const char *name;
    char back[sizeof text];
    size_t got;
    unpack_open(&u, in, &why);
    cr_assert(eq(int, (int)unpack_next(u, &member, &name, &why), UNPACK_MEMBER));
    cr_expect(eq(int, (int)input_read(member, back, sizeof back, &got, &why), FAULT_FORMAT));
    cr_expect(gt(sz, got, sizeof text / 3));
    cr_expect(eq(int, memcmp(text, back, got), 0));
    input_close(member);
    unpack_close(u);
    input_close(in);
}
