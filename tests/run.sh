#!/usr/bin/env bash
# Runs all tests of a tree that `make test` has built, and prints the totals in the last line.
#
# A leak does not fail a Criterion program, so the sanitizers write logs and any log is a failure.
set -u
cd "$(dirname "$0")/.." || exit 1
logs=$PWD/build/logs
rm -rf "$logs" && mkdir -p "$logs"
passed=0 failed=0 skipped=0
export ASAN_OPTIONS="log_path=$logs/asan:detect_leaks=1:exitcode=99"
export UBSAN_OPTIONS="log_path=$logs/ubsan:print_stacktrace=1"
export TSAN_OPTIONS="log_path=$logs/tsan:halt_on_error=0:exitcode=66"

# add FILE: the numbers of one run's output: Criterion's synthesis, or our own closing line
add() {
    local line p f s
    line=$(sed -E 's/\x1b\[[0-9;]*m//g' "$1" | grep -aE 'Synthesis:|[0-9]+ passed, [0-9]+ failed' | tail -1)
    if [[ $line =~ Passing:\ ([0-9]+).*Failing:\ ([0-9]+).*Crashing:\ ([0-9]+) ]]; then
        p=${BASH_REMATCH[1]} f=$((BASH_REMATCH[2] + BASH_REMATCH[3])) s=0
        [[ $line =~ Tested:\ ([0-9]+) ]] && s=$((BASH_REMATCH[1] - p - f))
    elif [[ $line =~ ([0-9]+)\ passed,\ ([0-9]+)\ failed(,\ ([0-9]+)\ skipped)? ]]; then
        p=${BASH_REMATCH[1]} f=${BASH_REMATCH[2]} s=${BASH_REMATCH[4]:-0}
    else
        return 1
    fi
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
    [ "$f" -eq 0 ]
}

# step NAME COMMAND...: runs it, counts it; a program without numbers counts as one test
step() {
    local name=$1 output
    shift
    output=$logs/$(tr '/ ' '__' <<<"$name").out
    if "$@" >"$output" 2>&1 </dev/null; then
        grep -qaE 'Synthesis:|[0-9]+ passed, [0-9]+ failed' "$output" || echo "1 passed, 0 failed" >>"$output"
        add "$output" && { echo "ok      $name"; grep -a '^skip - ' "$output" | sed 's/^/        /'; return; }
    elif ! grep -qaE 'Synthesis:|[0-9]+ passed, [0-9]+ failed' "$output"; then
        failed=$((failed + 1))
    else
        add "$output" && failed=$((failed + 1)) # it ended badly though no test of it failed
    fi
    echo "FAILED  $name"
    sed 's/^/    /' "$output" | tail -60
}

programs() { find "$1" -type f -perm -u+x -name "$2" 2>/dev/null | sort; }

step "lint" tools/lint.sh --deep
for test in $(programs build/asan/tests 'test_*'); do
    case $test in *.o) continue ;; esac
    step "${test#build/asan/}" "$test"
done
python3 tests/fuzz/seeds.py build/fuzz/seeds
for test in $(programs build/asan/tests/fuzz 'replay_*'); do
    name=${test##*/replay_}
    seeds=(samples tests/fixtures/events tests/fixtures/har)
    step "past findings $name" "$test" "tests/fuzz-regress/$name" "build/fuzz/seeds/$name" "${seeds[@]}"
done
for test in $(programs build/tsan/tests/threads '*'); do
    step "tsan ${test#build/tsan/tests/}" "$test"
done
for test in tests/e2e/*.sh; do
    SCIMSCOPE=$PWD/build/asan/scimscope step "$test" "$test"
done
SCIMSCOPE=$PWD/build/release/scimscope FAULTS_SECONDS=60 step "fault injection" tests/faults/run.sh 4
for test in tests/conformance/*.sh; do
    [ -e "$test" ] || continue
    SCIMSCOPE=$PWD/build/release/scimscope step "$test" "$test"
done

found=$(find "$logs" -type f \( -name 'asan*' -o -name 'ubsan*' -o -name 'tsan.*' \) ! -name '*.out' | sort)
for log in $found; do
    failed=$((failed + 1))
    echo "FAILED  a sanitizer reported:"
    head -40 "$log" | sed 's/^/    /'
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
