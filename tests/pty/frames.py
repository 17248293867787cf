#!/usr/bin/env python3
"""usage: frames.py PROGRAM DB: bytes per frame: only what changed is sent, and nothing jumps."""
import re
import sys

from pty_play import Play, Tally

program, index = sys.argv[1:3]
tally = Tally()
# Most bytes for one key, by size; a full screen of 80x24 is about 5,000, of 200x60 about 17,000.
MOVE = {(80, 24): 1300, (120, 40): 2600, (200, 60): 4000}


def cost(play, keys):
    since = len(play.raw)
    play.keys(keys)
    play.settle(0.25)
    return len(play.raw) - since


for (width, height), most in MOVE.items():
    name = f"{width}x{height}"
    play = Play([program, "--db", index, "--utc", "--fresh"], "xterm-256color", width, height)
    play.wait_text("Remediation")
    play.settle(0.5)
    whole = len(play.raw)
    # The second and third row of the sample have the same class: only two rows change, and a count.
    cost(play, "j")
    moved = cost(play, "j")
    tally.expect(f"{name}: a row down among one class sends {moved} bytes, {most} at most",
                 0 < moved <= most)
    tally.expect(f"{name}: that is a small part of a screen ({whole})", moved * 3 < whole)
    idle = cost(play, "")
    tally.expect(f"{name}: nothing is sent while nothing changes", idle == 0, f"{idle} bytes")
    nothing = cost(play, "\x0f")  # a key without an action
    tally.expect(f"{name}: a key that does nothing sends nothing", nothing <= 40, f"{nothing} bytes")
    since = len(play.raw)
    cost(play, "jkjkjkjk")
    cleared = re.search(rb"\x1b\[(2J|H\x1b\[J)", bytes(play.raw[since:]))
    tally.expect(f"{name}: the screen is never cleared to be drawn again", cleared is None)
    play.keys("q")
    play.wait_end()
    play.close()
tally.finish()
