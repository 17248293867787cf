#!/usr/bin/env python3
"""Takes pictures of the real program: docs/screens/*.svg for the README.

usage: tools/screens.py [PROGRAM]     (default build/release/scimscope; needs tmux)

The program runs in tmux on a socket of its own; what stands in the pane, colours included, becomes
text on a monospace grid.
"""
import html
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata

TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
SOCKET = f"scimscope-screens-{os.getpid()}"
CELL_WIDTH, CELL_HEIGHT, FONT, MARGIN = 8.4, 18, 14, 12
PAPER, INK = "#1b1d1e", "#d4d4d4"
BASIC = ["#000000", "#c23621", "#25bc24", "#adad27", "#492ee1", "#d338d3", "#33bbc8", "#cbcccd",
         "#818383", "#fc391f", "#31e722", "#eaec23", "#5833ff", "#f935f8", "#14f0f0", "#e9ebeb"]

# name, columns, rows, keys to press; each step waits for the text beside it. Then the views, each in
# these themes, with what the terminal's paper and ink are taken for.
THEMES = {"dark": (PAPER, INK), "light": ("#fdfdfb", "#2b2b2b")}
VIEWS = [
    ("entries", 120, 36, []),
    ("problems", 120, 36, [(["2"], "What fails"), (["j"] * 11, "12/29")]),
    ("patterns", 120, 36, [(["3"], "Many users fail")]),
    ("sources", 120, 36, [(["4"], "Does not show")]),
]
SCREENS = [
    ("entries", 120, 36, []),
    ("classes", 80, 24, [(["c"], "┌─ Class"), (["Down", "Down"], "Phone number")]),
    ("filter", 120, 36, [(["/"], ""), ([" class:iij-*taken since:7d@end"], "since:7d@end"),
                         (["Enter"], "since:7d@end")]),
    ("detail", 120, 40, [(["/"], ""), ([" status:403"], "1 of"), (["Enter"], "1 of"),
                         (["Enter"], "Response")]),
]
# The newcomer's path, a picture of the screen after each step (docs/newcomer.md); what "yesterday"
# is, is pinned.
NOW = "2026-11-03T09:00:00Z"
NEWCOMER = [(["2"], "What fails"), (["Enter"], "user:chiara"), (["t"], "yesterday"), (["y"], "yesterday"),
            (["Enter"], "time:2026-11-02"), (["m"], "★"), (["e"], "columns"), (["Enter"], "Wrote")]


def tmux(*words):
    return subprocess.run(["tmux", "-L", SOCKET, "-f", "/dev/null", *words], check=True,
                          capture_output=True, text=True).stdout


def wait_for(text):
    for _ in range(300):
        screen = tmux("capture-pane", "-p")
        if text in screen and "…\n" not in screen.split("\n")[1] + "\n":
            return
        time.sleep(0.05)
    sys.exit(f"screens.py: the screen never showed {text!r}:\n{tmux('capture-pane', '-p')}")


def colour_256(number):
    if number < 16:
        return BASIC[number]
    if number >= 232:
        level = 8 + 10 * (number - 232)
        return f"#{level:02x}{level:02x}{level:02x}"
    steps = [0, 95, 135, 175, 215, 255]
    number -= 16
    return "#%02x%02x%02x" % (steps[number // 36], steps[number // 6 % 6], steps[number % 6])


class Look:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fg = self.bg = None
        self.bold = self.dim = self.underline = self.reverse = False

    def apply(self, codes):
        codes = [int(c or 0) for c in re.split("[;:]", codes)]
        while codes:
            c = codes.pop(0)
            if c == 0:
                self.reset()
            elif c in (1, 2, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 4: "underline", 7: "reverse"}[c], True)
            elif c == 22:
                self.bold = self.dim = False
            elif c == 24:
                self.underline = False
            elif c == 27:
                self.reverse = False
            elif 30 <= c <= 37 or 90 <= c <= 97:
                self.fg = BASIC[c - 30 if c < 90 else c - 82]
            elif 40 <= c <= 47 or 100 <= c <= 107:
                self.bg = BASIC[c - 40 if c < 100 else c - 92]
            elif c == 39:
                self.fg = None
            elif c == 49:
                self.bg = None
            elif c in (38, 48):
                if codes and codes.pop(0) == 5:
                    colour = colour_256(codes.pop(0))
                else:
                    colour = "#%02x%02x%02x" % tuple(codes[:3])
                    del codes[:3]
                if c == 38:
                    self.fg = colour
                else:
                    self.bg = colour

    def key(self, paper, ink):
        fg, bg = self.fg or ink, self.bg
        if self.reverse:
            fg, bg = bg or paper, fg
        return fg, bg, self.bold, self.dim, self.underline


def cells_of(text):
    return sum(0 if unicodedata.combining(c) else 2 if unicodedata.east_asian_width(c) in "WF" else 1
               for c in text)


def runs_of(line, paper, ink):
    """Pieces of one look: (column, cells, text, look)."""
    look, column = Look(), 0
    for piece in re.split(r"(\x1b\[[0-9;:]*m)", line):
        if piece.startswith("\x1b["):
            look.apply(piece[2:-1])
        elif piece:
            piece = re.sub(r"\x1b.|[\x00-\x1f]", "", piece)
            # Wide characters stand alone, so that the grid holds in any font.
            for part in re.findall(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff"
                                   r"\ufe30-\ufe6f\uff00-\uff60]|[^\u1100-\u115f\u2e80-\ua4cf"
                                   r"\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]+", piece):
                yield column, cells_of(part), part, look.key(paper, ink)
                column += cells_of(part)


def svg(screen, columns, rows, title, paper, ink):
    width, height = columns * CELL_WIDTH + 2 * MARGIN, rows * CELL_HEIGHT + 2 * MARGIN
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height}" '
           f'width="{width:.0f}" height="{height}" role="img" aria-label="{html.escape(title)}">',
           f'<rect width="100%" height="100%" rx="8" fill="{paper}"/>',
           f'<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', '
           f'monospace" font-size="{FONT}">']
    for row, line in enumerate(screen.split("\n")[:rows]):
        top = MARGIN + row * CELL_HEIGHT
        for column, cells, text, (fg, bg, bold, dim, underline) in runs_of(line, paper, ink):
            x = MARGIN + column * CELL_WIDTH
            if bg:
                out.append(f'<rect x="{x:.1f}" y="{top}" width="{cells * CELL_WIDTH:.1f}" '
                           f'height="{CELL_HEIGHT}" fill="{bg}"/>')
            style = (' font-weight="bold"' if bold else "") + (' opacity="0.6"' if dim else "") + \
                    (' text-decoration="underline"' if underline else "")
            # Words with single blanks between them: no renderer may collapse the rest.
            for words in re.finditer(r"\S+(?: \S+)*", text):
                left = x + cells_of(text[:words.start()]) * CELL_WIDTH
                out.append(f'<text x="{left:.1f}" y="{top + 13.5}" fill="{fg}"{style} '
                           f'textLength="{cells_of(words[0]) * CELL_WIDTH:.1f}" '
                           f'lengthAdjust="spacingAndGlyphs">{html.escape(words[0])}</text>')
    out.append("</g></svg>\n")
    return "\n".join(out)


def take(program, folder, theme, name, columns, rows, steps):
    settings = os.path.join(folder, ".config", "scimscope", "config.yaml")
    os.makedirs(os.path.dirname(settings), exist_ok=True)
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"theme: {theme}\n")
    tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), "-e", "TERM=tmux-256color",
         "-e", f"HOME={folder}", "-e", "LC_ALL=C.UTF-8", "-e", "COLORTERM=",
         "-e", f"SCIMSCOPE_NOW={NOW}", "-c", folder,
         f"exec '{program}' --utc --fresh --db '{folder}/index.db'")
    try:
        tmux("set", "-g", "status", "off")
        tmux("resize-window", "-x", str(columns), "-y", str(rows))
        wait_for("failures")
        wait_for("Remediation")
        for keys, text in steps:
            tmux("send-keys", *keys)
            wait_for(text)
        time.sleep(0.3)
        screen = tmux("capture-pane", "-p", "-e")
    finally:
        tmux("kill-server")
        time.sleep(0.5)  # it answers before it is gone
    path = os.path.join(TOP, "docs", "screens", f"{name}.svg")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(svg(screen, columns, rows, f"scimscope: {name}", *THEMES[theme]))
    print(os.path.relpath(path, TOP))


def main():
    program = os.path.abspath(sys.argv[1] if len(sys.argv) > 1
                              else os.path.join(TOP, "build/release/scimscope"))
    samples = os.path.join(TOP, "samples")
    with tempfile.TemporaryDirectory() as folder:
        files = sorted(os.path.join("samples", f) for f in os.listdir(samples)
                       if not f.endswith(".md"))
        subprocess.run([program, "--quiet", "--utc", "--db", f"{folder}/index.db", "import", *files],
                       cwd=TOP, check=True, stdout=subprocess.DEVNULL)
        for screen in SCREENS:
            take(program, folder, "dark", *screen)
        for theme in THEMES:
            for name, *rest in VIEWS:
                take(program, folder, theme, f"view-{name}-{theme}", *rest)
        for step in range(len(NEWCOMER) + 1):
            if step == 4:
                continue  # a letter typed: no picture of its own
            fresh = os.path.join(folder, f"newcomer-{step}")
            os.mkdir(fresh)
            for name in ("index.db", "index.db.key"):
                shutil.copy(os.path.join(folder, name), fresh)
            take(program, fresh, "dark", f"newcomer-{step}", 120, 36, NEWCOMER[:step])


main()
