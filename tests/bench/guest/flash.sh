# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# The chip of the benchmark, for the guest

TIMES=/sys/module/flashsim/parameters

# NOR as of a data sheet: 64 KiB erased in 150 ms, 256 bytes programmed in 0.12 ms,
# 50 MiB read in a second
NOR="150000 120 51200"

# chip_times ERASE_US PROGRAM_US READ_KBPS
chip_times() {
	echo "$1" >$TIMES/erase_us
	echo "$2" >$TIMES/program_us
	echo "$3" >$TIMES/read_kbps
}

nor_chip() {
	# shellcheck disable=SC2086 # words are wanted
	chip_times $NOR
}

fast_chip() {
	chip_times 0 0 0
}

# unverified_module: fwslot as after a boot, nothing read yet
unverified_module() {
	rmmod fwslot 2>/dev/null
	modprobe fwslot booted=primary
}

# new_module: fwslot as after a boot whose scripts have verified the slots
new_module() {
	unverified_module
	fwslot verify >/run/out 2>&1
}

# booted TOOL: what one tool knows of content must come from this boot
booted() {
	[ "${1#fwslot}" = "$1" ] || new_module
}

# new_flash MIB SLOT: a chip with slots of SLOT MiB, and an image of MiB in the
# primary; sets $other
new_flash() {
	rmmod fwslot 2>/dev/null
	rmmod flashsim 2>/dev/null
	slot=$(($2 << 20))
	modprobe flashsim "size=$(((1 << 20) + 3 * slot))" \
		"parts=bootloader@0+1048576;primary@1048576+$slot;secondary@$((1048576 + slot))+$slot;other@$((1048576 + 2 * slot))+$slot"
	flashcp "/files/primary-$1-$2" "$(mtd_of primary)"
	flashcp "/files/bootloader-$1-$2" "$(mtd_of bootloader)"
	other=$(mtd_of other)
	peers_begin
	new_module
}

# have NAME.KIND...: copy files of the host into memory
have() {
	mkdir -p /run/img
	for file; do
		[ -e "/run/img/$file" ] || [ ! -e "/files/$file" ] ||
			cp "/files/$file" /run/img/
	done
}

drop_all() {
	rm -rf /run/img
}
