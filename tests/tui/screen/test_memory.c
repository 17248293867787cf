/* Where one was: kept per index, for its owner only, and never in the way. */
#include "tui/screen/memory.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], one[96], other[96];

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/scimscope-memory-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(one, sizeof one, "%s/one.db", folder);
    snprintf(other, sizeof other, "%s/other.db", folder);
    close(open(one, O_CREAT | O_WRONLY, 0600));
    close(open(other, O_CREAT | O_WRONLY, 0600));
    setenv("XDG_STATE_HOME", folder, 1);
}

static void finish(void)
{
    char command[128];
    snprintf(command, sizeof command, "%s/scimscope", folder);
    DIR *dir = opendir(command);
    for (struct dirent *e; dir && (e = readdir(dir));) {
        char path[512];
        snprintf(path, sizeof path, "%s/%s", command, e->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(command);
    unlink(one);
    unlink(other);
    rmdir(folder);
}

/* The path of the one file that is kept. */
static const char *kept(void)
{
    static char path[512];
    snprintf(path, sizeof path, "%s/scimscope", folder);
    DIR *dir = opendir(path);
    cr_assert(dir != NULL);
    for (struct dirent *e; (e = readdir(dir));)
        if (e->d_name[0] != '.')
            snprintf(path, sizeof path, "%s/scimscope/%s", folder, e->d_name);
    closedir(dir);
    return path;
}

static void save(const char *index, const char *filter, enum order order, int64_t entry)
{
    struct memory m;
    memory_init(&m);
    buf_add_text(&m.filter, filter);
    m.order = order;
    m.entry = entry;
    memory_save(&m, index);
    memory_free(&m);
}

TestSuite(memory, .init = begin, .fini = finish);

Test(memory, gives_back_what_was_kept_per_index)
{
    struct memory m;
    cr_expect(not(memory_load(&m, one)));
    memory_free(&m);
    save(one, "is:failure user:\"a\nb\"", ORDER_OLDEST, 42);
    save(other, "", ORDER_NEWEST, 0);
    cr_assert(memory_load(&m, one));
    cr_expect(eq(str, m.filter.at, "is:failure user:\"a\nb\""));
    cr_expect(eq(int, m.order, ORDER_OLDEST));
    cr_expect(eq(i64, m.entry, 42));
    memory_free(&m);
    cr_assert(memory_load(&m, other));
    cr_expect(eq(sz, m.filter.len, 0));
    memory_free(&m);
}

Test(memory, is_for_its_owner_only_whatever_the_umask)
{
    struct stat at;
    char path[96];
    umask(0);
    save(one, "user:tanaka", ORDER_NEWEST, 1);
    cr_assert(eq(int, stat(kept(), &at), 0));
    cr_expect(eq(int, at.st_mode & 0777, 0600));
    snprintf(path, sizeof path, "%s/scimscope", folder);
    cr_assert(eq(int, stat(path, &at), 0));
    cr_expect(eq(int, at.st_mode & 0777, 0700));
}

Test(memory, knows_nothing_from_a_damaged_file)
{
    static const char *const texts[] = {"", "x", "scimscope state 1\norder newest\n",
                                        "scimscope state 1\norder newest\nentry x\nfilter a",
                                        "scimscope state 2\norder newest\nentry 1\nfilter a"};
    save(one, "a", ORDER_NEWEST, 1);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct memory m;
        FILE *file = fopen(kept(), "w");
        fputs(texts[i], file);
        fclose(file);
        cr_expect(not(memory_load(&m, one)), "%zu", i);
        cr_expect(eq(sz, m.filter.len, 0));
        memory_free(&m);
    }
}
