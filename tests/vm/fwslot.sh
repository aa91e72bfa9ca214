#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Run a story with fwslot in the machine: module, tool and builder of this tree
#
#   fwslot.sh --kernel 6.1|6.12 --story FILE [OPTION OF run.sh...]
#   fwslot.sh --kernel 6.1|6.12 --build      only build
#
# Builds the module for that kernel with the development key, the tool and the
# builder, and hands them to run.sh.  In the guest modprobe finds the module by
# itself; its options are in /etc/modprobe.d/fwslot.conf.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
# shellcheck source=tests/vm/lib/kernel.sh
. "$here/lib/kernel.sh"

kernel=''
args=("$@")
while (($#)); do
	[[ $1 != --kernel ]] || kernel=${2:?}
	shift
done
abi=$(kernel_abi "$kernel")
mkdir -p "$top/build/vm"
(
	flock 9
	make -s -C "$top" userspace modules DEVKEY=1 \
		KDIR="/usr/src/linux-headers-$abi" >&2
) 9>"$top/build/vm/fwslot.lock"

[[ " ${args[*]} " != *" --build "* ]] || exit 0

conf=$top/build/vm/fwslot.conf.$abi
cat >"$conf" <<-END
	options fwslot product=viper-3000
END
export FWSLOT_MKPKG=$top/build/fwslot-mkpkg FWSLOT_KEYS=$top/build/devkey
exec "$here/run.sh" "${args[@]}" \
	--program "$top/build/fwslot" \
	--module "$top/build/kmod-$abi/fwslot.ko" \
	--add "$conf:/etc/modprobe.d/fwslot.conf"
