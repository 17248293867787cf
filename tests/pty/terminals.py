#!/usr/bin/env python3
"""usage: terminals.py PROGRAM DB: the explorer on each sort of terminal; given back on every end."""
import os
import re
import signal
import sys

from pty_play import Play, Tally, shown
from raw_bytes import faults

program, index = sys.argv[1:3]
tally = Tally()


def begin(term, width=80, height=24, env=None, more=()):
    return Play([program, "--db", index, "--utc", "--fresh", *more], term, width, height, env)


def on(term):
    play = begin(term)
    tally.expect(f"{term}: the first screen comes",
                 play.wait_for(lambda: "Remediation" in shown(play)), shown(play)[-200:])
    play.settle()
    since = len(play.raw)
    play.keys("2")
    tally.expect(f"{term}: a key is answered",
                 play.wait_for(lambda: "What fails" in shown(play, since)))
    for size in [(132, 50), (61, 16), (40, 8), (200, 60), (80, 24)] * 4:
        play.resize(*size)  # a storm: no wait between
    play.settle()
    since = len(play.raw)
    play.keys("?")
    tally.expect(f"{term}: answers after a storm of resizes",
                 play.wait_for(lambda: "page-down" in shown(play, since)))
    play.keys("\x1b")
    play.settle()
    play.keys("q")
    tally.expect(f"{term}: ends with 0", play.wait_end() == 0, f"code {play.code}")
    tally.expect(f"{term}: the line settings are given back", play.given_back())
    bad = faults(play.raw, palette=term == "linux")
    tally.expect(f"{term}: nothing but text and drawing was sent", not bad, "; ".join(bad[:3]))
    if term in ("vt100", "linux"):
        signs = "" if term == "linux" else shown(play)
        tally.expect(f"{term}: nothing that it cannot show", all(ord(c) < 0x80 for c in signs),
                     str({c for c in signs if ord(c) >= 0x80}))
    raw = bytes(play.raw)
    if term.startswith(("xterm", "screen", "tmux")):
        tally.expect(f"{term}: the screen from before is shown again",
                     raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h") >= 0)
        tally.expect(f"{term}: the cursor is seen again",
                     raw.rfind(b"\x1b[?25l") < max(raw.rfind(b"\x1b[?25h"),
                                                   raw.rfind(b"\x1b[34h\x1b[?25h")))
    play.close()


def refused(term, name):
    play = begin(term)
    code = play.wait_end()
    text = shown(play)
    tally.expect(f"{name} is refused with 2", code == 2, f"code {code}")
    tally.expect(f"{name}: it is said why and what works instead",
                 "TERM" in text and ("list" in text or "not set" in text), text)
    tally.expect(f"{name}: nothing was drawn", b"\x1b" not in play.raw)
    tally.expect(f"{name}: the line settings are as they were", play.given_back())
    play.close()


def ended_by(number, code):
    name = signal.Signals(number).name
    play = begin("xterm-256color")
    play.wait_for(lambda: "Remediation" in shown(play))
    play.settle()
    os.kill(play.pid, number)
    got = play.wait_end()
    tally.expect(f"{name} ends it with {code}", got == code, f"code {got}")
    tally.expect(f"{name}: the line settings are given back", play.given_back())
    raw = bytes(play.raw)
    tally.expect(f"{name}: the screen from before is shown again",
                 raw.rfind(b"\x1b[?1049l") > raw.rfind(b"\x1b[?1049h") >= 0)
    tally.expect(f"{name}: the mouse is given back",
                 raw.rfind(b"\x1b[?1002l") > raw.rfind(b"\x1b[?1002h"))
    play.close()


def colours():
    for term, env, wanted, name in (
            ("xterm-256color", {}, rb"\x1b\[[0-9;]*38[;:]5[;:]", "256 colours"),
            ("xterm-256color", {"COLORTERM": "truecolor"}, rb"\x1b\[[0-9;]*38[;:]2[;:]",
             "24 bit colours"),
            ("xterm", {}, rb"\x1b\[[0-9;]*3[0-7]m", "8 colours"),
            ("xterm-16color", {}, rb"\x1b\[[0-9;]*(9[0-7]|3[0-7])m", "16 colours")):
        needed = "xterm-direct" if env else term
        if os.system(f"infocmp {needed} >/dev/null 2>&1"):
            tally.skip(name, f"terminfo of this machine does not know {needed}")
            continue
        play = begin(term, env=env)
        play.wait_for(lambda: "Remediation" in shown(play))
        play.settle()
        tally.expect(f"{name} on {term}", re.search(wanted, bytes(play.raw)) is not None)
        play.keys("q")
        play.wait_end()
        play.close()
    for more, env, name in (((), {"NO_COLOR": "1"}, "NO_COLOR"), (("--color", "never"), {}, "--color never")):
        play = begin("xterm-256color", env=env, more=more)
        play.wait_for(lambda: "Remediation" in shown(play))
        play.settle()
        coloured = re.search(rb"\x1b\[([0-9;]*;)?[349][0-8]([;:][0-9;:]*)?m", bytes(play.raw))
        tally.expect(f"{name}: no colour is sent", coloured is None, str(coloured))
        play.keys("q")
        play.wait_end()
        play.close()


for each in ("xterm-256color", "xterm", "screen", "screen-256color", "tmux", "tmux-256color", "linux",
             "vt100"):
    if os.system(f"infocmp {each} >/dev/null 2>&1"):
        tally.skip(each, "terminfo of this machine does not know it")
    else:
        on(each)
refused("dumb", "dumb")
refused("no-such-terminal", "an unknown type")
refused("", "no type at all")
for pair in ((signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)):
    ended_by(*pair)
if "/asan/" not in program:  # a sanitizer would write its own report of the signal
    ended_by(signal.SIGSEGV, -signal.SIGSEGV)
    ended_by(signal.SIGABRT, -signal.SIGABRT)
colours()
tally.finish()
