#!/usr/bin/env python3
"""usage: hostile.py PROGRAM DB [STEPS]: walks through an index of hostile texts in every view and
looks at each byte that reaches the terminal."""
import sys

from pty_play import Play, Tally
from raw_bytes import faults

program, index = sys.argv[1:3]
steps = int(sys.argv[3]) if len(sys.argv) > 3 else 40
tally = Tally()


def walk(name, more=(), width=120, height=40, term="xterm-256color"):
    play = Play([program, "--db", index, "--utc", "--fresh", *more], term, width, height)
    whole = "--screen-reader" not in more
    play.settle(1.0)
    play.keys("x")  # every entry, not only failures
    play.settle()
    for view in "1234":
        play.keys(view)
        play.settle()
        for step in range(steps if view == "1" else steps // 4):
            play.keys("\x06" if step % 3 else "j")  # page down, row down
            play.settle(0.05)
            play.keys("\r" if view == "1" else "\t")
            play.settle(0.05)
            play.keys("\x06\x06")
            play.settle(0.05)
            play.keys("\x1b" if view == "1" else "\t")
            play.settle(0.1)
    for keys in ("1", "c", "jjj", "\x1b", "u", "jjjj ", "\x1b", "/", "\t", "\x1b", "x", "?", "\x1b"):
        play.keys(keys)
        play.settle(0.15)
    play.keys("q")
    code = play.wait_end()
    if code is None:
        play.keys("\x1b\x1bq")
        code = play.wait_end()
    tally.expect(f"{name}: it was walked through and left with 0", code == 0, f"code {code}")
    tally.expect(f"{name}: much was drawn", len(play.raw) > 20 * steps, f"{len(play.raw)} bytes")
    bad = faults(play.raw)
    tally.expect(f"{name}: no forbidden byte in {len(play.raw):,}", not bad, "; ".join(bad[:4]))
    if not whole:
        tally.expect(f"{name}: no sequence at all", b"\x1b" not in play.raw)
    play.close()


walk("wide")
walk("narrow", width=80, height=24)
walk("line by line", more=("--screen-reader",), term="dumb")
tally.finish()
