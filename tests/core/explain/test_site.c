/* core/explain/site: what a config.yml says of the keys that a remedy names, in every style of
 * YAML. */
#include "core/explain/site.h"

#include "core/base/alloc.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define MAIL_KEY "iid.scim.attribute.user.ad_bind.emails.value"
#define PHONE_KEY "iid.scim.attribute.user.ad_bind.phoneNumbers.value"

static struct arena arena;

static void set_up(void)
{
    arena_init(&arena);
}

static void tear_down(void)
{
    arena_free(&arena);
}

TestSuite(site, .init = set_up, .fini = tear_down);

/* The sentence about `key` in a file that holds `text`. */
static struct site_word told(const char *text, const char *key)
{
    char path[] = "/tmp/scimscope-site-XXXXXX";
    struct slice remedy = slice_of(key);
    struct rule rule = {.remedy = {.items = &remedy, .count = 1}};
    struct site_word words[SITE_WORDS] = {{0}};
    struct site *site = NULL;
    struct fault why;
    int file = mkstemp(path);
    cr_assert(file >= 0);
    cr_assert(write(file, text, strlen(text)) == (ssize_t)strlen(text));
    close(file);
    cr_expect(eq(int, site_load(&site, path, &why), FAULT_NONE), "%s", why.text);
    cr_expect(eq(sz, site_tell(site, &rule, &arena, words), 1));
    site_free(site);
    unlink(path);
    return words[0];
}

struct style {
    char text[200];
    char key[64];
    char says[160]; /* after the name of the file */
    bool fine;
};

ParameterizedTestParameters(site, finds_keys_in_every_style)
{
    static struct style rows[] = {
        {"iid:\n  scim:\n    attribute.user:\n      ad_bind:\n        emails.value: mail\n",
         MAIL_KEY, ":5: " MAIL_KEY " is bound to the AD attribute \"mail\"", true},
        {"iid: {scim: {attribute: {user: {ad_bind: {emails: {value: mail}}}}}}\n", MAIL_KEY,
         ":1: " MAIL_KEY " is bound to the AD attribute \"mail\"", true},
        {"# ours\niid: {\n  scim: {attribute: {user: {ad_bind: {\n    emails: {value: mail},\n"
         "    phoneNumbers: {\n      value: 'telephone number'}}}}}}\n",
         PHONE_KEY,
         ":6: " PHONE_KEY " is bound to the AD attribute \"telephone number\", which is no name of "
         "an AD attribute",
         false},
        {"iid:\n  scim: {attribute: {user: {ad_bind: {emails.value: [mail, proxyAddresses]}}}}\n",
         MAIL_KEY, ":2: " MAIL_KEY " holds 2 values; one AD attribute must stand there", false},
        {"iid: {scim: {attribute: {user: {ad_bind: {emails: {value: }}}}}}\n", MAIL_KEY,
         ":1: " MAIL_KEY " has no value", false},
        {"iid: {scim: {attribute: {user: {}}}}\n", MAIL_KEY, " does not set " MAIL_KEY, false},
        {"iid: {scim:\n  {attribute: [}\n", MAIL_KEY, ":2:16: the file cannot be read: ", false},
    };
    return cr_make_param_array(struct style, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct style *row, site, finds_keys_in_every_style)
{
    struct site_word word = told(row->text, row->key);
    cr_expect(slice_find(word.text, slice_of(row->says)) != SIZE_MAX, "%.*s\n%s",
              (int)word.text.len, word.text.at, row->text);
    cr_expect(eq(int, word.fine, row->fine));
}
