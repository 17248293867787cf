/* HTML: one file that loads nothing, runs nothing and links nowhere. Its policy forbids even what
 * might slip in. */
#include "core/base/words.h"
#include "core/report/document.h"
#include "core/report/formats.h"

static void add_escaped(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        switch (text.at[i]) {
        case '&':
            buf_add_text(out, "&amp;");
            break;
        case '<':
            buf_add_text(out, "&lt;");
            break;
        case '>':
            buf_add_text(out, "&gt;");
            break;
        case '"':
            buf_add_text(out, "&quot;");
            break;
        case '\'':
            buf_add_text(out, "&#39;");
            break;
        default:
            buf_add_byte(out, text.at[i]);
        }
    }
}

static void html_begin(struct buf *out, const char *title)
{
    buf_add_text(out, "<!doctype html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" "
                      "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
                      "<meta name=\"referrer\" content=\"no-referrer\">\n<title>");
    add_escaped(out, slice_of(title));
    buf_add_text(out, "</title>\n<style>\n"
                      ":root{color-scheme:light dark}\n"
                      "body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;"
                      "padding:0 1rem}\n"
                      "table{border-collapse:collapse;width:100%}\n"
                      "th,td{border:1px solid #8888;padding:.3rem .5rem;text-align:left;"
                      "vertical-align:top;overflow-wrap:anywhere}\n"
                      "code,pre{font-family:ui-monospace,monospace;font-size:.9em}\n"
                      "pre{border:1px solid #8888;padding:.5rem;white-space:pre-wrap;"
                      "overflow-wrap:anywhere}\n"
                      "</style>\n</head>\n<body>\n");
}

static void html_end(struct buf *out)
{
    buf_add_text(out, "</body>\n</html>\n");
}

/* Cells of a head row are headings too; which row is open is not known here, so they look alike but
 * for the row's own style. */
static const char *const names[] = {
    [ELEMENT_TITLE] = "h1",    [ELEMENT_SECTION] = "h2",  [ELEMENT_TOPIC] = "h3",
    [ELEMENT_PARAGRAPH] = "p", [ELEMENT_STEPS] = "ol",    [ELEMENT_LIST] = "ul",
    [ELEMENT_ITEM] = "li",     [ELEMENT_TABLE] = "table", [ELEMENT_HEAD] = "tr",
    [ELEMENT_ROW] = "tr",      [ELEMENT_CELL] = "td",
};

static void html_open(struct buf *out, enum element element, size_t number)
{
    (void)number;
    buf_add_format(out, element == ELEMENT_HEAD ? "<%s style=\"font-weight:bold\">" : "<%s>",
                   names[element]);
}

static void html_close(struct buf *out, enum element element, size_t number)
{
    (void)number;
    buf_add_format(out, element == ELEMENT_CELL ? "</%s>" : "</%s>\n", names[element]);
}

static void html_data(struct buf *out, struct slice text)
{
    buf_add_text(out, "<code>");
    add_escaped(out, text);
    buf_add_text(out, "</code>");
}

static void html_block(struct buf *out, struct slice text)
{
    buf_add_text(out, "<pre>");
    add_escaped(out, text);
    buf_add_text(out, "</pre>\n");
}

const struct markup markup_html = {
    .begin = html_begin,
    .end = html_end,
    .open = html_open,
    .close = html_close,
    .own = add_escaped,
    .data = html_data,
    .block = html_block,
};

const struct report report_html = {
    .name = "html",
    .title = N_("HTML, the same report as one file that loads nothing"),
    .markup = &markup_html,
};
