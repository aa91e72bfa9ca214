#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Test mkimage and bootmodel on files: every state of the flash that matters
#
# Two bootloader copies at 0 and 64 KiB, primary at 128 KiB, secondary at
# 256 KiB.  The digests that mkimage takes from libcrypto check the boot
# model's own at lengths around the block borders of SHA-256.  Prints TAP.
set -euo pipefail

vm_dir=$(cd "$(dirname "$0")" && pwd)
. "$vm_dir/lib/kernel.sh"
. "$vm_dir/lib/flash.sh"

FLASH_PARTS="boot0@0+65536;boot1@65536+65536;primary@131072+131072;secondary@262144+131072"
TOOLS=${BUILD:-$(cd "$vm_dir/../.." && pwd)/build}/vm/tools
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
FLASH=$work/flash
count=0 failed=0

# boot WANT NAME [ROM]
boot() {
	local got

	got=$("$TOOLS/bootmodel" --boot 0+65536 --boot 65536+65536 \
		--primary 131072+131072 --secondary 262144+131072 \
		--rom "${3:-whole}" "$FLASH") || [[ $got == boot=none* ]] || :
	((++count))
	if [[ $got == "$1"* ]]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		echo "# got: $got"
		failed=1
	fi
}

# damage OFFSET: clear one byte
damage() {
	printf '\0' | dd of="$FLASH" bs=1 seek="$1" conv=notrunc status=none
}

fresh() {
	flash_create "$FLASH" 393216
	flash_put boot0 "$work/boot1.img"
	flash_put boot1 "$work/boot2.img"
	flash_put primary "$work/sys1.img"
	flash_put secondary "$work/sys2.img"
}

lengths() {
	local size

	for size in 256 257 311 312 319 320 321 65536; do
		make_image "$work/b.img" bootloader 1 1.0 "$size" "$size"
		make_image "$work/s.img" system 1 1.0.1 "$((size + 1))" "$size"
		flash_create "$FLASH" 393216
		flash_put boot0 "$work/b.img"
		flash_put secondary "$work/s.img"
		boot "boot=secondary bootloader=0 format=1 version=1.0.1" \
			"images of $size and one more bytes"
	done
}

build_tools "$TOOLS"
make_image "$work/boot1.img" bootloader 1 1.0 40000 1
make_image "$work/boot2.img" bootloader 2 2.0 40000 2
make_image "$work/sys1.img" system 1 5.21.2 100000 3
make_image "$work/sys2.img" system 2 5.22.2 100000 4

lengths
fresh
boot "boot=primary bootloader=0 format=1 version=5.21.2" "first copy, primary"
damage 24
boot "boot=secondary bootloader=1 format=2 version=5.22.2" \
	"damaged header of the first copy: whole check takes the second"
fresh
damage 500
boot "boot=secondary bootloader=1 format=2 version=5.22.2" \
	"damaged first copy: whole check takes the second"
boot "boot=none reason=bootloader-damaged" \
	"damaged first copy: header check starts it and dies" header
damage 0
boot "boot=secondary bootloader=1 format=2 version=5.22.2" \
	"no header in the first copy: header check takes the second" header
damage 65536
boot "boot=none reason=no-bootloader" "no copy left"
fresh
damage 131072
boot "boot=none reason=no-system" "format 1 is not found in secondary"
fresh
damage 231071
boot "boot=none reason=no-system" "last byte of primary"
fresh
damage 231072
boot "boot=primary" "a byte after the image does not count"
flash_put primary "$work/boot1.img"
boot "boot=none reason=no-system" "a bootloader is no system"
flash_put primary "$work/sys2.img"
flash_put boot0 "$work/boot2.img"
boot "boot=primary bootloader=0 format=2 version=5.22.2" "format 2"
echo "1..$count"
exit $failed
