/* Signals that end the program: SIGINT, SIGTERM, SIGHUP. The first one asks whatever runs to end
 * after the step at hand; what has not ended STOP_SECONDS later is ended (an index in WAL mode
 * stays consistent). SIGPIPE is ignored: a closed pipe is seen where it is written to. */
#ifndef TUI_CLI_STOP_H
#define TUI_CLI_STOP_H

#include <stdatomic.h>
#include <stdbool.h>

enum { STOP_MILLISECONDS = 1700 };

/* Called once by main. */
void stop_install(void);
/* The signal that came, 0 when none. */
int stop_signal(void);
/* For store_cancel_when: whether one came. */
bool stop_asked(void *unused);
/* A flag that is set when one comes, instead of polling; NULL takes it back. */
void stop_sets(_Atomic bool *flag);
/* The flag that stop_asked reads, for whom a pointer suits. */
_Atomic bool *stop_flag(void);

#endif
