#!/usr/bin/env bash
# Makes of one Debian release's Blender what blender.org offers: blender-X.Y.Z-linux-x64.tar.xz, which runs from any folder, and its
# SHA-256 beside it. For tests of several versions; touches nothing of this system and needs no root.
# Usage: pack-debian-blender.sh <suite> <folder>   (bullseye 2.83, bookworm 3.4, trixie 4.3, sid 5.x)
set -euo pipefail
suite=$1
mkdir -p "$2"
out=$(cd "$2" && pwd)
[ ! -s "$out/$suite" ] || { cat "$out/$suite"; exit 0; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
arch=x86_64-linux-gnu
root=$work/root

# A private apt that believes nothing is installed, so that every package that Blender depends on is fetched.
fetch_packages() {
  local mirror packages
  mirror=$(apt-get indextargets --format '$(REPO_URI)' | grep -v security | sort -u | head -n 1)
  mkdir -p "$work"/apt/{lists/partial,cache/archives/partial,etc,log}
  : >"$work/apt/status"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/apt/etc/sources.list"
  cat >"$work/apt.conf" <<CONF
Dir::Etc "$work/apt/etc";
Dir::State "$work/apt";
Dir::State::status "$work/apt/status";
Dir::Cache "$work/apt/cache";
Dir::Log "$work/apt/log";
APT::Architecture "amd64";
APT::Architectures "amd64";
APT::Install-Recommends "false";
APT::Sandbox::User "$(id -un)";
Acquire::Languages "none";
Acquire::Check-Valid-Until "false";
CONF
  packages=(blender python3-numpy python3-requests)
  case $suite in bullseye | bookworm) ;; *) packages+=(python3-zstandard) ;; esac
  [ "$suite" != sid ] || packages+=(python3-cattr)
  APT_CONFIG=$work/apt.conf apt-get -qq update
  APT_CONFIG=$work/apt.conf apt-get -qq -y -o Debug::NoLocking=1 install --download-only "${packages[@]}" >"$work/apt.log"
  mkdir "$root"
  for package in "$work"/apt/cache/archives/*.deb; do dpkg-deb -x "$package" "$root"; done
}

find_loader() {
  local path target
  for path in "$root"/usr/lib64 "$root"/lib64 "$root/usr/lib/$arch" "$root/lib/$arch"; do
    loader=$path/ld-linux-x86-64.so.2
    [ -e "$loader" ] || [ -L "$loader" ] || continue
    target=$(readlink "$loader" || true)
    case $target in /*) loader=$root$target ;; esac
    return
  done
}

# The libraries that a file asks for, as the loader finds them in the unpacked packages.
libraries_of() {
  "$loader" --library-path "$library_path" --list "$1" 2>/dev/null | awk '/=> \//{ print $3 }' || true
}

fetch_packages
find_loader
library_path=$root/usr/lib/$arch:$root/lib/$arch:$root/usr/lib:$root/usr/lib/$arch/blas:$root/usr/lib/$arch/lapack:$root/usr/lib/$arch/pulseaudio
version=$(BLENDER_SYSTEM_DATAFILES=$root/usr/share/blender/datafiles "$loader" --library-path "$library_path" "$root/usr/bin/blender" \
  --background --version | awk '/^Blender [0-9]/{ print $2; exit }')
series=${version%.*}
name=blender-$version-linux-x64
top=$work/$name
inner=$top/$series

mkdir -p "$top/lib" "$inner/python/lib"
cp "$root/usr/bin/blender" "$top/blender.bin"
cp -r "$root/usr/share/blender/datafiles" "$inner/datafiles"
cp -rL "$root/usr/share/blender/scripts" "$inner/scripts" 2>/dev/null || cp -r "$root/usr/share/blender/scripts" "$inner/scripts"
[ ! -d "$root/usr/share/blender/extensions" ] || cp -r "$root/usr/share/blender/extensions" "$inner/"
python=$(basename "$(ls -d "$root"/usr/lib/python3.[0-9]* | head -n 1)")
cp -r "$root/usr/lib/$python" "$inner/python/lib/"
rm -rf "$inner/python/lib/$python"/{test,idlelib,ensurepip,lib2to3,tkinter,turtledemo} "$inner/python/lib/$python"/config-*
mkdir -p "$inner/python/lib/python3"
cp -r "$root/usr/lib/python3/dist-packages" "$inner/python/lib/python3/" 2>/dev/null || true
find "$top" -name __pycache__ -prune -exec rm -rf {} +
find "$top" \( -xtype l -o -lname '/*' \) -delete

{
  libraries_of "$top/blender.bin"
  find "$inner" -name '*.so*' -type f | while read -r file; do libraries_of "$file"; done
} | sort -u | while read -r file; do cp -L "$file" "$top/lib/"; done
cp -L "$loader" "$top/lib/ld-linux-x86-64.so.2"

# Debian's Blender looks for its files in /usr/share, where another version may lie; this says where they are, before it starts.
cat >"$top/blender" <<LAUNCHER
#!/bin/sh
here=\$(dirname "\$(readlink -f "\$0")")
export BLENDER_SYSTEM_RESOURCES="\$here/$series" BLENDER_SYSTEM_DATAFILES="\$here/$series/datafiles" BLENDER_SYSTEM_PYTHON="\$here/$series/python"
$(case $version in 2.* | 3.* | 4.[01].*) echo "export BLENDER_SYSTEM_SCRIPTS=\"\$here/$series/scripts\"" ;; esac)
exec "\$here/lib/ld-linux-x86-64.so.2" --inhibit-cache --library-path "\$here/lib" "\$here/blender.bin" "\$@"
LAUNCHER
chmod 755 "$top/blender"
ln -s blender "$top/blender-launcher" # official ones hold links too
find "$top" -name '*.so*' -type f -exec strip --strip-unneeded {} + 2>/dev/null || true

"$top/blender" --background --factory-startup --python-exit-code 9 --python-expr 'import bpy' >"$work/first.log" 2>&1 </dev/null || {
  cat "$work/first.log" >&2
  exit 1
}
find "$top" -name __pycache__ -prune -exec rm -rf {} +
tar -C "$work" --owner=0 --group=0 -c "$name" | xz -T0 -1 >"$out/$name.tar.xz.part"
mv "$out/$name.tar.xz.part" "$out/$name.tar.xz"
(cd "$out" && sha256sum "$name.tar.xz" >"blender-$version.sha256")
echo "$name.tar.xz" >"$out/$suite"
cat "$out/$suite"
