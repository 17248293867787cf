/* Signals, and the waiting they interrupt: how the program is asked to end, to be suspended, to
 * look at its terminal anew; how a crash gives the terminal back first. For whichever display is in
 * use; main thread only, one at a time. Knows no terminal. */
#ifndef TUI_SCREEN_ENDING_H
#define TUI_SCREEN_ENDING_H

#include "core/base/fault.h"

#include <stdbool.h>

enum { ENDING_WAKES = 4 /* most pipes waited for */ };

/* Takes the signals over. `give_back` is called from signal handlers before a crash goes on (so it
 * may only do what those may) and, exhausted memory being no signal, from alloc.h's hook. */
enum fault_code ending_start(void (*give_back)(void), struct fault *why);
/* Everything as it was before; harmless when not started. */
void ending_stop(void);

/* The signal that asks the program to end, or 0. */
int ending_signal(void);
/* As if that signal had come: the terminal is gone. */
void ending_ask(int number);
/* True once after each time that the terminal's size changed, or that we were continued. */
bool ending_resized(void);
/* True once after SIGTSTP. */
bool ending_suspend_asked(void);
/* Stops the whole job, as the shell would, until it is continued. */
void ending_suspend(void);

/* Waits until `keys` can be read, one of `wakes` has something (-1: none), a signal came or the
 * time is over (-1: no limit). A `keys` that hung up asks to end. */
void ending_wait(int keys, const int wakes[], int count, int milliseconds);

#endif
