/* Keys by name, the embedded keys and what a file of the user may say. */
#include "tui/screen/keymap.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static struct keymap map;
static struct fault why;

static void begin(void)
{
    cr_assert(eq(int, keymap_load(&map, &why), FAULT_NONE), "%s", why.text);
}

TestSuite(keymap, .init = begin);

Test(keymap, binds_every_action_by_default)
{
    for (int a = ACTION_NONE + 1; a < ACTION_COUNT; a++)
        cr_expect(ne(u32, map.keys[a][0], KEY_NOTHING), "%s has no key",
                  action_name((enum action)a));
    cr_expect(eq(int, keymap_action(&map, 'j'), ACTION_DOWN));
    cr_expect(eq(int, keymap_action(&map, KEY_ARROW_DOWN), ACTION_DOWN));
    cr_expect(eq(int, keymap_action(&map, KEY_RETURN), ACTION_OPEN));
    cr_expect(eq(int, keymap_action(&map, 'Z'), ACTION_NONE));
}

Test(keymap, names_keys_both_ways)
{
    static const char *const names[] = {"up",  "page-down", "space", "ctrl-z", "f12",
                                        "esc", "shift-tab", "/",     "é",      "日"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char name[KEY_NAME_SIZE];
        uint32_t key = keymap_key_named(slice_of(names[i]));
        cr_expect(ne(u32, key, KEY_NOTHING), "%s", names[i]);
        cr_expect(eq(str, (char *)keymap_key_name(name, key), (char *)names[i]));
    }
    cr_expect(eq(u32, keymap_key_named(SLICE("f13")), KEY_NOTHING));
    cr_expect(eq(u32, keymap_key_named(SLICE("ab")), KEY_NOTHING));
    cr_expect(eq(u32, keymap_key_named(SLICE("")), KEY_NOTHING));
}

Test(keymap, lays_a_file_of_the_users_over_it)
{
    cr_assert(eq(int, keymap_lay(&map, SLICE("quit: [Q]\nfilter: \"&\"\n"), &why), FAULT_NONE));
    cr_expect(eq(int, keymap_action(&map, 'Q'), ACTION_QUIT));
    cr_expect(eq(int, keymap_action(&map, 'q'), ACTION_NONE));
    cr_expect(eq(int, keymap_action(&map, '&'), ACTION_FILTER));
    cr_expect(eq(int, keymap_action(&map, 'j'), ACTION_DOWN));
}

Test(keymap, lets_two_actions_exchange_their_keys)
{
    cr_assert(eq(int, keymap_lay(&map, SLICE("include: [F]\nexclude: [f]\n"), &why), FAULT_NONE));
    cr_expect(eq(int, keymap_action(&map, 'f'), ACTION_EXCLUDE));
}

Test(keymap, faults_with_the_place_of_an_unknown_action)
{
    cr_expect(eq(int, keymap_lay(&map, SLICE("quit: [q]\nfly: [z]\n"), &why), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 2));
    cr_expect(eq(u64, why.column, 1));
    cr_expect(eq(str, why.text, "\"fly\" is no action"));
}

Test(keymap, faults_with_the_place_of_an_unknown_key)
{
    cr_expect(eq(int, keymap_lay(&map, SLICE("quit: [q, hyper-q]\n"), &why), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 1));
    cr_expect(eq(u64, why.column, 11));
}

Test(keymap, refuses_one_key_for_two_actions_and_changes_nothing)
{
    cr_expect(eq(int, keymap_lay(&map, SLICE("export: [w]\nquit: [j]\n"), &why), FAULT_CONFIG));
    cr_expect(eq(u64, why.line, 2));
    cr_expect(eq(str, why.text, "key \"j\" of quit is also bound to down"));
    cr_expect(eq(int, keymap_action(&map, 'q'), ACTION_QUIT));
    cr_expect(eq(int, keymap_action(&map, 'w'), ACTION_NONE));
}
