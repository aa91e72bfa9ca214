# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034,SC2154
#
# What the stories with the program abi share, for their host_setup
#
#   . "$vm_dir/lib/abi.sh"

# abi_build OUT OPTION...: the program, static
abi_build() {
	gcc -static -O2 -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE \
		-I"$top/kmod/core" -I"$top/include" -I"$top/include/uapi" \
		-o "$1" "$vm_dir"/prog/abi*.c "$top/kmod/core/manifest.c" \
		"$top/kmod/core/reason.c" "$top/kmod/core/release.c" "${@:2}"
}

# abi_loose DIR VERSION: the members of a release as files
abi_loose() {
	mkdir -p "$FILES/$1"
	tar xf "$FILES/weos-$2.pkg" -C "$FILES/$1"
	(
		cd "$FILES/$1" &&
		cat system.digests bootloader.digests >tables &&
		rm notes ./*.digests
	)
}

# abi_releases SYSTEM BOOTLOADER: the three releases that the program wants, with
# images of these sizes; 5.21.2 runs
abi_releases() {
	WEOS_SYSTEM_SIZE=$1
	WEOS_BOOT_SIZE=$2
	weos_release 5.19.0 1 50 --compress none
	weos_release 5.20.0 1 10 --compress none
	weos_release 5.21.2 1 20 --compress none
	weos_factory 5.21.2
	abi_loose a 5.20.0
	abi_loose b 5.21.2
	abi_loose c 5.19.0
	cp "$vm_dir/prog/claims.sh" "$FILES/"
}
