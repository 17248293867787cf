/* Knows how keys are found in a config.yml, written nested or with dots, and what a value must look
 * like to be right; see site.h. */
#include "core/explain/site.h"

#include "core/base/alloc.h"
#include "core/base/words.h"
#include "core/base/yaml.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SITE_VALUE = 120 /* bytes of a value that a sentence quotes */ };

struct site {
    struct arena arena;
    struct slice name;      /* of the file, without folders */
    struct yaml_node *root; /* NULL: no sound YAML, see `wrong` */
    struct fault wrong;
};

static struct slice base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slice_of(slash ? slash + 1 : path);
}

static bool is_secret(const char *path)
{
    char *real = realpath(path, NULL);
    bool secret = slice_is_fold(base_name(path), "secret.yml") ||
                  slice_is_fold(base_name(path), "secret.yaml") ||
                  (real && (slice_is_fold(base_name(real), "secret.yml") ||
                            slice_is_fold(base_name(real), "secret.yaml")));
    free(real);
    return secret;
}

static enum fault_code read_file(const char *path, struct arena *arena, struct slice *out,
                                 struct fault *why)
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (file < 0)
        return fault_set(why, FAULT_CONFIG, "%s: %s", path, strerror(errno));
    enum fault_code code = FAULT_NONE;
    if (fstat(file, &about) || !S_ISREG(about.st_mode))
        code = fault_set(why, FAULT_CONFIG, "%s: not a regular file", path);
    else if (about.st_size > YAML_SIZE)
        code = fault_set(why, FAULT_CONFIG, "%s: larger than %d bytes", path, YAML_SIZE);
    size_t room = code ? 0 : (size_t)about.st_size, len = 0;
    char *text = arena_alloc(arena, room + 1);
    while (!code && len < room) {
        ssize_t got = read(file, text + len, room - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            code = fault_set(why, FAULT_CONFIG, "%s: %s", path, strerror(errno));
        if (got <= 0)
            break;
        len += (size_t)got;
    }
    close(file);
    *out = slice_make(text, len);
    return code;
}

enum fault_code site_load(struct site **out, const char *path, struct fault *why)
{
    struct slice text;
    *out = NULL;
    if (is_secret(path))
        return fault_set(why, FAULT_CONFIG,
                         "%s: holds secrets and is never opened; name config.yml instead", path);
    struct site *site = xcalloc(1, sizeof *site);
    arena_init(&site->arena);
    enum fault_code code = read_file(path, &site->arena, &text, why);
    if (code) {
        site_free(site);
        return code;
    }
    site->name = arena_copy(&site->arena, base_name(path));
    if (yaml_parse(&site->root, text, &site->arena, &site->wrong))
        site->root = NULL;
    *out = site;
    return FAULT_NONE;
}

void site_free(struct site *site)
{
    if (!site)
        return;
    arena_free(&site->arena);
    free(site);
}

/* "a.b.c" as nested maps, as one key, or any mixture. */
static const struct yaml_node *find(const struct yaml_node *node, struct slice key)
{
    if (node->kind != YAML_MAP)
        return NULL;
    for (size_t i = 0; i < node->count; i++) {
        struct slice name = node->keys[i]->text;
        if (slice_equal(name, key))
            return node->items[i];
        if (name.len == 0 || name.len >= key.len || key.at[name.len] != '.' ||
            !slice_equal(name, slice_first(key, name.len)))
            continue;
        const struct yaml_node *found = find(node->items[i], slice_from(key, name.len + 1));
        if (found)
            return found;
    }
    return NULL;
}

static bool is_attribute_name(struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
            return false;
    }
    return text.len > 0;
}

static void tell(const struct site *site, struct slice key, struct arena *arena,
                 struct site_word *out)
{
    int key_len = (int)key.len;
    *out = (struct site_word){.fine = false};
    if (!site->root) {
        out->text = arena_format(arena, _("%s:%llu:%llu: the file cannot be read: %s"),
                                 site->name.at, (unsigned long long)site->wrong.line,
                                 (unsigned long long)site->wrong.column, site->wrong.text);
        return;
    }
    const struct yaml_node *node = find(site->root, key);
    if (!node) {
        out->text = arena_format(arena, _("%s does not set %.*s"), site->name.at, key_len, key.at);
        return;
    }
    unsigned long long line = (unsigned long long)node->line;
    bool empty =
        node->kind == YAML_SCALAR
            ? slice_trim(node->text).len == 0 ||
                  (!node->quoted && (slice_is(node->text, "~") || slice_is(node->text, "null")))
            : node->count == 0;
    bool bound = slice_find(key, SLICE(".ad_bind.")) != SIZE_MAX;
    if (empty) {
        out->text = arena_format(arena, _("%s:%llu: %.*s has no value"), site->name.at, line,
                                 key_len, key.at);
    } else if (node->kind != YAML_SCALAR) {
        out->fine = !bound;
        out->text = arena_format(
            arena,
            bound ? _("%s:%llu: %.*s holds %zu values; one AD attribute must stand there")
                  : _("%s:%llu: %.*s holds %zu values"),
            site->name.at, line, key_len, key.at, node->count);
    } else {
        out->fine = !bound || is_attribute_name(node->text);
        out->text = arena_format(
            arena,
            !out->fine
                ? _("%s:%llu: %.*s is bound to the AD attribute \"%.*s\", which is no name of "
                    "an AD attribute")
            : bound ? _("%s:%llu: %.*s is bound to the AD attribute \"%.*s\"")
                    : _("%s:%llu: %.*s is set to \"%.*s\""),
            site->name.at, line, key_len, key.at,
            (int)(node->text.len < SITE_VALUE ? node->text.len : SITE_VALUE), node->text.at);
    }
}

/* Letters, digits, '_', and '.' between them. */
static size_t key_length(struct slice text)
{
    size_t len = 0;
    while (len < text.len && (text.at[len] == '.' || text.at[len] == '_' ||
                              (text.at[len] >= '0' && text.at[len] <= '9') ||
                              ((text.at[len] | 32) >= 'a' && (text.at[len] | 32) <= 'z')))
        len++;
    while (len > 0 && text.at[len - 1] == '.')
        len--;
    return len;
}

/* A key of secret.yml, or one that may hold a secret wherever it stands. */
static bool holds_secret(struct slice key)
{
    static const char *const words[] = {"token", "secret", "password", "key"};
    size_t dot = key.len;
    while (dot > 0 && key.at[dot - 1] != '.')
        dot--;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_find_fold(slice_from(key, dot), slice_of(words[i])) != SIZE_MAX &&
            slice_find_fold(key, SLICE("idTokenClaims")) == SIZE_MAX)
            return true;
    return false;
}

size_t site_tell(const struct site *site, const struct rule *rule, struct arena *arena,
                 struct site_word out[SITE_WORDS])
{
    const struct text_list *const lists[] = {&rule->remedy, &rule->at_fault};
    struct slice known[SITE_WORDS];
    size_t count = 0;
    for (size_t i = 0; site && i < 2; i++)
        for (size_t j = 0; j < lists[i]->count; j++) {
            struct slice rest = lists[i]->items[j];
            for (size_t at;
                 count < SITE_WORDS && (at = slice_find(rest, SLICE("iid."))) != SIZE_MAX;) {
                struct slice key = slice_from(rest, at);
                key = slice_first(key, key_length(key));
                rest = slice_from(rest, at + key.len);
                bool again = holds_secret(key);
                for (size_t k = 0; k < count; k++)
                    again = again || slice_equal(known[k], key);
                if (again)
                    continue;
                tell(site, key, arena, &out[count]);
                known[count++] = key;
            }
        }
    return count;
}
