#!/usr/bin/env bash
# Installs those of the given Debian packages that are missing, and says which. Ends with 2 and their
# names when they cannot be installed (no network, no right to).
set -u
missing=()
for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
echo "missing packages: ${missing[*]}" >&2

as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "install them as root: apt-get install ${missing[*]}" >&2
        exit 2
    fi
    as_root=(sudo)
fi
install() {
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "${missing[@]}" >&2 </dev/null
}
echo "installing them with apt-get" >&2
install || { "${as_root[@]}" apt-get update -q >&2 </dev/null && install; } && exit 0
echo "could not install: ${missing[*]}" >&2
echo "install them and run this again: apt-get install ${missing[*]}" >&2
exit 2
