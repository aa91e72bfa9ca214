#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_build.sh - fwslot-mkpkg build: every byte of what it writes is
# compared with what tar, od, sha256sum and zstd say.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

need_key signer

base=(--version 5.22.2-rc.1 --format 2 --product sw-10 --product sw_20+)

build()
{
	mkpkg build "${base[@]}" "$@"
}

# content IMAGE NAME PACKAGE: NAME.zst holds the image, NAME.index is right.
frames()
{
	local start=0 end n=0 frames image=$1 name=$2

	member "$3" "$name.zst" >zst
	member "$3" "$name.index" >index
	zstd -dqc zst >plain
	same "$name: zstd -dc gives the image" "$image" plain
	frames=$((($(size "$image") + 1048575) / 1048576))
	equal "$name: index has an entry for each frame" \
		$((frames * 8)) "$(size index)"
	: >joined
	while [ $n -lt $frames ]; do
		end=$(le index $((n * 8)) 8)
		cut_bytes zst "$start" $((end - start)) >frame
		zstd -dqc frame >>joined 2>err || break
		start=$end
		n=$((n + 1))
	done
	same "$name: every frame stands alone" "$image" joined
	equal "$name: the index ends with the frames" "$(size zst)" "$start"
}

one_size()
{
	local bytes=$1 chunk=$2 how=$3

	noise image "$bytes"
	check "$bytes bytes, chunks of $chunk, $how: build" \
		build --system image --chunk-size "$chunk" --compress "$how" \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o size.pkg
	table image "$chunk" expect
	member size.pkg system.digests >actual
	same "$bytes bytes: digest table" expect actual
	if [ "$how" = none ]; then
		member size.pkg system.img >actual
		same "$bytes bytes: plain image" image actual
	else
		frames image system size.pkg
	fi
	check "$bytes bytes: info" mkpkg info size.pkg
}

# The manifest, field by field, at the offsets of format.h.
manifest()
{
	local m=$1

	equal "manifest: size" $((160 + 2 * 32 + 1 * 40 + 2 * 56)) "$(size "$m")"
	equal "manifest: magic" "fwslot firmware release manifest" \
		"$(text "$m" 0 32)"
	equal "manifest: version" 1 "$(le "$m" 32 4)"
	equal "manifest: its own size" "$(size "$m")" "$(le "$m" 36 4)"
	equal "manifest: flags" 0 "$(le "$m" 40 4)"
	equal "manifest: format" 2 "$(le "$m" 44 4)"
	equal "manifest: release" 5.22.2 \
		"$(le "$m" 48 2).$(le "$m" 50 2).$(le "$m" 52 2)"
	equal "manifest: reserved" 0 "$(le "$m" 54 2)"
	equal "manifest: label" rc.1 "$(text "$m" 56 24)"
	equal "manifest: counts" "2 1 2" \
		"$(le "$m" 80 4) $(le "$m" 84 4) $(le "$m" 88 4)"
	equal "manifest: size of the notes" "$(size notes)" "$(le "$m" 92 4)"
	equal "manifest: digest of the notes" "$(digest notes)" \
		"$(hex "$m" 96 32)"
	check "manifest: reserved at the end" is_byte "$m" 128 32 00
	equal "product 1" sw-10 "$(text "$m" 160 32)"
	equal "product 2" sw_20+ "$(text "$m" 192 32)"
	equal "bridge: format" 1 "$(le "$m" 224 4)"
	equal "bridge: reserved" 0 "$(le "$m" 228 4)"
	equal "bridge: release" 5.21.2 \
		"$(le "$m" 232 2).$(le "$m" 234 2).$(le "$m" 236 2)"
	check "bridge: no label" is_byte "$m" 238 26 00
	image "$m" 264 1 3 system.bin "system image"
	image "$m" 320 2 4 boot.bin "bootloader image"
}

image()
{
	equal "$6: kind and slots" "$3 $4" "$(le "$1" "$2" 4) $(le "$1" $(($2 + 4)) 4)"
	equal "$6: size" "$(size "$5")" "$(le "$1" $(($2 + 8)) 8)"
	equal "$6: chunk size, reserved" "131072 0" \
		"$(le "$1" $(($2 + 16)) 4) $(le "$1" $(($2 + 20)) 4)"
	table "$5" 131072 expect
	equal "$6: digest of the table" "$(digest expect)" \
		"$(hex "$1" $(($2 + 24)) 32)"
}

noise system.bin 2500001
pattern boot.bin 300000
printf 'What is new:\n\n  nothing\n' >notes
full=(--bridge 1:5.21.2 --system system.bin --bootloader boot.bin
      --chunk-size 128K --notes notes)

check "build unsigned" build "${full[@]}" --manifest-out m -o a.unsigned
manifest m
equal "unsigned: members" "manifest notes bootloader.digests system.digests \
bootloader.index bootloader.zst system.index system.zst" \
	"$(tar tf a.unsigned | xargs)"
refuse "unsigned: no reader takes it" 4 "a.unsigned: " mkpkg info a.unsigned
member a.unsigned manifest >actual
same "unsigned: --manifest-out is the member" m actual

check "build signed" build "${full[@]}" --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o a.pkg
equal "signed: members" "manifest manifest.p7s notes bootloader.digests \
system.digests bootloader.index bootloader.zst system.index system.zst" \
	"$(tar tf a.pkg | xargs)"
check "signed: openssl verifies" openssl cms -verify -binary -inform DER \
	-in <(member a.pkg manifest.p7s) -content <(member a.pkg manifest) \
	-certfile "$(cert signer)" -CAfile "$(cert signer)" -out /dev/null
frames system.bin system a.pkg
frames boot.bin bootloader a.pkg
member a.pkg notes >actual
same "signed: notes" notes actual

mkdir copy
cp system.bin boot.bin notes copy
touch -d 2001-01-01 copy/*
check "reproducible: again, elsewhere, with another umask" bash -c \
	'umask 077; cd copy; "$@"' - "$cli_build/fwslot-mkpkg" build \
	"${base[@]}" "${full[@]}" --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o b.pkg
same "reproducible: same bytes" a.pkg copy/b.pkg
equal "file mode is that of the umask" 600 "$(stat -c %a copy/b.pkg)"
equal "tar header: mode, owner, time" \
	"-rw-r--r-- 0/0 1970-01-01 00:00" \
	"$(TZ=UTC tar tvf a.pkg | awk '{ print $1, $2, $4, $5 }' | sort -u)"
check "SOURCE_DATE_EPOCH: build" env SOURCE_DATE_EPOCH=1000000000 \
	"$cli_build/fwslot-mkpkg" build "${base[@]}" "${full[@]}" -o t.unsigned
equal "SOURCE_DATE_EPOCH: time of all members" "2001-09-09 01:46" \
	"$(TZ=UTC tar tvf t.unsigned | awk '{ print $4, $5 }' | sort -u)"
equal "the archive ends with two zero blocks" 0 "$(tail -c 1024 a.pkg |
	tr -d '\0' | wc -c)"

check "--manifest: pack again, plain" mkpkg build --manifest m \
	--system system.bin --bootloader boot.bin --notes notes \
	--compress none --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o again.pkg
equal "--manifest: plain members" "bootloader.img system.img" \
	"$(tar tf again.pkg | grep img | xargs)"
cmp <(member a.pkg manifest) <(member again.pkg manifest) >err 2>&1
report $? "--manifest: same manifest"
cmp <(member a.pkg manifest.p7s) <(member again.pkg manifest.p7s) >err 2>&1
report $? "--manifest: same signature"

check "bootloader only" build --bootloader boot.bin -o c.unsigned
equal "bootloader only: members" \
	"manifest bootloader.digests bootloader.index bootloader.zst" \
	"$(tar tf c.unsigned | xargs)"
check "system for one slot only" build --system system.bin \
	--system-slots secondary --manifest-out m2 -o d.unsigned
equal "system for one slot only: mask" 2 "$(le m2 $((160 + 64 + 4)) 4)"

one_size 1 65536 zstd
one_size 65535 65536 none
one_size 65535 65536 zstd:1
one_size 65536 65536 zstd:19
one_size 65537 65536 zstd
one_size 262145 262144 none
one_size 1048576 262144 zstd:3
one_size 1048577 65536 zstd:3
one_size 5242881 131072 zstd:3

finish
