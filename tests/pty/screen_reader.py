#!/usr/bin/env python3
"""usage: screen_reader.py PROGRAM DB: the explorer line by line, on a terminal that can do nothing."""
import re
import sys

from pty_play import Play, Tally

program, index = sys.argv[1:3]
tally = Tally()


def begin(*more):
    return Play([program, "--db", index, "--utc", "--fresh", "--screen-reader", *more], term="dumb")


def said(play, keys):
    """What is said after keys, line by line."""
    since = len(play.raw)
    play.keys(keys)
    play.wait_for(lambda: len(play.raw) > since, 10)
    play.settle()
    return bytes(play.raw[since:]).decode().replace("\r", "").splitlines()


play = begin()
play.wait_text("1/")
play.settle()
first = bytes(play.raw).decode()
failures = (re.findall(r"1/(\d+)", first) or ["none"])[0]
entries = (re.findall(r" of (\d+)", first) or ["none"])[0]
tally.expect("it begins with the filter, the view and the row", "is:failure" in first
             and "Entries" in first and f"1/{failures}" in first, first)
lines = said(play, "j")
tally.expect("a move says the row it comes to, once", len(lines) == 1 and lines[0].endswith(f"2/{failures}"),
             str(lines))
lines = said(play, "\x1b[B")
tally.expect("an arrow key is a key", len(lines) == 1 and lines[0].endswith(f"3/{failures}"), str(lines))
lines = said(play, "\t")
tally.expect("the remedy is read from its title to its end", lines[0] == "Remediation"
             and "Why" in lines and "Do" in lines and "Evidence" in lines, str(lines))
lines = said(play, "\x1b")
tally.expect("coming back says where one is", "Entries" in lines[0] and lines[-1].endswith(f"3/{failures}"),
             str(lines))
lines = said(play, "/")
tally.expect("typing is asked for", "Type a filter." in lines, str(lines))
lines = said(play, " user:taro*")
tally.expect("the live count is said", any("user:taro*" in line and f" of {entries}" in line
                                            for line in lines), str(lines))
lines = said(play, "\x1b")
lines = said(play, "/ clas:x")
tally.expect("what is wrong with a filter is said", any("clas" in line and "class" in line
                                                        for line in lines), str(lines))
said(play, "\x1b")
lines = said(play, "2")
tally.expect("another view is said", any("Problems" in line for line in lines), str(lines))
lines = said(play, "?")
tally.expect("the help is read", "Keys" in lines[0] and any("page-up" in line for line in lines),
             str(lines[:3]))
said(play, "\x1b")
lines = said(play, ":zzz")
tally.expect("an empty palette says so", any("no action has this name" in line for line in lines),
             str(lines))
lines = said(play, "\x1b")
said(play, "1")
lines = said(play, "B")
tally.expect("an error is said as one", any(line.startswith("Error: ") for line in lines), str(lines))
play.resize(40, 10)
play.keys("q")
tally.expect("it ends with 0", play.wait_end() == 0, f"code {play.code}")
tally.expect("the line settings are given back", play.given_back())
tally.expect("no sequence and no line drawing reached the terminal",
             b"\x1b" not in play.raw and not set("─│┌┐└┘├┤▶●○✗✓") & set(bytes(play.raw).decode()))
play.close()

play = begin("--lang", "ja")
play.wait_text("1/")
play.settle()
tally.expect("it speaks Japanese", "記録" in bytes(play.raw).decode())
lines = said(play, "\t")
tally.expect("the remedy, too", lines and lines[0] == "対処" and "理由" in lines, str(lines[:4]))
play.keys("\x1bq")
play.wait_end()
play.close()
tally.finish()
