/* The explorer as lines, for screen readers and for terminals that cannot place a cursor: nothing
 * is drawn over, each change is said once, below what was said before. Knows the line discipline,
 * and the sequences of common keys; what is said, speech.c knows. */
#include "tui/screen/display.h"
#include "tui/screen/ending.h"
#include "tui/screen/speech.h"

#include "core/base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { READ_SIZE = 256, ESCAPE_WAIT = 25 /* ms until a lone ESC is a key of its own */ };

static struct {
    int in;
    bool opened; /* `in` is /dev/tty */
    struct termios saved;
    struct speech speech;
    char bytes[READ_SIZE]; /* read, not yet keys */
    size_t count;
    bool exit_registered;
} line = {.in = -1};

static volatile sig_atomic_t started;

/* From a crash, too. */
static void give_back(void)
{
    if (!started)
        return;
    started = 0;
    tcsetattr(line.in, TCSANOW, &line.saved);
}

/* Keys come one by one and unseen; output is as ever. */
static void keys_on(void)
{
    struct termios now = line.saved;
    now.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG | IEXTEN);
    now.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
    now.c_cc[VMIN] = 0;
    now.c_cc[VTIME] = 0;
    tcsetattr(line.in, TCSANOW, &now);
}

static void linear_stop(void)
{
    if (!started)
        return;
    give_back();
    ending_stop();
    if (line.opened)
        close(line.in);
    speech_free(&line.speech);
}

static enum fault_code linear_start(struct fault *why)
{
    line.opened = !isatty(STDIN_FILENO);
    line.in = line.opened ? open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY) : STDIN_FILENO;
    if (line.in < 0 || tcgetattr(line.in, &line.saved) != 0)
        return fault_set(why, FAULT_USAGE, "no terminal to read keys from");
    enum fault_code bad = ending_start(give_back, why);
    if (bad)
        return bad;
    keys_on();
    speech_init(&line.speech);
    started = 1;
    if (!line.exit_registered)
        line.exit_registered = atexit(linear_stop) == 0;
    return FAULT_NONE;
}

static void linear_size(int *width, int *height)
{
    *width = SPEECH_WIDTH;
    *height = SPEECH_HEIGHT;
}

static void linear_paint(const struct canvas *c, const struct theme *theme)
{
    struct buf out;
    size_t done = 0;
    (void)theme;
    buf_init(&out, 8 * SPEECH_LIMIT);
    speech_hear(&line.speech, c, &out);
    while (done < out.len) {
        ssize_t wrote = write(STDOUT_FILENO, out.at + done, out.len - done);
        if (wrote < 0 && errno == EINTR)
            continue;
        if (wrote <= 0) {
            ending_ask(SIGHUP); /* nobody hears any more */
            break;
        }
        done += (size_t)wrote;
    }
    buf_free(&out);
}

/* --- keys ------------------------------------------------------------------------------------- */

static bool fill(int milliseconds)
{
    struct pollfd fd = {.fd = line.in, .events = POLLIN};
    if (line.count == READ_SIZE || poll(&fd, 1, milliseconds) <= 0)
        return false;
    ssize_t got = read(line.in, line.bytes + line.count, READ_SIZE - line.count);
    if (got <= 0) {
        if (got == 0 || errno != EINTR)
            ending_ask(SIGHUP);
        return false;
    }
    line.count += (size_t)got;
    return true;
}

static void drop(size_t bytes)
{
    line.count -= bytes;
    memmove(line.bytes, line.bytes + bytes, line.count);
}

/* What follows `ESC [` or `ESC O`; KEY_NOTHING for what is no key of ours. */
static uint32_t sequence_key(struct slice rest)
{
    static const struct {
        const char *bytes;
        uint32_t key;
    } keys[] = {
        {"A", KEY_ARROW_UP},   {"B", KEY_ARROW_DOWN}, {"C", KEY_ARROW_RIGHT},
        {"D", KEY_ARROW_LEFT}, {"H", KEY_TO_HOME},    {"F", KEY_TO_END},
        {"1~", KEY_TO_HOME},   {"4~", KEY_TO_END},    {"7~", KEY_TO_HOME},
        {"8~", KEY_TO_END},    {"2~", KEY_INSERT},    {"3~", KEY_DELETE},
        {"5~", KEY_PAGE_UP},   {"6~", KEY_PAGE_DOWN}, {"Z", KEY_BACK_TABULATOR},
        {"M", KEY_RETURN},     {"P", KEY_FUNCTION_1}, {"11~", KEY_FUNCTION_1},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(rest, keys[i].bytes))
            return keys[i].key;
    return KEY_NOTHING;
}

/* A key that begins with ESC: a sequence to its last byte, or Esc alone. */
static uint32_t escape_key(void)
{
    if (line.count == 1)
        fill(ESCAPE_WAIT);
    if (line.count < 2 || (line.bytes[1] != '[' && line.bytes[1] != 'O')) {
        drop(1);
        return KEY_ESCAPE;
    }
    size_t end = 2;
    while (end < line.count || (end < READ_SIZE && fill(ESCAPE_WAIT))) {
        unsigned char byte = (unsigned char)line.bytes[end++];
        if (byte >= 0x40 && byte <= 0x7e)
            break;
    }
    uint32_t key = sequence_key(slice_make(line.bytes + 2, end - 2));
    drop(end);
    return key;
}

static uint32_t next_key(void)
{
    uint32_t code;
    switch (line.bytes[0]) {
    case 27:
        return escape_key();
    case '\r':
    case '\n':
        drop(1);
        return KEY_RETURN;
    case '\t':
        drop(1);
        return KEY_TABULATOR;
    case 127:
    case 8:
        drop(1);
        return KEY_ERASE;
    default:
        break;
    }
    size_t step = utf8_decode(slice_make(line.bytes, line.count), &code);
    drop(step > 0 ? step : 1);
    return step > 0 ? code : KEY_NOTHING;
}

/* Everything is said again. */
static void linear_forget(void)
{
    speech_free(&line.speech);
    speech_init(&line.speech);
}

static void linear_suspend(void)
{
    tcsetattr(line.in, TCSANOW, &line.saved);
    ending_suspend();
    keys_on();
    linear_forget();
}

static struct terminal_event linear_next(void)
{
    struct terminal_event event = {.kind = EVENT_KEY};
    if (ending_suspend_asked())
        linear_suspend();
    if (ending_resized()) /* lines have no size, but we may have been away */
        return (struct terminal_event){.kind = EVENT_RESIZE};
    while (!ending_signal() && (line.count > 0 || fill(0))) {
        event.key = next_key();
        if (event.key != KEY_NOTHING)
            return event;
    }
    return (struct terminal_event){.kind = EVENT_NONE};
}

static void linear_wait(const int wakes[], int count, int milliseconds)
{
    if (line.count == 0)
        ending_wait(line.in, wakes, count, milliseconds);
}

static enum plain linear_plain(void)
{
    return PLAIN_NOTHING;
}

const struct display linear_display = {
    .start = linear_start,
    .stop = linear_stop,
    .size = linear_size,
    .paint = linear_paint,
    .next = linear_next,
    .wait = linear_wait,
    .signal = ending_signal,
    .suspend = linear_suspend,
    .forget = linear_forget,
    .plain = linear_plain,
};
