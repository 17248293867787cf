/* Themes: every embedded one, what may stand in a file, and where it is wrong. */
#include "tui/screen/theme.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stdio.h>
#include <unistd.h>

static struct theme theme;
static struct fault why;

static enum fault_code parse(const char *yaml)
{
    return theme_parse(&theme, slice_of(yaml), &why);
}

Test(theme, loads_every_embedded_theme)
{
    int count = 0;
    for (const char *const *name = theme_names(); *name; name++, count++)
        cr_expect(eq(int, theme_load(&theme, *name, &why), FAULT_NONE), "%s:%u:%u %s", *name,
                  (unsigned)why.line, (unsigned)why.column, why.text);
    cr_expect(ge(int, count, 3));
    cr_expect(eq(int, theme_load(&theme, "nothing-like-it", &why), FAULT_USAGE));
}

Test(theme, needs_no_colour_in_mono)
{
    cr_assert(eq(int, theme_load(&theme, "mono", &why), FAULT_NONE));
    for (int r = 0; r < ROLE_COUNT; r++) {
        cr_expect(not(theme.looks[r].fg.set));
        cr_expect(not(theme.looks[r].bg.set));
    }
    cr_expect(theme.looks[ROLE_CURSOR].reverse);
}

Test(theme, reads_palette_names_hex_and_the_sixteen)
{
    cr_assert(eq(int,
                 parse("palette:\n  sea: [\"#005f87\", blue]\nroles:\n  bad:\n    fg: sea\n"
                       "    bg: bright-red\n    bold: true\n"),
                 FAULT_NONE),
              "%s", why.text);
    struct look look = theme.looks[ROLE_BAD];
    cr_expect(eq(int, look.fg.green, 0x5f));
    cr_expect(eq(int, look.fg.ansi, 4));
    cr_expect(eq(int, look.bg.ansi, 9));
    cr_expect(look.bold);
}

Test(theme, lets_missing_roles_look_like_text)
{
    cr_assert(eq(int, parse("roles:\n  text:\n    fg: green\n"), FAULT_NONE));
    cr_expect(eq(int, theme.looks[ROLE_WARN].fg.ansi, 2));
    cr_expect(theme.looks[ROLE_WARN].fg.set);
}

Test(theme, faults_with_the_place_of_an_unknown_role)
{
    cr_expect(
        eq(int, parse("roles:\n  text:\n    fg: green\n  sparkle:\n    fg: red\n"), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 4));
    cr_expect(eq(u64, why.column, 3));
    cr_expect(eq(str, why.text, "\"sparkle\" is no role"));
}

Test(theme, faults_with_the_place_of_an_unknown_colour)
{
    cr_expect(eq(int, parse("roles:\n  text:\n    fg: greenish\n"), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 3));
    cr_expect(eq(u64, why.column, 9));
    cr_expect(
        eq(int, parse("palette:\n  a: \"#12345\"\nroles:\n  text:\n    fg: a\n"), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 2));
}

Test(theme, faults_on_what_is_no_theme)
{
    cr_expect(eq(int, parse("- a\n- b\n"), FAULT_CONFIG));
    cr_expect(eq(int, parse("palette:\n  a: red\n"), FAULT_CONFIG));
    cr_expect(eq(int, parse("roles:\n  text:\n    blink: true\n"), FAULT_CONFIG));
    cr_expect(eq(int, parse("roles:\n  text: red\n"), FAULT_CONFIG));
    cr_expect(eq(int, parse("rules:\n  text:\n    fg: red\n"), FAULT_CONFIG));
}

Test(theme, reads_a_file_of_the_users)
{
    char path[] = "/tmp/theme-XXXXXX";
    int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    FILE *file = fdopen(fd, "w");
    fputs("roles:\n  text:\n    fg: magenta\n", file);
    fclose(file);
    cr_expect(eq(int, theme_load(&theme, path, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(int, theme.looks[ROLE_TEXT].fg.ansi, 5));
    unlink(path);
    cr_expect(eq(int, theme_load(&theme, path, &why), FAULT_MISSING));
}

Test(theme, finds_the_nearest_of_256_colours)
{
    cr_expect(eq(int, theme_colour_256((struct colour){true, 0, 0, 0, 0}), 16));
    cr_expect(eq(int, theme_colour_256((struct colour){true, 255, 255, 255, 0}), 231));
    cr_expect(eq(int, theme_colour_256((struct colour){true, 0x87, 0xaf, 0xff, 0}), 111));
    cr_expect(eq(int, theme_colour_256((struct colour){true, 0x4e, 0x4e, 0x4e, 0}), 239));
}

Test(theme, lays_the_cursor_over_a_role_and_keeps_what_it_does_not_say)
{
    cr_assert(eq(int,
                 parse("roles:\n  text:\n    bold: false\n  bad:\n    fg: red\n  cursor:\n"
                       "    bg: blue\n"),
                 FAULT_NONE));
    struct look look = theme_look(&theme, ROLE_BAD, ROLE_CURSOR);
    cr_expect(eq(int, look.fg.ansi, 1));
    cr_expect(eq(int, look.bg.ansi, 4));
}

/* --- colour blindness ------------------------------------------------------------------------- */

/* What the two sorts of red-green blindness leave of linear light (Machado, Oliveira, Fernandes
 * 2009, severity 1). */
static const double blindness[2][3][3] = {{{0.152286, 1.052583, -0.204868},
                                           {0.114503, 0.786281, 0.099216},
                                           {-0.003882, -0.048116, 1.051998}},
                                          {{0.367322, 0.860646, -0.227968},
                                           {0.280085, 0.672501, 0.047413},
                                           {-0.011820, 0.042940, 0.968881}}};

static void seen(const double matrix[3][3], struct colour colour, double out[3])
{
    const double from[3] = {pow(colour.red / 255.0, 2.2), pow(colour.green / 255.0, 2.2),
                            pow(colour.blue / 255.0, 2.2)};
    for (int i = 0; i < 3; i++) {
        double light = 0;
        for (int n = 0; n < 3; n++)
            light += matrix[i][n] * from[n];
        out[i] = 255 * pow(light < 0 ? 0 : light > 1 ? 1 : light, 1 / 2.2);
    }
}

/* The least distance that is left between the colours of two roles. */
static double left_apart(enum role one, enum role other)
{
    double least = 1000;
    for (int sort = 0; sort < 2; sort++) {
        double a[3], b[3], sum = 0;
        seen(blindness[sort], theme.looks[one].fg, a);
        seen(blindness[sort], theme.looks[other].fg, b);
        for (int i = 0; i < 3; i++)
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        least = fmin(least, sqrt(sum));
    }
    return least;
}

Test(theme, keeps_opposites_apart_for_the_red_green_blind)
{
    static const enum role pairs[][2] = {
        {ROLE_GOOD, ROLE_BAD},         {ROLE_GOOD, ROLE_WARN},     {ROLE_WARN, ROLE_BAD},
        {ROLE_SHOWN, ROLE_CONSISTENT}, {ROLE_SHOWN, ROLE_MISSING}, {ROLE_CONSISTENT, ROLE_MISSING},
        {ROLE_BAR, ROLE_BAR_OFF},      {ROLE_CHOSEN, ROLE_DIM}};
    cr_assert(eq(int, theme_load(&theme, "colour-blind", &why), FAULT_NONE), "%s", why.text);
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        cr_expect(gt(dbl, left_apart(pairs[i][0], pairs[i][1]), 60.0), "%d and %d: %.0f",
                  (int)pairs[i][0], (int)pairs[i][1], left_apart(pairs[i][0], pairs[i][1]));
    /* The measure bites: the ordinary theme does not keep them apart. */
    cr_assert(eq(int, theme_load(&theme, "dark", &why), FAULT_NONE), "%s", why.text);
    cr_expect(lt(dbl, left_apart(ROLE_GOOD, ROLE_WARN), 60.0));
}
