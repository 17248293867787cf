/* See config.h. */
#include "tui/screen/config.h"

#include "core/base/safe.h"
#include "core/base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 4096 };

bool config_place(char path[CONFIG_PATH], const char *name)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int len = base && base[0] == '/' ? snprintf(path, CONFIG_PATH, "%s/scimscope/%s", base, name)
              : home && home[0] == '/'
                  ? snprintf(path, CONFIG_PATH, "%s/.config/scimscope/%s", home, name)
                  : CONFIG_PATH;
    return len > 0 && len < CONFIG_PATH;
}

bool config_state_place(char path[CONFIG_PATH], const char *name)
{
    const char *base = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    const struct passwd *me = home && *home ? NULL : getpwuid(getuid());
    if (!home || !*home)
        home = me ? me->pw_dir : "";
    int len = base && base[0] == '/'
                  ? snprintf(path, CONFIG_PATH, "%s/scimscope/%s", base, name)
                  : snprintf(path, CONFIG_PATH, "%s/.local/state/scimscope/%s", home, name);
    return len > 0 && len < CONFIG_PATH;
}

/* False with errno, EINVAL for what is no regular file. */
static bool read_whole(struct buf *out, int fd)
{
    struct stat about;
    if (fd < 0 || fstat(fd, &about) != 0)
        return false;
    if (!S_ISREG(about.st_mode)) {
        errno = EINVAL;
        return false;
    }
    for (;;) {
        char *at = buf_extend(out, CHUNK);
        if (!at)
            return true; /* too large: the buffer knows */
        ssize_t got = read(fd, at, CHUNK);
        out->len -= CHUNK - (got > 0 ? (size_t)got : 0);
        out->at[out->len] = '\0';
        if (got == 0)
            return true;
        if (got < 0 && errno != EINTR)
            return false;
    }
}

enum fault_code config_read(struct buf *out, const char *path, struct fault *why)
{
    char safe[120];
    safe_short(safe, sizeof safe, slice_of(path));
    /* A FIFO must not hold us up. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool fine = read_whole(out, fd);
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (!fine && fd >= 0 && error == EINVAL)
        return fault_set(why, FAULT_MISSING, "%s: not a regular file", safe);
    if (!fine)
        return fault_set(why, FAULT_MISSING, "%s: %s", safe, strerror(error));
    return buf_full(out) ? fault_set(why, FAULT_CONFIG, "%s: too large", safe) : FAULT_NONE;
}

enum fault_code config_write(const char *path, struct slice text, struct fault *why)
{
    char beside[CONFIG_PATH + 8], folder[CONFIG_PATH], safe[120];
    snprintf(folder, sizeof folder, "%s", path);
    for (char *at = strchr(folder + 1, '/'); at; at = strchr(at + 1, '/')) {
        *at = '\0';
        if (mkdir(folder, 0700) == 0)
            chmod(folder, 0700); /* whatever the umask */
        *at = '/';
    }
    snprintf(beside, sizeof beside, "%s.new", path);
    unlink(beside); /* of one that was stopped here */
    int fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    bool whole = fd >= 0 && write(fd, text.at, text.len) == (ssize_t)text.len;
    if (fd >= 0)
        whole = close(fd) == 0 && whole;
    whole = whole && rename(beside, path) == 0;
    int error = errno;
    if (fd >= 0 && !whole)
        unlink(beside);
    return whole ? FAULT_NONE
                 : fault_set(why, FAULT_IO, "%s cannot be written: %s",
                             safe_short(safe, sizeof safe, slice_of(path)), strerror(error));
}

enum fault_code config_put(const char *path, const char *key, const char *value, struct fault *why)
{
    struct buf old, now;
    struct slice rest, line;
    struct stat there;
    enum fault_code code = FAULT_NONE;
    bool put = false;
    buf_init(&old, YAML_SIZE);
    buf_init(&now, YAML_SIZE + CHUNK);
    if (lstat(path, &there) == 0)
        code = config_read(&old, path, why);
    rest = buf_slice(&old);
    while (!code && rest.len > 0 && slice_cut(&rest, '\n', &line)) {
        size_t len = strlen(key);
        bool ours = slice_starts(line, key) && line.len > len && line.at[len] == ':';
        if (ours && put)
            continue;
        if (ours)
            buf_add_format(&now, "%s: %s", key, value);
        else
            buf_add(&now, line);
        put = put || ours;
        buf_add_byte(&now, '\n');
    }
    if (!put)
        buf_add_format(&now, "%s: %s\n", key, value);
    if (!code)
        code = config_write(path, buf_slice(&now), why);
    buf_free(&old);
    buf_free(&now);
    return code;
}

enum fault_code config_fault(struct fault *why, const char *path, const struct fault *inner)
{
    char safe[80];
    safe_short(safe, sizeof safe, slice_of(path));
    if (inner->line > 0)
        return fault_at(why, inner->code, inner->line, inner->column, "%s:%llu:%llu: %.140s", safe,
                        (unsigned long long)inner->line, (unsigned long long)inner->column,
                        inner->text);
    return fault_set(why, inner->code, "%s: %.150s", safe, inner->text);
}
