#!/usr/bin/env bash
# What `make install` puts where, that it works from there in both languages, and that the man page
# and the explorer list the same actions.
. "$(dirname "$0")/../lib.sh"
cd "$TOP" || exit 1

mode=$(sed -nE 's#.*/build/([a-z]+)/scimscope$#\1#p' <<<"$SCIMSCOPE")
root=$WORK/root
has() { [ -f "$root/usr/$1" ]; }
lists_all_actions() { # FILE: each action's name of `help keys` stands in the man page as (name)
    local name missing=0
    while read -r name; do
        grep -qF "(${name//-/\\-})" "$1" || { echo "    no $name in $1" && missing=1; }
    done <"$WORK/actions"
    [ "$missing" -eq 0 ] && [ "$(wc -l <"$WORK/actions")" -gt 30 ]
}

if [ -n "$mode" ]; then
    # the program is there already: a make in between would only compile it anew for this mode
    make -s MODE="$mode" -o all install DESTDIR="$root" PREFIX=/usr >"$out" 2>"$err"
    code=$?
    expect "installs below DESTDIR" exit_is 0
    for file in bin/scimscope share/man/man1/scimscope.1 share/man/ja/man1/scimscope.1 \
        share/bash-completion/completions/scimscope; do
        expect "installs $file" has "$file"
    done
    SCIMSCOPE=$root/usr/bin/scimscope
    cd / || exit 1
    LC_ALL=ja_JP.UTF-8 run help
    expect "speaks Japanese where the locale asks for it, installed there or not" out_has "コマンド"
    LC_ALL=en_US.UTF-8 run help
    expect "speaks English where the locale asks for it" out_has "Commands"
    LC_ALL=en_US.UTF-8 run --lang ja help list
    expect "speaks the language of --lang" out_has "使い方"
    LC_ALL=C LANGUAGE=ja run help
    expect "stays English in the C locale" out_has "Commands"
    LC_ALL=en_US.UTF-8 LANGUAGE=xx:ja run help
    expect "takes the first language of LANGUAGE that there is" out_has "コマンド"
    run --lang ja list --no-such
    expect "says in Japanese what is wrong with the command line" err_has "不明なオプション"
    printf 'language: ja\n' >"$WORK/ja.yaml"
    run --config "$WORK/ja.yaml" list --format nosuch
    expect "speaks the language of the settings" err_has "いずれか"
    run --config "$WORK/ja.yaml" --lang en list --format nosuch
    expect "and --lang stands above them" err_has "must be one of"
    run --lang ja version
    expect "prints for machines what it prints in English" out_has "scimscope "

    run help keys
    # a line is: keys, the action's name, what it does; the keys may hold blanks
    grep -oP '^  .{20}\K[a-z-]+' "$out" | sort >"$WORK/actions"
    expect "the man page lists the actions" lists_all_actions "$root/usr/share/man/man1/scimscope.1"
    expect "the Japanese one, too" lists_all_actions "$root/usr/share/man/ja/man1/scimscope.1"
    # A line of the page with four words of English in a row and no Japanese was never translated.
    grep -vP '^\.|[\x{3040}-\x{30ff}\x{4e00}-\x{9fff}]' "$root/usr/share/man/ja/man1/scimscope.1" |
        grep -E '([A-Za-z]+ ){3}[A-Za-z]' >"$out"
    expect "nothing of the Japanese page is in English" same "$(cat "$out")" ""
    if command -v groff >/dev/null; then
        for page in man1 ja/man1; do
            japanese=()
            [ $page = man1 ] || japanese=(-mja)
            groff "${japanese[@]}" -man -Tutf8 -ww -K utf8 \
                "$root/usr/share/man/$page/scimscope.1" >"$out" 2>"$err"
            code=$?
            expect "groff takes $page without a warning" err_empty
        done
    else
        skip "man pages through groff" "no groff"
    fi
    # what bash offers after the words, the last one unfinished
    offers() {
        (
            . "$root/usr/share/bash-completion/completions/scimscope"
            COMP_WORDS=("$SCIMSCOPE" "$@") COMP_CWORD=$#
            _scimscope && printf '%s\n' "${COMPREPLY[@]}"
        )
    }
    expect "bash completes a command" same "$(offers ver | sort | tr '\n' ' ')" "verify version "
    expect "and an option of a command" same "$(offers list --rev)" "--reverse"
    expect "and one that stands anywhere" same "$(offers count --lan)" "--lang"
    cd "$TOP" || exit 1
    make -s MODE="$mode" uninstall DESTDIR="$root" PREFIX=/usr >"$out" 2>"$err"
    expect "takes all of it out again" same "$(find "$root" -type f)" ""
else
    skip "make install" "the program under test is not one of this tree's builds"
fi
finish
