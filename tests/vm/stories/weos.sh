# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# The story of the README: WeOS 5 up to the new image format and down again
#
# Also what "make demo" shows.  Every step is a command line that a user would
# type; its output goes to the screen, its exit status to the verdict.  The
# machine is reset for real between the boots, and the boot model, which knows
# nothing of slot records, decides what runs.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="lockable=1 erase_us=60000"
STORY_TIMEOUT=420

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	weos_damaged
	weos_factory 5.21.2
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# last CMD...: show a command live that ends in a reboot
last() {
	run "$@"
}

# refused WANT NAME CMD...: as step, and nothing may have been erased
refused() {
	counters_mark
	step "$@"
	is "$2: no erase" "$(counter_delta erases)" 0
}

boots() {
	is "boots $1 from $2" "$(cat /run/boot)" \
		"boot=$2 bootloader=0 format=$3 version=$1"
	say "(boot model: $(cat /run/boot))"
}

# block_of SLOT: its device of mtdblock
block_of() {
	mtd_of "$1" | sed 's/mtd/mtdblock/'
}

hashes() {
	echo "$(slot_hash primary) $(slot_hash secondary) $(slot_hash bootloader)"
}

boot_1() {
	title "1. as it left the factory"
	boots 5.21.2 primary 1
	is "module not loaded yet" "$(grep -c '^fwslot ' /proc/modules)" 0
	modprobe mtdblock
	step 0 "status loads the module" fwslot status
	step 0 "verify" fwslot verify
	all_locked "factory state"

	title "2. nobody else can write a slot"
	before=$(hashes)
	head -c 65536 /dev/urandom >/run/junk
	counters_mark
	step fails "flashcp" flashcp /run/junk "$(mtd_of primary)"
	step fails "flash_erase" flash_erase "$(mtd_of bootloader)" 0 1
	step fails "dd" dd if=/run/junk "of=$(mtd_of secondary)"
	step fails "dd to mtdblock, loaded before" \
		dd if=/run/junk "of=$(block_of primary)" conv=fsync
	rmmod mtdblock
	modprobe mtdblock
	step fails "dd to mtdblock, loaded after" \
		dd if=/run/junk "of=$(block_of bootloader)" conv=fsync
	rmmod mtdblock
	is "no erase" "$(counter_delta erases)" 0
	is "no program" "$(counter_delta programs)" 0
	is "contents" "$(hashes)" "$before"

	title "3. what is refused"
	refused 3 "crossing needs all slots" \
		fwslot upgrade primary "$(pkg 5.22.2)"
	refused 3 "no bridge" fwslot upgrade all "$(pkg 5.23.0)"
	refused 4 "one flipped bit" fwslot upgrade all /files/bad/flipped.pkg
	refused 4 "foreign key" fwslot upgrade all /files/bad/foreign.pkg
	refused 4 "truncated" fwslot upgrade all /files/bad/truncated.pkg
	is "contents after all that" "$(hashes)" "$before"
	all_locked "after all that"

	title "4. up to the new format: all slots in one step"
	step 6 "nothing to do for what is there already" \
		fwslot upgrade primary "$(pkg 5.21.2)"
	step 0 "dry run" fwslot upgrade all "$(pkg 5.22.2)" --dry-run
	last fwslot upgrade all "$(pkg 5.22.2)"
}

boot_2() {
	boots 5.22.2 primary 2
	step 0 "verify" fwslot verify
	title "5. further up, one slot; then down again"
	last fwslot upgrade primary "$(pkg 5.23.0)"
}

boot_3() {
	boots 5.23.0 primary 2
	refused 3 "no bridge back from here" fwslot upgrade all "$(pkg 5.21.2)"
	last fwslot upgrade primary "$(pkg 5.22.2)"
}

boot_4() {
	boots 5.22.2 primary 2
	last fwslot upgrade all "$(pkg 5.21.2)"
}

boot_5() {
	boots 5.21.2 primary 1
	last fwslot upgrade primary "$(pkg 5.20.0)"
}

boot_6() {
	boots 5.20.0 primary 1
	last fwslot upgrade primary "$(pkg 5.21.2)"
}

# kill_in SLOT PKG: upgrade all, and kill the tool while SLOT is written
kill_in() {
	say "# fwslot upgrade all $2 &"
	fwslot upgrade all "$2" --no-reboot >/run/killed 2>&1 &
	tool=$!
	while [ -d /proc/$tool ] && ! writing "$1"; do :; done
	ok "killed in $1" kill -9 $tool
	say "# kill -9 %1          (while $1 is written)"
	wait $tool
	# A bootloader is finished by the kernel, without the tool.
	wait_for 60 session_over
	all_locked "killed in $1"
}

boot_7() {
	boots 5.21.2 primary 1
	title "6. the tool is killed in each slot, and run again at once"
	kill_in secondary "$(pkg 5.22.2)"
	kill_in bootloader "$(pkg 5.22.2)"
	kill_in primary "$(pkg 5.22.2)"
	last fwslot upgrade all "$(pkg 5.22.2)"
}

boot_8() {
	boots 5.22.2 primary 2
	title "   and on the way down, each time run again after a reboot"
	kill_in secondary "$(pkg 5.21.2)"
	reboot
}

boot_9() {
	boots 5.22.2 primary 2
	kill_in bootloader "$(pkg 5.21.2)"
	reboot
}

boot_10() {
	boots 5.21.2 secondary 1
	kill_in primary "$(pkg 5.21.2)"
	reboot
}

boot_11() {
	boots 5.21.2 secondary 1
	last fwslot upgrade all "$(pkg 5.21.2)"
}

boot_12() {
	boots 5.21.2 primary 1
	step 0 "status" fwslot status
	step 0 "verify" fwslot verify
	all_locked "at the end"
}
