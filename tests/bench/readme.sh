#!/usr/bin/env bash
# Puts the table of the last `make bench` between the marks of the README: date and machine, then a
# row for each ratio. `make bench-readme` calls it.
set -eu
cd "$(dirname "$0")/../.."
table=build/bench/table.txt
[ -s "$table" ] || { echo "readme.sh: run make bench first" >&2; exit 1; }
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
{
    echo "Measured on $(head -1 "$table"):"
    echo
    echo '| work | against | hold to | measured |'
    echo '|---|---|---|---|'
    tail -n +2 "$table" | awk '
        function cut(text) { gsub(/^ +| +$/, "", text); gsub(/\|/, "\\|", text); return text }
        / skipped: / { split($0, part, " skipped: "); printf "| %s | | | skipped: %s |\n", cut(part[1]), cut(part[2]); next }
        { met = /NOT MET$/ ? ", not met" : ""
          rest = cut(substr($0, 80)); split(rest, word, " +")
          printf "| %s | %s | %s %s | %s%s |\n", cut(substr($0, 1, 40)), cut(substr($0, 42, 38)),
              word[1], word[2], word[3], met }'
} >"$rows"
awk -v rows="$rows" '
    /^<!-- bench: begin/ { print; while ((getline line < rows) > 0) print line; skip = 1 }
    /^<!-- bench: end/ { skip = 0 }
    !skip' README.md >README.md.new
mv README.md.new README.md
