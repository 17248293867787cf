/* What the program says to people, in their language. The English text itself is the key of its
 * translation, as gettext has it: `_("one row up")`. The catalogues are po/LANGUAGE.po, compiled by
 * msgfmt and embedded; they are looked up here and not in libintl, so that a language does not
 * depend on the locales that a machine has installed.
 *
 * What takes a sentence for people looks it up by itself and wants no `_()` around it: fault_set,
 * fault_at, cli_say and its like, desk_say, canvas_word, canvas_format, text_word, box_title. Which
 * calls these are stands in tools/words.sh, too. What machines read is never looked up. */
#ifndef CORE_BASE_WORDS_H
#define CORE_BASE_WORDS_H

#include <stdbool.h>
#include <stdint.h>

/* The language from now on: "en", or one with an embedded catalogue; false, and English, when there
 * is none or it is damaged. Before any other thread is started. */
bool words_use(const char *language);

/* The language in use: "en", "ja". */
const char *words_language(void);

/* The translation; `english` itself when there is none. Lives as long as the program. Any thread.
 */
const char *words_find(const char *english) __attribute__((format_arg(1)));
/* The same for something that there are `n` of. */
const char *words_many(const char *one, const char *many, uint64_t n)
    __attribute__((format_arg(1), format_arg(2)));

#define _(text) words_find(text)
/* Marks a text of a table: it is looked up where it is used. */
#define N_(text) text

#endif
