"""How long it takes from a key to the screen: the explorer on a pseudo-terminal, driven by keys,
each waited for until what it asks stands on the screen.

usage: screen.py SCIMSCOPE INDEX SIZE ROUNDS [LNAV_SECONDS]
Prints p50 and p99 of each action to stderr, the ratio rows to stdout. Times are taken where bytes
arrive, so that reading the screen costs nothing of them."""
import fcntl, os, pty, re, select, signal, struct, sys, termios, time

WIDTH, HEIGHT, PATIENCE = 160, 50, 30.0
AGAIN, PRESSES = 1.0, 5 # a key that was not heeded after so many seconds is pressed again, so often
COUNTS = re.compile(r"([\d,]+) of ([\d,]+) +\d+ ms")
PLACE = re.compile(r"([\d,]+)/([\d,]+) [↑↓]")
CLASS = re.compile(r"│ .*?[\d,]+ +│")
ROW = re.compile(r"\d\d-\d\d \d\d:\d\d:\d\d")


class Stuck(Exception):
    """What was asked for did not come onto the screen."""


class Screen:
    """What an xterm shows, as far as curses uses one."""
    CSI = re.compile(r"\x1b\[([?>=]?)([\d;]*)([@-~])")
    OTHER = re.compile(r"\x1b(?:\][^\x07]*\x07|[()][A-Z0-9]|[78=>MDEHc])")

    def __init__(self):
        self.cells = [[" "] * WIDTH for _ in range(HEIGHT)]
        self.x = self.y = 0
        self.top, self.bottom = 0, HEIGHT - 1
        self.rest = ""
        self.last = " "

    def scroll(self, count):
        region = self.cells[self.top:self.bottom + 1]
        blank = [[" "] * WIDTH for _ in range(min(abs(count), len(region)))]
        region = region[count:] + blank if count > 0 else blank + region[:count]
        self.cells[self.top:self.bottom + 1] = region[:self.bottom + 1 - self.top]

    def put(self, c):
        if self.x >= WIDTH:
            self.x, self.y = 0, min(self.y + 1, HEIGHT - 1)
        self.cells[self.y][self.x] = self.last = c
        self.x += 1

    def control(self, marks, numbers, letter):
        n = [int(p or 0) for p in numbers.split(";")] if numbers else [0]
        one = max(n[0], 1)
        row = self.cells[self.y]
        if marks and letter in "hl":
            if n[0] == 1049:
                self.cells = [[" "] * WIDTH for _ in range(HEIGHT)]
        elif letter == "H" or letter == "f":
            self.y = min(one, HEIGHT) - 1
            self.x = min(max(n[1], 1) if len(n) > 1 else 1, WIDTH) - 1
        elif letter == "A":
            self.y = max(self.y - one, 0)
        elif letter == "B":
            self.y = min(self.y + one, HEIGHT - 1)
        elif letter == "C":
            self.x = min(self.x + one, WIDTH - 1)
        elif letter == "D":
            self.x = max(self.x - one, 0)
        elif letter == "G":
            self.x = min(one, WIDTH) - 1
        elif letter == "d":
            self.y = min(one, HEIGHT) - 1
        elif letter == "K":
            first, end = (self.x, WIDTH) if n[0] == 0 else (0, self.x + 1) if n[0] == 1 else (0, WIDTH)
            row[first:end] = [" "] * (end - first)
        elif letter == "J":
            self.control("", str(n[0]), "K")
            lines = range(self.y + 1, HEIGHT) if n[0] == 0 else range(0, self.y) if n[0] == 1 else range(HEIGHT)
            for y in lines:
                self.cells[y] = [" "] * WIDTH
        elif letter == "X":
            row[self.x:self.x + one] = [" "] * len(row[self.x:self.x + one])
        elif letter == "P":
            row[self.x:] = (row[self.x + one:] + [" "] * one)[:WIDTH - self.x]
        elif letter == "@":
            row[self.x:] = ([" "] * one + row[self.x:])[:WIDTH - self.x]
        elif letter == "r":
            self.top, self.bottom = one - 1, (n[1] if len(n) > 1 and n[1] else HEIGHT) - 1
            self.x = self.y = 0
        elif letter in "ST":
            self.scroll(one if letter == "S" else -one)
        elif letter in "LM":
            top, self.top = self.top, self.y
            self.scroll(-one if letter == "L" else one)
            self.top = top
        elif letter == "b":
            for _ in range(one):
                self.put(self.last)

    def feed(self, text):
        text, self.rest = self.rest + text, ""
        at = 0
        while at < len(text):
            c = text[at]
            if c == "\x1b":
                found = self.CSI.match(text, at) or self.OTHER.match(text, at)
                if not found:
                    if len(text) - at < 40:
                        self.rest = text[at:]
                        return
                    at += 1
                    continue
                if found.re is self.CSI:
                    self.control(*found.groups())
                elif found.group() == "\x1bM":
                    if self.y == self.top:
                        self.scroll(-1)
                    else:
                        self.y = max(self.y - 1, 0)
                at = found.end()
                continue
            if c == "\r":
                self.x = 0
            elif c == "\n":
                if self.y == self.bottom:
                    self.scroll(1)
                else:
                    self.y = min(self.y + 1, HEIGHT - 1)
            elif c == "\b":
                self.x = max(self.x - 1, 0)
            elif c >= " ":
                self.put(c)
            at += 1

    def line(self, y):
        return "".join(self.cells[y])

    def text(self):
        return "\n".join("".join(row) for row in self.cells)


class Explorer:
    def __init__(self, program, index):
        self.screen, self.partial, self.came = Screen(), b"", 0.0
        self.began = time.monotonic()
        self.child, self.fd = pty.fork()
        if self.child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", HEIGHT, WIDTH, 0, 0))
            os.environ.update(TERM="xterm-256color", LC_ALL="C.UTF-8", XDG_STATE_HOME="/nonexistent")
            os.execv(program, [program, "--db", index, "--fresh", "--utc"])
        os.set_blocking(self.fd, False)

    def wait(self, began, reached, what, patience=PATIENCE):
        """Seconds until `reached(screen)`, by the time when the bytes came that made it so; None when
        that takes longer than a patience of less than PATIENCE."""
        if reached(self.screen):
            return 0.0
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if not select.select([self.fd], [], [], 0.2)[0]:
                continue
            try:
                data = os.read(self.fd, 65536)
            except BlockingIOError:
                continue
            came = self.came = time.monotonic()
            data = self.partial + data
            text = data.decode("utf-8", "ignore")
            cut = len(data) - len(data.rstrip(bytes(range(0x80, 0x100)))) if data[-1] >= 0x80 else 0
            self.partial = b""
            if cut and data[-cut:].decode("utf-8", "ignore").encode() != data[-cut:]:
                whole = data[-cut:].decode("utf-8", "ignore").encode()
                self.partial = data[-cut:][len(whole):]
            self.screen.feed(text)
            if reached(self.screen):
                return came - began
        if patience < PATIENCE:
            return None
        raise Stuck(f"{what}: not on the screen after {PATIENCE:.0f} s\n{self.screen.text()}")

    def send(self, keys, reached, what):
        began = time.monotonic()
        os.write(self.fd, keys.encode())
        return self.wait(began, reached, what)

    def memory(self):
        for line in open(f"/proc/{self.child}/status"):
            if line.startswith("VmHWM"):
                return int(line.split()[1]) / 1024
        return 0.0

    def close(self):
        os.write(self.fd, b"q")
        end = time.monotonic() + 10
        while time.monotonic() < end and os.waitpid(self.child, os.WNOHANG) == (0, 0):
            try:
                os.read(self.fd, 65536)
            except BlockingIOError:
                time.sleep(0.001)
            except OSError:
                break
        else:
            return
        try:
            os.kill(self.child, signal.SIGTERM)
            os.waitpid(self.child, 0)
        except (ProcessLookupError, ChildProcessError):
            pass
        os.close(self.fd)


def answered(s):
    return COUNTS.search(s.line(1)) is not None


def rows_there(s):
    return answered(s) and len(ROW.findall(s.text())) >= min(30, count_of(s))


def count_of(s):
    found = COUNTS.search(s.line(1))
    return int(found.group(1).replace(",", "")) if found else -1


def place_of(s):
    found = PLACE.search(s.text())
    return int(found.group(1).replace(",", "")) if found else -1


def filter_of(s):
    return s.line(1)[3:100].strip()


def at_rest(s):
    """Rows, remedy and facets stand there, nothing is being waited for."""
    return rows_there(s) and "…" not in s.line(1)[110:]


def classes_there(s):
    """The pane of the classes has values to choose from."""
    return at_rest(s) and "─ Class ─" in s.line(4) and CLASS.match(s.line(5)) is not None


def moved_from(place):
    return lambda s: place_of(s) not in (-1, place) and rows_there(s)


def other_filter(text):
    return lambda s: filter_of(s) != text and rows_there(s)


def tab(words):
    return lambda s: all(re.search(w, s.text()) for w in words)


class Script:
    def __init__(self, explorer, times):
        self.x, self.times = explorer, times

    def act(self, name, keys, reached):
        spent = self.x.send(keys, reached, name)
        self.times.setdefault(name, []).append(spent)

    def move(self, name, keys):
        self.act(name, keys, moved_from(place_of(self.x.screen)))

    def change(self, name, key):
        """A key that changes the filter. Where it needs something that is not there yet (a value, the
        window that the timeline shows) it is not heeded, which the unchanged filter tells, and
        pressed again; the time counts from the press that was heeded."""
        text = filter_of(self.x.screen)
        for _ in range(PRESSES):
            began = time.monotonic()
            os.write(self.x.fd, key.encode())
            if self.x.wait(began, lambda s: filter_of(s) != text, name, AGAIN) is not None:
                spent = self.x.wait(began, other_filter(text), name)
                self.times.setdefault(name, []).append(spent or self.x.came - began)
                return
        raise Stuck(f"{name}: the key is not heeded\n{self.x.screen.text()}")

    def zoom(self, name, key):
        timeline = self.x.screen.line(2)
        self.change(name, key)
        spent = self.x.wait(time.monotonic(), lambda s: s.line(2) != timeline, "the timeline", AGAIN)
        if spent is not None:
            self.times.setdefault("... its timeline, more", []).append(spent)

    def type(self, name, text):
        self.act("filter bar opens", "/", lambda s: "Tab completes" in s.line(HEIGHT - 1))
        self.x.send("\x15", lambda s: filter_of(s) in ("", "everything"), "empty bar")
        for at, key in enumerate(text):
            so_far = text[:at + 1]
            self.act(name, key, lambda s, t=so_far: filter_of(s).startswith(t) and (answered(s) or "↑" in s.line(2)))
        self.act(name + ", Enter", "\r", lambda s: filter_of(s) == text and rows_there(s))

    def round(self):
        for _ in range(10):
            self.move("row down", "j")
        for _ in range(5):
            self.move("page down", "\x06")
        self.move("last row", "G")
        self.move("page up", "\x02")
        self.move("first row", "g")
        self.act("oldest first", "o", lambda s: " ↑" in s.text() and rows_there(s))
        self.act("newest first", "o", lambda s: re.search(r"\d ↓", s.text()) is not None and rows_there(s))
        self.type("filter typed", "status:409")
        self.type("text typed", "invalid")
        self.type("back", "is:failure")
        self.x.wait(0, classes_there, "the classes")
        self.act("to the classes", "c", rows_there)
        self.change("class chosen", " ")
        self.change("class taken back", " ")
        self.act("to the rows", "\t\t", rows_there)
        for _ in range(3):
            self.zoom("time narrowed", "[")
        for _ in range(2):
            self.zoom("time widened", "]")
        self.change("all filters off", "x")
        self.change("filters on", "x")
        self.type("back", "is:failure")
        self.x.wait(0, at_rest, "rest")
        self.act("detail opens", "\r", tab([r"── Entry ─"]))
        self.act("detail closes", "\x7f", lambda s: "── Entry ─" not in s.text() and rows_there(s))
        self.act("view: problems", "2", tab([r"State +Attempts", r"(failing|resolved|unknown) +[\d,]+ \d\d-\d\d"]))
        self.act("view: sources", "4", tab([r"Source +Format", r"sync01\.evtx +evtx"]))
        self.act("view: entries", "1", rows_there)


def part(times, p):
    times = sorted(times)
    return times[min(int(len(times) * p), len(times) - 1)] * 1e3


def row(work, against, hold, measured):
    print(f"{work:<40} {against:<38} {'<= %g' % hold:>12} {measured:>10.3g}  {'met' if measured <= hold else 'NOT MET'}")


def drive(program, index, rounds):
    """The times of all actions, the most memory and how many rounds got stuck: what was measured
    before counts, and the next round begins with a new explorer."""
    times, memory, stuck, x = {}, 0.0, 0, None
    for _ in range(rounds):
        try:
            if not x:
                x = Explorer(program, index)
                x.wait(x.began, rows_there, "the first screen")
            Script(x, times).round()
            memory = max(memory, x.memory())
        except (Stuck, OSError) as what:
            print(f"screen: {what}", file=sys.stderr)
            stuck += 1
            x.close()
            x = None
    if x:
        x.close()
    return times, memory, stuck


def main():
    program, index, size, rounds = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
    lnav = float(sys.argv[5]) if len(sys.argv) > 5 else 0.0
    starts = []
    for _ in range(max(rounds, 3)):
        x = Explorer(program, index)
        starts.append(x.wait(x.began, rows_there, "the first screen"))
        x.close()
    all_times, memory, stuck = drive(program, index, rounds)
    if not all_times:
        sys.exit("screen: nothing was measured")
    print(f"\n{'key to screen, ' + size + ' entries, ms':<34} {'times':>6} {'p50':>8} {'p99':>8}", file=sys.stderr)
    print(f"{'first screen':<34} {len(starts):>6} {part(starts, .5):>8.1f} {part(starts, .99):>8.1f}", file=sys.stderr)
    for name, times in all_times.items():
        if not name.startswith("back"):
            print(f"{name:<34} {len(times):>6} {part(times, .5):>8.1f} {part(times, .99):>8.1f}", file=sys.stderr)
    if stuck:
        print(f"{stuck} of {rounds} rounds were not driven to their end", file=sys.stderr)
    print(f"most memory of the explorer: {memory:.0f} MiB", file=sys.stderr)
    if "BENCH_GROWTH" in os.environ:
        with open(os.environ["BENCH_GROWTH"], "a") as out:
            out.write(f" {part(starts, .5):.1f} {memory:.0f}")
    if lnav:
        row(f"open {size}, first screen", "lnav indexing 1 M", .02, part(starts, .5) / 1e3 / lnav)
    row(f"open {size}, first screen", "milliseconds", 50, part(starts, .5))
    row(f"any key to the screen, {size}, p50", "milliseconds", 16,
        max(part(t, .5) for n, t in all_times.items()))


main()
