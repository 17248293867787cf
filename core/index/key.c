/* Knows the file <db>.key: 32 random bytes that key the hashes of redacted values, fingerprints and
 * pseudonyms. Made once, never replaced: an index without its key can only be read. */
#include "core/index/private.h"

#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "core/base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

void key_check_text(const struct hash_key *key, char out[KEY_CHECK_SIZE])
{
    hash_tag(key, SLICE("the key of this index"), out);
}

static enum fault_code refused(const char *name, const char *what, struct fault *why)
{
    char shown[120];
    return fault_set(why, FAULT_INDEX, "key file %s %s",
                     safe_short(shown, sizeof shown, slice_of(name)), _(what));
}

static enum fault_code key_read(struct hash_key **out, const char *name, struct fault *why)
{
    int fd = open(name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return refused(name, errno == ENOENT ? N_("is missing") : strerror(errno), why);
    unsigned char bytes[HASH_KEY_SIZE + 1];
    struct stat st;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    ssize_t got = regular ? read(fd, bytes, sizeof bytes) : -1;
    close(fd);
    if (got != HASH_KEY_SIZE)
        return refused(name, "is not a key", why);
    *out = hash_key_new(bytes);
    return FAULT_NONE;
}

static enum fault_code key_make(struct hash_key **out, const char *name, struct fault *why)
{
    unsigned char bytes[HASH_KEY_SIZE];
    hash_random(bytes, sizeof bytes);
    int fd = open(name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return refused(name, strerror(errno), why);
    bool done =
        fchmod(fd, 0600) == 0 && write(fd, bytes, sizeof bytes) == HASH_KEY_SIZE && fsync(fd) == 0;
    int error = errno;
    close(fd);
    if (!done) {
        unlink(name);
        char shown[120];
        return fault_set(why, FAULT_IO, "key file %s cannot be written: %s",
                         safe_short(shown, sizeof shown, slice_of(name)), strerror(error));
    }
    *out = hash_key_new(bytes);
    return FAULT_NONE;
}

enum fault_code key_load(struct hash_key **out, const char *path, bool make, struct fault *why)
{
    *out = NULL;
    size_t len = strlen(path) + sizeof ".key";
    char *name = xmalloc(len);
    snprintf(name, len, "%s.key", path);
    enum fault_code code = make && access(name, F_OK) != 0 && errno == ENOENT
                               ? key_make(out, name, why)
                               : key_read(out, name, why);
    free(name);
    return code;
}
