/* Knows how a compiled catalogue (GNU .mo) is laid out. It is checked once, when it is put in use:
 * afterwards every offset holds. Nothing about who says what. */
#include "core/base/words.h"

#include "core/base/embed.h"

#include <stdio.h>
#include <string.h>

enum {
    MO_MAGIC = 0x950412deU & 0x7fffffff, /* without its top bit, which an enum has no room for */
    MO_HEADER = 20,                      /* magic, revision, count, texts, translations */
    MO_ROW = 8                           /* length, offset */
};

static struct {
    const char *language;
    struct slice file; /* SLICE_NONE: English */
    uint32_t count, texts, translations;
} words = {"en", {NULL, 0}, 0, 0, 0};

static uint32_t words_number(struct slice file, size_t at)
{
    uint32_t number;
    memcpy(&number, file.at + at, sizeof number);
    return number;
}

/* The text of one row of a table, NUL-ended. */
static const char *words_row(struct slice file, uint32_t table, uint32_t row)
{
    return file.at + words_number(file, (size_t)table + (size_t)row * MO_ROW + 4);
}

static bool words_table_holds(struct slice file, uint32_t table, uint32_t count)
{
    if (table > file.len || (file.len - table) / MO_ROW < count)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t len = words_number(file, (size_t)table + (size_t)i * MO_ROW);
        uint32_t at = words_number(file, (size_t)table + (size_t)i * MO_ROW + 4);
        if (at >= file.len || len >= file.len - at || file.at[at + len] != '\0')
            return false;
    }
    return true;
}

static bool words_load(struct slice file)
{
    if (file.len < MO_HEADER || (words_number(file, 0) & 0x7fffffff) != MO_MAGIC)
        return false;
    uint32_t count = words_number(file, 8);
    uint32_t texts = words_number(file, 12), translations = words_number(file, 16);
    if (!words_table_holds(file, texts, count) || !words_table_holds(file, translations, count))
        return false;
    words.file = file;
    words.count = count;
    words.texts = texts;
    words.translations = translations;
    return true;
}

bool words_use(const char *language)
{
    char name[40];
    words.language = "en";
    words.file = SLICE_NONE;
    words.count = 0;
    if (strcmp(language, "en") == 0)
        return true;
    snprintf(name, sizeof name, "po/%s.mo", language);
    for (const struct embedded *e = embedded_files; e->name; e++)
        if (strcmp(e->name, name) == 0 && words_load(embedded_find(name))) {
            words.language = language;
            return true;
        }
    return false;
}

const char *words_language(void)
{
    return words.language;
}

const char *words_find(const char *english)
{
    uint32_t low = 0, high = words.count;
    if (!english || !*english) /* the empty text is the catalogue's own head */
        return english;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(english, words_row(words.file, words.texts, middle));
        if (order == 0)
            return words_row(words.file, words.translations, middle);
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return english;
}

/* Japanese has one form; it is the first, and the key of both is the singular. */
const char *words_many(const char *one, const char *many, uint64_t n)
{
    const char *found = words_find(one);
    return found != one ? found : n == 1 ? one : many;
}
