#!/usr/bin/env bash
# Installs the Debian packages that are missing. Usage: setup.sh render [test]
set -euo pipefail

# ImageMagick reads EXR only with the -extra package of its version, whose name changes with it
declare -A packages=(
  [render]="blender ffmpeg imagemagick libmagickcore-*-extra bubblewrap xz-utils libegl1 libegl-mesa0 libgl1-mesa-dri"
  [test]="chromium zip unzip curl"
)

is_installed() {
  dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing=()
for set in "$@"; do
  set -f # a pattern is for dpkg and apt, not for the shell
  for package in ${packages[$set]}; do is_installed "$package" || missing+=("$package"); done
  set +f
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
for i in "${!missing[@]}"; do
  case ${missing[$i]} in
    *\**) missing[i]=$(apt-cache pkgnames libmagickcore | grep -E '^libmagickcore-[0-9]+\.q16-[0-9]+-extra$' | sort | tail -n 1) ;;
  esac
done
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
