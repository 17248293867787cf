/* Which reader takes which bytes, and what is said of bytes that none takes. */
#include "import/readers.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

struct refused {
    char head[64];
    size_t len; /* 0: a text */
    char says[40];
};

ParameterizedTestParameters(readers, names_what_a_file_is_that_none_reads)
{
    static struct refused rows[] = {{"\xac\xed\0\5sr\0\x1e"
                                     "com.xk72.charles.model.Session",
                                     38, "Charles session"},
                                    {"ElfFileElf", 0, "unknown format; see"},
                                    {"{\"a\": 1}", 0, "JSON, but no HAR"},
                                    {"\xef\xbb\xbf [1, 2]", 0, "JSON, but no HAR"},
                                    {"<a><b/></a>", 0, "XML, but neither"},
                                    {"<!DOCTYPE html><html>", 0, "a web page"},
                                    {"GET /x HTTP/1.1\r\nHost: h\r\n", 0, "bare HTTP text"},
                                    {"%PDF-1.7", 0, "is a PDF"},
                                    {"BZh9", 0, "bzip2"},
                                    {"hello\n", 0, "unknown format; see"},
                                    {"", 0, "unknown format; see"}};
    return cr_make_param_array(struct refused, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct refused *row, readers, names_what_a_file_is_that_none_reads)
{
    struct slice head = slice_make(row->head, row->len ? row->len : strlen(row->head));
    cr_expect(eq(ptr, (void *)(uintptr_t)reader_detect(head, "x.json"), NULL));
    const char *said = reader_refusal(head);
    cr_expect(ne(ptr, (void *)(uintptr_t)strstr(said, row->says), NULL), "%s", said);
}

Test(readers, are_found_by_their_names_and_have_all_that_is_asked_of_them)
{
    for (size_t i = 0; readers[i]; i++) {
        cr_expect(eq(ptr, (void *)(uintptr_t)reader_named(readers[i]->info.name),
                     (void *)(uintptr_t)readers[i]));
        cr_expect(
            eq(ptr, (void *)(uintptr_t)reader_formats[i], (void *)(uintptr_t)&readers[i]->info));
        cr_expect(ne(ptr, (void *)(uintptr_t)readers[i]->info.how, NULL));
        cr_expect(ne(ptr, (void *)(uintptr_t)readers[i]->info.title, NULL));
    }
    cr_expect(eq(ptr, (void *)(uintptr_t)reader_named("none"), NULL));
}
