#!/usr/bin/env bash
# Installs the Debian packages that are missing. Usage: setup.sh render [test]
set -euo pipefail

declare -A packages=(
  [render]="blender ffmpeg imagemagick bubblewrap xz-utils libegl1 libegl-mesa0 libgl1-mesa-dri"
  [test]="chromium zip unzip"
)

missing=()
for set in "$@"; do
  for package in ${packages[$set]}; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
  done
done
[ ${#missing[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "These programs are needed and this is no Debian or Ubuntu; install them by hand: ${missing[*]}" >&2
  exit 1
fi
root=()
[ "$(id -u)" = 0 ] || root=(sudo)
echo "Installing ${missing[*]} …"
"${root[@]}" apt-get update -qq
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
