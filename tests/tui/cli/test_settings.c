/* The settings file: what it may say and how it is refused. */
#include "tui/cli/settings.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct settings settings;
static struct fault why;
static char folder[64], path[96];

static void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/settings-XXXXXX");
    cr_assert(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/own.yaml", folder);
}

static void remove_folder(void)
{
    settings_free(&settings);
    unlink(path);
    rmdir(folder);
}

TestSuite(settings, .init = make_folder, .fini = remove_folder);

static enum fault_code load(const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
    return settings_load(&settings, path, &why);
}

Test(settings, reads_every_key)
{
    cr_assert(eq(int,
                 load("theme: light\nlanguage: ja\nzone: Asia/Tokyo\nkeys: my.yaml\n"
                      "rules:\n- /a/b.yaml\n- c.yaml\n"),
                 FAULT_NONE));
    cr_expect(eq(str, (char *)settings.theme, "light"));
    cr_expect(eq(str, (char *)settings.language, "ja"));
    cr_expect(eq(str, (char *)settings.zone, "Asia/Tokyo"));
    cr_expect(eq(sz, settings.rule_count, 2));
    cr_expect(eq(str, (char *)settings.rules[0], "/a/b.yaml"));
}

Test(settings, finds_relative_files_beside_the_settings_file)
{
    char expected[128];
    cr_assert(eq(int, load("keys: my.yaml\nrules: [c.yaml]\ntheme: t.yaml\n"), FAULT_NONE));
    snprintf(expected, sizeof expected, "%s/my.yaml", folder);
    cr_expect(eq(str, (char *)settings.keys, expected));
    snprintf(expected, sizeof expected, "%s/c.yaml", folder);
    cr_expect(eq(str, (char *)settings.rules[0], expected));
    snprintf(expected, sizeof expected, "%s/t.yaml", folder);
    cr_expect(eq(str, (char *)settings.theme, expected));
}

Test(settings, takes_an_empty_file_and_a_missing_default)
{
    cr_expect(eq(int, load(""), FAULT_NONE));
    cr_expect(eq(ptr, (void *)settings.theme, NULL));
    settings_free(&settings);
    setenv("XDG_CONFIG_HOME", folder, 1);
    cr_expect(eq(int, settings_load(&settings, NULL, &why), FAULT_NONE));
    char expected[128];
    snprintf(expected, sizeof expected, "%s/scimscope/config.yaml", folder);
    cr_expect(eq(str, (char *)settings.path, expected));
    cr_expect(eq(ptr, (void *)settings.theme, NULL));
}

Test(settings, refuses_an_unknown_key_with_its_place_and_the_nearest)
{
    cr_expect(eq(int, load("zone: UTC\nteme: dark\n"), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 2));
    cr_expect(eq(u64, why.column, 1));
    cr_expect(eq(str, why.text, "unknown setting teme; did you mean theme?"));
}

Test(settings, refuses_an_unknown_language)
{
    cr_expect(eq(int, load("language: fr\n"), FAULT_CONFIG));
    cr_expect(eq(u64, why.column, 11));
    cr_expect(eq(str, why.text, "language must be en or ja"));
}

Test(settings, uses_the_clipboard_only_when_told_to)
{
    cr_expect(eq(int, load("theme: dark\n"), FAULT_NONE));
    cr_expect(not(settings.clipboard));
    settings_free(&settings);
    cr_expect(eq(int, load("clipboard: off\n"), FAULT_NONE));
    cr_expect(not(settings.clipboard));
    settings_free(&settings);
    cr_expect(eq(int, load("clipboard: terminal\n"), FAULT_NONE));
    cr_expect(settings.clipboard);
    settings_free(&settings);
    cr_expect(eq(int, load("clipboard: yes\n"), FAULT_CONFIG));
    cr_expect(eq(str, why.text, "clipboard must be terminal or off"));
}

Test(settings, refuses_what_is_no_map_of_texts)
{
    cr_expect(eq(int, load("- a\n- b\n"), FAULT_CONFIG));
    settings_free(&settings);
    cr_expect(eq(int, load("theme:\n- dark\n"), FAULT_CONFIG));
    settings_free(&settings);
    cr_expect(eq(int, load("rules: one.yaml\n"), FAULT_CONFIG));
}

Test(settings, refuses_a_named_file_that_is_missing_or_no_file)
{
    char expected[192];
    cr_expect(eq(int, settings_load(&settings, path, &why), FAULT_CONFIG));
    snprintf(expected, sizeof expected, "%s: No such file or directory", path);
    cr_expect(eq(str, why.text, expected));
    settings_free(&settings);
    cr_expect(eq(int, settings_load(&settings, folder, &why), FAULT_CONFIG));
    snprintf(expected, sizeof expected, "%s: not a regular file", folder);
    cr_expect(eq(str, why.text, expected));
}
