#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_factory.sh - fwslot-mkpkg factory: image, erased flash and record are
# where format.h says, found with shell arithmetic only.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

need_key signer
noise system.bin 1000001
noise boot.bin 70000 1
check "build" mkpkg build --version 5.22.2 --format 2 --product p \
	--system system.bin --bootloader boot.bin --manifest-out m \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o a.pkg
member a.pkg manifest.p7s >p7s
member a.pkg system.digests >system.table
member a.pkg bootloader.digests >boot.table

factory()
{
	mkpkg factory --cert "$(cert signer)" "$@"
}

# body FILE ERASE OFFSET SIZE: the body of the record that ends with FILE.
body()
{
	local block=$(($(size "$1") - $2)) from=$3 left=$4 n

	while [ "$left" -gt 0 ]; do
		n=$(($2 - from < left ? $2 - from : left))
		cut_bytes "$1" $((block + from)) $n
		left=$((left - n))
		block=$((block - $2))
		from=0
	done
}

# record NAME FILE ERASE OFFSET TABLE IMAGE: check a record area.
record()
{
	local head=$(($(size "$2") - $3)) f=$2 parts used

	cat m p7s "$5" >expect
	parts="$(size m) $(size p7s) $(size "$5")"
	equal "$1: magic" fwsl.rec "$(text "$f" $head 8)"
	equal "$1: version, erase block, body" "1 $3 $4" \
		"$(le "$f" $((head + 8)) 4) $(le "$f" $((head + 12)) 4) $(le "$f" $((head + 16)) 4)"
	equal "$1: sizes" "$parts" \
		"$(le "$f" $((head + 20)) 4) $(le "$f" $((head + 24)) 4) $(le "$f" $((head + 28)) 4)"
	equal "$1: image" "$6" "$(le "$f" $((head + 32)) 4)"
	check "$1: reserved" is_byte "$f" $((head + 36)) 28 00
	check "$1: erased behind the header" is_byte "$f" $((head + 64)) \
		$(($4 - 64)) ff
	body "$f" "$3" "$4" "$(size expect)" >actual
	same "$1: manifest, signature, digest table" expect actual
	used=$(size expect)
	if [ "$used" -le $(($3 - $4)) ]; then
		check "$1: erased behind the body" is_byte "$f" \
			$((head + $4 + used)) $(($3 - $4 - used)) ff
		blocks=1
		return
	fi
	blocks=$(((used - ($3 - $4) + $3 - 1) / $3 + 1))
	used=$(((used - ($3 - $4)) % $3))
	check "$1: erased behind the body" is_byte "$f" \
		$(($(size "$f") - blocks * $3 + used)) \
		$((used ? $3 - used : 0)) ff
}

# slot NAME FILE SIZE IMAGE END: image and what is erased behind it.
slot()
{
	equal "$1: size" "$3" "$(size "$2")"
	cut_bytes "$2" 0 "$(size "$4")" >actual
	same "$1: image" "$4" actual
	check "$1: erased behind the image" is_byte "$2" "$(size "$4")" \
		$(($5 - $(size "$4"))) ff
}

# system NAME SLOT SIZE ERASE UNIT BODY: record at the end of the slot.
system()
{
	check "$1" factory --slot "$2" --slot-size "$3" --erase-size "$4" \
		--write-unit "$5" a.pkg -o s.img
	record "$1" s.img "$4" "$6" system.table 0
	slot "$1" s.img "$3" system.bin $(($3 - blocks * $4))
}

system "primary, 64K blocks" primary 2097152 65536 1 512
system "secondary, 128K blocks, pages of 2048" secondary 2097152 131072 2048 2048
system "primary, 4K blocks, pages of 256" primary 1048576 4096 256 512
system "secondary, 1K blocks" secondary 1048576 1024 1 512
blocks1k=$blocks
equal "1K blocks: the record runs over" 1 $((blocks1k > 1))

check "bootloader, record of its own" factory --slot bootloader \
	--slot-size 72K --erase-size 4K --record-size 8K --record-out r.img \
	a.pkg -o b.img
record "bootloader" r.img 4096 512 boot.table 1
equal "bootloader: size of the record area" 8192 "$(size r.img)"
check "bootloader: erased before the record" is_byte r.img 0 4096 ff
slot "bootloader" b.img 73728 boot.bin 73728
check "bootloader, record in the slot" factory --slot bootloader \
	--slot-size 128K --erase-size 4K a.pkg -o b.img
record "bootloader" b.img 4096 512 boot.table 1
slot "bootloader" b.img 131072 boot.bin $((131072 - 4096))

# The smallest slot that is large enough: 977 blocks of image and the record.
check "just large enough" factory --slot primary \
	--slot-size $(((977 + blocks1k) * 1024)) --erase-size 1K a.pkg -o s.img
refuse "one block too small" 1 "has room for" factory --slot primary \
	--slot-size $(((976 + blocks1k) * 1024)) --erase-size 1K a.pkg -o s.new
refuse "room for the image only" 1 "beside the record" factory --slot primary \
	--slot-size $((977 * 1024)) --erase-size 1K a.pkg -o s.new
refuse "smaller than the record" 1 "the record needs" factory --slot primary \
	--slot-size 1K --erase-size 1K a.pkg -o s.new
refuse "record area too small" 1 "the record area has 1024" factory \
	--slot bootloader --slot-size 72K --erase-size 1K --record-size 1K \
	--record-out r.new a.pkg -o s.new
refuse "image larger than the slot" 1 "has room for 69632" factory \
	--slot bootloader --slot-size 68K --erase-size 4K --record-size 8K \
	--record-out r.new a.pkg -o s.new

bad()
{
	local name=$1 pattern=$2

	shift 2
	refuse "$name" 2 "$pattern" factory --slot primary --slot-size 2M \
		--erase-size 64K a.pkg -o s.new "$@"
}

bad "slot: word" "not primary, secondary or bootloader" --slot pri
bad "slot size: no whole blocks" "--slot-size is not a multiple" --slot-size 100000
bad "record size: no whole blocks" "--record-size is not a multiple" \
	--record-size 1000 --record-out r.new
bad "erase size: no power of two" "not a power of two" --erase-size 96K
bad "erase size: too small" "not a size from 1024" --erase-size 512
bad "erase size: too large" "not a size from" --erase-size 2M
bad "write unit: no power of two" "not a power of two" --write-unit 3
bad "write unit: as large as a block" "leaves no room" --write-unit 64K
bad "record size without file" "--record-out is missing" --record-size 64K
bad "record file without size" "--record-size is missing" --record-out r.new
refuse "no slot" 2 "--slot is missing" factory --slot-size 2M \
	--erase-size 64K a.pkg -o s.new
refuse "no package" 2 "the package is missing" factory --slot primary \
	--slot-size 2M --erase-size 64K -o s.new

need_key other
refuse "other certificate" 4 "does not verify" mkpkg factory --slot primary \
	--slot-size 2M --erase-size 64K --cert "$(cert other)" a.pkg -o s.new
check "build, bootloader only" mkpkg build --version 1.0.0 --format 1 \
	--product p --bootloader boot.bin --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o b.pkg
refuse "no image for the slot" 2 "has no image for the slot primary" factory \
	--slot primary --slot-size 2M --erase-size 64K b.pkg -o s.new
check "build, unsigned" mkpkg build --version 1.0.0 --format 1 \
	--product p --system system.bin -o b.unsigned
refuse "unsigned package" 4 "b.unsigned: " mkpkg factory --slot primary \
	--slot-size 2M --erase-size 64K b.unsigned -o s.new
cp a.pkg c.pkg
poke c.pkg $(($(size c.pkg) - 4096)) 00000000
refuse "damaged package" 4 "c.pkg: " factory --slot primary --slot-size 2M \
	--erase-size 64K c.pkg -o s.new

finish
