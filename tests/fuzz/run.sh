#!/usr/bin/env bash
# Runs each fuzz target (or those named) for FUZZ_SECONDS, FUZZ_JOBS of them at once. Seeds: what
# seeds.py makes, the project's own fixtures and, where they are, the data beside the project. What a
# target finds is left in build/fuzz/NAME and belongs, made small, into tests/fuzz-regress/NAME.
# FUZZ_BUILT=1 takes the programs as they were built before.
set -u
cd "$(dirname "$0")/../.." || exit 1
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
FUZZ_JOBS=${FUZZ_JOBS:-1}
passed=0 failed=0 skipped=0
probe=$(mktemp -d) || exit 1
trap 'rm -rf "$probe"' EXIT
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { (void)d; (void)n; return 0; }' >"$probe/p.c"
if ! clang -fsanitize=fuzzer,address "$probe/p.c" -o "$probe/p" 2>/dev/null; then
    echo "skip - fuzz targets: clang and its runtime (libclang-rt-14-dev) are not there"
    echo "fuzz: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
[ -n "${FUZZ_BUILT:-}" ] || make -s --no-print-directory MODE=fuzz CC="${FUZZ_CC:-clang}" fuzzers || exit 1

python3 tests/fuzz/seeds.py build/fuzz/seeds || exit 1

# seeds NAME: files and folders that the target begins with
seeds() {
    local shared=../shared/data hostile=../shared/data/hostile
    case $1 in
    evtx_file | binxml) echo tests/fixtures/events samples "$shared/events-damaged" "$hostile/evtx-corrupt" ;;
    xml_events) echo tests/fixtures/events "$hostile/xml-hostile" "$hostile/xml-w3c" ;;
    har | json_body | scim | event_json | charles) echo samples "$hostile/json-testsuite" "$hostile/har-malformed" "$shared/captures-real" ;;
    csv | event_csv) echo "$hostile"/csv-* "$shared/events" ;;
    tnetstring | mitm) echo "$hostile/mitm-flows" ;;
    unpack | saz) echo "$hostile"/zip-* "$hostile"/gz-zst-broken "$hostile/bombs" "$shared/captures" ;;
    safe_text) echo "$hostile/ansi-payloads" "$hostile/utf8-stress" "$hostile/trojan-source" "$hostile/blns" ;;
    yaml_rules) echo core/rules "$hostile/yaml-suite" "$hostile/yaml-hostile" ;;
    *) ;;
    esac
}

# run NAME PROGRAM: one target; what there is to say goes to build/fuzz/NAME/verdict
run() {
    local name=$1 program=$2 found=build/fuzz/$1 seed dictionary=() code=0 most=65536
    mkdir -p "$found/corpus" "$found/findings"
    for seed in "tests/fuzz-regress/$name" "build/fuzz/seeds/$name" $(seeds "$name"); do
        [ -e "$seed" ] && find "$seed" -type f -size -128k -exec cp -n {} "$found/corpus/" \;
    done
    [ -f "tests/fuzz/$name.dict" ] && dictionary=(-dict="tests/fuzz/$name.dict")
    case $name in evtx_file) most=131072 ;; redact) most=16384 ;; esac
    "$program" -max_len=$most -timeout=20 -rss_limit_mb=1024 -malloc_limit_mb=512 -use_value_profile=1 \
        -max_total_time="$FUZZ_SECONDS" -print_final_stats=1 -artifact_prefix="$found/findings/" \
        "${dictionary[@]}" "$found/corpus" >"$found/log" 2>&1 || code=$?
    if [ "$code" -eq 0 ]; then
        echo "ok - $name: $(grep -a number_of_executed_units "$found/log" | tr -dc '0-9 ' | xargs) runs"
    else
        echo "not ok - $name: $(grep -aE 'ERROR|SUMMARY|not so|runtime error' "$found/log" | head -3)"
        find "$found/findings" -type f
    fi >"$found/verdict"
    cat "$found/verdict"
}

names=()
for program in build/fuzz-clang/tests/fuzz/fuzz_*; do
    case $program in *.o | *.d) continue ;; esac
    name=${program##*/fuzz_}
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    names+=("$name")
    rm -f "build/fuzz/$name/verdict"
    while [ "$(jobs -rp | wc -l)" -ge "$FUZZ_JOBS" ]; do wait -n; done
    run "$name" "$program" &
done
wait
for name in "${names[@]}"; do
    if grep -q '^ok - ' "build/fuzz/$name/verdict"; then passed=$((passed + 1)); else failed=$((failed + 1)); fi
done
echo "fuzz: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
