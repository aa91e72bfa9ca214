# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Calls in any order from many threads: tests/vm/prog/abi_storm.c
#
# Boot 1: calls alone.  Boot 2: the tool asks and listens, the flash and the module come
# and go meanwhile.  After each storm the slots must be locked, something must
# start, and a good package must install.  What lockdep and KASAN say of it in
# User Mode Linux, and the kernel's log here, is part of every story's verdict.

FLASH_SIZE=0x200000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x80000;secondary@0x100000+0x80000;data@0x180000+0x80000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=600
STORY_CPUS=2

DRIVER=/sys/bus/platform/drivers/flashsim

[ ! -e /files/claims.sh ] || . /files/claims.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	. "$vm_dir/lib/abi.sh"
	abi_releases 100000 70000
	abi_build "$FILES/abi"
}

# storm: as long as it takes to see each call refused and not refused
storm() {
	cp /files/abi /run/abi
	chmod 755 /run/abi
	STORM_SECONDS=${FWSLOT_LONG:+120}
	export STORM_SEED STORM_SECONDS="${STORM_SECONDS:-15}"
	claims_of /run/abi "$1" storm
}

boot_1() {
	ok "modprobe" modprobe fwslot
	storm "calls"
	claims_of /run/abi "calls" calm
	ok "the module can be removed" modprobe -r fwslot
	reboot
}

# while_storm CMD...: over and over, whatever comes of it; prints how often it
# went well
while_storm() {
	well=0
	while [ ! -e /run/calm ]; do
		if "$@" >/dev/null 2>&1; then
			well=$((well + 1))
		fi
	done
	echo "# $*: $well times" >>/run/churn
}

asking() {
	fwslot verify --quick
	fwslot status --json
}

flash_away() {
	fwslot verify --quick --wait=1
	echo flashsim >$DRIVER/unbind
	echo flashsim >$DRIVER/bind
}

module_away() {
	modprobe -r fwslot
	modprobe fwslot
}

boot_2() {
	ok "modprobe" modprobe fwslot
	export STORM_CHURN=1
	while_storm asking &
	while_storm flash_away &
	while_storm module_away &
	while_storm fwslot verify &
	storm "churn"
	touch /run/calm
	wait
	cat /run/churn >&8
	[ -e $DRIVER/flashsim ] || echo flashsim >$DRIVER/bind
	modprobe fwslot
	fwslot verify --quick --wait=20 >/dev/null
	is "all slots are there" "$(fwslot status --json | grep -c absent)" 0
	claims_of /run/abi "churn" calm
	ok "the module can be removed" modprobe -r fwslot
}
