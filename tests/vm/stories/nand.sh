# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# NAND: what is refused and protected, and the story of the README on chips
# that have bad blocks, in both layouts
#
# One boot; fwslot and nandsim are loaded anew in it, see prog/nand.sh.

FLASH_SIZE=0
BOOT_ROM=none
STORY_TIMEOUT=500
STORY_CPUS=2

# Erases that take long enough for a kill in each slot.
SLOW="do_delays=1 erase_delay=100 access_delay=0 programm_delay=0 output_cycle=0 input_cycle=0"

[ ! -e /files/slots.sh ] || . /files/slots.sh
[ ! -e /files/nand.sh ] || . /files/nand.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	cp "$vm_dir/prog/slots.sh" "$vm_dir/prog/nand.sh" "$FILES/"
	gcc -O2 -static -o "$FILES/nandfd" "$vm_dir/prog/nandfd.c"
}

# all_read_only NAME: nobody but the module can write any slot
all_read_only() {
	is "$1: all slots are read-only" "$(units_are protected)" \
		"primary:true secondary:true bootloader:true"
}

# refused NAME REASON [PARAMETER...]: primary is not bound, and protected
refused() {
	name=$1
	reason=$2
	shift 2
	plug "$@"
	lines=$(log_lines "fwslot: state primary $reason NAND simulator partition 1")
	modprobe fwslot booted=secondary "$(slots_on "$layout")"
	is "$name: the reason" "$(unit_is primary state) $(unit_is primary reason)" \
		"absent $reason"
	is "$name: one line in the log" \
		"$(log_lines "fwslot: state primary $reason NAND simulator partition 1")" \
		$((lines + 1))
	expect_exit 8 "$name: upgrade" fwslot upgrade all "$(pkg 5.21.2)"
	out_has "$name: the tool names the slot" "slot-absent: a slot is not present"
	fails "$name: read-only all the same" flash_erase -q "$(nand 1)" 0 1
}

what_is_refused() {
	layout=''
	refused "no layout" no-layout
	layout=,layout=linear
	refused "linear, first block bad" bad-blocks badblocks=8
	layout=,layout=skip-bad
	refused "no good block" bad-blocks \
		badblocks=8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23
	NAND_ID="id_bytes=0x20,0xa2,0x04,0x15" \
		refused "several bits a cell" slot-unsupported
	unload
	for value in "layout=" "layout=round" "layout=linear,layout=linear"; do
		fails "$value" modprobe fwslot "slots=bootloader=b,$value"
	done
}

# hold N: open it for reading and writing, in a process that waits
hold() {
	mkfifo "/run/hold.$1"
	/files/nandfd "$(nand "$1")" <>"/run/hold.$1" >"/run/held.$1" 2>&1 &
	holders="$holders $!"
	ok "$1 is open for writing" wait_for 10 grep -q open "/run/held.$1"
}

# held N: what the process can do now
held() {
	lines=$(grep -c = "/run/held.$1")
	echo go >"/run/hold.$1"
	wait_for 10 sh -c "[ \$(grep -c = /run/held.$1) -gt $lines ]"
	tail -n 1 "/run/held.$1"
}

protection() {
	layout=,layout=skip-bad
	plug
	factory 5.21.2
	holders=''
	for n in 0 1 2; do
		hold $n
	done
	restart "protection"
	nand_dump dumpbad /run/before
	for n in 0 1 2; do
		is "$n: through a file that was open before" "$(held $n)" \
			"write=EROFS memwrite=EROFS oob=EROFS oob64=EROFS erase=EROFS erase64=EROFS markbad=EROFS "
		fails "$n: flash_erase" flash_erase -q "$(nand $n)" 0 1
		fails "$n: nandwrite" nandwrite -q -p "$(nand $n)" /files/images/boot-5.21.2
		fails "$n: nandwrite with OOB" \
			nandwrite -q -n -o "$(nand $n)" /files/images/boot-5.21.2
	done
	ok "the rest of the chip is nobody's" flash_erase -q "$(nand 3)" 0 1
	nand_dump dumpbad /run/after
	ok "nothing has changed" cmp /run/before /run/after
	is "no block was marked bad" "$(bad_blocks)" ""
	rmmod fwslot
	is "after rmmod, too" "$(held 1)" \
		"write=EROFS memwrite=EROFS oob=EROFS oob64=EROFS erase=EROFS erase64=EROFS markbad=EROFS "
	# shellcheck disable=SC2086 # words are wanted
	kill $holders
	wait
	rm /run/before /run/after
}

# crossing: up to the new format, further, and all the way down
crossing() {
	expect_exit 3 "crossing needs all slots$layout" \
		fwslot upgrade primary "$(pkg 5.22.2)"
	upgrade all 5.22.2
	restart "up$layout"
	boots 5.22.2 primary 2
	ok "verify 5.22.2$layout" fwslot verify
	upgrade primary 5.23.0
	restart "further up$layout"
	boots 5.23.0 primary 2
	upgrade primary 5.22.2
	restart "down$layout"
	boots 5.22.2 primary 2
	upgrade all 5.21.2
	restart "all the way down$layout"
	boots 5.21.2 primary 1
	ok "verify 5.21.2$layout" fwslot verify
	all_read_only "after all that$layout"
}

# kill_in SLOT VERSION [WHAT]: upgrade all, or WHAT, and kill the tool while SLOT
# is written
kill_in() {
	fwslot upgrade "${3-all}" "$(pkg "$2")" --no-reboot >/run/killed 2>&1 &
	tool=$!
	while [ -d /proc/$tool ] && ! writing "$1"; do :; done
	ok "killed in $1$layout" kill -9 $tool
	wait $tool
	ok "killed in $1$layout: the session ends" wait_for 60 session_over
	all_read_only "killed in $1$layout"
}

# killed_up: each time run again at once
killed_up() {
	kill_in secondary 5.22.2
	kill_in bootloader 5.22.2
	kill_in primary 5.22.2
	upgrade all 5.22.2
	restart "run again at once$layout"
	boots 5.22.2 primary 2
}

# killed_down: each time run again after a reboot
killed_down() {
	for slot in secondary bootloader primary; do
		kill_in $slot 5.21.2
		restart "killed in $slot$layout"
		ok "something boots$layout" test "$BOOTED" != none
	done
	upgrade all 5.21.2
	restart "run again after reboots$layout"
	boots 5.21.2 primary 1
	ok "verify after kills$layout" fwslot verify
}

# repaired: one that is broken gets what its twin holds
repaired() {
	kill_in secondary 5.20.0 secondary
	expect_exit 12 "one is broken$layout" fwslot verify
	ok "repair$layout" fwslot repair secondary
	ok "verify after repair$layout" fwslot verify
	is "both are of one release$layout" "$(units_are version)" \
		"primary:5.21.2 secondary:5.21.2 bootloader:5.21.2"
	all_read_only "after repair$layout"
}

# Bad: the first block of the bootloader, one in the middle of the image and
# the last one of primary, the first one of secondary.
skip_bad() {
	# shellcheck disable=SC2086 # words are wanted
	board ,layout=skip-bad badblocks=0,11,23,24 $SLOW
	is "records are in the last good blocks" \
		"$(record_block 0) $(record_block 1) $(record_block 2)" "7  14  15 "
	crossing
	killed_up
	killed_down
	repaired
	is "bad blocks are as they were" "$(bad_blocks)" "0 11 23 24"
}

# Bad: the last block of the bootloader, one of primary behind the image, the
# last one of secondary.
linear() {
	# shellcheck disable=SC2086 # words are wanted
	board ,layout=linear badblocks=7,22,39 $SLOW
	is "records are in the last good blocks" \
		"$(record_block 0) $(record_block 1) $(record_block 2)" "6  15  14 "
	crossing
	killed_up
	raw_board ,layout=linear badblocks=30
	ok "adopt primary" fwslot adopt primary "$(pkg 5.21.2)"
	expect_exit 3 "an image does not go over a bad block" \
		fwslot upgrade secondary "$(pkg 5.20.0)"
	out_has "it says so" image-too-large
}

boot_1() {
	what_is_refused
	protection
	skip_bad
	linear
	unload
}
