#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_reader.sh - the package reader and packages that want to hurt it: cut,
# reordered, duplicated, unknown members, lies in headers and indexes, frames
# of the wrong size.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
check "build the driver" driver driver "$src/tests/cli/tool_pkg.c" \
	"$src"/userspace/pkg*.c

need_key signer
pattern system.bin 1300000
noise boot.bin 70000
echo "notes" >notes

build()
{
	local out=$1

	shift
	mkpkg build --version 5.22.2 --format 2 --product p1 --notes notes \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "$out" "$@"
}

both=(--system system.bin --bootloader boot.bin)
check "a package with frames" build zstd.pkg "${both[@]}"
check "a plain package" build plain.pkg "${both[@]}" --compress none
check "only a bootloader" build boot.pkg --bootloader boot.bin
pattern little.bin 66000
check "little frames" build little.pkg --system little.bin
check "little plain" build flat.pkg --system little.bin --compress none
check "the least package" mkpkg build --version 1.0.0 --format 1 \
	--product p --bootloader notes --compress none \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o least.pkg

# good PACKAGE IMAGE...: all ways to read it give the images.
good()
{
	local mode pkg=$1

	shift
	cat "$@" >want
	for mode in whole pipe; do
		./driver "$mode" "$pkg" >got && cmp got want || return
	done
	./driver sparse "$pkg"
}

check "read frames" good zstd.pkg boot.bin system.bin
check "read plain" good plain.pkg boot.bin system.bin
check "read one image" good boot.pkg boot.bin
check "read the least" good least.pkg notes
check "cut anywhere: frames" ./driver cuts zstd.pkg
check "cut anywhere: plain" ./driver cuts flat.pkg
check "any byte changed: frames" ./driver flips little.pkg
check "any byte changed: least" ./driver flips least.pkg
check "no byte of a header may change: least" ./driver headers least.pkg
check "no byte of a header may change: frames" ./driver headers little.pkg

# Members, for packages that are put together by hand.
mkdir z p
tar xf zstd.pkg -C z
tar xf plain.pkg -C p
head=(manifest manifest.p7s notes bootloader.digests system.digests)
frames=(bootloader.index bootloader.zst system.index system.zst)
images=(bootloader.img system.img)

pack()
{
	local out=$1 dir=$2

	shift 2
	tar --format=ustar --hard-dereference -C "$dir" -cf "$out" "$@"
}

check "tar itself may make it: frames" pack t.pkg z "${head[@]}" "${frames[@]}"
check "and it is read" good t.pkg boot.bin system.bin
check "tar itself may make it: plain" pack t.pkg p "${head[@]}" "${images[@]}"
check "and it is read, too" good t.pkg boot.bin system.bin

# bad NAME PATTERN PACKAGE: refused, whichever way it is read.
bad()
{
	local mode

	for mode in whole pipe; do
		refuse "$1 ($mode)" 4 "$2" ./driver "$mode" "$3"
	done
}

# wrong NAME PATTERN DIR MEMBER...
wrong()
{
	local name=$1 pattern=$2

	shift 2
	pack bad.pkg "$@"
	bad "$name" "$pattern" bad.pkg
}

: >empty
bad "empty file" '^truncated: ' empty
head -c 511 zstd.pkg >bad.pkg
bad "less than a header" '^truncated: ' bad.pkg
bad "no archive" '^bad-package: there is no ustar header at offset 0' system.bin
wrong "manifest is not first" '^bad-package: .*"manifest" must be' \
	p manifest.p7s manifest
wrong "no signature" '"manifest.p7s" must be' p manifest notes
wrong "notes are missing" '"notes" must be' \
	p manifest manifest.p7s bootloader.digests system.digests
wrong "digests in the wrong order" '"bootloader.digests" must be' \
	p manifest manifest.p7s notes system.digests bootloader.digests
wrong "a member twice" '"manifest.p7s" must be' p manifest manifest
wrong "images in the wrong order" 'image "bootloader" is not where' \
	p "${head[@]}" system.img bootloader.img
wrong "an image is missing" 'image "system" is not where' \
	p "${head[@]}" bootloader.img
wrong "an index without frames" '"bootloader.zst" must be' \
	z "${head[@]}" bootloader.index system.index
wrong "frames without an index" 'image "bootloader" is not where' \
	z "${head[@]}" bootloader.zst
wrong "a member too many" '^bad-package: there is a member too many' \
	p "${head[@]}" "${images[@]}" notes
ln -s manifest p/link
mkdir p/folder
cp p/manifest p/unknown
wrong "an unknown member" '"manifest.p7s" must be' p manifest unknown
wrong "a link" 'not a plain file' p manifest link
wrong "a folder" 'not a plain file' p manifest folder
head -c 4097 /dev/zero >p/large
pack bad.pkg p --transform=s/large/manifest/ large
bad "a manifest that is too large" '"manifest" has 4097 bytes instead of 4096 at most' bad.pkg
: >p/none
pack bad.pkg p --transform=s/none/manifest.p7s/ manifest none
bad "an empty signature" '"manifest.p7s" has 0 bytes\|not signed' bad.pkg
cp -r p q
echo more >>q/notes
wrong "notes of another size" '"notes" has 11 bytes instead of 6' q "${head[@]}"
rm -r q && cp -r p q
printf 'x' >>q/system.img
wrong "an image that is too large" '"system.img" has 1300001 bytes instead of 1300000' \
	q "${head[@]}" "${images[@]}"
truncate -s 1299999 q/system.img
wrong "an image that is too small" '"system.img" has 1299999 bytes instead of 1300000' \
	q "${head[@]}" "${images[@]}"
truncate -s -32 q/system.digests
wrong "a digest table that is too small" '"system.digests" has 608 bytes' \
	q "${head[@]}" "${images[@]}"
printf 'X' | dd of=q/manifest conv=notrunc status=none
wrong "no manifest" '^bad-manifest: ' q "${head[@]}" "${images[@]}"

# Headers.  Offsets are those of POSIX ustar.
header()
{
	local name=$1 pattern=$2

	cp plain.pkg bad.pkg
	poke bad.pkg "$3" "$4"
	bad "$name" "$pattern" bad.pkg
}

# sum OFFSET: make the checksum of the header there right again.
sum()
{
	local byte sum=0

	poke bad.pkg $(($1 + 148)) 2020202020202020
	for byte in $(od -An -v -tu1 -j "$1" -N 512 bad.pkg); do
		sum=$((sum + byte))
	done
	poke bad.pkg $(($1 + 148)) "$(printf '%06o\0 ' "$sum" |
		od -An -v -tx1 | tr -d ' \n')"
}

# forged NAME PATTERN OFFSET HEX: as header, with a right checksum
forged()
{
	cp plain.pkg bad.pkg
	poke bad.pkg "$3" "$4"
	sum 0
	bad "$1" "$2" bad.pkg
}

header "a wrong checksum" 'header with a bad checksum at offset 0' 100 31
header "no magic" 'there is no ustar header at offset 0' 257 00
forged "GNU magic" 'there is no ustar header at offset 0' 257 7573746172202000
forged "a name with a path" '"manifest" must be' 0 2f
forged "bytes behind the name" 'a member with a bad name' 50 41
forged "a prefix" 'a member with a bad name' 345 41
forged "the type of a device" 'not a plain file' 156 33
forged "the name of a link" 'not a plain file' 157 41
forged "a size that is no number" 'a malformed header' 124 2d
forged "a size in base 256" 'a malformed header' 124 80
forged "an enormous size" 'instead of 4096 at most' 124 3737373737373737373737
forged "a size without end" 'a malformed header' 135 37
cp plain.pkg bad.pkg
poke bad.pkg 1000 01
bad "padding that is not zero" 'not padded with zeros' bad.pkg

# The end.
cp plain.pkg bad.pkg
printf 'x' >>bad.pkg
bad "a byte behind the end" 'data follows the end' bad.pkg
cat plain.pkg plain.pkg >bad.pkg
bad "a package behind the end" 'data follows the end' bad.pkg
cp plain.pkg bad.pkg
head -c 2000000 /dev/zero >>bad.pkg
bad "zeros without end" 'data follows the end' bad.pkg
cp plain.pkg bad.pkg
head -c 9000 /dev/zero >>bad.pkg
check "some zeros are allowed" good bad.pkg boot.bin system.bin

# Frames and their index.  The system image has two: 1048576 and 251424 bytes.
first=$(le z/system.index 0 8)
total=$(le z/system.index 8 8)
u64()
{
	local shift

	for shift in 0 8 16 24 32 40 48 56; do
		printf '%02x' $(($1 >> shift & 255))
	done
}

# frame NAME PATTERN INDEX...: with the frames in q/system.zst
frame()
{
	local name=$1 pattern=$2 end

	shift 2
	for end; do
		u64 "$end"
	done | unhex >q/system.index
	wrong "$name" "$pattern" q "${head[@]}" "${frames[@]}"
}

fresh()
{
	rm -rf q
	cp -r z q
}

fresh
frame "an end too early" 'does not end where the index says' $((first - 1)) "$total"
frame "an end too late" 'does not end where the index says' $((first + 1)) "$total"
frame "an empty frame" 'entry 0 of "system.index" is impossible' 0 "$total"
frame "ends that descend" 'entry 1 of "system.index" is impossible' "$total" "$first"
frame "an end beyond the member" 'does not end where its index says' "$first" $((total + 1))
frame "a frame that is too large" 'entry 1 of "system.index" is impossible' "$first" 9999999
frame "an end with all bits" 'entry 0 of "system.index" is impossible' -1 "$total"
frame "an index that is too short" '"system.index" has 8 bytes instead of 16' "$total"
frame "an index that is too long" '"system.index" has 24 bytes' "$first" "$total" "$total"
cut_bytes z/system.zst "$first" $((total - first)) >small
cut_bytes z/system.zst 0 "$first" >big
small=$(size small)
big=$(size big)
cat small small >q/system.zst
frame "a frame with too little" 'frame 0 of "system.zst" holds too little' "$small" $((2 * small))
cat big big >q/system.zst
frame "a frame with too much" 'frame 1 of "system.zst" cannot be decoded' "$big" $((2 * big))
cat big small small >q/system.zst
frame "two frames in one entry" 'frame 1 of "system.zst" does not end where' "$big" $((big + 2 * small))
cp z/system.zst q/
poke q/system.zst 0 00
frame "no frame" 'frame 0 of "system.zst" does not begin as a zstd frame' "$first" "$total"
{
	cat big
	unhex <<<28b52ffd00a0010000
} >q/system.zst
frame "a window of a gigabyte" 'frame 1 of "system.zst" needs too large a window' "$big" $((big + 9))
{
	cat big
	unhex <<<504d2a18040000000000000000
} >q/system.zst
frame "a frame to be skipped" 'does not begin as a zstd frame' "$big" $((big + 13))
# Hundred million bytes of zeros in blocks of run length, in some hundred bytes.
{
	cat big
	{
		printf 28b52ffd0068
		yes 02001000 | head -n 800 | tr -d '\n'
		printf 03001000
	} | unhex
} >q/system.zst
frame "a bomb" 'frame 1 of "system.zst" cannot be decoded' "$big" "$(size q/system.zst)"
finish
