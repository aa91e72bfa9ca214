# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154
#
# What stories about NAND share: a board on nandsim
#
# A story's host_setup copies it to $FILES, with slots.sh and nandfd, and the
# story reads both from there.
#
# 64 MiB in pages of 2 KiB and blocks of 128 KiB, in three partitions and a
# rest.  nandsim forgets everything when it is unloaded, so a reboot is what
# fwslot sees of one: it is unloaded, the boot model looks at the chip as a
# boot loader reads it, and fwslot is loaded with what boots.

NAND_ID="id_bytes=0x20,0xa2,0x00,0x15"
NAND_BLOCK=131072
# The same for parts=, for dumps and for people: bootloader, primary, secondary.
NAND_PARTS=8,16,16
NAND_LAYOUT="--boot 0x0+0x100000 --primary 0x100000+0x200000 --secondary 0x300000+0x200000"

# nand N: device of a partition
nand() {
	mtd_of "NAND simulator partition $1"
}

# slots_on LAYOUT: the parameter slots=, with NAND of that layout
slots_on() {
	p="NAND simulator partition"
	echo "slots=bootloader=$p 0$1;primary=$p 1$1;secondary=$p 2$1"
}

loaded() {
	grep -q "^$1 " /proc/modules
}

unload() {
	! loaded fwslot || rmmod fwslot
	! loaded nandsim || rmmod nandsim
}

# plug [PARAMETER...]: a new chip, erased
plug() {
	unload
	# shellcheck disable=SC2086 # words are wanted
	modprobe nandsim $NAND_ID "parts=$NAND_PARTS" "$@"
}

# nand_image N FILE: write it as a production line does, round bad blocks
nand_image() {
	nandwrite -q -p "$(nand "$1")" "$2"
}

# factory VERSION: raw images in all slots, no records
factory() {
	nand_image 0 "/files/images/boot-$1" &&
		nand_image 1 "/files/images/system-$1" &&
		nand_image 2 "/files/images/system-$1"
}

# nand_dump METHOD FILE: the slots, each where it is on the chip
nand_dump() {
	rm -f "$2"
	from=0
	for n in 0 1 2; do
		nanddump -q --bb="$1" -f /run/part "$(nand $n)" 2>/dev/null
		dd if=/run/part of="$2" bs=1M oflag=seek_bytes conv=notrunc \
			seek=$from 2>/dev/null
		from=$((from + $(blocks_of $n) * NAND_BLOCK))
	done
	truncate -s $from "$2"
	rm /run/part
}

# judge_chip: what boots; a linear slot is read straight on, bad blocks and all
judge_chip() {
	case $layout in
	,layout=linear) nand_dump dumpbad /run/chip ;;
	*) nand_dump skipbad /run/chip ;;
	esac
	# shellcheck disable=SC2086 # words are wanted
	bootmodel $NAND_LAYOUT --rom whole /run/chip >/run/boot
	rm /run/chip
}

# restart NAME [PARAMETER...]: a reboot; sets $BOOTED
restart() {
	when=$1
	shift
	! loaded fwslot || ok "$when: unload" rmmod fwslot
	judge_chip
	echo "# $when: $(cat /run/boot)" >&8
	BOOTED=$(sed 's/boot=\([^ ]*\).*/\1/' /run/boot)
	ok "$when: load" modprobe fwslot "booted=$BOOTED" "$(slots_on "$layout")" "$@"
}

# boots VERSION SLOT FORMAT: what the last restart found
boots() {
	is "boots $1 from $2" "$(cat /run/boot)" \
		"boot=$2 bootloader=0 format=$3 version=$1"
}

# raw_board LAYOUT [PARAMETER...]: a chip with 5.21.2 from the factory
raw_board() {
	layout=$1
	shift
	plug "$@"
	ok "factory$layout" factory 5.21.2
	restart "factory$layout"
	boots 5.21.2 primary 1
}

# board LAYOUT [PARAMETER...]: and all slots have a record
board() {
	raw_board "$@"
	for slot in primary secondary bootloader; do
		ok "adopt $slot$layout" fwslot adopt $slot "$(pkg 5.21.2)"
	done
}

# upgrade SLOT VERSION: without the reboot at the end
upgrade() {
	ok "upgrade $1 to $2$layout" fwslot upgrade "$1" "$(pkg "$2")" --no-reboot
}

# blocks_of N: how many blocks a partition has
blocks_of() {
	echo $(($(cat "/sys/class/mtd/$(basename "$(nand "$1")")/size") / NAND_BLOCK))
}

# bad_blocks: numbers of the blocks of the chip that are marked bad
bad_blocks() {
	from=0
	for n in 0 1 2 3; do
		mtdinfo -M "$(nand $n)" |
			grep -o '[0-9]*: [0-9a-f]* *BAD' | while IFS=: read -r b rest; do
			echo $((from + b))
		done
		from=$((from + $(blocks_of $n)))
	done | xargs echo
}

# record_block N: number of the block of a partition that a record begins in
record_block() {
	b=0
	while [ $b -lt "$(blocks_of "$1")" ]; do
		head=$(nanddump -q --bb=dumpbad -s $((b * NAND_BLOCK)) -l 2048 \
			"$(nand "$1")" 2>/dev/null | head -c 8 | tr -d '\0')
		[ "$head" != fwsl.rec ] || printf '%s ' $b
		b=$((b + 1))
	done
}
