#!/bin/bash
# SPDX-License-Identifier: MIT
#
# A User Mode Linux of Debian's linux-source-6.1 with all sanitizers
#
#   kernel.sh         print the folder it is in
#
# In that folder: abi (its release), build (the tree that modules are built
# against), boot/vmlinux-ABI and lib/modules/ABI.  It is built once and kept in
# the cache, keyed by the version of the sources and by the file config, until
# there is one of another key; whoever comes while it is being built waits for it.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
cache=${FWSLOT_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fwslot}
version=$(dpkg-query -W -f '${Version}' linux-source-6.1)
key=$(grep '^CONFIG' "$here/config" | sha256sum | cut -c1-12)
tree=$cache/uml-$version-$key
unset MAKEFLAGS MFLAGS MAKELEVEL

kernel_make() {
	make -s -C "$tree/source" ARCH=um O=../build "$@"
}

# configure: fails when an option that was asked for is not there
configure() {
	local line missing=0

	mkdir -p "$tree/build"
	cp "$here/config" "$tree/build/.config"
	kernel_make olddefconfig
	while read -r line; do
		[[ $line != *=n ]] || continue
		grep -q -x -F "$line" "$tree/build/.config" && continue
		echo "kernel.sh: this kernel has no $line"
		missing=1
	done < <(grep '^CONFIG' "$here/config")
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
	rm "$tree/build"/{linux,vmlinux}
}

build() {
	local abi

	rm -rf "$tree"
	mkdir -p "$tree/boot"
	tar xJf /usr/src/linux-source-6.1.tar.xz -C "$tree"
	mv "$tree"/linux-source-6.1 "$tree/source"
	configure
	kernel_make -j"$(nproc)" linux modules
	abi=$(<"$tree/build/include/config/kernel.release")
	kernel_make modules_install INSTALL_MOD_PATH="$tree"
	cp "$tree/build/linux" "$tree/boot/vmlinux-$abi"
	prune
	# last, for it says that all is there
	echo "$abi" >"$tree/abi"
	find "$cache" -mindepth 1 -maxdepth 1 -name 'uml-*' ! -path "$tree" \
		-exec rm -rf {} +
}

mkdir -p "$cache"
(
	flock 9
	# not in a condition, where errors would be passed over
	if [[ ! -e $tree/abi ]]; then
		build
	fi
) 9>"$cache/uml.lock" >&2
echo "$tree"
