# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# NAND that fails: blocks that go bad while they are written, bits that flip,
# pages that cannot be read any more
#
# One boot; fwslot and nandsim are loaded anew in it, see prog/nand.sh.

FLASH_SIZE=0
BOOT_ROM=none
STORY_TIMEOUT=500

[ ! -e /files/slots.sh ] || . /files/slots.sh
[ ! -e /files/nand.sh ] || . /files/nand.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	blank_tail
	cp "$vm_dir/prog/slots.sh" "$vm_dir/prog/nand.sh" "$FILES/"
}

# blank_tail: a release whose system image ends in 100,000 bytes of 0xff
blank_tail() {
	local dir=$FILES/images

	{
		head -c 300000 /dev/urandom
		head -c 100000 /dev/zero | tr '\0' '\377'
	} >"$dir/blank"
	"$FWSLOT_MKPKG" build --version 5.20.1 --format 1 \
		--product "$WEOS_PRODUCT" --system "$dir/blank" \
		--sign-key "$FWSLOT_KEYS/key.pem" \
		--sign-cert "$FWSLOT_KEYS/cert.pem" \
		-o "$(weos_pkg 5.20.1)" >/dev/null
}

# marked NAME N BLOCK...: N more lines in the log say "marked bad" than at the
# last look, and these blocks of the chip are bad
marked() {
	claim=$1
	lines=$(log_lines "fwslot: state .* marked bad: block at 0x")
	is "$claim: lines in the log" $((lines - told)) "$2"
	told=$lines
	shift 2
	is "$claim: bad blocks" "$(bad_blocks)" "$*"
}

# page BLOCK PAGE: number of a page, for weakpages= and gravepages=
page() {
	echo $(($1 * 64 + $2))
}

# Erases fail in the bootloader, primary, the first block of secondary, and
# the record of primary; programs in primary and in the record of secondary.
# What the factory wrote without an erase, and once, was no trouble.
skip_bad() {
	board ,layout=skip-bad weakblocks=1:0,12:0,23:0,24:0 \
		"weakpages=$(page 14 5):1,$(page 39 1):0"
	marked "adopt" 2 23 39
	is "the records went one block down" \
		"$(record_block 0) $(record_block 1) $(record_block 2)" "7  14  14 "
	upgrade all 5.22.2
	marked "upgrade all" 4 1 12 14 23 24 39
	restart "one block less"
	boots 5.22.2 primary 2
	ok "verify" fwslot verify
	upgrade all 5.21.2
	restart "and down"
	boots 5.21.2 primary 1
	ok "verify after that" fwslot verify
	marked "no other block" 0 1 12 14 23 24 39
}

# Pages at the end of a block that hold nothing are not programmed: these two
# would fail.
blank_pages() {
	board ,layout=skip-bad "weakpages=$(page 26 30):1,$(page 27 0):1"
	upgrade secondary 5.20.1
	marked "blank pages" 0
	ok "blank pages: verify" fwslot verify secondary
}

# The first block is programmed last.  When that fails everything would have to
# move, which is left to the next attempt.
first_block() {
	board ,layout=skip-bad "weakpages=$(page 24 7):1"
	expect_exit 1 "first block cannot be programmed" \
		fwslot upgrade secondary "$(pkg 5.20.0)" --no-reboot
	out_has "first block: it says so" flash-error
	marked "first block" 1 24
	is "first block: state" "$(unit_is secondary state)" incomplete
	upgrade secondary 5.20.0
	marked "the same command again" 0 24
	ok "the same command again: verify" fwslot verify secondary
}

# Eleven blocks are needed, and twelve are good; then ten.
no_spare() {
	board ,layout=skip-bad badblocks=9,10,11,15 weakblocks=13:0,14:0
	expect_exit 1 "two bad blocks in a row" \
		fwslot upgrade primary "$(pkg 5.20.0)" --no-reboot
	out_has "two bad blocks: it says so" flash-error
	marked "two bad blocks: the first" 1 9 10 11 13 15
	expect_exit 1 "too few blocks are left" \
		fwslot upgrade primary "$(pkg 5.20.0)" --no-reboot
	out_has "too few blocks: it says so" bad-blocks
	marked "too few blocks" 1 9 10 11 13 14 15
	restart "too few blocks"
	boots 5.21.2 secondary 1
	expect_exit 3 "too few blocks: not begun any more" \
		fwslot upgrade primary "$(pkg 5.20.0)"
	out_has "too few blocks: it still says so" image-too-large
}

# Nothing is wrong with so many blocks: it is the supply, or a pin.
all_fail() {
	NAND_PARTS=8,48,16
	NAND_LAYOUT="--boot 0x0+0x100000 --primary 0x100000+0x600000 --secondary 0x700000+0x200000"
	board ,layout=skip-bad "weakblocks=$(seq -s , 8 27 | sed 's/,/:0,/g')"
	expect_exit 1 "every erase fails" \
		fwslot upgrade primary "$(pkg 5.20.0)" --no-reboot
	out_has "every erase fails: it says so" flash-error
	marked "the chip is not ruined" 1 8
	restart "every erase fails"
	boots 5.21.2 secondary 1
	NAND_PARTS=8,16,16
	NAND_LAYOUT="--boot 0x0+0x100000 --primary 0x100000+0x200000 --secondary 0x300000+0x200000"
}

# No block takes the place of one of the image; the record finds another.
linear() {
	board ,layout=linear weakblocks=12:0,23:0
	marked "linear: adopt" 1 23
	expect_exit 1 "linear: a block of the image fails" \
		fwslot upgrade primary "$(pkg 5.20.0)" --no-reboot
	out_has "linear: it says so" flash-error
	marked "linear: the image" 0 23
	restart "linear: a block of the image fails"
	boots 5.21.2 secondary 1
	is "linear: the state" "$(unit_is primary state)" unknown
}

record_area() {
	area="NAND simulator partition 3@0x20000:0x60000"
	area="$(slots_on ,layout=skip-bad | sed "s/;/,record=$area;/")"
	NAND_PARTS=8,16,16,4 raw_board ,layout=skip-bad badblocks=43 \
		weakblocks=42:0
	restart "record area" "$area"
	ok "record area: adopt" fwslot adopt bootloader "$(pkg 5.21.2)"
	marked "record area" 1 42 43
	is "record area: where the record is" \
		"$(record_block 0)/$(record_block 3)" "/1 "
	restart "record area again" "$area"
	is "record area: found" "$(unit_is bootloader state)" recorded
	ok "record area: verify" fwslot verify bootloader
}

# flips_told: verify works, and the log has a line about corrected bits
flips_told() {
	fwslot verify >"$OUT" 2>&1 || report "not ok" "verify with bit flips"
	[ "$(log_lines "fwslot: state .* corrected bits in [0-9]* reads")" -gt "$flips" ]
}

bit_flips() {
	board ,layout=skip-bad bitflips=1
	upgrade all 5.22.2
	restart "bit flips"
	boots 5.22.2 primary 2
	flips=$(log_lines "fwslot: state .* corrected bits in [0-9]* reads")
	ok "bits that the chip corrected are told" wait_for 4 flips_told
	ok "verify with bit flips" fwslot verify
	marked "bit flips" 0
}

# lost UNIT REASON: can something of it not be read any more
lost() {
	fwslot verify "$1" >/dev/null 2>&1
	[ "$(unit_is "$1" reason)" = "$2" ]
}

# The header of the record of primary, and a page of its image.
lost_pages() {
	board ,layout=skip-bad "gravepages=$(page 23 0):20"
	ok "the record is lost" wait_for 6 lost primary bad-record
	upgrade primary 5.21.2
	marked "the record finds another block" 1 23
	ok "the record is there again" fwslot verify
	board ,layout=skip-bad "gravepages=$(page 12 3):20"
	ok "a page of the image is lost" wait_for 6 lost primary corrupt
	restart "a page of the image is lost"
	boots 5.21.2 secondary 1
	upgrade primary 5.21.2
	marked "the image finds another block" 1 12
	restart "repaired"
	boots 5.21.2 primary 1
	ok "repaired: verify" fwslot verify
}

boot_1() {
	told=0
	skip_bad
	blank_pages
	first_block
	no_spare
	all_fail
	linear
	record_area
	bit_flips
	lost_pages
	unload
}
