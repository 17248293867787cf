#!/usr/bin/env bash
# The explorer in a real terminal (tmux, on a socket of its own): start on the samples, filter, look,
# export, resize, suspend, leave; and the terminal is given back on every exit.
. "$(dirname "$0")/../lib.sh"

if ! command -v tmux >/dev/null; then
    skip "the explorer in a real terminal" "tmux is not installed"
    finish
    exit
fi

socket=scimscope-test-$$
t() { tmux -L "$socket" -f /dev/null "$@"; }
trap 't kill-server 2>/dev/null; rm -rf "$WORK"' EXIT
pane() { t capture-pane -p; }
keys() { t send-keys "$@"; }

# Waits until the screen shows the text (or, with `gone`, no longer does), 20 seconds at most.
shows() {
    for _ in $(seq 200); do
        pane | grep -qF -- "$1" && return 0
        read -rt 0.1 <> <(:)
    done
    echo "    the screen never showed: $1"
    pane | sed 's/^/    |/'
    return 1
}
gone() {
    for _ in $(seq 200); do
        pane | grep -qF -- "$1" || return 0
        read -rt 0.1 <> <(:)
    done
    echo "    the screen still shows: $1"
    return 1
}
file_there() {
    for _ in $(seq 100); do
        [ -s "$1" ] && return 0
        read -rt 0.1 <> <(:)
    done
    return 1
}
# The shell is back, its terminal echoes, and the exit code is as told.
given_back() {
    keys "" "echo left-\$?; stty -a | grep -c ' echo '" Enter
    shows "left-$1" && gone "Remediation"
}
program() { pgrep -P "$(t display-message -p '#{pane_pid}')" -x scimscope; }

t new-session -d -x 120 -y 40 "env PS1='READY ' bash --norc -i"
shows "READY"

# --- the first minute ----------------------------------------------------------------------------
keys "cd '$WORK' && '$SCIMSCOPE' --db '$db' --utc demo" Enter
expect "the demo imports the bundled samples" shows "Imported"
expect "the first screen shows the failures and what to do" shows "Remediation"
expect "it counts 16 documented classes" shows " 16 ─"
keys /
keys " class:iij-phone-format"
expect "the filter is answered while it is typed" shows "class:iij-phone-format"
expect "the remedy of the chosen class is beside it" shows "RFC 3966"
keys Enter
keys Enter
expect "Enter opens everything about the entry" shows "SCIM"
expect "the detail view names the class" shows "iij-phone-format"
keys q
expect "q goes back to the list" shows "Remediation"

# --- a wrong filter ------------------------------------------------------------------------------
keys / " clas:x"
expect "a wrong key is said in place with a suggestion" shows "did you mean class:"
keys Escape
expect "Esc brings the filter before back" gone "clas:x"

# --- export --------------------------------------------------------------------------------------
keys e
expect "export asks where to" shows "Export"
keys C-u "$WORK/out.ndjson" Enter
expect "the export says what it wrote" shows "Wrote"
expect "the export is there" file_there "$WORK/out.ndjson"
expect "the export holds the class" grep -q '"class":"iij-phone-format"' "$WORK/out.ndjson"

# --- marks and notes -----------------------------------------------------------------------------
keys m
expect "m marks the entry" shows "★"
keys n "ask the vendor" Enter
expect "a note is shown beside the remedy" shows "ask the vendor"
keys s
expect "s sets it done" shows "✓ done"
remarks_kept() {
    for _ in $(seq 100); do
        [ "$("$SCIMSCOPE" --db "$db" count mark:marked 'note:ask*' work:done)" = 1 ] && return 0
        read -rt 0.1 <> <(:)
    done
    return 1
}
expect "other programs find them by the filter" remarks_kept
run export --format csv mark:marked
expect "a report has them" out_has '"marked","ask the vendor","done"'

# --- zones ---------------------------------------------------------------------------------------
keys U
expect "U turns to another zone" shows "zone local now"
keys U
expect "and back" shows "zone UTC now"

# --- views ---------------------------------------------------------------------------------------
keys 2
expect "2 shows who fails with what" shows "What fails"
expect "the problem of the filter is there" shows "failing"
keys 3
expect "3 shows what several entries show together" shows "No pattern"
keys 4
expect "4 shows the sources and what they cover" shows "Coverage"
expect "each source has its row" shows "entra-scim-api.har"
keys Enter
expect "Enter shows the entries of the source" shows "source:"
keys b
expect "b goes back to the filter before" shows "class:iij-phone-format"

# --- sizes ---------------------------------------------------------------------------------------
t resize-window -x 80 -y 24
expect "80 columns: class pane gone, remediation below" gone "┌─ Class"
expect "80 columns: the list is there" shows "1 Entries"
keys c
expect "80 columns: classes as a pop-up" shows "┌─ Class"
keys Escape
t resize-window -x 40 -y 10
expect "too small: says the size it needs" shows "needed are"
t resize-window -x 200 -y 50
expect "200 columns: everything beside each other" shows "┬─ Remediation"

# --- leaving -------------------------------------------------------------------------------------
keys C-z
expect "^Z suspends to the shell" shows "Stopped"
keys fg Enter
expect "fg comes back" shows "Remediation"
keys q
expect "q leaves with 0 and gives the terminal back" given_back 0
for name in TERM HUP; do
    number=$(kill -l "$name")
    keys "clear; '$SCIMSCOPE' --db '$db' --utc" Enter
    expect "it opens the index again" shows "Remediation"
    kill -"$name" "$(program)"
    expect "SIG$name ends it with $((128 + number)), the terminal given back" \
        given_back $((128 + number))
done
# AddressSanitizer must leave the crash to the program: its own report would end it with another code.
keys "clear; ASAN_OPTIONS=handle_segv=0 '$SCIMSCOPE' --db '$db' --utc" Enter
expect "it opens once more" shows "Remediation"
kill -SEGV "$(program)"
expect "even a crash gives the terminal back" given_back 139
keys "clear; LC_ALL=C '$SCIMSCOPE' --db '$db' --utc" Enter
expect "a locale without UTF-8 gets lines in ASCII" shows "+- Class ---"
keys / " us" Tab
expect "Tab completes a key, and its values come with counts" shows "Enter take"
keys Escape Escape
expect "Esc closes the list" gone "Enter take"
keys q
expect "and it is left as ever" given_back 0
keys "clear; '$SCIMSCOPE' --db '$db' --utc --fresh" Enter
expect "--fresh opens on the failures" shows "Remediation"
keys / " user:nobody" Enter
expect "a filter without entries says so" gone "Remediation"
keys q
expect "it is left at this filter" given_back 0
keys "clear; '$SCIMSCOPE' --db '$db' --utc" Enter
expect "it opens where it was left" shows "is:failure user:nobody"
keys q
expect "and is left again" given_back 0
keys "clear; '$SCIMSCOPE' --db '$db' --utc --fresh" Enter
expect "but not with --fresh" shows "Remediation"
keys q
expect "and it is left" given_back 0
keys "clear; TERM=dumb '$SCIMSCOPE' --db '$db'" Enter
expect "a terminal that cannot place a cursor is refused with a sentence" shows "cannot place a cursor"

# --- never lost ----------------------------------------------------------------------------------
keys "clear; '$SCIMSCOPE' --db '$WORK/none.db' --utc" Enter
expect "an empty index says how to import" shows "There is nothing in this index yet."
keys q
expect "and is left with 0" given_back 0
echo "no log at all" >"$WORK/some.bin"
keys "clear; '$SCIMSCOPE' --db '$WORK/none.db' --utc '$WORK/some.bin'" Enter
expect "a file that is not taken is named with its reason, not only until the next key" shows "Not imported: "
keys j
expect "the next key leaves it there" shows "Not imported: "
keys q
expect "and the exit code is the import's" given_back 4
cp "$db" "$WORK/newer.db" && cp "$db.key" "$WORK/newer.db.key"
sqlite3 "$WORK/newer.db" 'PRAGMA user_version = 999' >/dev/null
keys "clear; '$SCIMSCOPE' --db '$WORK/newer.db' --utc" Enter
expect "a newer index has a screen" shows "Use the newer scimscope here"
keys Enter
expect "that stays when it is tried again in vain" shows "Use the newer scimscope here"
keys q
expect "and is left with 5, the sentence on stderr" given_back 5
expect "the sentence stays to be read" shows "was written by a newer scimscope"
keys "clear; '$SCIMSCOPE' --db '$WORK/some.bin' --utc" Enter
expect "a file that is no index has a screen" shows "This file is something else"
keys Escape
expect "Esc leaves it" gone "This file is something else"
expect "with 5" given_back 5
# Another program holds the index: its lock is taken and given back through a FIFO.
mkfifo "$WORK/hold"
python3 - "$db" "$WORK/hold" <<'HOLD' &
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None)
held.execute("PRAGMA locking_mode = EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
held.execute("CREATE TABLE IF NOT EXISTS held (x)")
open(sys.argv[2], "w").close()
open(sys.argv[2]).read()
held.execute("ROLLBACK")
HOLD
holder=$!
read -r <"$WORK/hold"
keys "clear; '$SCIMSCOPE' --db '$db' --utc --fresh" Enter
expect "an index that is held has a screen at once" shows "Waiting for the index"
: >"$WORK/hold"
wait "$holder"
expect "and opens when it is let go" shows "Remediation"
keys q
expect "it is left as ever" given_back 0

finish
