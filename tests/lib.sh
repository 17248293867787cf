# shellcheck shell=bash
# What the shell tests share. Source it first; it makes a folder of one's own, and no test sees the
# settings, the index or the zone of whoever runs it. At the end call `finish`.
#
#   run ARG...          runs the program; $code, and its output in the files $out and $err
#   expect NAME CMD...  one test: passes when the command succeeds
#   skip NAME REASON    a test that cannot run here, and why
#   exit_is N, out_is TEXT, out_has TEXT, err_has TEXT, err_empty, same A B: conditions for expect
set -u
TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SCIMSCOPE=${SCIMSCOPE:-$TOP/build/release/scimscope}
SHARED=$TOP/../shared
WORK=$(mktemp -d) || exit 1
trap 'rm -rf "$WORK"' EXIT
export HOME=$WORK XDG_DATA_HOME=$WORK/data XDG_CONFIG_HOME=$WORK/config XDG_STATE_HOME=$WORK/state LC_ALL=C.UTF-8 TZ=UTC
unset SCIMSCOPE_DB SCIMSCOPE_NOW NO_COLOR
db=$WORK/index.db out=$WORK/out err=$WORK/err code=0
passed=0 failed=0 skipped=0

run() {
    "$SCIMSCOPE" --db "$db" "$@" >"$out" 2>"$err" </dev/null
    code=$?
}

expect() {
    local name=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok - $name"
    else
        failed=$((failed + 1))
        echo "not ok - $name"
        echo "    failed: $*"
        echo "    exit $code; stdout: $(head -c 400 "$out" | head -5); stderr: $(head -c 400 "$err")"
    fi
}

skip() {
    skipped=$((skipped + 1))
    echo "skip - $1: $2"
}

exit_is() { [ "$code" -eq "$1" ]; }
out_is() { [ "$(cat "$out")" = "$1" ]; }
out_has() { grep -qF -- "$1" "$out"; }
out_lines() { [ "$(wc -l <"$out")" -eq "$1" ]; }
err_has() { grep -qF -- "$1" "$err"; }
err_lines() { [ "$(wc -l <"$err")" -eq "$1" ]; }
err_empty() { [ ! -s "$err" ]; }
same() { [ "$1" = "$2" ]; }
count_of() { "$SCIMSCOPE" --db "$db" count "$@"; }

finish() {
    echo "$(basename "$0"): $passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
