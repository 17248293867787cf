#!/usr/bin/env bash
# Runs each fuzz target (or those named) for FUZZ_SECONDS. Seeds: the project's own fixtures and, where they are,
# the data beside the project. What a target finds is left in build/fuzz/NAME and belongs, made
# small, into tests/fuzz-regress/NAME.
set -u
cd "$(dirname "$0")/../.." || exit 1
FUZZ_SECONDS=${FUZZ_SECONDS:-60}
passed=0 failed=0 skipped=0
probe=$(mktemp -d) || exit 1
trap 'rm -rf "$probe"' EXIT
echo 'int LLVMFuzzerTestOneInput(const char *d, unsigned long n); int LLVMFuzzerTestOneInput(const char *d, unsigned long n) { (void)d; (void)n; return 0; }' >"$probe/p.c"
if ! clang -fsanitize=fuzzer,address "$probe/p.c" -o "$probe/p" 2>/dev/null; then
    echo "skip - fuzz targets: clang and its runtime (libclang-rt-14-dev) are not there"
    echo "fuzz: 0 passed, 0 failed, 1 skipped"
    exit 0
fi
make -s --no-print-directory MODE=fuzz CC="${FUZZ_CC:-clang}" fuzzers || exit 1

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

for program in build/fuzz-clang/tests/fuzz/fuzz_*; do
    case $program in *.o | *.d) continue ;; esac
    name=${program##*/fuzz_}
    [ $# -eq 0 ] || [[ " $* " == *" $name "* ]] || continue
    found=build/fuzz/$name
    mkdir -p "$found/corpus" "$found/findings"
    if [ -d "tests/fuzz-regress/$name" ]; then cp "tests/fuzz-regress/$name"/* "$found/corpus/" 2>/dev/null; fi
    for seed in $(seeds "$name"); do
        [ -e "$seed" ] && find "$seed" -type f -size -128k -exec cp -n {} "$found/corpus/" \;
    done
    dictionary=()
    [ -f "tests/fuzz/$name.dict" ] && dictionary=(-dict="tests/fuzz/$name.dict")
    if "$program" -max_len=65536 -timeout=10 -rss_limit_mb=1024 -malloc_limit_mb=512 -use_value_profile=1 \
        -max_total_time="$FUZZ_SECONDS" -print_final_stats=1 -artifact_prefix="$found/findings/" \
        "${dictionary[@]}" "$found/corpus" >"$found/log" 2>&1; then
        passed=$((passed + 1))
        echo "ok - $name: $(grep -a number_of_executed_units "$found/log" | tr -dc '0-9 ' | xargs) runs"
    else
        failed=$((failed + 1))
        echo "not ok - $name: $(grep -aE 'ERROR|SUMMARY|not so|runtime error' "$found/log" | head -3)"
        find "$found/findings" -type f
    fi
done
echo "fuzz: $passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
