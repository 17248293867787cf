/* Which files are due while they are followed. */
#include "import/follow.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[] = "/tmp/scimscope-follow-XXXXXX", path[64], other[64];
static struct follow *follow;

static void write_to(const char *file, const char *mode, const char *text)
{
    FILE *out = fopen(file, mode);
    cr_assert(ne(ptr, out, NULL));
    fputs(text, out);
    fclose(out);
}

static void setup(void)
{
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof path, "%s/a.log", folder);
    snprintf(other, sizeof other, "%s/b.log", folder);
    follow = follow_new();
    write_to(path, "w", "one\n");
    struct path_item item = {.path = path};
    struct path_list list = {.at = &item, .count = 1};
    follow_note(follow, &list);
}

static void teardown(void)
{
    follow_free(follow);
    remove(path);
    remove(other);
    rmdir(folder);
}

TestSuite(follow, .init = setup, .fini = teardown);

Test(follow, what_was_read_is_not_due_again)
{
    cr_expect(not(follow_due(follow, path)));
    cr_expect(not(follow_due(follow, path)));
}

Test(follow, a_file_that_grew_is_due_once_when_it_rests)
{
    write_to(path, "a", "two\n");
    cr_expect(not(follow_due(follow, path)), "it may still be written to");
    cr_expect(follow_due(follow, path));
    cr_expect(not(follow_due(follow, path)));
}

Test(follow, a_file_that_never_rests_is_due_all_the_same)
{
    int looks = 0;
    do {
        write_to(path, "a", "more\n");
        looks++;
    } while (!follow_due(follow, path) && looks < 100);
    cr_expect(eq(int, looks, FOLLOW_PATIENCE));
}

Test(follow, a_new_file_is_due_and_an_empty_one_is_not)
{
    write_to(other, "w", "");
    cr_expect(not(follow_due(follow, other)));
    cr_expect(not(follow_due(follow, other)));
    write_to(other, "w", "x\n");
    cr_expect(not(follow_due(follow, other)));
    cr_expect(follow_due(follow, other));
    remove(other);
    cr_expect(not(follow_due(follow, other)));
    cr_expect(not(follow_due(follow, other)));
}

Test(follow, a_wish_to_stop_ends_waiting)
{
    _Atomic bool stop = true;
    cr_expect(not(follow_wait(&stop, 60000)));
    atomic_store(&stop, false);
    cr_expect(follow_wait(&stop, 0));
}

Test(follow, what_an_end_cut_off_is_read_when_nothing_comes_any_more)
{
    int looks = 0;
    follow_cut(follow, path);
    cr_expect(not(follow_to_the_end(follow, path)));
    while (!follow_due(follow, path))
        cr_assert(lt(int, ++looks, 10 * FOLLOW_REST));
    cr_expect(eq(int, looks, FOLLOW_REST - 1));
    cr_expect(follow_to_the_end(follow, path));
    for (looks = 0; looks < 2 * FOLLOW_REST; looks++)
        cr_assert(not(follow_due(follow, path)), "once");
    write_to(path, "a", "two\n");
    follow_due(follow, path);
    cr_expect(follow_due(follow, path));
    cr_expect(not(follow_to_the_end(follow, path)));
}
