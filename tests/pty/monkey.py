#!/usr/bin/env python3
"""usage: monkey.py PROGRAM DB KEYS [SEED]: random keys and resizes; the program must neither crash
nor hang, answer at the end, and give the terminal back. The same seed presses the same keys."""
import os
import random
import sys
import tempfile
import time

from pty_play import Play, Tally
from raw_bytes import faults

program, index, count = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2]), int(sys.argv[3])
seed = int(sys.argv[4]) if len(sys.argv) > 4 else 20261122
tally = Tally()
rng = random.Random(seed)
NAMED = ["\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[5~", "\x1b[6~", "\x1b[H", "\x1b[F", "\x1b[3~",
         "\x1b[Z", "\r", "\t", "\x1b", "\x7f", " ", "\x1bOP", "\x1b[1;5C", "\x1b[200~", "\x1bx"]
# Not ^C, which ends a program that has just given the terminal back by a signal.
LETTERS = [chr(c) for c in range(0x21, 0x7f)] * 2 + [chr(c) for c in range(1, 27) if c != 3]
ODD = ["é", "日", "本", "́", "‮", "🦊", "\xff", "\x00"]


def mouse():
    button = rng.choice([0, 0, 0, 2, 32, 64, 65])
    return (f"\x1b[<{button};{rng.randint(1, 210)};{rng.randint(1, 70)}"
            f"{rng.choice('Mm')}")


def key():
    dice = rng.random()
    if dice < 0.30:
        return rng.choice(NAMED)
    if dice < 0.90:
        return rng.choice(LETTERS)
    return mouse() if dice < 0.97 else rng.choice(ODD)


def begin():
    # typed paths lead nowhere else than here
    play = Play([program, "--db", index, "--utc"], rng.choice(["xterm-256color", "screen", "linux"]),
                rng.randint(20, 200), rng.randint(5, 60),
                {"HOME": folder, "XDG_STATE_HOME": folder, "XDG_CONFIG_HOME": folder})
    play.wait_for(lambda: b"\x1b[" in play.raw, 30)
    play.settle(0.1, 5)
    return play


with tempfile.TemporaryDirectory() as folder:
    os.chdir(folder)
    began, pressed, resized, runs, sent = time.monotonic(), 0, 0, 1, []
    play = begin()
    ends, bad = [], []
    while pressed < count and not bad:
        burst = [key() for _ in range(rng.randint(1, 8))]
        pressed += len(burst)
        sent = (sent + burst)[-60:]
        for each in burst:
            play.keys(each.encode("utf-8", "surrogateescape") if each != "\xff" else b"\xff")
        if rng.random() < 0.25:
            play.resize(rng.randint(1, 220), rng.randint(1, 70))
            resized += 1
        play.read(0.002)
        if play.given_back():  # it was asked to quit
            play.wait_end(30)
        if play.ended():
            ends.append(play.code)
            if play.code != 0 or not play.given_back():
                bad.append(f"ended with {play.code} after {pressed} keys: {sent!r}")
                bad.append(bytes(play.raw[:600] + b" ... " + play.raw[-1500:]).decode("utf-8", "replace"))
            play.close()
            play = begin()
            runs += 1
        elif pressed % 500 < 8:
            play.settle(0.05, 3)
            del play.raw[:-200000]
    # Whatever is open now: Esc closes it step by step, then q leaves.
    play.resize(100, 30)
    for _ in range(12):
        play.keys("\x1b")
        play.settle(0.08, 5)
    since = len(play.raw)
    play.keys("1\x0c")  # ^L draws everything anew
    alive = play.wait_for(lambda: len(play.raw) > since + 500, 30)
    play.keys("q")
    code = play.wait_end(30)
    spent = time.monotonic() - began
    tally.expect(f"{pressed} random keys and {resized} resizes (seed {seed}, {runs} runs, "
                 f"{spent:.0f} s): no crash", not bad, "\n    ".join(bad))
    tally.expect("it still answers", alive,
                 f"after {sent!r}: {bytes(play.raw[since - 300:])!r} {play.ended()}")
    tally.expect("q leaves it with 0", code == 0, f"code {code} after {sent!r}")
    tally.expect("the line settings are given back", play.given_back())
    play.close()
tally.finish()
