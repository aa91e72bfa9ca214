# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# Only what has changed is fetched, erased and written
#
# 5.22.3 is 5.22.2 but for its header and two bytes far from each other, so of 62
# blocks of an image three are changed: the first, the fifth, the 54th.

FLASH_SIZE=0xa00000
FLASH_PARTS="bootloader@0x0+0x100000;primary@0x100000+0x400000;secondary@0x500000+0x400000;data@0x900000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=300
BLOCKS=62

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=4000000
	cp "$vm_dir/prog/slots.sh" "$FILES/"
	add_programs /usr/bin/curl
	weos_release 5.22.2 2 30 --bridge 1:5.21.2 --compress none
	WEOS_DIFFER="300000 3500000"
	weos_release 5.22.3 2 30 --compress none
	weos_release 5.22.4 2 30
	weos_release 5.22.5 2 30 --chunk-size 128K
	# a bit of a chunk that nobody needs
	cp "$(weos_pkg 5.22.3)" "$FILES/flipped.pkg"
	flip_byte "$FILES/flipped.pkg" 2000000
	weos_factory 5.22.2
	flash_put secondary "$FILES/images/system-5.22.2"
}

erases() {
	is "$1: erases" "$(counter_delta erases)" "$2"
	counters_mark
}

received() {
	awk '/lo:/ { print $2 }' /proc/net/dev
}

# less NAME BYTES MOST
less() {
	echo "# $1: $2 of $3"
	ok "$1" [ "$2" -lt "$3" ]
}

erased() {
	[ "$(counter_delta erases)" -gt 0 ]
}

# half: a package that ends when the slot is being written
half() {
	{ cat /run/half && wait_for 60 erased; } | fwslot upgrade secondary -
}

# slow BYTES: 5.22.2 from a pipe that says nothing for some time after these, twice
# as long as the module waits for a chunk
slow() {
	{
		head -c "$1" "$(pkg 5.22.2)"
		sleep 4
		tail -c +"$(($1 + 1))" "$(pkg 5.22.2)"
	} | fwslot upgrade secondary --no-reboot -
}

# A server on a network would not be ahead by megabytes.
network() {
	ifconfig lo 127.0.0.1 up
	echo 4096 65536 65536 >/proc/sys/net/ipv4/tcp_rmem
	echo 4096 65536 65536 >/proc/sys/net/ipv4/tcp_wmem
}

boot_1() {
	network
	httpd -p 127.0.0.1:80 -h /files
	modprobe fwslot
	counters_mark
	ok "dry run" fwslot upgrade all --dry-run "$(pkg 5.22.3)"
	erases "dry run" 0
	ok "secondary without a record" \
		fwslot upgrade secondary --no-reboot "$(pkg 5.22.2)"
	erases "it gets its name, and is written whole" $((1 + BLOCKS + 1))
	expect_exit 4 "a bad bit where nothing is new" \
		fwslot upgrade secondary --no-reboot /files/flipped.pkg
	erases "a bad bit where nothing is new" 0
	before=$(received)
	ok "secondary from a server" fwslot upgrade secondary --no-reboot \
		http://127.0.0.1/weos-5.22.3.pkg
	erases "secondary" $((3 + 1))
	less "what is not wanted is not fetched" $(($(received) - before)) 2000000
	ok "secondary is what it must be" fwslot verify secondary
	is "secondary: release" "$(unit_is secondary version)" 5.22.3

	# The bootloader differs in its first block, the primary is filled from the
	# secondary.
	ok "the others" fwslot upgrade all --no-reboot "$(pkg 5.22.3)"
	erases "bootloader and primary" $((1 + 1 + 3 + 1))
	all_locked "the others"
	ok "all is what it must be" fwslot verify
	reboot
}

boot_2() {
	is "boots" "$(cat /run/boot)" \
		"boot=primary bootloader=0 format=2 version=5.22.3"
	modprobe fwslot idle_timeout=2
	counters_mark
	# Compressed, and only the header is new.
	ok "from a pipe" sh -c "fwslot upgrade secondary - <$(pkg 5.22.4)"
	erases "only the first block is new" $((1 + 1))
	ok "verify" fwslot verify

	# Nobody knows what a write that was stopped has left.
	head -c 2000000 "$(pkg 5.22.2)" >/run/half
	fails "half a package" half
	fails "now each chunk is awaited" slow 2000000
	out_has "now each chunk is awaited" "idle-timeout"
	counters_mark
	ok "after that" fwslot upgrade secondary --no-reboot "$(pkg 5.22.4)"
	erases "after that it is written whole" $((BLOCKS + 1))
	ok "verify" fwslot verify

	# What is passed over has its own time: 49 chunks, and a pipe that is slow.
	ok "a gap is not silence" slow 1000000
	erases "a gap is not silence" $((3 + 1))
	ok "verify" fwslot verify

	# These cannot be compared with those, so each block is looked at.
	ok "chunks of another size" fwslot upgrade secondary --no-reboot \
		"$(pkg 5.22.5)"
	erases "chunks of another size" $((3 + 1))
	ok "chunks as they were" fwslot upgrade secondary --no-reboot \
		"$(pkg 5.22.2)"
	erases "chunks as they were" $((3 + 1))
	ok "verify" fwslot verify
	all_locked "the end"
}
