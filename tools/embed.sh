#!/bin/sh
# Writes assembly that holds the given files and the table `embedded_files` (core/base/embed.h). What
# the build made is named as below its folder: po/ja.mo.
set -eu
echo '.section .rodata'
n=0
for f in "$@"; do
    name=$f
    case $f in build/*/*) name=${f#build/*/} ;; esac
    printf '.balign 16\nfile%d: .incbin "%s"\nend%d: .byte 0\nname%d: .asciz "%s"\n' \
        "$n" "$f" "$n" "$n" "$name"
    n=$((n + 1))
done
echo '.section .data.rel.ro,"aw"'
printf '.balign 8\n.globl embedded_files\n.type embedded_files, %%object\nembedded_files:\n'
i=0
while [ "$i" -lt "$n" ]; do
    printf '.quad name%d, file%d, end%d\n' "$i" "$i" "$i"
    i=$((i + 1))
done
echo '.quad 0, 0, 0'
echo '.section .note.GNU-stack,"",%progbits'
