/* CSV for spreadsheets (SECURITY.md section 4): RFC 4180, every cell quoted, one line per row,
 * nothing that a spreadsheet would compute. */
#include "core/base/safe.h"
#include "core/base/utf8.h"
#include "core/base/words.h"
#include "core/report/formats.h"

static bool csv_digits(struct slice *rest)
{
    size_t n = 0;
    while (n < rest->len && rest->at[n] >= '0' && rest->at[n] <= '9')
        n++;
    *rest = slice_from(*rest, n);
    return n > 0;
}

/* -5, +3.25 and the like, with nothing around it. -1E2 is none: a spreadsheet would show -100. */
static bool csv_is_number(struct slice text)
{
    if (text.len && (text.at[0] == '-' || text.at[0] == '+'))
        text = slice_from(text, 1);
    if (!csv_digits(&text))
        return false;
    if (text.len && text.at[0] == '.') {
        text = slice_from(text, 1);
        if (!csv_digits(&text))
            return false;
    }
    return text.len == 0;
}

/* Whether a spreadsheet might take the cell for a formula. */
static bool csv_is_formula(struct slice text)
{
    uint32_t code;
    size_t n;
    while ((n = utf8_decode(text, &code)) > 0 &&
           (code == ' ' || code == 0xA0 || (code >= 0x2000 && code <= 0x200A) || code == 0x3000))
        text = slice_from(text, n);
    if (n == 0)
        return false;
    switch (code) {
    case '=':
    case '+':
    case '-':
    case '@':
    case '\t':
    case '\r':
    case '\n':
    case 0:
    case 0xFF1D: /* full width = + - @ */
    case 0xFF0B:
    case 0xFF0D:
    case 0xFF20:
        return true;
    default:
        return false;
    }
}

/* Ids, times and most names: letters that need neither escapes nor doubled quotes. */
static bool csv_is_plain(struct slice text)
{
    return text.len <= SAFE_LINE_LIMIT && safe_plain_run(text) == text.len &&
           slice_find_byte(text, '"') == SIZE_MAX;
}

bool report_add_cell(struct buf *out, struct slice text)
{
    if (csv_is_plain(text)) {
        buf_add_text(out, csv_is_formula(text) && !csv_is_number(text) ? "\"'" : "\"");
        buf_add(out, text);
        return buf_add_byte(out, '"');
    }
    struct buf safe;
    buf_init(&safe, SAFE_LINE_LIMIT * 16);
    safe_add(&safe, text, SAFE_LINE);
    buf_add_byte(out, '"');
    if (csv_is_formula(text) && !csv_is_number(text))
        buf_add_byte(out, '\'');
    struct slice rest = buf_slice(&safe), part;
    for (bool first = true; slice_cut(&rest, '"', &part); first = false) {
        if (!first)
            buf_add(out, SLICE("\"\""));
        buf_add(out, part);
    }
    bool fine = buf_add_byte(out, '"') && !buf_full(&safe);
    buf_free(&safe);
    return fine;
}

static bool csv_begin(struct buf *out, const char *const *fields)
{
    const char *const *keys = fields ? fields : entry_keys;
    for (size_t i = 0; keys[i]; i++) {
        if (i)
            buf_add_byte(out, ',');
        report_add_cell(out, slice_of(keys[i]));
    }
    for (size_t i = 0; !fields && entry_remark_keys[i]; i++) {
        buf_add_byte(out, ',');
        report_add_cell(out, slice_of(entry_remark_keys[i]));
    }
    return buf_add(out, SLICE("\r\n"));
}

static bool csv_cells(struct buf *out, struct buf *cell, const struct entry *entry,
                      const char *const *keys)
{
    bool fine = true;
    for (size_t i = 0; fine && keys[i]; i++) {
        if (i)
            buf_add_byte(out, ',');
        buf_reset(cell);
        if (keys == entry_keys)
            entry_add_field_at(cell, entry, i);
        else
            fine = entry_add_field(cell, entry, keys[i]);
        fine = fine && !buf_full(cell) && report_add_cell(out, buf_slice(cell));
    }
    return fine;
}

static bool csv_row(struct buf *out, const struct entry *entry, struct slice raw,
                    const char *const *fields, uint64_t number)
{
    struct buf cell;
    (void)raw;
    (void)number;
    buf_init(&cell, RECORD_SIZE_LIMIT);
    bool fine = csv_cells(out, &cell, entry, fields ? fields : entry_keys);
    if (!fields) {
        buf_add_byte(out, ',');
        fine = fine && csv_cells(out, &cell, entry, entry_remark_keys);
    }
    buf_free(&cell);
    return buf_add(out, SLICE("\r\n")) && fine;
}

static bool csv_end(struct buf *out)
{
    return !buf_full(out);
}

const struct report report_csv = {
    .name = "csv",
    .title = N_("CSV for spreadsheets"),
    .takes_bom = true,
    .begin = csv_begin,
    .row = csv_row,
    .end = csv_end,
};
