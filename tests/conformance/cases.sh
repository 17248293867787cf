#!/usr/bin/env bash
# docs/cases.md, the table of every documented error, says what the program says.
. "$(dirname "$0")/../lib.sh"
if command -v python3 >/dev/null; then
    python3 "$TOP/tools/make_cases.py" "$SCIMSCOPE" >"$out" 2>"$err"
    code=$?
    expect "the table of documented cases can be made" exit_is 0
    expect "it has all sixteen" test "$(grep -c '^| `' "$out")" -eq 16
    expect "docs/cases.md is up to date" cmp -s "$out" "$TOP/docs/cases.md"
    sed -n '/^<!-- cases/,/^<!-- end of cases/p' "$TOP/README.md" | grep '^| `' >"$WORK/readme"
    expect "the README has the same table" cmp -s "$WORK/readme" <(grep '^| `' "$out")
else
    skip "the table of documented cases" "python3 is not installed"
fi
finish
