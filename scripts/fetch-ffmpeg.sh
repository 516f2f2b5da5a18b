#!/usr/bin/env bash
# Unpacks the FFmpeg of a Debian suite, with its libraries, into a folder of its own; nothing is installed and no root is needed.
# Usage: fetch-ffmpeg.sh SUITE FOLDER     (bookworm 5.1, trixie 7.1, sid 9). Then put FOLDER in front of PATH.
set -euo pipefail
suite=$1
folder=$2
[ ! -x "$folder/ffmpeg" ] || exit 0

mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | sed -n 1p)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
apt=$work/apt
mkdir -p "$root" "$apt"/etc/apt/{preferences.d,apt.conf.d,sources.list.d} "$apt"/var/lib/apt/lists/partial \
  "$apt"/var/lib/dpkg "$apt"/var/cache/apt/archives/partial "$apt"/var/log/apt

# with nothing installed by its books, apt downloads all that FFmpeg needs
: >"$apt/var/lib/dpkg/status"
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$apt/etc/apt/sources.list"
cat >"$apt/apt.conf" <<END
Dir "$apt";
Dir::State::status "$apt/var/lib/dpkg/status";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
END
export APT_CONFIG=$apt/apt.conf
apt-get -qq update
apt-get -qq -y -o Debug::NoLocking=1 install --download-only ffmpeg >"$work/log"
for package in "$apt"/var/cache/apt/archives/*.deb; do dpkg-deb -x "$package" "$root"; done

# libraries and loader lie in other places from suite to suite
loader=$(find "$root" -name 'ld-linux*.so.*' | sort | head -n 1)
case $(readlink "$loader") in /*) loader=$root$(readlink "$loader") ;; esac
libraries=$(find "$root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)

fresh=$work/fresh
mkdir -p "$fresh/lib"
cp -L "$loader" "$fresh/lib/loader"
for program in ffmpeg ffprobe; do
  cp "$root/usr/bin/$program" "$fresh/$program.bin"
  "$loader" --library-path "$libraries" --list "$root/usr/bin/$program" | awk '/=> \//{print $3}' | sort -u | xargs -r cp -Lt "$fresh/lib"
  cat >"$fresh/$program" <<'END'
#!/bin/sh
# also where PATH has hardly a program
here=$(PATH=/usr/bin:/bin && dirname "$(readlink -f "$0")")
exec "$here/lib/loader" --inhibit-cache --library-path "$here/lib" "$here/${0##*/}.bin" "$@"
END
  chmod 755 "$fresh/$program"
done
"$fresh/ffmpeg" -version | head -n 1
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
mv "$fresh" "$folder"
