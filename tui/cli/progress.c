/* Knows how the progress of an import is shown on one line; see progress.h. The line belongs to the
 * terminal, of which there is one, so its state is static and guarded by one mutex. */
#include "tui/cli/progress.h"

#include "core/base/time.h"
#include "core/base/words.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { PROGRESS_MILLISECONDS = 200 };

static pthread_mutex_t progress_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t progress_wake = PTHREAD_COND_INITIALIZER;
static pthread_t progress_thread;
static const struct import_progress *progress_shown; /* NULL: no line */
static bool progress_drawn, progress_running;

static double progress_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static void progress_write(const char *text, size_t length)
{
    ssize_t wrote = write(STDERR_FILENO, text, length);
    (void)wrote;
}

static void progress_draw(double began)
{
    const struct import_progress *p = progress_shown;
    uint64_t done = atomic_load(&p->bytes_done), total = atomic_load(&p->bytes_total);
    uint64_t entries = atomic_load(&p->entries);
    double seconds = progress_seconds() - began;
    char line[160], left[TIME_TEXT_SIZE];
    int length =
        snprintf(line, sizeof line, "\r\033[K%llu %s", (unsigned long long)entries, _("entries"));
    if (total && done <= total)
        length = snprintf(line, sizeof line, "\r\033[K%3d %%  %llu %s",
                          (int)((double)done * 100 / (double)total), (unsigned long long)entries,
                          _("entries"));
    if (seconds > 0.5 && length > 0)
        length += snprintf(line + length, sizeof line - (size_t)length, "  %.0f/s  %.1f MB/s",
                           (double)entries / seconds, (double)done / seconds / 1e6);
    if (seconds > 2 && total > done && done > 0 && length > 0) {
        double rest = seconds * (double)(total - done) / (double)done;
        length += snprintf(line + length, sizeof line - (size_t)length, _("  %s left"),
                           time_span_words(left, (int64_t)rest * TIME_SECOND));
    }
    if (length > 0)
        progress_write(line, (size_t)length);
    progress_drawn = true;
}

static void progress_clear(void)
{
    if (progress_drawn)
        progress_write("\r\033[K", 4);
    progress_drawn = false;
}

static void *progress_loop(void *unused)
{
    double began = progress_seconds();
    pthread_mutex_lock(&progress_lock);
    while (progress_shown) {
        struct timespec until;
        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += PROGRESS_MILLISECONDS * 1000000L;
        until.tv_sec += until.tv_nsec / 1000000000L;
        until.tv_nsec %= 1000000000L;
        pthread_cond_timedwait(&progress_wake, &progress_lock, &until);
        if (progress_shown)
            progress_draw(began);
    }
    progress_clear();
    pthread_mutex_unlock(&progress_lock);
    return unused;
}

void progress_begin(const struct import_progress *progress)
{
    if (!isatty(STDERR_FILENO))
        return;
    sigset_t all, before;
    sigfillset(&all);
    progress_shown = progress;
    pthread_sigmask(SIG_BLOCK, &all, &before); /* signals are to end the main thread's reads */
    progress_running = pthread_create(&progress_thread, NULL, progress_loop, NULL) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (!progress_running)
        progress_shown = NULL; /* an import without its progress line is still an import */
}

void progress_end(void)
{
    if (!progress_running)
        return;
    pthread_mutex_lock(&progress_lock);
    progress_shown = NULL;
    pthread_cond_signal(&progress_wake);
    pthread_mutex_unlock(&progress_lock);
    pthread_join(progress_thread, NULL);
    progress_running = false;
}

void progress_hide(void)
{
    if (!progress_running)
        return;
    pthread_mutex_lock(&progress_lock);
    progress_clear();
    pthread_mutex_unlock(&progress_lock);
}
