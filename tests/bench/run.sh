#!/usr/bin/env bash
# Prints the machine, then what the benchmarks say: seconds and rates, then the ratios and the lines
# they are held to. `make bench` calls it; with BENCH_CHECK=1 (`make bench-check`) it fails when a
# line that must hold is broken. ENTRIES and RUNS may be set, and INDEX_ENTRIES: the sizes of the
# indexes that are asked. BENCH_LARGE=1 adds four and ten million entries (6 GB). Indexes are made
# once, which is said and takes minutes, and kept until their maker is built anew.
set -u
cd "$(dirname "$0")/../.." || exit 1
programs=build/release/tests/bench
folder=build/bench
sample=samples/directory-sync.evtx
mkdir -p "$folder"
rm -f "$folder/lnav.txt"
ratios=$(mktemp)
trap 'rm -f "$ratios"' EXIT
machine="$(date -u +%F), $(nproc) processors,
    $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1),
    load $(cut -d' ' -f1 /proc/loadavg)"
echo "${machine//$'\n   '/}"
broken=0
"$programs/bench" build/release/scimscope "$folder" "$sample" "${ENTRIES:-50000}" "${RUNS:-3}" \
    >>"$ratios" || broken=1
"$programs/parts" "$folder" "$sample" "${ENTRIES:-50000}" "${RUNS:-3}" >>"$ratios" || broken=1
sizes="${INDEX_ENTRIES:-10000 100000 1000000} ${BENCH_LARGE:+4000000 10000000}"
for entries in $sizes; do
    index=$folder/made-$entries.db
    few=$(mktemp)
    if [ ! -e "$index" ] || [ "$programs/fill" -nt "$index" ]; then
        echo "making an index of $entries entries, once (20 to 50 s of the processor a million)" >&2
        "$programs/fill" "$index" "$entries" >"$index.made" || exit 1
    fi
    awk '{ printf "\nan index of %d entries made in %.1f s (%.1f s of the processor, %.0f MiB): %.0f MB\n",
        $1, $2, $3, $4, $5 / 1e6 }' "$index.made"
    export BENCH_GROWTH=$index.growth
    "$programs/query" "$index" "$folder" "${QUESTIONS:-25}" >>"$few" || [ "$entries" -lt 1000000 ] ||
        broken=1
    size="$(awk '{ printf $1 < 1e6 ? "%g k" : "%g M", $1 / ($1 < 1e6 ? 1e3 : 1e6) }' "$index.made")"
    if command -v python3 >/dev/null; then
        # shellcheck disable=SC2046 # two words or none
        python3 tests/bench/screen.py build/release/scimscope "$index" "$size" "${ROUNDS:-5}" \
            $(cut -d' ' -f1 "$folder/lnav.txt" 2>/dev/null) >>"$few" || broken=1
    else
        echo "key to screen, $size: skipped: python3 is not installed" >>"$few"
    fi
    if [ "$entries" -ge 1000000 ]; then # small ones only show how cost grows
        cat "$few" >>"$ratios"
    fi
    rm -f "$few"
done
printf '\n%10s %10s %10s %10s %10s %10s %10s %10s\n' entries 'import us' 'bytes' 'filter ms' \
    'values ms' 'text ms' 'open ms' 'MiB'
for entries in $sizes; do
    index=$folder/made-$entries.db
    paste -d' ' "$index.made" "$index.growth" | awk '{ printf "%10d %10.1f %10.0f %10s %10s %10s %10s %10s\n",
        $1, $3 * 1e6 / $1, $5 / $1, $6, $7, $8, $9, $10 }'
done
if [ -n "${BENCH_TABLE:-}" ]; then
    { echo "${machine//$'\n   '/}" && cat "$ratios"; } >"$BENCH_TABLE"
fi
printf '\n%-40s %-38s %12s %10s\n' work against 'hold to' measured
cat "$ratios"
exit $broken
