/* See rows.h. */
#include "tui/cli/rows.h"

#include "core/base/json.h"
#include "core/base/utf8.h"

#include <stdio.h>

enum { ROWS_TIME = 19 };

static size_t cells_of(struct slice text)
{
    size_t cells = 0;
    uint32_t code;
    for (struct slice rest = text; rest.len;) {
        size_t len = utf8_decode(rest, &code);
        cells += len ? (size_t)utf8_width(code) : 1;
        rest = slice_from(rest, len ? len : 1);
    }
    return cells;
}

void rows_cell(struct cli *cli, struct slice text, size_t width, bool last)
{
    struct slice shown = text.len ? text : SLICE("-");
    if (cli_width() && !last) {
        cli_cell(&cli->out, shown, width, true);
    } else {
        size_t before = cli->out.len;
        cli_cell(&cli->out, shown, SIZE_MAX / 2, false);
        size_t used = cells_of(slice_from(buf_slice(&cli->out), before));
        for (; !last && used < width; used++)
            buf_add_byte(&cli->out, ' ');
    }
    buf_add_text(&cli->out, last ? "\n" : "  ");
}

void rows_time(struct cli *cli, int64_t time_us)
{
    char text[TIME_TEXT_SIZE];
    rows_cell(cli, time_us == TIME_NONE ? SLICE("-") : slice_of(time_local_text(text, time_us)),
              ROWS_TIME, false);
}

void rows_number(struct cli *cli, uint64_t number, size_t width)
{
    char text[24];
    snprintf(text, sizeof text, "%llu", (unsigned long long)number);
    rows_cell(cli, slice_of(text), width, false);
}

void rows_json_text(struct buf *out, const char *key, struct slice text)
{
    json_add_key(out, key);
    json_add_string(out, text);
}

void rows_json_number(struct buf *out, const char *key, int64_t number, int64_t null)
{
    json_add_key(out, key);
    if (number == null)
        buf_add_text(out, "null");
    else
        buf_add_format(out, "%lld", (long long)number);
}

void rows_json_time(struct buf *out, const char *key, int64_t time_us)
{
    char text[TIME_TEXT_SIZE];
    rows_json_text(out, key,
                   time_us == TIME_NONE ? SLICE_NONE : slice_of(time_utc_text(text, time_us)));
}

void rows_json_ids(struct buf *out, const char *key, const int64_t *ids, size_t count)
{
    json_add_key(out, key);
    buf_add_byte(out, '[');
    for (size_t i = 0; i < count; i++)
        buf_add_format(out, i ? ",%lld" : "%lld", (long long)ids[i]);
    buf_add_byte(out, ']');
}
