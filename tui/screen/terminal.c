/* Knows curses and terminfo; knows nothing of what is drawn. See terminal.h.
 *
 * A crash cannot call curses. So the sequences that undo our settings are taken from terminfo when
 * we start, and its handler (ending.h) writes them with write(2) and puts the line settings back.
 */
#include "tui/screen/clipboard.h"
#include "tui/screen/display.h"
#include "tui/screen/ending.h"

#include "core/base/alloc.h"
#include "core/base/utf8.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum { ESCAPE_DELAY = 25 /* ms until a lone ESC is a key of its own */, UNDO_SIZE = 512 };

/* Motion with a pressed button, which terminfo has no word for. */
#define DRAG_ON "\033[?1002h"
#define DRAG_OFF "\033[?1002l\033[?1000l\033[?1006l"

enum depth { DEPTH_NONE, DEPTH_8, DEPTH_16, DEPTH_256, DEPTH_DIRECT };

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct {
    SCREEN *screen;
    FILE *keys; /* /dev/tty when stdin is something else */
    int in, out;
    enum depth depth;
    enum plain plain;
    struct termios saved;
    bool saved_known;
    char undo[UNDO_SIZE];
    size_t undo_len;
    bool exit_registered, dragging;
} term;

/* A crash may look at it. */
static volatile sig_atomic_t started;

/* --- giving back ------------------------------------------------------------------------------ */

static void write_all(int fd, const char *at, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, at, len);
        if (done <= 0 && errno != EINTR)
            return;
        if (done > 0) {
            at += done;
            len -= (size_t)done;
        }
    }
}

/* Async-signal-safe: no curses, no stdio. */
static void give_back_raw(void)
{
    if (!started)
        return;
    started = 0;
    write_all(term.out, term.undo, term.undo_len);
    if (term.saved_known)
        tcsetattr(term.in, TCSANOW, &term.saved);
}

static void undo_add(const char *sequence)
{
    size_t len = sequence && sequence != (char *)-1 ? strlen(sequence) : 0;
    if (len > 0 && term.undo_len + len < UNDO_SIZE) {
        memcpy(term.undo + term.undo_len, sequence, len);
        term.undo_len += len;
    }
}

static const char *capability(const char *name)
{
    /* ncurses declares the parameter without const; it only reads it. */
    char copy[16];
    snprintf(copy, sizeof copy, "%s", name);
    const char *value = tigetstr(copy);
    return value == (char *)-1 ? NULL : value;
}

static bool flag(const char *name)
{
    char copy[16];
    snprintf(copy, sizeof copy, "%s", name);
    return tigetflag(copy) > 0;
}

/* --- taking over ------------------------------------------------------------------------------ */

/* setupterm() keeps what it read; newterm() reads it anew. */
static void forget_name(void)
{
    if (cur_term)
        del_curterm(cur_term);
}

/* A name of the same terminal with direct colours, when the environment says it can and terminfo
 * knows one. */
static bool direct_name(const char *name, char *out, size_t size)
{
    const char *claim = getenv("COLORTERM");
    size_t stem = strlen(name) - (slice_ends_fold(slice_of(name), "-256color") ? 9 : 0);
    int error;
    if (!claim || (strcmp(claim, "truecolor") != 0 && strcmp(claim, "24bit") != 0) ||
        stem + 8 > size)
        return false;
    snprintf(out, size, "%.*s-direct", (int)stem, name);
    forget_name();
    if (setupterm(out, term.out, &error) == OK)
        return true;
    return false;
}

static enum fault_code choose_name(char *name, size_t size, struct fault *why)
{
    const char *given = getenv("TERM");
    int error = 0;
    if (!given || !*given)
        return fault_set(why, FAULT_USAGE, "TERM is not set: no terminal to draw on");
    if (setupterm(given, term.out, &error) != OK || !capability("cup"))
        return fault_set(why, FAULT_USAGE,
                         "the terminal type of TERM is unknown or cannot place a cursor; "
                         "the commands (list, count, show) work without");
    if (!direct_name(given, name, size))
        snprintf(name, size, "%s", given);
    forget_name();
    return FAULT_NONE;
}

static void choose_depth(void)
{
    term.depth = DEPTH_NONE;
    if (!has_colors())
        return;
    start_color();
    use_default_colors();
    if (flag("RGB"))
        term.depth = DEPTH_DIRECT;
    else
        term.depth = COLORS >= 256 ? DEPTH_256 : COLORS >= 16 ? DEPTH_16 : DEPTH_8;
}

static void modes_on(void)
{
    raw();
    noecho();
    nonl();
    nodelay(stdscr, TRUE);
    keypad(stdscr, TRUE);
    meta(stdscr, TRUE);
    leaveok(stdscr, FALSE);
    set_escdelay(ESCAPE_DELAY);
    mouseinterval(0);
    mousemask(ALL_MOUSE_EVENTS | REPORT_MOUSE_POSITION, NULL);
    term.dragging = capability("kmous") != NULL;
    if (term.dragging)
        write_all(term.out, DRAG_ON, sizeof DRAG_ON - 1);
}

static enum fault_code open_keys(struct fault *why)
{
    term.out = STDOUT_FILENO;
    if (!isatty(STDOUT_FILENO))
        return fault_set(why, FAULT_USAGE, "standard output is no terminal");
    if (isatty(STDIN_FILENO)) {
        term.in = STDIN_FILENO;
        return FAULT_NONE;
    }
    term.in = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    term.keys = term.in >= 0 ? fdopen(term.in, "r") : NULL;
    if (!term.keys)
        return fault_set(why, FAULT_USAGE, "no terminal to read keys from");
    return FAULT_NONE;
}

/* Curses always writes UTF-8: without a locale everything but ASCII would come out as '?', and
 * practically every terminal of today reads it. Where the locale says otherwise the canvas is made
 * plain ASCII before. */
static void use_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};
    const char *said = NULL;
    for (size_t i = 0; i < COUNT(names) && !said; i++)
        if (getenv(names[i]) && *getenv(names[i]))
            said = getenv(names[i]);
    const char *dot = said ? strchr(said, '.') : NULL;
    /* A locale that is not installed here still says what the terminal reads. */
    bool known = setlocale(LC_CTYPE, "") != NULL;
    term.plain = plain_for(known || !dot ? nl_langinfo(CODESET) : dot + 1, said, getenv("TERM"));
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && !setlocale(LC_CTYPE, "C.UTF-8"))
        setlocale(LC_CTYPE, "C.utf8");
}

enum fault_code terminal_start(struct fault *why)
{
    char name[128];
    use_utf8();
    enum fault_code bad = open_keys(why);
    if (!bad)
        bad = choose_name(name, sizeof name, why);
    if (bad)
        return bad;
    term.saved_known = tcgetattr(term.in, &term.saved) == 0;
    bad = ending_start(give_back_raw, why);
    if (bad)
        return bad;
    term.screen = newterm(name, stdout, term.keys ? term.keys : stdin);
    if (!term.screen) {
        ending_stop();
        return fault_set(why, FAULT_USAGE, "the terminal cannot be used");
    }
    term.undo_len = 0;
    undo_add(DRAG_OFF);
    undo_add(capability("sgr0"));
    undo_add(capability("op"));
    undo_add(capability("cnorm"));
    undo_add(capability("rmkx"));
    undo_add(capability("rmcup"));
    undo_add("\r\n");
    started = 1;
    choose_depth();
    modes_on();
    if (!term.exit_registered)
        term.exit_registered = atexit(terminal_stop) == 0;
    return FAULT_NONE;
}

void terminal_stop(void)
{
    if (!started)
        return;
    if (term.dragging)
        write_all(term.out, DRAG_OFF, sizeof DRAG_OFF - 1);
    endwin();
    started = 0;
    ending_stop();
    delscreen(term.screen);
    term.screen = NULL;
    if (term.keys)
        fclose(term.keys);
    term.keys = NULL;
}

void terminal_suspend(void)
{
    write_all(term.out, DRAG_OFF, sizeof DRAG_OFF - 1);
    def_prog_mode();
    endwin();
    ending_suspend();
    reset_prog_mode();
    modes_on();
    terminal_forget();
}

/* Terminals whose terminfo does not say so may print it instead, or take it for something else. */
enum fault_code terminal_clipboard(struct slice text, struct fault *why)
{
    struct buf out;
    if (!capability("Ms"))
        return fault_set(why, FAULT_USAGE, "this type of terminal (TERM) has no clipboard");
    buf_init(&out, 2 * CLIPBOARD_LIMIT);
    bool fits = clipboard_add(&out, text);
    if (fits)
        write_all(term.out, out.at, out.len);
    buf_free(&out);
    return fits ? FAULT_NONE
                : fault_set(why, FAULT_LIMIT, "more than %d bytes are too long for a clipboard",
                            CLIPBOARD_LIMIT);
}

/* --- painting --------------------------------------------------------------------------------- */

enum plain terminal_plain(void)
{
    return term.plain;
}

bool terminal_has_colours(void)
{
    return term.depth != DEPTH_NONE;
}

void terminal_size(int *width, int *height)
{
    *width = COLS;
    *height = LINES;
}

void terminal_forget(void)
{
    clearok(stdscr, TRUE);
}

static int colour_number(struct colour colour, attr_t *attributes, bool background)
{
    if (!colour.set)
        return -1;
    switch (term.depth) {
    case DEPTH_DIRECT: {
        int rgb = colour.red << 16 | colour.green << 8 | colour.blue;
        return rgb < 8 ? (rgb ? 8 : 0) : rgb; /* 0..7 would mean the palette */
    }
    case DEPTH_256:
        return theme_colour_256(colour);
    case DEPTH_16:
        return colour.ansi;
    case DEPTH_8:
        /* Bright black on black would be invisible: dim in the terminal's own colour instead. */
        if (colour.ansi == 8 && !background) {
            *attributes |= A_DIM;
            return -1;
        }
        if (colour.ansi > 8 && !background)
            *attributes |= A_BOLD;
        return colour.ansi & 7;
    case DEPTH_NONE:
        break;
    }
    return -1;
}

static void attributes_of(const struct theme *theme, const struct cell *cell, attr_t *attributes,
                          int *pair)
{
    struct look look = theme_look(theme, (enum role)cell->role, (enum role)cell->over);
    attr_t wanted = A_NORMAL;
    int fg = colour_number(look.fg, &wanted, false), bg = colour_number(look.bg, &wanted, true);
    if (look.bold)
        wanted |= A_BOLD;
    if (look.dim)
        wanted |= A_DIM;
    if (look.underline)
        wanted |= A_UNDERLINE;
    if (look.reverse != cell->reverse)
        wanted |= A_REVERSE;
    *pair = fg < 0 && bg < 0 ? 0 : alloc_pair(fg, bg);
    if (*pair < 0)
        *pair = 0;
    *attributes = wanted;
}

/* The characters of a cell for curses. Where the C library knows another width than we do, the
 * terminal would too: a plain replacement keeps the columns. */
static void characters_of(const struct cell *cell, wchar_t out[CCHARW_MAX + 1])
{
    struct slice rest = slice_of(cell->text);
    uint32_t code;
    size_t step, count = 0;
    while (count < CCHARW_MAX && (step = utf8_decode(rest, &code)) > 0) {
        if (count == 0 && wcwidth((wchar_t)code) != cell->width)
            code = cell->width == 2 ? 0xFF1F : '?';
        if (count == 0 || wcwidth((wchar_t)code) == 0)
            out[count++] = (wchar_t)code;
        rest = slice_from(rest, step);
    }
    out[count] = L'\0';
}

void terminal_paint(const struct canvas *c, const struct theme *theme)
{
    int known = -1, pair = 0;
    attr_t attributes = A_NORMAL;
    curs_set(0);
    for (int y = 0; y < c->height && y < LINES; y++)
        for (int x = 0; x < c->width && x < COLS; x++) {
            const struct cell *cell = canvas_at(c, x, y);
            wchar_t wide[CCHARW_MAX + 1];
            cchar_t glyph;
            if (cell->width == 0)
                continue;
            int look = cell->role | cell->over << 8 | (cell->reverse ? 1 << 16 : 0);
            if (look != known) {
                attributes_of(theme, cell, &attributes, &pair);
                known = look;
            }
            characters_of(cell, wide);
            setcchar(&glyph, wide, attributes, (short)0, &pair);
            mvadd_wch(y, x, &glyph);
        }
    if (c->cursor_x >= 0 && c->cursor_y >= 0) {
        move(c->cursor_y, c->cursor_x);
        curs_set(1);
    } else
        move(LINES - 1, 0);
    refresh();
}

/* --- events ----------------------------------------------------------------------------------- */

void terminal_wait(const int wakes[], int count, int milliseconds)
{
    ending_wait(term.in, wakes, count, milliseconds);
}

static uint32_t key_from_curses(wint_t code)
{
    static const struct {
        wint_t code;
        uint32_t key;
    } keys[] = {
        {KEY_UP, KEY_ARROW_UP},         {KEY_DOWN, KEY_ARROW_DOWN},
        {KEY_LEFT, KEY_ARROW_LEFT},     {KEY_RIGHT, KEY_ARROW_RIGHT},
        {KEY_PPAGE, KEY_PAGE_UP},       {KEY_NPAGE, KEY_PAGE_DOWN},
        {KEY_HOME, KEY_TO_HOME},        {KEY_END, KEY_TO_END},
        {KEY_IC, KEY_INSERT},           {KEY_DC, KEY_DELETE},
        {KEY_BACKSPACE, KEY_ERASE},     {KEY_ENTER, KEY_RETURN},
        {KEY_BTAB, KEY_BACK_TABULATOR}, {KEY_A1, KEY_TO_HOME},
        {KEY_C1, KEY_TO_END},           {KEY_A3, KEY_PAGE_UP},
        {KEY_C3, KEY_PAGE_DOWN},        {KEY_SUSPEND, 26 /* ^Z, which `linux` names */},
    };
    for (size_t i = 0; i < COUNT(keys); i++)
        if (keys[i].code == code)
            return keys[i].key;
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return KEY_FUNCTION_1 + (uint32_t)(code - KEY_F(1));
    return KEY_NOTHING;
}

static uint32_t key_from_character(wint_t code)
{
    switch (code) {
    case '\r':
    case '\n':
        return KEY_RETURN;
    case '\t':
        return KEY_TABULATOR;
    case 27:
        return KEY_ESCAPE;
    case 127:
    case 8:
        return KEY_ERASE;
    default:
        return code < KEYS_SPECIAL ? (uint32_t)code : KEY_NOTHING;
    }
}

/* After an ESC: true when a sequence followed that terminfo does not know. It is read to its end,
 * so that its letters are not taken for keys. */
static bool skip_sequence(void)
{
    enum { LONGEST = 64 };
    wint_t code = 0;
    int got = get_wch(&code);
    if (got == ERR)
        return false;
    if (got != OK || (code != '[' && code != 'O')) {
        if (got == OK)
            unget_wch((wchar_t)code); /* Alt and a key: as Esc and the key */
        return false;
    }
    bool old_mouse = false;
    int rest = code == 'O' ? 1 : LONGEST;
    for (int i = 0; i < rest && get_wch(&code) == OK; i++) {
        if (old_mouse)
            continue;
        old_mouse = i == 0 && code == 'M';
        if (old_mouse)
            rest = 4; /* three bytes follow */
        else if (code >= 0x40 && code <= 0x7e)
            break;
    }
    return true;
}

static struct terminal_event mouse_event(void)
{
    struct terminal_event event = {.kind = EVENT_NONE};
    MEVENT mouse;
    if (getmouse(&mouse) != OK)
        return event;
    event = (struct terminal_event){.kind = EVENT_MOUSE, .x = mouse.x, .y = mouse.y};
    if (mouse.bstate & BUTTON4_PRESSED)
        event.mouse = MOUSE_UP;
    else if (mouse.bstate & BUTTON5_PRESSED)
        event.mouse = MOUSE_DOWN;
    else if (mouse.bstate & BUTTON1_PRESSED)
        event.mouse = MOUSE_PRESS;
    else if (mouse.bstate & BUTTON1_RELEASED)
        event.mouse = MOUSE_RELEASE;
    else if (mouse.bstate & REPORT_MOUSE_POSITION)
        event.mouse = MOUSE_DRAG;
    else
        event.kind = EVENT_NONE;
    return event;
}

static struct terminal_event resize_event(void)
{
    struct winsize size;
    if (ioctl(term.out, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resize_term(size.ws_row, size.ws_col); /* unlike resizeterm() it sends no KEY_RESIZE */
    terminal_forget();
    return (struct terminal_event){.kind = EVENT_RESIZE};
}

struct terminal_event terminal_next(void)
{
    if (ending_suspend_asked())
        terminal_suspend();
    if (ending_resized())
        return resize_event();
    for (;;) {
        wint_t code = 0;
        int got = get_wch(&code);
        if (got == ERR)
            return (struct terminal_event){.kind = EVENT_NONE};
        struct terminal_event event = {.kind = EVENT_KEY};
        if (got == OK && code == 27 && skip_sequence())
            continue;
        if (got == KEY_CODE_YES && code == KEY_MOUSE)
            event = mouse_event();
        else
            event.key = got == KEY_CODE_YES ? key_from_curses(code) : key_from_character(code);
        if (event.kind == EVENT_MOUSE || (event.kind == EVENT_KEY && event.key != KEY_NOTHING))
            return event;
    }
}

const struct display terminal_display = {
    .start = terminal_start,
    .stop = terminal_stop,
    .size = terminal_size,
    .paint = terminal_paint,
    .next = terminal_next,
    .wait = terminal_wait,
    .signal = ending_signal,
    .suspend = terminal_suspend,
    .forget = terminal_forget,
    .plain = terminal_plain,
    .clipboard = terminal_clipboard,
    .whole = true,
};
