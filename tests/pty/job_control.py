#!/usr/bin/env python3
"""usage: job_control.py PROGRAM DB: to the shell and back on each sort of terminal, by key and by signal."""
import os
import re
import shlex
import signal
import subprocess
import sys

from pty_play import Play, Tally, shown

program, index = sys.argv[1:3]
tally = Tally()
COMMAND = f"{shlex.quote(program)} --db {shlex.quote(index)} --utc --fresh"


def shell(term):
    env = {"PS1": "READY ", "HISTFILE": "", "HOME": "/nonexistent"}
    play = Play(["/bin/bash", "--norc", "-i"], term, env=env)
    play.wait_for(lambda: "READY" in shown(play))
    return play


def child(play):
    found = subprocess.run(["pgrep", "-P", str(play.pid), "-x", os.path.basename(program)],
                           capture_output=True, text=True, check=False).stdout.split()
    return int(found[0]) if found else None


def stopped(play, term, how):
    since = len(play.raw)
    how(play)
    tally.expect(f"{term}: it is stopped", play.wait_for(lambda: "Stopped" in shown(play, since)),
                 shown(play, since)[-200:])
    since = len(play.raw)
    play.keys("stty -a | tr ' ' '\\n' | grep -cxE 'icanon|echo|isig'\n")
    tally.expect(f"{term}: the shell has its line settings",
                 play.wait_for(lambda: re.search("[\r\n]3\r\n", shown(play, since))), shown(play, since)[-200:])
    raw = bytes(play.raw)
    if b"\x1b[?1049h" in raw:
        tally.expect(f"{term}: the shell has its screen", raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h"))
    if b"\x1b[?1002h" in raw:
        tally.expect(f"{term}: the shell has its mouse", raw.rfind(b"\x1b[?1002l") > raw.rfind(b"\x1b[?1002h"))
    play.resize(100, 30)  # while it cannot know
    since = len(play.raw)
    play.keys("fg\n")
    tally.expect(f"{term}: fg draws the whole screen again",
                 play.wait_for(lambda: "Remediation" in shown(play, since)
                               and "help" in shown(play, since)), shown(play, since)[-200:])
    play.settle()


def by_signal(play):
    os.kill(child(play), signal.SIGTSTP)


def on(term):
    play = shell(term)
    play.keys(COMMAND + "\n")
    tally.expect(f"{term}: it opens from a shell", play.wait_for(lambda: "Remediation" in shown(play)),
                 shown(play)[-200:])
    play.settle()
    stopped(play, f"{term}, by key", lambda p: p.keys("\x1a"))
    stopped(play, f"{term}, by SIGTSTP", by_signal)
    since = len(play.raw)
    play.keys("2")
    tally.expect(f"{term}: keys are answered again",
                 play.wait_for(lambda: "What fails" in shown(play, since)), shown(play, since)[-200:])
    play.settle()
    play.keys("q")
    play.settle()
    since = len(play.raw)
    play.keys("echo left-$?\n")
    tally.expect(f"{term}: it is left with 0", play.wait_for(lambda: "left-0" in shown(play, since)),
                 shown(play, since)[-200:])
    play.close()


def linear():
    play = shell("dumb")
    play.keys(COMMAND + " --screen-reader\n")
    play.wait_for(lambda: "1/" in shown(play))
    play.settle()
    since = len(play.raw)
    play.keys("\x1a")
    tally.expect("lines: it is stopped", play.wait_for(lambda: "Stopped" in shown(play, since)))
    since = len(play.raw)
    play.keys("fg\n")
    tally.expect("lines: fg says where one is", play.wait_for(lambda: "Entries" in shown(play, since)),
                 shown(play, since)[-200:])
    play.settle()
    os.kill(child(play), signal.SIGTSTP)
    tally.expect("lines: SIGTSTP stops it as well",
                 play.wait_for(lambda: shown(play, since).count("Stopped") == 1), shown(play, since)[-200:])
    since = len(play.raw)
    play.keys("fg\n")
    play.settle()
    play.keys("j")
    tally.expect("lines: keys are answered again", play.wait_for(lambda: "2/" in shown(play, since)),
                 shown(play, since)[-200:])
    play.close()


def dumb():
    play = shell("dumb")
    play.keys(COMMAND + "\n")
    tally.expect("dumb: it is refused, and said what works",
                 play.wait_for(lambda: "cannot place a cursor" in shown(play)))
    since = len(play.raw)
    play.keys("echo left-$?\n")
    tally.expect("dumb: with 2", play.wait_for(lambda: "left-2" in shown(play, since)), shown(play, since)[-200:])
    play.close()


for each in ("linux", "xterm-256color", "screen", "tmux", "vt100"):
    if os.system(f"infocmp {each} >/dev/null 2>&1"):
        tally.skip(each, "terminfo of this machine does not know it")
    else:
        on(each)
linear()
dumb()
tally.finish()
