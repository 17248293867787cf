#!/usr/bin/env bash
# For each case of the catalogue `show ID --why` names the rule, the alternative, the conditions that
# matched and the entries that the sentences rest on.
. "$(dirname "$0")/../lib.sh"
tool=$SHARED/tools/catalog_cases.py cases=$SHARED/catalog/cases.ndjson
if ! command -v python3 >/dev/null; then
    skip "the catalogue's cases" "python3 is not installed"
elif [ ! -f "$tool" ] || [ ! -f "$cases" ]; then
    skip "the catalogue's cases" "no ../shared beside this tree"
else
    python3 - "$SCIMSCOPE" "$tool" "$cases" "$WORK" >"$out" 2>"$err" <<'PYTHON'
import importlib.util
import json
import os
import subprocess
import sys

program, tool, path, work = sys.argv[1:]
spec = importlib.util.spec_from_file_location("catalog_cases", tool)
cases = importlib.util.module_from_spec(spec)
spec.loader.exec_module(cases)
folder, db = os.path.join(work, "cases"), os.path.join(work, "cases.db")
os.mkdir(folder)
for line in open(path, encoding="utf-8"):
    case = json.loads(line)
    if case.get("entry", {}).get("source") == "text":
        continue
    cases.write_case(folder, case, [case["entry"]] if "entry" in case else case["entries"])


def run(*arguments):
    done = subprocess.run([program, "--db", db, *arguments], capture_output=True, text=True,
                          encoding="utf-8", check=False)
    return done.stdout


run("import", folder)
rows = [json.loads(line) for line in run("list", "--format", "ndjson").splitlines()]
known, seen = {row["id"] for row in rows}, 0
for row in rows:
    if row["class"] in (None, "success", "not-modified", "unclassified"):
        continue
    seen += 1
    shown = json.loads(run("show", str(row["id"]), "--why", "--format", "json"))
    why = shown["why"]
    faults = []
    if why["class"] != row["class"]:
        faults.append(f"names the rule {why['class']}")
    if not why.get("alternative") or not why.get("conditions"):
        faults.append("names no alternative or no condition")
    if not all(item.get("condition") for item in why.get("conditions") or []):
        faults.append("a condition without a name")
    for item in shown["evidence"]:
        if not item["id"] or not set(item["entries"]) <= known:
            faults.append(f"evidence that cannot be traced: {item['text']}")
    if faults:
        print(os.path.basename(row["source"]), row["class"], "; ".join(faults))
print("seen", seen)
PYTHON
    cat "$err"
    expect "there are failures among the cases" \
        test "$(sed -n 's/^seen //p' "$out")" -gt 80
    grep -v '^seen ' "$out"
    expect "each names its rule, alternative, conditions and entries" same "$(grep -vc '^seen ' "$out")" 0
fi
finish
