#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A kernel that finds faults, from the sources in a package of Debian
#
#   build.sh uml         User Mode Linux 6.1 with all sanitizers
#   build.sh uml-6.12    the same of 6.12, which has DEBUG_ATOMIC_SLEEP, too
#   build.sh kcsan       6.12 for QEMU, with KCSAN
#
# Prints the folder it is in.  There: abi (its release), build (the tree that
# modules are built against), boot/vmlinux-ABI and lib/modules/ABI.  It is built
# once and kept in the cache, keyed by the version of the sources and by its
# options, until there is one of another key; whoever comes while it is being
# built waits for it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot}
target=${1-}
arch=um image=linux family=uml
case $target in
uml) series=6.1 configs=(uml) ;;
uml-6.12) series=6.12 configs=(uml uml-6.12) ;;
kcsan) series=6.12 configs=(kcsan) arch=x86 image=vmlinux family=kcsan ;;
*) sed -n '4,8s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
esac
unset MAKEFLAGS MFLAGS MAKELEVEL

# options: all that this kernel is asked to have
options() {
	local name

	for name in "${configs[@]}"; do
		grep '^CONFIG' "$here/$name.config"
	done
}

kernel_make() {
	make -s -C "$tree/source" "ARCH=$arch" O=../build "$@"
}

# configure: fails when an option that was asked for is not there
configure() {
	local line missing=0

	mkdir -p "$tree/build"
	options >"$tree/build/.config"
	kernel_make olddefconfig
	while read -r line; do
		[[ $line != *=n ]] || continue
		grep -q -x -F "$line" "$tree/build/.config" && continue
		echo "build.sh: this kernel has no $line"
		missing=1
	done < <(options)
	return $missing
}

# prune: what building modules does not need takes gigabytes
prune() {
	local keep not_these=()

	for keep in Makefile Kbuild Kconfig scripts include arch; do
		not_these+=(-not -name "$keep")
	done
	find "$tree/source" -mindepth 1 -maxdepth 1 \
		"${not_these[@]}" -exec rm -rf {} +
	find "$tree/source/arch" -mindepth 1 -maxdepth 1 -type d \
		-not -name um -not -name x86 -exec rm -rf {} +
	find "$tree/build" \( -name '*.o' -o -name '*.a' -o -name '*.ko' -o -name .tmp_\* \) \
		-not -path '*/scripts/*' -exec rm -rf {} +
	rm -f "$tree/build"/{linux,vmlinux}
}

build() {
	local abi

	rm -rf "$tree"
	mkdir -p "$tree/boot"
	tar xJf "/usr/src/linux-source-$series.tar.xz" -C "$tree"
	mv "$tree/linux-source-$series" "$tree/source"
	configure
	kernel_make -j"$(nproc)" "$image" modules
	abi=$(<"$tree/build/include/config/kernel.release")
	kernel_make modules_install INSTALL_MOD_PATH="$tree"
	cp "$tree/build/$image" "$tree/boot/vmlinux-$abi"
	prune
	# last, for it says that all is there
	echo "$abi" >"$tree/abi"
	find "$cache" -mindepth 1 -maxdepth 1 -name "$family-$series.*" \
		! -path "$tree" -exec rm -rf {} +
}

version=$(dpkg-query -W -f '${Version}' "linux-source-$series")
tree=$cache/$family-$version-$(options | sha256sum | cut -c1-12)
mkdir -p "$cache"
(
	flock 9
	# not in a condition, where errors would be passed over
	if [[ ! -e $tree/abi ]]; then
		build
	fi
) 9>"$cache/$target.lock" >&2
echo "$tree"
