"""A program on a pseudo-terminal: keys in, raw bytes out. Shared by the tests beside it."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time


class Play:
    """Runs `argv` on a terminal of its own; `raw` holds every byte that it wrote."""

    def __init__(self, argv, term="xterm-256color", width=80, height=24, env=None):
        self.raw = bytearray()
        self.code = None
        # The console's mouse daemon has no business on a pseudo-terminal; its library leaks.
        environment = {"NCURSES_GPM_TERMS": "", "TERM": term, "LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.environ["PATH"]}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TMPDIR"):
            if name in os.environ:
                environment[name] = os.environ[name]
        environment.update(env or {})
        self.master, slave = pty.openpty()
        self.slave = slave  # kept open: the line settings can be looked at afterwards
        self.resize(width, height)
        self.before = termios.tcgetattr(slave)
        self.pid = os.fork()
        if self.pid == 0:
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
            for fd in (0, 1, 2):
                os.dup2(slave, fd)
            os.closerange(3, 64)
            os.execve(argv[0], argv, environment)
        os.set_blocking(self.master, False)

    def resize(self, width, height):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))

    def read(self, seconds):
        """Takes what has been written, waiting `seconds` for a first byte; how many came."""
        before = len(self.raw)
        ready, _, _ = select.select([self.master], [], [], seconds)
        while ready:
            try:
                got = os.read(self.master, 65536)
            except (BlockingIOError, OSError):
                break
            if not got:
                break
            self.raw += got
            ready, _, _ = select.select([self.master], [], [], 0)
        return len(self.raw) - before

    def wait_for(self, done, seconds=20):
        """Until done() is true; false when it never was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if done():
                return True
            self.read(0.05)
            if self.ended():
                self.read(0)
                return done()
        return False

    def wait_text(self, text, since=0, seconds=20):
        wanted = text.encode()
        return self.wait_for(lambda: wanted in self.raw[since:], seconds)

    def settle(self, quiet=0.3, seconds=10):
        """Until nothing has been written for `quiet` seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.read(quiet):
            pass

    def keys(self, keys):
        data = keys if isinstance(keys, bytes) else keys.encode()
        while data:
            try:
                data = data[os.write(self.master, data):]
            except BlockingIOError:
                self.read(0.01)
            except OSError:
                return

    def ended(self):
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code is not None

    def wait_end(self, seconds=20):
        self.wait_for(self.ended, seconds)
        return self.code

    def given_back(self):
        """The line settings are those from before."""
        return termios.tcgetattr(self.slave)[:4] == self.before[:4]

    def close(self):
        if not self.ended():
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.master)
        os.close(self.slave)


def shown(play, since=0):
    """What was written as text alone."""
    text = bytes(play.raw[since:]).decode("utf-8", "replace")
    return re.sub(r"\x1b(\[[0-9;:?]*[@-~]|[()][0AB]|\][PR][0-9a-f]*|.)|[\x0e\x0f]", "", text)


class Tally:
    """Counts what holds, as tests/lib.sh does."""

    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def expect(self, name, holds, told=""):
        if holds:
            self.passed += 1
            print(f"ok - {name}")
        else:
            self.failed += 1
            print(f"not ok - {name}")
            if told:
                print(f"    {told}")
        return holds

    def skip(self, name, reason):
        self.skipped += 1
        print(f"skip - {name}: {reason}")

    def finish(self):
        name = os.path.basename(sys.argv[0])
        print(f"{name}: {self.passed} passed, {self.failed} failed, {self.skipped} skipped")
        sys.exit(1 if self.failed else 0)
