#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Build an external module against the headers of a test kernel, see lib/kernel.sh
#
#   kbuild.sh --kernel TARGET [--out DIR] DIR [MAKEVAR=VALUE...]
#
# DIR is "." (fwslot itself) or a folder of the project with a Kbuild file.  As
# kbuild before 6.13 writes into the source folder, the sources are first
# mirrored to $BUILD/vm/ABI/src, one mirror for each kernel, so that two kernels
# can be built at the same time.  Prints the path of each module built.
set -euo pipefail

vm_dir=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$vm_dir/../.." && pwd)
build=${BUILD:-$top/build}
. "$vm_dir/lib/kernel.sh"

usage() {
	sed -n '3,11s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

mirror_sources() {
	local src=$1

	mkdir -p "$src"
	(
		cd "$top"
		find . \( -path ./build -o -path ./.git \) -prune -o -type f \
			\( -name '*.[chS]' -o -name Kbuild -o -name 'Makefile*' \
			-o -name Kconfig -o -name '*.sh' -o -name '*.pem' \
			-o -name '*.der' -o -name '*.x509' \) -print0 |
			cpio -0 -pdmu --quiet "$src"
	)
}

kernel='' out=''
while [[ ${1:-} == --* ]]; do
	case $1 in
	--kernel) kernel=${2:?} ;;
	--out) out=${2:?} ;;
	*) usage ;;
	esac
	shift 2
done
[[ -n $kernel && $# -ge 1 ]] || usage
dir=$1
shift

abi=$(kernel_abi "$kernel")
src="$(realpath -m "${out:-$build/vm/$abi/src}")"
mkdir -p "${src%/*}"
exec 9>"$src.lock"
flock 9
mirror_sources "$src"
# shellcheck disable=SC2046 # words are wanted
make -s -C "$(kernel_headers "$abi")" M="$src/$dir" $(kernel_args "$abi") \
	"$@" modules >&2
find "$src/$dir" -maxdepth 1 -name '*.ko'
