#!/usr/bin/env python3
"""usage: clipboard.py PROGRAM DB: what reaches the terminal's clipboard, and when."""
import base64
import os
import re
import sys
import tempfile

from pty_play import Play, Tally, shown
from raw_bytes import faults

program, index = sys.argv[1:3]
tally = Tally()
SENT = re.compile(rb"\x1b\]52;c;([A-Za-z0-9+/=]*)\x07")


def copies(term, setting):
    """Copies the user of the first failure; the raw bytes, and what stood on the screen last."""
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "config.yaml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(setting)
        play = Play([program, "--db", index, "--utc", "--fresh", "--config", config], term,
                    env={"XDG_STATE_HOME": folder})
        play.wait_for(lambda: "Remediation" in shown(play))
        play.settle()
        play.keys("y")
        play.settle()
        since = len(play.raw)
        play.keys("class\r")
        play.settle()
        text = shown(play, since)
        play.keys("\x1b")
        play.settle()
        play.keys("q")
        play.wait_end()
        raw = bytes(play.raw)
        play.close()
        return raw, text


raw, text = copies("xterm-256color", "theme: dark\n")
tally.expect("without the setting nothing is sent", b"\x1b]52" not in raw)
tally.expect("without the setting nothing but drawing is sent", not faults(raw), str(faults(raw)[:3]))
raw, text = copies("xterm-256color", "clipboard: off\n")
tally.expect("switched off nothing is sent", b"\x1b]52" not in raw)
raw, text = copies("xterm-256color", "clipboard: terminal\n")
sent = [base64.b64decode(each).decode() for each in SENT.findall(raw)]
tally.expect("switched on the value is sent, once", len(sent) == 1 and re.fullmatch(r"[a-z0-9-]+", sent[0] or ""),
             str(sent))
tally.expect("that is said", "clipboard:" in text, text[-200:])
rest = SENT.sub(b"", raw)
tally.expect("and else nothing but drawing", not faults(rest), str(faults(rest)[:3]))
raw, text = copies("vt100", "clipboard: terminal\n")
tally.expect("a terminal without a clipboard is sent nothing", b"\x1b]52" not in raw)
tally.expect("that is said, too", "has no clipboard" in text, text[-300:])
tally.finish()
