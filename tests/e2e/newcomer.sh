#!/usr/bin/env bash
# The newcomer's path (docs/newcomer.md) in a real terminal: open, find the class with most users,
# narrow to one user and to yesterday, read the remedy, mark, export; in at most 12 keys.
. "$(dirname "$0")/../lib.sh"

if ! command -v tmux >/dev/null; then
    skip "the newcomer's path" "tmux is not installed"
    finish
    exit
fi
export SCIMSCOPE_NOW=2026-11-03T09:00:00Z
socket=scimscope-newcomer-$$
t() { tmux -L "$socket" -f /dev/null "$@"; }
trap 't kill-server 2>/dev/null; rm -rf "$WORK"' EXIT
pressed=0
press() {
    pressed=$((pressed + $#))
    t send-keys "$@"
}
# Waits until the screen shows the text, 20 seconds at most.
shows() {
    for _ in $(seq 200); do
        t capture-pane -p | grep -qF -- "$1" && return 0
        read -rt 0.1 <> <(:)
    done
    echo "    the screen never showed: $1"
    t capture-pane -p | sed 's/^/    |/'
    return 1
}

cd "$TOP" || exit 1
for size in "80 24" "120 40"; do
    pressed=0
    read -r columns rows <<<"$size"
    db=$WORK/$columns.db
    run import samples/*
    expect "$columns columns: the logs of a colleague are imported" exit_is 0
    rm -rf "$WORK/reports" && mkdir "$WORK/reports"
    t new-session -d -x "$columns" -y "$rows" -c "$WORK/reports" \
        "exec '$SCIMSCOPE' --utc --fresh --db '$db'"
    t resize-window -x "$columns" -y "$rows"
    expect "$columns columns: the first screen shows what fails" shows "Remediation"
    expect "$columns columns: and for how many" shows "failing"
    press 2
    expect "$columns columns: 2 puts the class with most users first" shows "504 - gateway timeout"
    press Enter
    expect "$columns columns: Enter narrows to it and its user" shows "user:chiar"
    press t
    expect "$columns columns: t asks for a time window" shows "yesterday"
    press y Enter
    expect "$columns columns: y and Enter take yesterday" shows "11-02 00:00"
    expect "$columns columns: the entries of that are there" shows "3 of "
    expect "$columns columns: the remedy stands beside them" shows "Why"
    press m
    expect "$columns columns: m marks" shows "★"
    press e
    expect "$columns columns: e tells what a report will hold" shows "Export"
    press Enter
    expect "$columns columns: Enter writes it" shows "Wrote 3 entries"
    expect "$columns columns: the report holds them with the mark" \
        grep -q '"chiara.rossi@example.com".*"marked"' "$WORK/reports/scimscope-export.csv"
    expect "$columns columns: this took $pressed keys, at most 12" test "$pressed" -le 12
    t kill-server 2>/dev/null
done
finish
