/* See ending.h. Handlers set a flag and write into a pipe of ours, which the waiting polls. */
#include "tui/screen/ending.h"

#include "core/base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

static const int ending_signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
static const int crash_signals[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS};
static const int other_signals[] = {SIGWINCH, SIGCONT, SIGPIPE, SIGTSTP};
#define COUNT(array) (sizeof(array) / sizeof *(array))
static struct sigaction ending_before[COUNT(ending_signals)], crash_before[COUNT(crash_signals)],
    other_before[COUNT(other_signals)];

/* What handlers touch. */
static volatile sig_atomic_t asked, resized, suspended;
static int wake_pipe[2] = {-1, -1};
static void (*give_back_first)(void);

/* --- handlers --------------------------------------------------------------------------------- */

static void on_crash(int number)
{
    int before = errno;
    if (give_back_first)
        give_back_first();
    /* Whoever was there before us (a sanitizer, or the default) finishes the job. */
    for (size_t i = 0; i < COUNT(crash_signals); i++)
        if (crash_signals[i] == number)
            sigaction(number, &crash_before[i], NULL);
    raise(number);
    errno = before;
}

static void wake_up(void)
{
    int before = errno;
    ssize_t ignored = write(wake_pipe[1], "", 1);
    (void)ignored;
    errno = before;
}

static void on_ending(int number)
{
    if (!asked)
        asked = number;
    wake_up();
}

static void on_other(int number)
{
    if (number == SIGTSTP)
        suspended = 1;
    else
        resized = 1;
    wake_up();
}

static void handle(int number, void (*handler)(int), struct sigaction *before)
{
    struct sigaction action = {.sa_handler = handler};
    sigemptyset(&action.sa_mask);
    if (handler == on_crash)
        action.sa_flags = SA_NODEFER;
    sigaction(number, &action, before);
}

/* --- from start to stop ----------------------------------------------------------------------- */

enum fault_code ending_start(void (*give_back)(void), struct fault *why)
{
    if (pipe2(wake_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        return fault_set(why, FAULT_IO, "no pipe: %s", strerror(errno));
    give_back_first = give_back;
    for (size_t i = 0; i < COUNT(ending_signals); i++)
        handle(ending_signals[i], on_ending, &ending_before[i]);
    for (size_t i = 0; i < COUNT(crash_signals); i++)
        handle(crash_signals[i], on_crash, &crash_before[i]);
    for (size_t i = 0; i < COUNT(other_signals); i++)
        handle(other_signals[i], other_signals[i] == SIGPIPE ? SIG_IGN : on_other,
               &other_before[i]);
    alloc_on_exhausted(give_back);
    return FAULT_NONE;
}

void ending_stop(void)
{
    if (wake_pipe[0] < 0)
        return;
    alloc_on_exhausted(NULL);
    for (size_t i = 0; i < COUNT(ending_signals); i++)
        sigaction(ending_signals[i], &ending_before[i], NULL);
    for (size_t i = 0; i < COUNT(crash_signals); i++)
        sigaction(crash_signals[i], &crash_before[i], NULL);
    for (size_t i = 0; i < COUNT(other_signals); i++)
        sigaction(other_signals[i], &other_before[i], NULL);
    give_back_first = NULL;
    close(wake_pipe[0]);
    close(wake_pipe[1]);
    wake_pipe[0] = wake_pipe[1] = -1;
}

int ending_signal(void)
{
    return asked;
}

void ending_ask(int number)
{
    if (!asked)
        asked = number;
}

bool ending_resized(void)
{
    bool was = resized;
    resized = 0;
    return was;
}

bool ending_suspend_asked(void)
{
    bool was = suspended;
    suspended = 0;
    return was;
}

void ending_suspend(void)
{
    struct sigaction before;
    handle(SIGTSTP, SIG_DFL, &before);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    suspended = 0;
    resized = 1; /* the terminal may be another size, and shows something else */
}

/* --- waiting ---------------------------------------------------------------------------------- */

void ending_wait(int keys, const int wakes[], int count, int milliseconds)
{
    struct pollfd fds[2 + ENDING_WAKES] = {{.fd = keys, .events = POLLIN},
                                           {.fd = wake_pipe[0], .events = POLLIN}};
    char sink[64];
    nfds_t used = 2;
    for (int i = 0; i < count && i < ENDING_WAKES; i++)
        fds[used++] = (struct pollfd){.fd = wakes[i], .events = POLLIN};
    int ready = poll(fds, used, milliseconds);
    if (ready > 0 && fds[1].revents)
        while (read(wake_pipe[0], sink, sizeof sink) > 0)
            ;
    /* The terminal went away without a signal. */
    if (ready > 0 && (fds[0].revents & (POLLHUP | POLLERR | POLLNVAL)) &&
        !(fds[0].revents & POLLIN))
        ending_ask(SIGHUP);
}
