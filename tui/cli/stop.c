/* Knows which signals end the program and how; see stop.h. Nothing about what is ended. */
#include "tui/cli/stop.h"

#include <signal.h>
#include <stddef.h>
#include <sys/time.h>
#include <unistd.h>

/* A handler can reach nothing but statics; all of them are lock-free atomics. */
static _Atomic int stop_which;
static _Atomic bool stop_any;
static _Atomic(_Atomic bool *) stop_also;

static void stop_handle(int number)
{
    if (atomic_exchange(&stop_which, number))
        return;
    atomic_store(&stop_any, true);
    _Atomic bool *also = atomic_load(&stop_also);
    if (also)
        atomic_store(also, true);
    struct itimerval wait = {.it_value = {.tv_sec = STOP_MILLISECONDS / 1000,
                                          .tv_usec = STOP_MILLISECONDS % 1000 * 1000}};
    setitimer(ITIMER_REAL, &wait, NULL);
}

static void stop_now(int number)
{
    (void)number;
    _exit(128 + atomic_load(&stop_which));
}

void stop_install(void)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction now = {.sa_handler = stop_now};
    struct sigaction handle = {.sa_handler = stop_handle}; /* no SA_RESTART: reads must end */
    sigaction(SIGPIPE, &ignore, NULL);
    sigaction(SIGALRM, &now, NULL);
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof ending / sizeof *ending; i++) {
        struct sigaction before;
        /* nohup and background jobs of a shell ignore some on purpose */
        if (sigaction(ending[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
            sigaction(ending[i], &handle, NULL);
    }
}

int stop_signal(void)
{
    return atomic_load(&stop_which);
}

bool stop_asked(void *unused)
{
    (void)unused;
    return atomic_load(&stop_any);
}

void stop_sets(_Atomic bool *flag)
{
    atomic_store(&stop_also, flag);
    if (flag && atomic_load(&stop_any))
        atomic_store(flag, true);
}

_Atomic bool *stop_flag(void)
{
    return &stop_any;
}
