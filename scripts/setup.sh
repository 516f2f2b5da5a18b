#!/usr/bin/env bash
# Installs the Debian packages that are missing. Usage: setup.sh render [test]
# With `test`, servers that tests start for themselves (nginx, logrotate, promtool) are only unpacked into .cache/debian: installed, they
# would start as services of the machine.
set -euo pipefail
cd "$(dirname "$0")/.."

# ImageMagick reads EXR only with the -extra package of its version, whose name changes with it
declare -A packages=(
  [render]="blender ffmpeg imagemagick libmagickcore-*-extra bubblewrap xz-utils libegl1 libegl-mesa0 libgl1-mesa-dri"
  [test]="chromium zip unzip curl openssl systemd"
)
unpacked=.cache/debian

is_installed() {
  dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed
}

missing=()
for set in "$@"; do
  set -f # a pattern is for dpkg and apt, not for the shell
  for package in ${packages[$set]}; do is_installed "$package" || missing+=("$package"); done
  set +f
done
to_unpack=()
if [[ " $* " == *" test "* ]]; then
  [ -x $unpacked/usr/sbin/nginx ] || to_unpack+=(nginx)
  [ -x $unpacked/usr/sbin/logrotate ] || to_unpack+=(logrotate libpopt0)
  [ -x $unpacked/usr/bin/promtool ] || to_unpack+=(prometheus)
fi
[ ${#missing[@]} -gt 0 ] || [ ${#to_unpack[@]} -gt 0 ] || exit 0

if ! command -v apt-get >/dev/null; then
  echo "These programs are needed and this is no Debian or Ubuntu; install them by hand: ${missing[*]} ${to_unpack[*]}" >&2
  exit 1
fi
root=()
[ "$(id -u)" = 0 ] || root=(sudo)
"${root[@]}" apt-get update -qq

if [ ${#to_unpack[@]} -gt 0 ]; then
  echo "Unpacking ${to_unpack[*]} into $unpacked …"
  mkdir -p $unpacked/archives
  (cd $unpacked/archives && apt-get download -qq "${to_unpack[@]}" 2>/dev/null)
  for archive in $unpacked/archives/*.deb; do
    dpkg-deb --fsys-tarfile "$archive" | tar -x -C $unpacked --wildcards './usr/sbin/*' './usr/bin/promtool' './usr/lib/*/*.so*' 2>/dev/null || true
  done
  rm -r $unpacked/archives
  for program in usr/sbin/nginx usr/sbin/logrotate usr/bin/promtool; do
    [ -x $unpacked/$program ] || { echo "$unpacked/$program could not be unpacked" >&2; exit 1; }
  done
fi

[ ${#missing[@]} -gt 0 ] || exit 0
echo "Installing ${missing[*]} …"
for i in "${!missing[@]}"; do
  case ${missing[$i]} in
    *\**) missing[i]=$(apt-cache pkgnames libmagickcore | grep -E '^libmagickcore-[0-9]+\.q16-[0-9]+-extra$' | sort | tail -n 1) ;;
  esac
done
DEBIAN_FRONTEND=noninteractive "${root[@]}" apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
