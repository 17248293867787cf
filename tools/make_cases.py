#!/usr/bin/env python3
"""make_cases.py SCIMSCOPE > docs/cases.md

Writes the table of every error that the two founding documents describe (the errors of event 12808
of IIJ ID Directory Sync, and those of the Microsoft Entra SCIM API): its class, a log line of the
bundled samples, and the remedy as the program prints it. Nothing is typed by hand: the classes are
those with `seed` in core/rules/, the rest is what the program answers.
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


def main():
    program = [sys.argv[1], "--utc", "--lang", "en"]

    def run(*words):
        done = subprocess.run([*program, "--db", db, *words], capture_output=True, text=True,
                              encoding="utf-8", check=True)
        return done.stdout

    with tempfile.TemporaryDirectory() as folder:
        db = folder + "/index.db"
        run("import", "--quiet", str(TOP / "samples"))
        print("# Every documented case\n")
        print("Written by `tools/make_cases.py` from the bundled samples; a test compares it with")
        print("what the program says. `scimscope rules show CLASS` prints the rest.")
        for vendor, document in DOCUMENTS:
            print(f"\n## {document}\n")
            print("| Class | What it means | A log line | What to do |\n|---|---|---|---|")
            for name in founding(vendor):
                rows = run("list", "class:" + name, "--limit", "1", "--format", "ndjson")
                if not rows:
                    sys.exit(f"{name}: no entry of the samples has this class")
                entry = json.loads(rows)
                shown = json.loads(run("show", str(entry["id"]), "--format", "json"))
                steps = " ".join(f"{i}. {s}" for i, s in enumerate(shown["remedy"], 1))
                print(f"| `{name}` | {cell(shown['title'])} | `{cell(log_line(entry))}` "
                      f"| {cell(steps)} |")


if __name__ == "__main__":
    main()
