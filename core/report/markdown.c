/* Markdown, as GitHub and most trackers read it: what a log says stands in code spans and fenced
 * blocks only, whose fences are longer than any run of backticks inside. */
#include "core/base/words.h"
#include "core/report/document.h"
#include "core/report/formats.h"

static void markdown_begin(struct buf *out, const char *title)
{
    (void)out;
    (void)title;
}

static void markdown_end(struct buf *out)
{
    (void)out;
}

static void markdown_open(struct buf *out, enum element element, size_t number)
{
    switch (element) {
    case ELEMENT_TITLE:
        buf_add_text(out, "# ");
        break;
    case ELEMENT_SECTION:
        buf_add_text(out, "## ");
        break;
    case ELEMENT_TOPIC:
        buf_add_text(out, "### ");
        break;
    case ELEMENT_ITEM:
        if (number)
            buf_add_format(out, "%zu. ", number);
        else
            buf_add_text(out, "- ");
        break;
    case ELEMENT_HEAD:
    case ELEMENT_ROW:
        buf_add_text(out, "|");
        break;
    case ELEMENT_CELL:
        buf_add_text(out, " ");
        break;
    case ELEMENT_PARAGRAPH:
    case ELEMENT_STEPS:
    case ELEMENT_LIST:
    case ELEMENT_TABLE:
        break;
    }
}

static void markdown_close(struct buf *out, enum element element, size_t number)
{
    switch (element) {
    case ELEMENT_TITLE:
    case ELEMENT_SECTION:
    case ELEMENT_TOPIC:
    case ELEMENT_PARAGRAPH:
        buf_add_text(out, "\n\n");
        break;
    case ELEMENT_ITEM:
    case ELEMENT_ROW:
    case ELEMENT_STEPS:
    case ELEMENT_LIST:
    case ELEMENT_TABLE:
        buf_add_text(out, "\n");
        break;
    case ELEMENT_HEAD:
        buf_add_text(out, "\n|");
        for (size_t i = 0; i < number; i++)
            buf_add_text(out, "---|");
        buf_add_text(out, "\n");
        break;
    case ELEMENT_CELL:
        buf_add_text(out, " |");
        break;
    }
}

static void markdown_own(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] && strchr("\\`*_{}[]<>#|~&", text.at[i]))
            buf_add_byte(out, '\\');
        buf_add_byte(out, text.at[i] == '\n' ? ' ' : text.at[i]);
    }
}

static size_t longest_run(struct slice text)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.at[i] == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void add_ticks(struct buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++)
        buf_add_byte(out, '`');
}

/* A bar would end a table's cell even here; a letter that looks like it does not. */
static void markdown_data(struct buf *out, struct slice text)
{
    size_t ticks = longest_run(text) + 1;
    bool pad = text.at[0] == '`' || text.at[text.len - 1] == '`' || text.at[0] == ' ';
    add_ticks(out, ticks);
    buf_add_text(out, pad ? " " : "");
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '|')
            buf_add_text(out, "\\");
        buf_add_byte(out, text.at[i]);
    }
    buf_add_text(out, pad ? " " : "");
    add_ticks(out, ticks);
}

static void markdown_block(struct buf *out, struct slice text)
{
    size_t ticks = longest_run(text) < 3 ? 3 : longest_run(text) + 1;
    add_ticks(out, ticks);
    buf_add_text(out, "\n");
    buf_add(out, text);
    buf_add_text(out, text.len && text.at[text.len - 1] == '\n' ? "" : "\n");
    add_ticks(out, ticks);
    buf_add_text(out, "\n\n");
}

const struct markup markup_markdown = {
    .begin = markdown_begin,
    .end = markdown_end,
    .open = markdown_open,
    .close = markdown_close,
    .own = markdown_own,
    .data = markdown_data,
    .block = markdown_block,
};

const struct report report_markdown = {
    .name = "markdown",
    .title = N_("Markdown, a report to read: problems, causes, remedies, evidence, coverage"),
    .markup = &markup_markdown,
};
