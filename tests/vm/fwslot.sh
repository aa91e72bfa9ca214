#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Run a story with fwslot in the machine: module, tool and builder of this tree
#
#   fwslot.sh --kernel TARGET --story FILE [OPTION OF run.sh...]
#   fwslot.sh --kernel TARGET --build      only build
#
# Builds the module for that kernel (a target as in lib/kernel.sh) with the
# development key, the tool and the builder, and hands them to run.sh.  In the
# guest modprobe finds the module by itself; its options are in
# /etc/modprobe.d/fwslot.conf.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${BUILD:-$top/build}
# shellcheck source=tests/vm/lib/kernel.sh
. "$here/lib/kernel.sh"

kernel=''
args=("$@")
while (($#)); do
	[[ $1 != --kernel ]] || kernel=${2:?}
	shift
done
abi=$(kernel_abi "$kernel")
mkdir -p "$build/vm"
(
	flock 9
	# shellcheck disable=SC2046 # words are wanted
	make -s -C "$top" userspace modules DEVKEY=1 \
		KDIR="$(kernel_headers "$abi")" $(kernel_args "$abi") >&2
) 9>"$build/vm/fwslot.lock"

[[ " ${args[*]} " != *" --build "* ]] || exit 0

conf=$build/vm/fwslot.conf.$abi
# Another machine may read it right now, so it is never half there.
echo "options fwslot product=viper-3000" >"$conf.$$"
mv "$conf.$$" "$conf"
export FWSLOT_MKPKG=$build/fwslot-mkpkg FWSLOT_KEYS=$build/devkey
exec "$here/run.sh" "${args[@]}" \
	--program "$build/fwslot" \
	--module "$build/kmod-$abi/fwslot.ko" \
	--add "$conf:/etc/modprobe.d/fwslot.conf"
