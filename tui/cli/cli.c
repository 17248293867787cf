/* Knows what all commands share: stdout that may close, stderr that stays short. See command.h. */
#include "core/base/alloc.h"
#include "core/base/safe.h"
#include "tui/cli/command.h"
#include "tui/cli/progress.h"
#include "tui/cli/stop.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    CLI_DRAIN = 64 * 1024,    /* bytes that wait before they are written */
    CLI_LINE_LIMIT = 8 * 1024 /* bytes of one message before they are made safe */
};

/* --- stdout ----------------------------------------------------------------------------------- */

bool cli_flush(struct cli *cli)
{
    size_t done = 0;
    while (!cli->out_errno && done < cli->out.len) {
        ssize_t wrote = write(STDOUT_FILENO, cli->out.at + done, cli->out.len - done);
        if (wrote < 0 && errno == EINTR && !stop_signal())
            continue;
        if (wrote < 0)
            cli->out_errno = errno;
        else
            done += (size_t)wrote;
    }
    if (buf_full(&cli->out) && !cli->out_errno)
        cli->out_errno = EOVERFLOW;
    buf_reset(&cli->out);
    return !cli->out_errno;
}

static bool cli_drain(struct cli *cli)
{
    if (cli->out.len < CLI_DRAIN && !buf_full(&cli->out))
        return !cli->out_errno;
    return cli_flush(cli);
}

bool cli_add(struct cli *cli, struct slice bytes)
{
    buf_add(&cli->out, bytes);
    return cli_drain(cli);
}

/* The formatted text, whatever its length; the caller frees it. */
__attribute__((format(printf, 1, 0))) static char *cli_text(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    size_t size = length < 0 ? 1 : (size_t)length + 1;
    char *text = xmalloc(size);
    text[0] = '\0';
    if (length > 0)
        vsnprintf(text, size, format, args);
    return text;
}

bool cli_add_format(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = cli_text(format, args);
    va_end(args);
    buf_add_text(&cli->out, text);
    free(text);
    return cli_drain(cli);
}

bool cli_add_safe(struct cli *cli, struct slice text)
{
    safe_add(&cli->out, text, SAFE_LINE);
    return cli_drain(cli);
}

bool cli_add_body(struct cli *cli, struct slice text)
{
    safe_add(&cli->out, text, SAFE_BODY);
    return cli_drain(cli);
}

/* The bytes and cells up to the next place where a line may be broken. */
static size_t cli_word(struct slice text, size_t *cells)
{
    struct slice rest = text;
    struct safe_glyph glyph;
    bool wide = false;
    *cells = 0;
    while (safe_next(&rest, SAFE_LINE, &glyph)) {
        bool blank = strcmp(glyph.text, " ") == 0;
        if (*cells && (blank || wide || glyph.width > 1) && !safe_clings(&glyph))
            break;
        *cells += (size_t)glyph.width;
        text.len = (size_t)(rest.at - text.at);
        wide = glyph.width > 1;
    }
    return text.len;
}

bool cli_add_broken(struct cli *cli, struct slice text, size_t column, size_t indent, size_t width)
{
    bool begun = false;
    while (text.len) {
        size_t cells;
        struct slice word = slice_first(text, cli_word(text, &cells));
        text = slice_from(text, word.len);
        if (begun && column + cells > width) {
            cli_add_format(cli, "\n%*s", (int)indent, "");
            column = indent;
            if (slice_starts(word, " ")) {
                word = slice_from(word, 1);
                cells--;
            }
        }
        begun = true;
        column += cells;
        cli_add_safe(cli, word);
    }
    return !cli->out_errno;
}

bool cli_add_wrapped(struct cli *cli, struct slice text, size_t indent)
{
    size_t width = cli_width();
    if (width < indent + 20)
        return cli_add_safe(cli, text);
    return cli_add_broken(cli, text, indent, indent, width);
}

int cli_end(struct cli *cli, int code)
{
    cli_flush(cli);
    int number = stop_signal();
    if (number)
        return 128 + number;
    if (cli->out_errno == EPIPE)
        return 141;
    if (cli->out_errno) {
        cli_say(cli, "stdout: %s", strerror(cli->out_errno));
        return 1;
    }
    return code;
}

size_t cli_width(void)
{
    struct winsize size;
    if (!isatty(STDOUT_FILENO))
        return 0;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    return 80;
}

void cli_cell(struct buf *out, struct slice text, size_t width, bool pad)
{
    struct slice rest = text;
    struct safe_glyph glyph;
    size_t used = 0, mark = out->len; /* `mark`: where the last cell that may become "~" begins */
    while (safe_next(&rest, SAFE_LINE, &glyph)) {
        size_t cells = (size_t)glyph.width;
        if (used + cells > width) {
            if (used == width && out->len > mark) {
                out->len = mark;
                out->at[mark] = '\0';
            }
            buf_add_byte(out, '~');
            used = width;
            break;
        }
        if (used + cells == width)
            mark = out->len;
        buf_add(out, slice_make(glyph.text, glyph.bytes));
        used += cells;
    }
    for (; pad && used < width; used++)
        buf_add_byte(out, ' ');
}

/* --- stderr ----------------------------------------------------------------------------------- */

__attribute__((format(printf, 2, 0))) static void cli_say_line(struct cli *cli, const char *format,
                                                               va_list args)
{
    char *text = cli_text(_(format), args);
    struct buf line;
    buf_init(&line, SAFE_LINE_LIMIT);
    buf_add_text(&line, "scimscope: ");
    safe_add(&line, slice_first(slice_of(text), CLI_LINE_LIMIT), SAFE_LINE);
    buf_add_byte(&line, '\n');
    free(text);
    if (cli->said < CLI_SAID_LIMIT && cli->said + line.len >= CLI_SAID_LIMIT) {
        buf_reset(&line);
        buf_add_text(&line, "scimscope: more messages are left out\n");
        cli->said = CLI_SAID_LIMIT;
    } else if (cli->said >= CLI_SAID_LIMIT) {
        buf_reset(&line);
    }
    cli->said += line.len;
    progress_hide();
    if (line.len) {
        ssize_t wrote = write(STDERR_FILENO, line.at, line.len);
        (void)wrote; /* there is nobody left to tell */
    }
    buf_free(&line);
}

void cli_say(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cli_say_line(cli, format, args);
    va_end(args);
}

void cli_note(struct cli *cli, const char *format, ...)
{
    va_list args;
    if (cli->quiet)
        return;
    va_start(args, format);
    cli_say_line(cli, format, args);
    va_end(args);
}

int cli_fail(struct cli *cli, const char *about, const struct fault *why)
{
    if (why->code == FAULT_CANCELLED && stop_signal())
        return 128 + stop_signal();
    if (about && strstr(why->text, about))
        about = NULL; /* the sentence names it already */
    if (about && why->line)
        cli_say(cli, "%s:%llu:%llu: %s", about, (unsigned long long)why->line,
                (unsigned long long)why->column, why->text);
    else if (about)
        cli_say(cli, "%s: %s", about, why->text);
    else
        cli_say(cli, "%s", why->text);
    return fault_exit_code(why->code);
}

int cli_usage(struct cli *cli, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    cli_say_line(cli, format, args);
    va_end(args);
    const struct command *c = cli->command;
    cli_say(cli, "usage: scimscope %s%s%s; more: scimscope help %s", c->name ? c->name : "",
            c->name ? " [OPTIONS] " : "[OPTIONS] ", c->arguments, c->name ? c->name : "");
    return fault_exit_code(FAULT_USAGE);
}
