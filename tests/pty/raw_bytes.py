"""What may reach a terminal, byte by byte: text that is safe (docs: the display rule), and the
sequences that terminfo has for drawing. Anything else is named with its place."""
import re

# C0 that curses uses to move: backspace, tab, line feed, return; SI and SO choose line drawing.
CONTROLS = {0x08, 0x09, 0x0A, 0x0D, 0x0E, 0x0F}
# Moving, erasing, inserting, repeating, scrolling, modes. Never: reports (n, c), window (t), media.
FINALS = set("ABCDGHJKLMPSTXbdfhlmr@")
SGR = re.compile(r"^(?:\d{1,3}(?:[;:]\d{0,3}){0,30})?$")
MODES = {"1", "3", "4", "7", "12", "25", "34", "69", "1000", "1002", "1003", "1004", "1005", "1006",
         "1015", "1034", "1049", "2004"}
HIDDEN = re.compile("[\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
                    "\U000e0000-\U000e0fff\x7f-\x9f\ue000-\uf8ff]")
LINUX_PALETTE = re.compile(rb"\x1b\](?:P[0-9a-f]{7}|R)")


def faults(raw, palette=False):
    """A list of what must not be there; empty is good. `palette`: the type `linux` sets colours."""
    found = []
    raw = bytes(raw)
    if palette:
        raw = LINUX_PALETTE.sub(b"", raw)
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as bad:
        # the last write may have been cut in the middle of a character
        if len(raw) - bad.start > 4:
            found.append(f"byte {bad.start}: no UTF-8: {raw[bad.start:bad.start + 8]!r}")
        text = raw.decode("utf-8", "replace")
    for hit in HIDDEN.finditer(text):
        found.append(f"hidden character U+{ord(hit.group()):04X} at {hit.start()}")
    at = 0
    while at < len(text):
        char = text[at]
        if char == "\x1b":
            step, what = sequence(text, at)
            if what:
                found.append(f"{what} at {at}: {text[at:at + 24]!r}")
            at += step
            continue
        if ord(char) < 0x20 and ord(char) not in CONTROLS:
            found.append(f"control {ord(char):#04x} at {at}")
        at += 1
    return found


def sequence(text, at):
    """How long the sequence at `at` is, and what is wrong with it (None: nothing)."""
    nxt = text[at + 1:at + 2]
    if nxt == "[":
        hit = re.compile(r"\x1b\[([<=>?!]?)([0-9;:]*)([ -/]*)([@-~])").match(text, at)
        if not hit:
            return 2, None if len(text) - at < 32 else "unfinished CSI"
        mark, numbers, between, final = hit.groups()
        length = len(hit.group())
        if final == "p" and mark == "!":
            return length, None  # soft reset: part of some terminals' init string
        if final == "t" and numbers in ("22;0;0", "23;0;0"):
            return length, None  # keeps the title and puts it back: part of terminfo's smcup
        if between or mark not in ("", "?") or (final not in FINALS and not (final == "c" and mark)):
            return length, "sequence that no drawing needs"
        if final == "m" and (not SGR.match(numbers) or "8" in numbers.split(";")[:1]):
            return length, "hiding or strange SGR"
        if final in "hl" and mark and not set(numbers.split(";")) <= MODES:
            return length, "mode that nobody switched"
        return length, None
    if nxt and nxt in "()*+":
        return 3, None
    if nxt and nxt in "=>78MDEHc":
        return 2, None
    return 2, None if at + 1 >= len(text) else "escape"
