# shellcheck shell=bash
# Completion of scimscope's commands and options for bash; the words come from the program.
_scimscope() {
    local current=${COMP_WORDS[COMP_CWORD]} command='' line words='' word
    for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
        [[ $word == -* ]] || { command=$word; break; }
    done
    while read -r line; do
        case $line in
        "- "*) words+=" ${line#- }" ;;
        "$command "*) words+=" ${line#* }" ;;
        esac
        [[ $command || $line == "- "* ]] || words+=" ${line%% *}"
    done < <("${COMP_WORDS[0]}" help --words 2>/dev/null)
    mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
    [[ $current == -* ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
}
complete -o filenames -F _scimscope scimscope
