/* The filter language: what it reads, what it refuses and where, and that text made from terms is
 * read back as the same terms. */
#include "core/index/filter.h"

#include "core/base/time.h"

#include <criterion/criterion.h>
#include <criterion/parameterized.h>
#include <stdio.h>

static struct arena arena;

static struct filter *parse(const char *text)
{
    struct filter *filter = NULL;
    struct fault why = {0};
    cr_assert_eq(filter_parse(&filter, slice_of(text), &arena, &why), FAULT_NONE, "%s: %s", text,
                 why.text);
    return filter;
}

static const struct filter_value *only_value(const char *text)
{
    struct filter *filter = parse(text);
    cr_assert_eq(filter->count, 1);
    cr_assert_eq(filter->terms[0].value_count, 1);
    return filter->terms[0].values;
}

/* Terms as a test can compare them: `-user=(tanaka|"a b"|none)`. */
static const char *shape(const struct filter *filter)
{
    static char out[4096];
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < filter->count; i++) {
        const struct filter_term *t = &filter->terms[i];
        used += (size_t)snprintf(out + used, sizeof out - used, "%s%s%s=(", i ? " " : "",
                                 t->exclude ? "-" : "", filter_key_name(t->key));
        for (size_t v = 0; v < t->value_count; v++) {
            const char *quote = t->values[v].quoted ? "\"" : "";
            used += (size_t)snprintf(out + used, sizeof out - used, "%s%s%.*s%s%s", v ? "|" : "",
                                     quote, (int)t->values[v].text.len, t->values[v].text.at, quote,
                                     t->values[v].none ? "!" : "");
        }
        used += (size_t)snprintf(out + used, sizeof out - used, ")");
    }
    return out;
}

static int64_t at(int year, int month, int day, int hour, int minute)
{
    struct civil c = {year, month, day, hour, minute, 0, 0};
    return time_from_utc(&c);
}

struct read_row {
    char text[96], want[128];
};

ParameterizedTestParameters(filter, reads)
{
    static struct read_row rows[] = {
        {"", ""},
        {"   \t ", ""},
        {"user:tanaka", "user=(tanaka)"},
        {"  user:tanaka  class:a ", "user=(tanaka) class=(a)"},
        {"user:a,b,c", "user=(a|b|c)"},
        {"user:\"a b\",c", "user=(\"a b\"|c)"},
        {"user:\"a,b\"", "user=(\"a,b\")"},
        {"user:\"a\\\"b\\\\c\"", "user=(\"a\"b\\c\")"},
        {"user:\"a\\nb\"", "user=(\"a\\nb\")"},
        {"user:a\"b", "user=(a\"b)"},
        {"user:a\\b", "user=(a\\b)"},
        {"user:none", "user=(none!)"},
        {"user:NONE,x", "user=(NONE!|x)"},
        {"user:\"none\"", "user=(\"none\")"},
        {"user:\"\"", "user=(\"\")"},
        {"-user:a,b", "-user=(a|b)"},
        {"CLASS:x", "class=(x)"},
        {"word", "text=(word)"},
        {"two words", "text=(two) text=(words)"},
        {"-word", "-text=(word)"},
        {"a,b", "text=(a,b)"},
        {"\"a b:c\"", "text=(\"a b:c\")"},
        {"-\"a b\"", "-text=(\"a b\")"},
        {"\"user:x\"", "text=(\"user:x\")"},
        {"text:a:b", "text=(a:b)"},
        {"user:iij-*@*", "user=(iij-*@*)"},
        {"path:/scim/v2/Users", "path=(/scim/v2/Users)"},
        {"level:warn,Info,ERROR", "level=(warning|information|error)"},
        {"level:エラー", "level=(error)"},
        {"kind:HTTP", "kind=(http)"},
        {"is:failure has:remedy", "is=(failure) has=(remedy)"},
        {"category:Not-Found", "category=(not-found)"},
        {"category:none", "category=(none!)"},
        {"text:none", "text=(none)"},
        {"request-id:abc", "request-id=(abc)"},
        {"user:小林,\"髙橋 一\"", "user=(小林|\"髙橋 一\")"},
        {"--", "-text=(-)"},
        {"body:\"a\" x", "body=(\"a\") text=(x)"},
    };
    return cr_make_param_array(struct read_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct read_row *row, filter, reads)
{
    arena_init(&arena);
    cr_expect_str_eq(shape(parse(row->text)), row->want, "%s", row->text);
    arena_free(&arena);
}

struct range_row {
    char text[32];
    int64_t low, high;
};

ParameterizedTestParameters(filter, reads_number_ranges)
{
    static struct range_row rows[] = {
        {"status:409", 409, 409},
        {"status:5xx", 500, 599},
        {"status:4XX", 400, 499},
        {"status:400-499", 400, 499},
        {"status:>=500", 500, INT64_MAX},
        {"status:>500", 501, INT64_MAX},
        {"status:<=404", 0, 404},
        {"status:<404", 0, 403},
        {"status:\"409\"", 409, 409},
        {"event:12808", 12808, 12808},
        {"event:0", 0, 0},
        {"id:17-21", 17, 21},
        {"id:>9223372036854775807", INT64_MAX, INT64_MAX},
    };
    return cr_make_param_array(struct range_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct range_row *row, filter, reads_number_ranges)
{
    arena_init(&arena);
    const struct filter_value *value = only_value(row->text);
    cr_expect_eq(value->low, row->low, "%s: %lld", row->text, (long long)value->low);
    cr_expect_eq(value->high, row->high, "%s: %lld", row->text, (long long)value->high);
    arena_free(&arena);
}

struct fault_row {
    char text[64];
    unsigned column;
    char part[64]; /* what the sentence must say */
};

ParameterizedTestParameters(filter, refuses_with_place_and_hint)
{
    static struct fault_row rows[] = {
        {"user:\"abc", 6, "never closed"},
        {"x \"abc", 3, "never closed"},
        {"user:\"abc\\\"", 6, "never closed"},
        {"user:", 6, "missing"},
        {"user:a,", 8, "missing"},
        {"user:a,,b", 8, "missing"},
        {"user: tanaka", 6, "missing"},
        {"user:\"a\"b", 9, "closing quote"},
        {"\"a\"b", 4, "closing quote"},
        {"-", 2, "nothing follows"},
        {"a - b", 4, "nothing follows"},
        {"clas:x", 1, "class:"},
        {"is:failure  usr:x", 13, "user:"},
        {"-statu:409", 2, "status:"},
        {"scim_type:x", 1, "scimtype:"},
        {"requestid:x", 1, "request-id:"},
        {"http://a/b", 1, "double quotes"},
        {"12:30", 1, "double quotes"},
        {":x", 1, "double quotes"},
        {"is:falure", 4, "is:failure"},
        {"is:fail", 4, "is:failure"},
        {"is:x", 4, "failure success"},
        {"is:failure,sucess", 12, "is:success"},
        {"is:none", 4, "it takes"},
        {"has:remedi", 5, "has:remedy"},
        {"level:eror", 7, "level:error"},
        {"kind:htp", 6, "kind:http"},
        {"category:conflct", 10, "category:conflict"},
        {"status:abc", 8, "5xx"},
        {"status:6xx", 8, "5xx"},
        {"status:4*", 8, "5xx"},
        {"status:0", 8, "status:none"},
        {"status:99", 8, "status:none"},
        {"status:600-700", 8, "status:none"},
        {"status:499-400", 8, "smaller number first"},
        {"status:>=", 8, "5xx"},
        {"status:400-", 8, "5xx"},
        {"status:-5", 8, "5xx"},
        {"event:12808,x", 13, "event number"},
        {"event:99999999999999999999", 7, "event number"},
        {"id:<0", 4, "smaller number first"},
        {"time:yesterday", 6, "2026-11-01"},
        {"time:..", 6, "one end"},
        {"time:2026-13-01", 6, "no time"},
        {"time:2026-02-30", 6, "no time"},
        {"time:2026-11-01T25:00", 6, "no time"},
        {"time:2026-11-01T09:60", 6, "no time"},
        {"time:2026-11-02..2026-11-01", 6, "ends before"},
        {"time:2026-11-01..x", 6, "'x' is no time"},
        {"time:2026-11-01T", 6, "no time"},
        {"time:2026-11-01T09:12+99:00", 6, "no time"},
        {"since:7x", 7, "span"},
        {"since:d", 7, "span"},
        {"since:-7d", 7, "span"},
        {"since:99999999999999w", 7, "span"},
        {"since:7d@now", 7, "@end"},
        {"until:7d@end", 7, "@end"},
        {"since:2026-11-01@end", 7, "no time"},
        {"since:7d,1d", 9, "one value"},
        {"since:none", 7, "no time"},
        {"user:\xff", 6, "UTF-8"},
        {"ab\xe3\x81", 3, "UTF-8"},
    };
    return cr_make_param_array(struct fault_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct fault_row *row, filter, refuses_with_place_and_hint)
{
    arena_init(&arena);
    struct filter *filter = NULL;
    struct fault why = {0};
    cr_assert_eq(filter_parse(&filter, slice_of(row->text), &arena, &why), FAULT_USAGE, "%s",
                 row->text);
    cr_expect_null(filter);
    cr_expect_eq(why.code, FAULT_USAGE);
    cr_expect_eq(why.column, row->column, "%s: column %u", row->text, (unsigned)why.column);
    cr_expect_not_null(strstr(why.text, row->part), "%s: %s", row->text, why.text);
    arena_free(&arena);
}

Test(filter, hostile_words_are_safe_in_the_sentence)
{
    arena_init(&arena);
    struct filter *filter = NULL;
    struct fault why = {0};
    cr_assert_eq(filter_parse(&filter, SLICE("a\x1b[2J:x"), &arena, &why), FAULT_USAGE);
    cr_expect_null(strchr(why.text, '\x1b'));
    cr_expect_not_null(strstr(why.text, "\\u{1B}"), "%s", why.text);
    arena_free(&arena);
}

Test(filter, holds_64_terms_and_refuses_the_next)
{
    arena_init(&arena);
    struct buf text;
    buf_init(&text, FILTER_SIZE);
    for (int i = 0; i < FILTER_TERMS; i++)
        buf_add_format(&text, "w%02d ", i);
    cr_expect_eq(parse(text.at)->count, FILTER_TERMS);
    buf_add_text(&text, "last");
    struct filter *filter = NULL;
    struct fault why = {0};
    cr_expect_eq(filter_parse(&filter, buf_slice(&text), &arena, &why), FAULT_USAGE);
    cr_expect_eq(why.column, (unsigned)FILTER_TERMS * 4 + 1);
    buf_free(&text);
    arena_free(&arena);
}

Test(filter, holds_8_kib_and_refuses_one_byte_more)
{
    arena_init(&arena);
    struct buf text;
    buf_init(&text, FILTER_SIZE + 1);
    buf_add_text(&text, "user:");
    while (text.len < FILTER_SIZE)
        buf_add_byte(&text, text.len % 2 ? 'a' : ',');
    text.at[5] = 'b';
    cr_expect_eq(parse(text.at)->terms[0].value_count, (FILTER_SIZE - 4) / 2);
    buf_add_byte(&text, 'x');
    struct filter *filter = NULL;
    struct fault why = {0};
    cr_expect_eq(filter_parse(&filter, buf_slice(&text), &arena, &why), FAULT_USAGE);
    cr_expect_eq(why.column, FILTER_SIZE + 1);
    buf_free(&text);
    arena_free(&arena);
}

Test(filter, terms_know_their_place)
{
    arena_init(&arena);
    struct filter *filter = parse("  -user:\"a b\",c   word ");
    cr_expect(slice_is(filter->text, "-user:\"a b\",c   word"));
    cr_expect_eq(filter->terms[0].at, 0);
    cr_expect_eq(filter->terms[0].len, 13);
    cr_expect_eq(filter->terms[1].at, 16);
    cr_expect_eq(filter->terms[1].len, 4);
    arena_free(&arena);
}

struct time_row {
    char zone[16], text[72];
    int64_t low, high; /* microseconds */
};

#define DAY_2026_11_01 INT64_C(1793491200000000)

ParameterizedTestParameters(filter_time, reads_moments_at_their_precision)
{
    static struct time_row rows[] = {
        {"UTC", "time:2026-11-01", DAY_2026_11_01, DAY_2026_11_01 + TIME_DAY - 1},
        {"UTC", "time:2026-11", DAY_2026_11_01, DAY_2026_11_01 + 30 * TIME_DAY - 1},
        {"UTC", "time:2026-11-01T09", DAY_2026_11_01 + 9 * TIME_HOUR,
         DAY_2026_11_01 + 10 * TIME_HOUR - 1},
        {"UTC", "time:2026-11-01T09:12", DAY_2026_11_01 + 552 * TIME_MINUTE,
         DAY_2026_11_01 + 553 * TIME_MINUTE - 1},
        {"UTC", "time:2026-11-01T09:12:44", DAY_2026_11_01 + 33164 * TIME_SECOND,
         DAY_2026_11_01 + 33165 * TIME_SECOND - 1},
        {"UTC", "time:2026-11-01T09:12:44.5", DAY_2026_11_01 + 33164 * TIME_SECOND + 500000,
         DAY_2026_11_01 + 33164 * TIME_SECOND + 599999},
        {"UTC", "time:2026-11-01T09:12:44.1234567Z", DAY_2026_11_01 + 33164 * TIME_SECOND + 123456,
         DAY_2026_11_01 + 33164 * TIME_SECOND + 123456},
        {"UTC", "time:\"2026-11-01 09:12\"", DAY_2026_11_01 + 552 * TIME_MINUTE,
         DAY_2026_11_01 + 553 * TIME_MINUTE - 1},
        {"UTC", "time:2026-11-01..2026-11-02", DAY_2026_11_01, DAY_2026_11_01 + 2 * TIME_DAY - 1},
        {"UTC", "time:2026-11-01..", DAY_2026_11_01, INT64_MAX},
        {"UTC", "time:..2026-11-01", FILTER_FIRST, DAY_2026_11_01 + TIME_DAY - 1},
        {"UTC", "since:2026-11-01", DAY_2026_11_01, INT64_MAX},
        {"UTC", "until:2026-11-01", FILTER_FIRST, DAY_2026_11_01 + TIME_DAY - 1},
        {"+09:00", "time:2026-11-01", DAY_2026_11_01 - 9 * TIME_HOUR,
         DAY_2026_11_01 + 15 * TIME_HOUR - 1},
        {"+09:00", "time:2026-11-01T09:00Z", DAY_2026_11_01 + 9 * TIME_HOUR,
         DAY_2026_11_01 + 9 * TIME_HOUR + TIME_MINUTE - 1},
        {"UTC", "time:2026-11-01T09:00+09:00", DAY_2026_11_01, DAY_2026_11_01 + TIME_MINUTE - 1},
        {"UTC", "time:2026-11-01T09:00-0530", DAY_2026_11_01 + 870 * TIME_MINUTE,
         DAY_2026_11_01 + 871 * TIME_MINUTE - 1},
        {"UTC", "time:2026-12-31", DAY_2026_11_01 + 60 * TIME_DAY,
         DAY_2026_11_01 + 61 * TIME_DAY - 1},
    };
    return cr_make_param_array(struct time_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct time_row *row, filter_time, reads_moments_at_their_precision)
{
    arena_init(&arena);
    struct fault why;
    cr_assert_eq(time_use_zone(row->zone, &why), FAULT_NONE);
    const struct filter_value *value = only_value(row->text);
    cr_expect_eq(value->low, row->low, "%s low %lld", row->text, (long long)value->low);
    cr_expect_eq(value->high, row->high, "%s high %lld", row->text, (long long)value->high);
    arena_free(&arena);
}

Test(filter_time, a_day_with_25_hours_is_whole)
{
    arena_init(&arena);
    struct fault why;
    if (time_use_zone("Europe/Berlin", &why))
        cr_skip_test("no zone file for Europe/Berlin");
    const struct filter_value *value = only_value("time:2026-10-25");
    cr_expect_eq(value->low, at(2026, 10, 24, 22, 0));
    cr_expect_eq(value->high, at(2026, 10, 25, 23, 0) - 1);
    arena_free(&arena);
}

Test(filter_time, spans_count_back_from_now)
{
    arena_init(&arena);
    time_pin_now(at(2026, 11, 8, 12, 0));
    cr_expect_eq(only_value("since:7d")->low, at(2026, 11, 1, 12, 0));
    cr_expect_eq(only_value("since:7d")->high, INT64_MAX);
    cr_expect_eq(only_value("since:90m")->low, at(2026, 11, 8, 10, 30));
    cr_expect_eq(only_value("since:2w")->low, at(2026, 10, 25, 12, 0));
    cr_expect_eq(only_value("since:36h")->low, at(2026, 11, 7, 0, 0));
    cr_expect_eq(only_value("since:60s")->low, at(2026, 11, 8, 11, 59));
    cr_expect_eq(only_value("until:1d")->high, at(2026, 11, 7, 12, 0));
    cr_expect_eq(only_value("until:1d")->low, FILTER_FIRST);
    arena_free(&arena);
}

Test(filter_time, spans_from_the_end_stay_spans)
{
    arena_init(&arena);
    time_pin_now(at(2026, 11, 8, 12, 0));
    const struct filter_value *value = only_value("since:7d@end");
    cr_expect(value->from_end);
    cr_expect_eq(value->low, 7 * TIME_DAY);
    cr_expect_not(only_value("since:7d")->from_end);
    arena_free(&arena);
}

Test(filter_time, several_ranges_and_none)
{
    arena_init(&arena);
    struct filter *filter = parse("time:2026-11-01,2026-11-03..2026-11-04,none");
    cr_assert_eq(filter->terms[0].value_count, 3);
    cr_expect_eq(filter->terms[0].values[1].low, DAY_2026_11_01 + 2 * TIME_DAY);
    cr_expect(filter->terms[0].values[2].none);
    arena_free(&arena);
}

/* --- text from terms -------------------------------------------------------------------------- */

struct edit_row {
    char text[64], key[16], value[32], want[96]; /* value "-" is null */
};

static struct slice value_of(const char *text)
{
    return strcmp(text, "-") ? slice_of(text) : SLICE_NONE;
}

static enum filter_key key_of(const char *name)
{
    for (int key = 0; key < FILTER_KEYS; key++)
        if (!strcmp(filter_key_name((enum filter_key)key), name))
            return (enum filter_key)key;
    cr_assert_fail("no key %s", name);
    return FILTER_KEYS;
}

ParameterizedTestParameters(filter_text, toggles)
{
    static struct edit_row rows[] = {
        {"", "class", "a", "class:a"},
        {"is:failure", "class", "a", "is:failure class:a"},
        {"is:failure class:a word", "class", "b", "is:failure class:a,b word"},
        {"is:failure class:a,b word", "class", "a", "is:failure class:b word"},
        {"is:failure class:a word", "class", "a", "is:failure word"},
        {"class:a", "class", "A", ""},
        {"class:a", "class", "-", "class:a,none"},
        {"class:a,none", "class", "-", "class:a"},
        {"user:\"a b\"", "user", "c,d", "user:\"a b\",\"c,d\""},
        {"user:\"a b\",x", "user", "x", "user:\"a b\""},
        {"user:\"a b\",x", "user", "a b", "user:x"},
        {"-user:a", "user", "a", "-user:a user:a"},
        {"user:a*", "user", "a*", "user:a*,\"a*\""},
        {"user:a*,\"a*\"", "user", "a*", "user:a*"},
        {"user:ÄB", "user", "äb", ""},
        {"a,b", "text", "c", "text:\"a,b\",c"},
        {"\"a b\"", "text", "c", "text:\"a b\",c"},
        {"text:a", "text", "c", "text:a,c"},
        {"since:7d x", "since", "1d@end", "x since:1d@end"},
        {"since:7d x", "since", "7d", "x"},
        {"user:a x user:b", "user", "b", "user:a x"},
        {"status:5xx", "status", "409", "status:5xx,409"},
    };
    return cr_make_param_array(struct edit_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct edit_row *row, filter_text, toggles)
{
    arena_init(&arena);
    struct buf out;
    buf_init(&out, FILTER_SIZE);
    cr_expect(filter_toggle(&out, parse(row->text), key_of(row->key), value_of(row->value)));
    cr_expect(slice_is(buf_slice(&out), row->want), "%s: %.*s", row->text, (int)out.len, out.at);
    parse(out.at ? out.at : "");
    buf_free(&out);
    arena_free(&arena);
}

Test(filter_text, takes_out_the_terms_of_a_key)
{
    arena_init(&arena);
    struct buf out;
    buf_init(&out, FILTER_SIZE);
    struct filter *filter = parse("class:a  -class:b \"x y\" class:c");
    filter_without(&out, filter, FILTER_CLASS, false);
    cr_expect(slice_is(buf_slice(&out), "-class:b \"x y\""), "%s", out.at);
    buf_reset(&out);
    filter_without(&out, filter, FILTER_CLASS, true);
    cr_expect(slice_is(buf_slice(&out), "\"x y\""), "%s", out.at);
    buf_free(&out);
    arena_free(&arena);
}

/* Whatever a log holds as a user name comes back as that one value, taken literally. */
ParameterizedTestParameters(filter_text, any_value_survives)
{
    static struct read_row rows[] = {
        {"tanaka@example.jp", ""},
        {"a b", ""},
        {"a,b", ""},
        {"say \"hi\"", ""},
        {"back\\slash", ""},
        {"end\\", ""},
        {"\"", ""},
        {"none", ""},
        {"None", ""},
        {"a*b", ""},
        {"", ""},
        {"-x", ""},
        {"a:b", ""},
        {"line\nbreak", ""},
        {"tab\there", ""},
        {"小林 美咲", ""},
        {">=500", ""},
        {"'; --", ""},
        {"\\\\\"\\", ""},
    };
    return cr_make_param_array(struct read_row, rows, sizeof rows / sizeof *rows);
}

ParameterizedTest(struct read_row *row, filter_text, any_value_survives)
{
    static const enum filter_key keys[] = {FILTER_USER, FILTER_TEXT, FILTER_PATH};
    arena_init(&arena);
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        for (int exclude = 0; exclude < 2; exclude++) {
            struct buf out;
            buf_init(&out, FILTER_SIZE);
            cr_expect(filter_add_term(&out, exclude, keys[k], slice_of(row->text)));
            struct filter *filter = parse(out.at);
            cr_assert_eq(filter->count, 1, "%s", out.at);
            const struct filter_term *term = &filter->terms[0];
            cr_expect_eq(term->key, keys[k]);
            cr_expect_eq(term->exclude, (bool)exclude);
            cr_assert_eq(term->value_count, 1);
            cr_expect(slice_is(term->values[0].text, row->text), "%s", out.at);
            cr_expect_not(term->values[0].none);
            cr_expect(term->values[0].quoted || !strchr(row->text, '*'));
            buf_free(&out);
        }
    }
    arena_free(&arena);
}

Test(filter_text, null_becomes_none)
{
    arena_init(&arena);
    struct buf out;
    buf_init(&out, FILTER_SIZE);
    filter_add_term(&out, true, FILTER_USER, SLICE_NONE);
    cr_expect(slice_is(buf_slice(&out), "-user:none"));
    buf_free(&out);
    arena_free(&arena);
}

Test(filter_text, says_when_the_ceiling_is_met)
{
    arena_init(&arena);
    struct buf out;
    buf_init(&out, 10);
    cr_expect_not(filter_toggle(&out, parse("is:failure"), FILTER_CLASS, SLICE("abc")));
    buf_free(&out);
    arena_free(&arena);
}

/* Random text from what the language is made of: read or refused at a place inside it, and what is
 * read comes back the same when its terms are written anew. */
Test(filter_text, whatever_is_read_is_written_back)
{
    static const char *const parts[] = {
        "user:", "-",   "status:", "class:", "time:",      "\"",     "\\",    ",",      " ",
        "none",  "*",   "a",       "409",    "5xx",        "..",     ":",     ">=",     "text:",
        "小林",  "is:", "failure", "since:", "7d",         "@end",   "\t",    "level:", "warn",
        "id:",   "-",   "key",     "body:",  "2026-11-01", "T09:12", "until:"};
    time_pin_now(at(2026, 11, 8, 12, 0));
    uint64_t seed = 42;
    size_t read = 0;
    for (int round = 0; round < 20000; round++) {
        char text[256] = "";
        size_t used = 0;
        for (int n = 0; n < 8; n++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            const char *part = parts[(seed >> 33) % (sizeof parts / sizeof *parts)];
            used += (size_t)snprintf(text + used, sizeof text - used, "%s", part);
        }
        arena_init(&arena);
        struct filter *filter = NULL;
        struct fault why = {0};
        if (filter_parse(&filter, slice_of(text), &arena, &why)) {
            cr_assert(why.column >= 1 && why.column <= used + 1, "%s: %u", text,
                      (unsigned)why.column);
            arena_free(&arena);
            continue;
        }
        read++;
        struct buf again;
        buf_init(&again, FILTER_SIZE);
        for (size_t i = 0; i < filter->count; i++) {
            const struct filter_term *term = &filter->terms[i];
            cr_assert_leq(term->at + term->len, filter->text.len, "%s", text);
            if (term->value_count != 1 || slice_find_byte(term->values[0].text, '*') != SIZE_MAX)
                continue; /* wildcards are no literal values */
            buf_reset(&again);
            const struct filter_value *value = term->values;
            filter_add_term(&again, term->exclude, term->key,
                            value->none ? SLICE_NONE : value->text);
            struct filter *second = NULL;
            cr_assert_eq(filter_parse(&second, buf_slice(&again), &arena, &why), FAULT_NONE,
                         "%s -> %s: %s", text, again.at, why.text);
            cr_assert_eq(second->count, 1, "%s -> %s", text, again.at);
            const struct filter_value *other = second->terms[0].values;
            cr_assert_eq(second->terms[0].key, term->key);
            cr_assert_eq(second->terms[0].exclude, term->exclude);
            cr_assert(slice_equal(other->text, value->text) || value->none, "%s -> %s", text,
                      again.at);
            cr_assert_eq(other->none, value->none);
            cr_assert_eq(other->low, value->low);
            cr_assert_eq(other->high, value->high);
            cr_assert_eq(other->from_end, value->from_end);
        }
        buf_free(&again);
        arena_free(&arena);
    }
    cr_expect_gt(read, 100, "only %zu were read", read);
}
