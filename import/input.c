/* Knows how the bytes of one file, of stdin or of memory are read forward and hashed on the way.
 * Knows nothing of formats. */
#include "import/input.h"

#include "core/base/alloc.h"
#include "core/base/time.h"
#include "import/digest.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    BUFFER_SIZE = 256 * 1024, /* smaller reads are served from here, larger ones go past it */
    READ_LIMIT = 1024 * 1024, /* of one read(), so that a wish to stop is seen in time */
    WAIT_MS = 250             /* between two looks at the wish to stop while stdin is silent */
};

struct input {
    char *path;
    int fd; /* -1: memory */
    bool is_stdin;
    struct slice memory;        /* what is left of it */
    struct input_source source; /* `read` NULL: none */
    char *buffer;               /* BUFFER_SIZE */
    size_t from, to;            /* the unread part of the buffer */
    bool ended;
    struct digest *digest; /* NULL: nobody asks for the digest */
    uint64_t offset, size;
    int64_t mtime;
    bool growing, cut;    /* as told */
    bool sparse;          /* the file has holes */
    off_t place, data_to; /* of a sparse file: of the next byte, and where its data end */
    const _Atomic bool *stop;
};

static const char *kind_of(mode_t mode)
{
    if (S_ISDIR(mode))
        return "is a directory";
    if (S_ISFIFO(mode))
        return "is a named pipe, not a file";
    if (S_ISSOCK(mode))
        return "is a socket, not a file";
    return "is a device, not a file";
}

static enum fault_code say_errno(struct fault *why, int error)
{
    if (error == ENOENT)
        return fault_set(why, FAULT_MISSING, "no such file");
    if (error == EACCES || error == EPERM)
        return fault_set(why, FAULT_MISSING, "not readable: %s", strerror(error));
    return fault_set(why, FAULT_MISSING, "cannot be opened: %s", strerror(error));
}

/* stat() before open(): opening a pipe or a device can already do something. fstat() after it: what
 * the name stands for may have changed between. */
static enum fault_code open_regular(int *fd, struct stat *about, const char *path,
                                    struct fault *why)
{
    if (stat(path, about) != 0)
        return say_errno(why, errno);
    if (!S_ISREG(about->st_mode))
        return fault_set(why, FAULT_MISSING, "%s", kind_of(about->st_mode));
    *fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY);
    if (*fd < 0)
        return say_errno(why, errno);
    if (fstat(*fd, about) != 0 || !S_ISREG(about->st_mode)) {
        close(*fd);
        return fault_set(why, FAULT_MISSING, "%s", kind_of(about->st_mode));
    }
    return FAULT_NONE;
}

static struct input *make_input(const char *path, int fd)
{
    struct input *in = xcalloc(1, sizeof *in);
    in->path = xstrdup(path);
    in->fd = fd;
    in->digest = digest_new();
    in->mtime = TIME_NONE;
    return in;
}

enum fault_code input_open(struct input **out, const char *path, struct fault *why)
{
    *out = NULL;
    if (strcmp(path, "-") == 0) {
        *out = make_input(path, STDIN_FILENO);
        (*out)->is_stdin = true;
        return FAULT_NONE;
    }
    int fd = -1;
    struct stat about;
    enum fault_code code = open_regular(&fd, &about, path, why);
    if (code != FAULT_NONE)
        return code;
    struct input *in = make_input(path, fd);
    in->size = (uint64_t)about.st_size;
    in->sparse = (uint64_t)about.st_blocks * 512 < in->size;
    in->mtime = (int64_t)about.st_mtim.tv_sec * TIME_SECOND + about.st_mtim.tv_nsec / 1000;
    if (in->size == 0 && input_head(in).len == 0) { /* files of /proc have bytes but no size */
        input_close(in);
        return fault_set(why, FAULT_MISSING, "has no bytes");
    }
    *out = in;
    return FAULT_NONE;
}

struct input *input_of_memory(const char *path, struct slice bytes)
{
    struct input *in = make_input(path, -1);
    in->memory = bytes;
    in->size = bytes.len;
    return in;
}

struct input *input_of_source(const char *path, const struct input_source *source, uint64_t size,
                              int64_t mtime_us)
{
    struct input *in = make_input(path, -1);
    in->source = *source;
    in->size = size;
    in->mtime = mtime_us;
    return in;
}

void input_close(struct input *in)
{
    if (!in)
        return;
    if (in->source.close)
        in->source.close(in->source.self);
    if (in->fd >= 0 && !in->is_stdin)
        close(in->fd);
    digest_free(in->digest);
    free(in->buffer);
    free(in->path);
    free(in);
}

void input_drop_digest(struct input *in)
{
    digest_free(in->digest);
    in->digest = NULL;
}

void input_stop_on(struct input *in, const _Atomic bool *stop)
{
    in->stop = stop;
}

static bool wants_stop(const struct input *in)
{
    return in->stop && atomic_load(in->stop);
}

/* Waits until read() will not block. Only pipes and terminals on stdin ever make it wait. */
static enum fault_code wait_readable(const struct input *in, struct fault *why)
{
    struct pollfd one = {.fd = in->fd, .events = POLLIN};
    while (!wants_stop(in)) {
        int ready = poll(&one, 1, WAIT_MS);
        if (ready > 0)
            return FAULT_NONE;
        if (ready < 0 && errno != EINTR)
            return fault_set(why, FAULT_IO, "cannot be read: %s", strerror(errno));
    }
    return fault_set(why, FAULT_CANCELLED, "stopped");
}

static enum fault_code fetch_memory(struct input *in, char *at, size_t size, size_t *got)
{
    *got = size < in->memory.len ? size : in->memory.len;
    if (*got)
        memcpy(at, in->memory.at, *got);
    in->memory = slice_from(in->memory, *got);
    in->ended = in->memory.len == 0;
    return FAULT_NONE;
}

/* How many bytes at `place` are in a hole; 0 when data are there, or nothing is known. Reading a
 * hole makes the system fill gigabytes of cache with zeros. */
static size_t in_hole(struct input *in, size_t size)
{
    if (in->place < in->data_to)
        return 0;
    struct stat about;
    off_t data = lseek(in->fd, in->place, SEEK_DATA);
    if (data < 0 && errno == ENXIO && fstat(in->fd, &about) == 0)
        data = about.st_size; /* nothing but a hole up to the end */
    if (data > in->place) {
        uint64_t hole = (uint64_t)(data - in->place);
        return hole < size ? (size_t)hole : size;
    }
    off_t end = data < 0 ? -1 : lseek(in->fd, in->place, SEEK_HOLE);
    in->data_to = end > in->place ? end : INT64_MAX;
    return 0;
}

static ssize_t read_sparse(struct input *in, char *at, size_t size)
{
    size_t hole = in_hole(in, size);
    if (hole)
        memset(at, 0, hole);
    if (!hole && (off_t)size > in->data_to - in->place)
        size = (size_t)(in->data_to - in->place);
    ssize_t count = hole ? (ssize_t)hole : pread(in->fd, at, size, in->place);
    in->place += count > 0 ? count : 0;
    return count;
}

/* One read(): at least a byte, or 0 at the end. */
static enum fault_code fetch(struct input *in, char *at, size_t size, size_t *got,
                             struct fault *why)
{
    *got = 0;
    if (in->ended)
        return FAULT_NONE;
    if (wants_stop(in))
        return fault_set(why, FAULT_CANCELLED, "stopped");
    if (in->source.read) {
        enum fault_code code = in->source.read(in->source.self, at, size, got, why);
        in->ended = *got == 0;
        return code;
    }
    if (in->fd < 0)
        return fetch_memory(in, at, size, got);
    for (;;) {
        enum fault_code code = in->is_stdin ? wait_readable(in, why) : FAULT_NONE;
        if (code != FAULT_NONE)
            return code;
        size_t part = size < READ_LIMIT ? size : READ_LIMIT;
        ssize_t count = in->sparse ? read_sparse(in, at, part) : read(in->fd, at, part);
        if (count >= 0) {
            *got = (size_t)count;
            in->ended = count == 0;
            return FAULT_NONE;
        }
        if (errno != EINTR && errno != EAGAIN)
            return fault_set(why, FAULT_IO, "cannot be read on: %s", strerror(errno));
    }
}

/* Fills the buffer to `wanted` bytes, fewer at the end. */
static enum fault_code fill(struct input *in, size_t wanted, struct fault *why)
{
    if (!in->buffer)
        in->buffer = xmalloc(BUFFER_SIZE);
    if (in->from) {
        memmove(in->buffer, in->buffer + in->from, in->to - in->from);
        in->to -= in->from;
        in->from = 0;
    }
    while (in->to - in->from < wanted && !in->ended) {
        size_t got;
        enum fault_code code = fetch(in, in->buffer + in->to, BUFFER_SIZE - in->to, &got, why);
        in->to += got;
        if (code != FAULT_NONE)
            return code;
    }
    return FAULT_NONE;
}

enum fault_code input_read(struct input *in, void *at, size_t size, size_t *got, struct fault *why)
{
    enum fault_code code = FAULT_NONE;
    *got = 0;
    while (*got < size && code == FAULT_NONE) {
        char *to = (char *)at + *got;
        size_t left = size - *got, part = in->to - in->from;
        if (part == 0 && in->ended)
            break;
        if (part == 0 && left < BUFFER_SIZE) {
            code = fill(in, 1, why);
            continue;
        }
        if (part == 0) {
            code = fetch(in, to, left, &part, why);
        } else {
            part = part < left ? part : left;
            memcpy(to, in->buffer + in->from, part);
            in->from += part;
        }
        if (in->digest)
            digest_add(in->digest, to, part);
        in->offset += part;
        *got += part;
    }
    return code;
}

struct slice input_head(struct input *in)
{
    struct fault ignored; /* the same read fails again in input_read */
    if (in->to - in->from < INPUT_HEAD && fill(in, INPUT_HEAD, &ignored) != FAULT_NONE &&
        in->from == in->to)
        return SLICE("");
    size_t len = in->to - in->from;
    return slice_make(in->buffer ? in->buffer + in->from : "", len < INPUT_HEAD ? len : INPUT_HEAD);
}

uint64_t input_offset(const struct input *in)
{
    return in->offset;
}

uint64_t input_size(const struct input *in)
{
    return in->size;
}

int64_t input_mtime(const struct input *in)
{
    return in->mtime;
}

const char *input_path(const struct input *in)
{
    return in->path;
}

void input_digest(const struct input *in, char out[HASH_HEX_SIZE])
{
    out[0] = '\0';
    if (in->digest)
        digest_hex(in->digest, out);
}

void input_set_growing(struct input *in)
{
    in->growing = true;
}

bool input_is_growing(const struct input *in)
{
    return in->growing;
}

void input_set_cut(struct input *in)
{
    in->cut = true;
}

bool input_is_cut(const struct input *in)
{
    return in->cut;
}
