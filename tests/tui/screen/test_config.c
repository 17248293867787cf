/* The user's small files: one line changed, everything else as it was. */
#include "tui/screen/config.h"

#include "core/base/yaml.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64], path[128];
static struct fault why;
static struct buf text;

static void begin(void)
{
    snprintf(folder, sizeof folder, "/tmp/scimscope-config-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/deep/config.yaml", folder);
    buf_init(&text, YAML_SIZE);
}

static void finish(void)
{
    char deep[128];
    buf_free(&text);
    unlink(path);
    snprintf(deep, sizeof deep, "%s/deep", folder);
    rmdir(deep);
    rmdir(folder);
}

static const char *is(void)
{
    buf_reset(&text);
    cr_assert(eq(int, config_read(&text, path, &why), FAULT_NONE), "%s", why.text);
    return text.at;
}

TestSuite(config, .init = begin, .fini = finish);

Test(config, puts_a_line_into_a_file_that_is_not_there_yet)
{
    struct stat there;
    cr_assert(eq(int, config_put(path, "theme", "light", &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(str, (char *)is(), "theme: light\n"));
    cr_assert(eq(int, stat(path, &there), 0));
    cr_expect(eq(int, (int)(there.st_mode & 0777), 0600));
}

Test(config, changes_its_line_and_leaves_the_others)
{
    struct slice old = SLICE("# mine\nlanguage: ja\ntheme: dark # night\nkeys: k.yaml");
    cr_assert(eq(int, config_write(path, old, &why), FAULT_NONE), "%s", why.text);
    cr_assert(eq(int, config_put(path, "theme", "mono", &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(str, (char *)is(), "# mine\nlanguage: ja\ntheme: mono\nkeys: k.yaml\n"));
}

Test(config, reads_no_fifo_and_nothing_too_large)
{
    cr_assert(eq(int, config_write(path, SLICE("x"), &why), FAULT_NONE));
    unlink(path);
    cr_assert(eq(int, mkfifo(path, 0600), 0));
    cr_expect(eq(int, config_read(&text, path, &why), FAULT_MISSING));
    unlink(path);
    struct buf small;
    buf_init(&small, 8192);
    char *much = calloc(1, 20000);
    memset(much, 'x', 19999);
    cr_assert(eq(int, config_write(path, slice_of(much), &why), FAULT_NONE));
    cr_expect(eq(int, config_read(&small, path, &why), FAULT_CONFIG));
    free(much);
    buf_free(&small);
}
