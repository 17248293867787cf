/* Reading sources forward: what is refused, what is read, how it is hashed. */
#include "import/input.h"

#include "core/base/alloc.h"
#include "core/base/buf.h"
#include "core/base/time.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

static char folder[] = "/tmp/test_input_XXXXXX";
static char path[64];

static void set_up(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/file", folder);
}

static void tear_down(void)
{
    unlink(path);
    rmdir(folder);
}

TestSuite(input, .init = set_up, .fini = tear_down);

static void write_file(const char *bytes, size_t len)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL);
    cr_assert(eq(sz, fwrite(bytes, 1, len, file), len));
    fclose(file);
}

static void expect_refused(const char *name, const char *sentence)
{
    struct input *in;
    struct fault why;
    cr_expect(eq(int, (int)input_open(&in, name, &why), FAULT_MISSING));
    cr_expect(eq(str, why.text, (char *)(uintptr_t)sentence));
    cr_expect(in == NULL);
}

Test(input, refuses_what_is_not_there_and_what_has_no_bytes)
{
    expect_refused(path, "no such file");
    expect_refused("", "no such file");
    write_file("", 0);
    expect_refused(path, "has no bytes");
}

Test(input, refuses_directories_pipes_sockets_and_devices)
{
    expect_refused(folder, "is a directory");
    expect_refused("/dev/zero", "is a device, not a file");
    cr_assert(zero(int, mkfifo(path, 0600)));
    expect_refused(path, "is a named pipe, not a file"); /* and does not wait for a writer */
    unlink(path);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    cr_assert(zero(int, bind(fd, (struct sockaddr *)&address, sizeof address)));
    expect_refused(path, "is a socket, not a file");
    close(fd);
}

Test(input, shows_the_head_without_taking_it)
{
    write_file("hello world", 11);
    struct input *in;
    struct fault why;
    cr_assert(eq(int, (int)input_open(&in, path, &why), FAULT_NONE));
    cr_expect(slice_is(input_head(in), "hello world"));
    cr_expect(zero(u64, input_offset(in)));
    cr_expect(eq(u64, input_size(in), 11));
    cr_expect(ne(i64, input_mtime(in), TIME_NONE));
    cr_expect(eq(str, (char *)(uintptr_t)input_path(in), path));
    char got[6];
    size_t count;
    cr_assert(eq(int, (int)input_read(in, got, 6, &count, &why), FAULT_NONE));
    cr_expect(slice_is(slice_make(got, count), "hello "));
    cr_expect(eq(u64, input_offset(in), 6));
    cr_assert(eq(int, (int)input_read(in, got, 6, &count, &why), FAULT_NONE));
    cr_expect(slice_is(slice_make(got, count), "world"));
    cr_assert(eq(int, (int)input_read(in, got, 6, &count, &why), FAULT_NONE));
    cr_expect(zero(sz, count));
    input_close(in);
}

Test(input, gives_the_same_bytes_and_digest_in_parts_of_any_size)
{
    size_t len = 1500 * 1000;
    char *bytes = xmalloc(len), *got = xmalloc(len);
    for (size_t i = 0; i < len; i++)
        bytes[i] = (char)(i * 7 + i / 251);
    write_file(bytes, len);
    struct hash_sha *sha = hash_sha_new();
    hash_sha_add(sha, bytes, len);
    char wanted[HASH_HEX_SIZE], digest[HASH_HEX_SIZE];
    hash_sha_hex(sha, wanted);
    hash_sha_free(sha);
    static const size_t sizes[] = {7777, 256 * 1024, 900 * 1000};
    for (size_t i = 0; i < 6; i++) { /* with and without the head looked at before */
        struct input *in;
        struct fault why;
        size_t total = 0, count;
        cr_assert(eq(int, (int)input_open(&in, path, &why), FAULT_NONE));
        if (i % 2)
            cr_expect(eq(sz, input_head(in).len, INPUT_HEAD));
        do {
            size_t part = sizes[i / 2] < len - total ? sizes[i / 2] : len - total;
            cr_assert(eq(int, (int)input_read(in, got + total, part, &count, &why), FAULT_NONE));
            total += count;
        } while (count);
        cr_expect(eq(sz, total, len));
        cr_expect(zero(int, memcmp(bytes, got, len)));
        input_digest(in, digest);
        cr_expect(eq(str, digest, wanted));
        input_close(in);
    }
    free(bytes);
    free(got);
}

/* A file with data, a hole, data and a hole at its end. */
Test(input, reads_the_holes_of_a_file_as_zeros)
{
    enum { SIZE = 5 << 20, SECOND = 3 << 20, PART = 300 * 1000 };
    char *want = xcalloc(1, SIZE), *got = xmalloc(SIZE + PART);
    memset(want, 'a', 5000);
    memset(want + SECOND, 'b', 70000);
    FILE *file = fopen(path, "w");
    cr_assert(eq(sz, fwrite(want, 1, 5000, file), 5000));
    cr_assert(zero(int, fseek(file, SECOND, SEEK_SET)));
    cr_assert(eq(sz, fwrite(want + SECOND, 1, 70000, file), 70000));
    fclose(file);
    cr_assert(zero(int, truncate(path, SIZE)));
    struct input *in;
    struct fault why;
    size_t total = 0, count;
    cr_assert(eq(int, (int)input_open(&in, path, &why), FAULT_NONE));
    do {
        cr_assert(eq(int, (int)input_read(in, got + total, PART, &count, &why), FAULT_NONE));
        total += count;
    } while (count && total <= SIZE);
    cr_expect(eq(sz, total, SIZE));
    cr_expect(zero(int, memcmp(want, got, SIZE)));
    cr_expect(eq(u64, input_offset(in), SIZE));
    input_close(in);
    free(want);
    free(got);
}

Test(input, digests_only_what_was_taken)
{
    struct input *in = input_of_memory("m", SLICE("abcdef"));
    cr_expect(slice_is(input_head(in), "abcdef"));
    char got[3], digest[HASH_HEX_SIZE];
    size_t count;
    struct fault why;
    cr_assert(eq(int, (int)input_read(in, got, 3, &count, &why), FAULT_NONE));
    input_digest(in, digest);
    cr_expect(eq(str, digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
    input_close(in);
}

Test(input, reads_memory_like_a_file)
{
    struct input *in = input_of_memory("sample.har", SLICE("xyz"));
    cr_expect(eq(u64, input_size(in), 3));
    cr_expect(eq(i64, input_mtime(in), TIME_NONE));
    char got[10];
    size_t count;
    struct fault why;
    cr_assert(eq(int, (int)input_read(in, got, sizeof got, &count, &why), FAULT_NONE));
    cr_expect(slice_is(slice_make(got, count), "xyz"));
    input_close(in);
    in = input_of_memory("empty", SLICE(""));
    cr_expect(zero(sz, input_head(in).len));
    input_close(in);
}

/* Puts the reading end of a new pipe in the place of stdin. */
static int pipe_to_stdin(void)
{
    int ends[2];
    cr_assert(zero(int, pipe(ends)));
    cr_assert(zero(int, dup2(ends[0], STDIN_FILENO)));
    close(ends[0]);
    return ends[1];
}

Test(input, reads_stdin_to_its_end)
{
    int writer = pipe_to_stdin();
    cr_assert(eq(int, (int)write(writer, "one", 3), 3));
    close(writer);
    struct input *in;
    struct fault why;
    char got[10];
    size_t count;
    cr_assert(eq(int, (int)input_open(&in, "-", &why), FAULT_NONE));
    cr_expect(zero(u64, input_size(in)));
    cr_expect(slice_is(input_head(in), "one"));
    cr_assert(eq(int, (int)input_read(in, got, sizeof got, &count, &why), FAULT_NONE));
    cr_expect(slice_is(slice_make(got, count), "one"));
    input_close(in);
}

static void *stop_soon(void *flag)
{
    struct timespec pause = {.tv_nsec = 100 * 1000 * 1000};
    nanosleep(&pause, NULL);
    atomic_store((_Atomic bool *)flag, true);
    return NULL;
}

Test(input, stops_waiting_for_a_silent_stdin_when_told_to, .timeout = 20)
{
    static _Atomic bool stop;
    int writer = pipe_to_stdin(); /* stays open, nothing is written */
    struct input *in;
    struct fault why;
    char got[10];
    size_t count;
    pthread_t thread;
    cr_assert(eq(int, (int)input_open(&in, "-", &why), FAULT_NONE));
    input_stop_on(in, &stop);
    cr_assert(zero(int, pthread_create(&thread, NULL, stop_soon, (void *)&stop)));
    cr_expect(eq(int, (int)input_read(in, got, sizeof got, &count, &why), FAULT_CANCELLED));
    cr_expect(zero(sz, count));
    pthread_join(thread, NULL);
    input_close(in);
    close(writer);
}

Test(input, hashes_nothing_when_nobody_asks)
{
    char bytes[4], digest[HASH_HEX_SIZE] = "x";
    size_t got;
    struct fault why;
    struct input *in = input_of_memory("m", SLICE("abc"));
    input_drop_digest(in);
    cr_assert(eq(int, (int)input_read(in, bytes, sizeof bytes, &got, &why), FAULT_NONE));
    cr_expect(eq(sz, got, 3));
    input_digest(in, digest);
    cr_expect(eq(str, digest, ""));
    input_close(in);
}
