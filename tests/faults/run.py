"""Drives tests/faults/fail.c; see run.sh. Inputs are made here or are the project's own fixtures."""
import os, shutil, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import small_inputs

PROGRAM = os.path.abspath(os.environ.get("SCIMSCOPE", "build/release/scimscope"))
POINTS = int(os.environ["POINTS"])
TIMEOUT = 60
WORK = tempfile.mkdtemp(prefix="scimscope-faults-")
SHIM = os.path.join(WORK, "fail.so")
LATE = 1500
ENOSPC, EIO = 28, 5
FATAL = 6  # memory, disk or write error
passed = failed = skipped = 0


def inputs():
    for name, file, data in small_inputs.all_inputs():
        path = os.path.join(WORK, file)
        with open(path, "wb") as f:
            f.write(data)
        yield name, path
    # what `export` writes of such an import
    db = os.path.join(WORK, "exported.db")
    scimscope(db, "import", os.path.join(WORK, "a.har"))
    path = os.path.join(WORK, "a.ndjson")
    scimscope(db, "export", "--format", "ndjson", "-o", path)
    yield "scimscope", path


def scimscope(db, *words, **env):
    everything = dict(PATH=os.environ["PATH"], HOME=WORK, XDG_CONFIG_HOME=WORK, LC_ALL="C.UTF-8", TZ="UTC", **env)
    try:
        done = subprocess.run([PROGRAM, "--db", db, *words], env=everything, capture_output=True, timeout=TIMEOUT)
    except subprocess.TimeoutExpired:
        return None, b"", b"hangs"
    return done.returncode, done.stdout, done.stderr


def points(total):
    first = range(1, min(total, POINTS) + 1)
    rest = total - POINTS
    spread = (POINTS + max(1, rest * (i + 1) // POINTS) for i in range(POINTS if rest > 0 else 0))
    # Reading the rule packs takes most allocations; the file at hand is read in the last ones.
    late = range(max(1, total - LATE), total + 1, max(1, LATE // POINTS))
    return sorted({*first, *spread, *(late if total > LATE else ())})


def one(name, path, entries, env):
    """One import with one fault; complaints."""
    folder = tempfile.mkdtemp(dir=WORK)
    db = os.path.join(folder, "i.db")
    try:
        code, _, err = scimscope(db, "import", path, LD_PRELOAD=SHIM, **env)
        if code is None or code < 0 or code not in (0, 3, 4, 5, FATAL):
            return f"exit {code}: {err[-200:]!r}"
        if code in (3, 4, 5) and "FAIL_MEMORY" in env:
            return f"want of memory ends with {code}: {err[-200:]!r}"
        if os.path.exists(db):
            sound, said, err = scimscope(db, "verify")
            if sound != 0:
                return f"verify ends with {sound}: {said[:200]!r} {err[-200:]!r}"
        if code == 0 and scimscope(db, "count")[1].strip() != entries:
            return "exit 0, yet entries are missing"
        code, _, err = scimscope(db, "import", path)
        if code != 0 or scimscope(db, "count")[1].strip() != entries:
            return f"the same command again ends with {code}: {err[-200:]!r}"
        left = sorted(set(os.listdir(folder)) - {"i.db", "i.db.key", "i.db.lock"})
        return f"left behind: {left}" if left else None
    finally:
        shutil.rmtree(folder)


def sweep(name, path):
    global passed, failed
    folder = tempfile.mkdtemp(dir=WORK)
    log, db = os.path.join(folder, "log"), os.path.join(folder, "i.db")
    code, _, err = scimscope(db, "import", path, LD_PRELOAD=SHIM, FAIL_COUNT=log)
    entries = scimscope(db, "count")[1].strip()
    if code != 0 or entries in (b"", b"0"):
        failed += 1
        print(f"not ok - {name}: the undisturbed import ends with {code}, {entries!r} entries: {err[-200:]!r}")
        return
    memory, writes = map(int, open(log).read().split())
    jobs = [(f"allocation {n} of {memory}", {"FAIL_MEMORY": str(n)}) for n in points(memory)]
    for error, word in ((ENOSPC, "disk full"), (EIO, "EIO")):
        jobs += [(f"write {n} of {writes}: {word}{', and all behind it' if on else ''}",
                  {"FAIL_WRITE": str(n), "FAIL_ERRNO": str(error), "FAIL_ON": "1" if on else "0"})
                 for n in points(writes) for on in ((False, True) if error == ENOSPC else (False,))]
    bad = 0
    for what, env in jobs:
        complaint = one(name, path, entries, env)
        if complaint:
            bad += 1
            print(f"not ok - {name}: {what}: {complaint}", flush=True)
    passed, failed = passed + len(jobs) - bad, failed + bad
    print(f"{name}: {memory} allocations, {writes} writes; {len(jobs)} faults, {bad} failed", flush=True)


def main():
    global skipped
    until = time.monotonic() + float(os.environ.get("FAULTS_SECONDS", "1e9"))
    built = subprocess.run([os.environ.get("CC", "gcc").split()[-1], "-shared", "-fPIC", "-O1", "-D_GNU_SOURCE", "-o", SHIM,
                            "tests/faults/fail.c", "-ldl"], capture_output=True)
    if built.returncode:
        print(f"skip - fault injection: {built.stderr[:300]!r}")
        skipped += 1
    else:
        wanted = sys.argv[1:]
        for name, path in inputs():
            if wanted and name not in wanted:
                continue
            if time.monotonic() > until:
                skipped += 1
                print(f"skip - {name}: the time is up")
                continue
            sweep(name, path)
    shutil.rmtree(WORK)
    print(f"faults: {passed} passed, {failed} failed, {skipped} skipped")
    sys.exit(failed > 0)


main()
