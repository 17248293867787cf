#!/usr/bin/env bash
# The catalogues of translations against the sources (core/base/words.h).
#
#   tools/words.sh update   brings new texts into every po/*.po and takes out those that are gone
#   tools/words.sh check    ends with 1 and names each text that lacks a translation, is marked
#                           fuzzy, is in no source any more, or whose %s and %d differ
set -eu -o pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The calls that look their sentence up, and which argument it is; f: a format of printf's.
calls=(_:1 N_:1 "words_many:1,2" f:fault_set:3 f:fault_at:5 f:cli_say:2 f:cli_note:2 f:cli_usage:2
    f:desk_say:3 refused:2 canvas_word:6 f:canvas_format:6 text_word:3 box_title:6)
# The table of actions (tui/screen/keymap.h): its rows are _(ENUM, name, group, help).
calls+=("_:4,4t")
# Helpers of single views, whose names mean other things elsewhere.
view_calls=(heading:2 label:2 field:2 number:2 item:2 item_count:2 step:2 line:3 write_pair:2
    write_message:2 title:4 name_value:2)

# Helpers of the readers and of the files below them.
reader_calls=(bad:2 damage:2 damaged:2 fail:4 refuse:2 report_io:2 f:pack_fault:3
    f:evidence_say:5 evidence_lacking:4)

# extract OPTION... -- CALL...: the texts of the files on stdin; warnings about arrows are noise
extract() {
    local options=() call
    while [ "$1" != -- ]; do options+=("$1") && shift; done
    shift
    for call in "$@"; do
        options+=("--keyword=${call#f:}")
        [ "$call" = "${call#f:}" ] || options+=("--flag=${call#f:}:c-format")
    done
    xgettext -f - -L C --from-code=UTF-8 --no-location --sort-output --package-name=scimscope \
        --flag=_:1:pass-c-format -o "$folder/all.pot" "${options[@]}" 2>"$folder/warnings" ||
        { cat "$folder/warnings" >&2 && exit 1; }
    sed -i 's/charset=CHARSET/charset=UTF-8/' "$folder/all.pot"
}

# texts: the template of all texts with a word in them, sorted
texts() {
    git ls-files -co --exclude-standard 'core/*.[ch]' 'import/*.[ch]' 'tui/*.[ch]' | sort |
        extract --keyword -- "${calls[@]}"
    git ls-files -co --exclude-standard 'tui/view/*.c' | sort |
        extract -j --keyword -- "${view_calls[@]}"
    git ls-files -co --exclude-standard 'core/*.c' 'import/*.c' | sort |
        extract -j --keyword -- "${reader_calls[@]}"
    msggrep --no-wrap --force-po -K -E -e '(^|[^%A-Za-z0-9.*+#-])[A-Za-z]' "$folder/all.pot" \
        >"$folder/texts.pot"
}

update() {
    for po in po/*.po; do
        msgmerge -q --no-fuzzy-matching --no-wrap --sort-output -o "$folder/merged.po" "$po" \
            "$folder/texts.pot"
        msgattrib --no-obsolete --no-wrap --sort-output "$folder/merged.po" |
            sed '/^"POT-Creation-Date: /d' >"$folder/whole.po"
        cp "$folder/whole.po" "$po"
    done
}

check() {
    local faults=0 po
    # Catalogues hold such texts elsewhere, where core/base/words.c does not look: %llu and a cast.
    ! grep -E '^(msgid )?".*%<PRI' "$folder/texts.pot" || faults=1
    for po in po/*.po; do
        msgmerge -q --no-fuzzy-matching --no-wrap -o "$folder/merged.po" "$po" "$folder/texts.pot"
        for kind in untranslated only-fuzzy only-obsolete; do
            msgattrib --no-wrap --$kind "$folder/merged.po" | grep -E '^(#~ )?msgid "..' |
                sed "s|^|$po: $kind: |" >"$folder/found" || true
            [ -s "$folder/found" ] || continue
            cat "$folder/found"
            faults=1
        done
        msgfmt --check-format --check-domain -o /dev/null "$po" || faults=1
    done
    return $faults
}

texts
case ${1:-} in
update) update ;;
check) check ;;
*) echo "usage: tools/words.sh update|check" >&2 && exit 2 ;;
esac
