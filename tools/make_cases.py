#!/usr/bin/env python3
"""make_cases.py SCIMSCOPE [--readme]

Writes the table of every error that the two founding documents describe (the errors of event 12808
of IIJ ID Directory Sync, and those of the Microsoft Entra SCIM API): its class, a log line of the
bundled samples, and the remedy as the program prints it. Nothing is typed by hand: the classes are
those with `seed` in core/rules/, the rest is what the program answers. With --readme the same table
is put into README.md, between its two marks.
Python 3.8+, standard library only.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

TOP = pathlib.Path(__file__).resolve().parent.parent
DOCUMENTS = (("iij", "IIJ ID Directory Sync, event 12808"),
             ("entra-api", "Microsoft Entra SCIM API"))

MARKS = ("<!-- cases: written by tools/make_cases.py -->\n", "<!-- end of cases -->")


def founding(vendor):
    """The ids of the documented classes, in the order of the document."""
    current, found = None, []
    for line in (TOP / "core/rules" / (vendor + ".yaml")).read_text(encoding="utf-8").splitlines():
        name = re.match(r"  - id: (\S+)$", line)
        seed = re.match(r"    seed: (\S+)$", line)
        if name:
            current = name.group(1)
        elif seed:
            found.append(current)
    return found


def cell(text):
    return re.sub(r"\s+", " ", text).replace("|", "\\|").replace("<", "&lt;").strip()


def log_line(entry):
    time = entry["time"][:19].replace("T", " ")
    if entry["kind"] == "event":
        return f"{time} event {entry['event_id']} {entry['level']}: {entry['status']} {entry['detail']}"
    return f"{time} {entry['method']} {entry['path']} {entry['status']} {entry['detail'] or ''}"


def table(program, db):
    """The lines of the table, document by document."""
    def run(*words):
        done = subprocess.run([*program, "--db", db, *words], capture_output=True, text=True,
                              encoding="utf-8", check=True)
        return done.stdout

    run("import", "--quiet", str(TOP / "samples"))
    for vendor, document in DOCUMENTS:
        yield f"\n## {document}\n"
        yield "| Class | What it means | A log line | What to do |\n|---|---|---|---|"
        for name in founding(vendor):
            rows = run("list", "class:" + name, "--limit", "1", "--format", "ndjson")
            if not rows:
                sys.exit(f"{name}: no entry of the samples has this class")
            entry = json.loads(rows)
            shown = json.loads(run("show", str(entry["id"]), "--format", "json"))
            steps = " ".join(f"{i}. {s}" for i, s in enumerate(shown["remedy"], 1))
            yield (f"| `{name}` | {cell(shown['title'])} | `{cell(log_line(entry))}` "
                   f"| {cell(steps)} |")


def main():
    program = [sys.argv[1], "--utc", "--lang", "en"]
    with tempfile.TemporaryDirectory() as folder:
        lines = list(table(program, folder + "/index.db"))
    if sys.argv[2:] == ["--readme"]:
        text = "\n".join(lines).replace("\n## ", "\n### ")
        path = TOP / "README.md"
        begin, rest = path.read_text(encoding="utf-8").split(MARKS[0])
        end = rest.split(MARKS[1])[1]
        path.write_text(begin + MARKS[0] + text + "\n" + MARKS[1] + end, encoding="utf-8")
        return
    print("# Every documented case\n")
    print("Written by `tools/make_cases.py` from the bundled samples; a test compares it with")
    print("what the program says. `scimscope rules show CLASS` prints the rest.")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
