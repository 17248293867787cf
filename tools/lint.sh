#!/usr/bin/env bash
# Proves from the sources what the architecture promises; ends with 1 and one line per fault.
#
#   doors      who may include whom, and which one folder or file a library belongs to
#   banned     calls that must not be used
#   shape      100 columns, no tabs, file and function lengths (warned 400/60, refused 800/120),
#              an opening comment in each file, include guards
#   words      no machine's paths, no marks of unfinished work
#   analysis   shellcheck always; cppcheck and clang-tidy with --deep
set -u
cd "$(dirname "$0")/.." || exit 1
export LC_ALL=C.UTF-8
faults=0 warnings=0
fault() { echo "lint: $*"; faults=$((faults + 1)); }
warning() { warnings=$((warnings + 1)); [ -z "${VERBOSE:-}" ] || echo "lint: warning: $*"; }

mapfile -t code < <(git ls-files -co --exclude-standard '*.c' '*.h')
mapfile -t product < <(printf '%s\n' "${code[@]}" | grep -v '^tests/')

# --- doors ----------------------------------------------------------------------------------------
# wing PATTERN FORBIDDEN: files whose path matches must not include a path that matches
wing() {
    local hits
    hits=$(printf '%s\n' "${product[@]}" | grep -E "$1" | xargs -r grep -nE "^ *# *include +\"($2)") &&
        while read -r line; do fault "door: $line"; done <<<"$hits"
}
wing '^core/' '(import|tui)/'
wing '^import/' 'tui/'
wing '^tui/.*/' 'import/'
wing '^core/base/' 'core/[^b]|core/b[^a]'

# library HEADER-PATTERN OWNER-PATTERN: only files whose path matches may include these headers
library() {
    local hits
    hits=$(printf '%s\n' "${product[@]}" | grep -vE "$2" | xargs -r grep -nE "^ *# *include +<($1)") &&
        while read -r line; do fault "door: $line"; done <<<"$hits"
}
library 'sqlite3\.h' '^core/index/'
library '(n?curses(w/.*)?|ncursesw?/.*|term|panel)\.h' '^tui/screen/terminal\.c$'
library 'yaml\.h' '^core/base/yaml\.c$'
library 'expat\.h' '^import/'
library 'openssl/' '^(core/(base|redact)|import)/'
library 'zstd\.h' '^(core/index|import)/'
library 'pcre2\.h' '^core/explain/'
library 'utf8proc\.h' '^core/base/'
library 'criterion/' '^tests/'

# --- banned calls ---------------------------------------------------------------------------------
banned='strcpy|strcat|stpcpy|strncat|sprintf|vsprintf|gets|strtok|strtok_r|system|popen|alloca|mmap'
banned+='|tmpnam|mktemp|atoi|atol|atof|scanf|sscanf|fscanf'
for file in "${product[@]}"; do
    # comments and texts may name them
    hits=$(sed -E 's/"([^"\\]|\\.)*"/""/g; s,/\*.*\*/,,; s,^ *(/\*|\*).*,,' "$file" |
        grep -nE "(^|[^A-Za-z0-9_.>])($banned) *\(") &&
        while read -r line; do fault "banned call: $file:$line"; done <<<"$hits"
done

# --- shape ----------------------------------------------------------------------------------------
hits=$(grep -nP '^.{101,}' "${code[@]}" Makefile) &&
    while IFS= read -r line; do fault "over 100 columns: ${line:0:120}"; done <<<"$hits"
hits=$(grep -nP '\t| +$' "${code[@]}") &&
    while IFS= read -r line; do fault "tab or blank at the end: ${line:0:100}"; done <<<"$hits"
for file in "${code[@]}"; do
    lines=$(wc -l <"$file")
    if [ "$lines" -gt 800 ]; then fault "$file: $lines lines (800 at most)"; fi
    if [ "$lines" -gt 400 ]; then warning "$file: $lines lines"; fi
    head -c 2 "$file" | grep -q '^/\*' || fault "$file: must open with what it knows"
    case $file in *.h)
        guard=$(tr 'a-z/.' 'A-Z__' <<<"$file")
        grep -q "^#ifndef $guard\$" "$file" || fault "$file: include guard $guard expected"
        ;;
    esac
done
lengths=$(awk 'FNR == 1 { open = 0 } /^{/ { open = FNR }
    /^}/ && open { n = FNR - open + 1; if (n > 60) print n, FILENAME ":" open; open = 0 }' "${code[@]}")
while read -r lines place; do
    [ -n "$lines" ] || continue
    if [ "$lines" -gt 120 ]; then fault "$place: a function of $lines lines (120 at most)"; fi
    warning "$place: a function of $lines lines"
done <<<"$lengths"

# Only the version that the tree is formatted with; others disagree in details.
if [[ $(clang-format --version 2>/dev/null) == *' version 14.'* ]]; then
    while read -r line; do
        fault "make format would change $line"
    done < <(clang-format --dry-run "${code[@]}" 2>&1 | grep -oE '^[^:]+:[0-9]+' | sort -u -t: -k1,1)
fi

# --- words ----------------------------------------------------------------------------------------
mapfile -t texts < <(git ls-files -co --exclude-standard '*.c' '*.h' '*.md' '*.sh' '*.yaml' Makefile)
hits=$(grep -nE '(^|[^A-Za-z0-9._-])/(home|root|work|Users)/[a-z]' "${texts[@]}" | grep -vE '^tools/lint.sh|https?://|/Users/') &&
    while IFS= read -r line; do fault "path of a machine: ${line:0:120}"; done <<<"$hits"
hits=$(grep -nE '\b(TODO|FIXME|XXX|HACK)\b' "${texts[@]}" | grep -v '^tools/lint.sh') &&
    while IFS= read -r line; do fault "unfinished: ${line:0:120}"; done <<<"$hits"

# --- analysis -------------------------------------------------------------------------------------
mapfile -t scripts < <(git ls-files -co --exclude-standard '*.sh' .ci/run)
if command -v shellcheck >/dev/null; then
    shellcheck -S warning -e SC2154,SC2034,SC1091 "${scripts[@]}" || fault "shellcheck"
fi
if [ "${1:-}" = --deep ]; then
    defines=(-I. -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64)
    jobs=$(nproc)
    # Suppressed: an iteration macro that it cannot see, and three places that it misreads.
    cppcheck -q -j "$jobs" --std=c11 --enable=warning,performance,portability --error-exitcode=1 \
        --suppress=missingInclude --suppress=missingIncludeSystem --suppress=unknownMacro \
        --suppress=arrayIndexThenCheck:core/explain/pack.c \
        --suppress=arrayIndexOutOfBoundsCond:core/index/schema.c \
        --suppress=uninitvar:core/report/report.c \
        "${defines[@]}" core import tui || fault "cppcheck"
    printf '%s\n' "${product[@]}" | grep '\.c$' |
        xargs -P "$jobs" -n 8 sh -c 'clang-tidy --quiet "$@" -- -std=c11 -I. -D_GNU_SOURCE \
            -D_FILE_OFFSET_BITS=64 2>/dev/null' tidy || fault "clang-tidy"
fi

echo "lint: $faults faults, $warnings warnings"
[ "$faults" -eq 0 ]
