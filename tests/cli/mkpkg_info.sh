#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_info.sh - fwslot-mkpkg info: what it shows, and that it shows nothing
# of a package that is damaged anywhere.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

need_key signer
noise system.bin 300000
pattern boot.bin 70000
printf 'first\nsecond \033[31mred\a\nquote " and \\\n' >notes
check "build" mkpkg build --version 5.22.2-a+b --format 2 --product p1 \
	--product p2 --bridge 1:5.21.2 --bridge 3:6.0.0-x --system system.bin \
	--bootloader boot.bin --notes notes --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o a.pkg

# line NAME REGEX: a line of the last output.
line()
{
	grep -qE -- "$2" shown 2>err
	report $? "$1"
}

check "info" mkpkg info a.pkg
cp out shown
line "text: release" '^Release: +5\.22\.2-a\+b$'
line "text: format" '^Format: +2$'
line "text: first product" '^Products: +p1$'
line "text: second product" '^ +p2$'
line "text: bridge" '^Bridges: +5\.21\.2 of format 1$'
line "text: second bridge" '^ +6\.0\.0-x of format 3$'
line "text: system" '^system +300000 bytes, 5 chunks of 65536, for primary, secondary$'
line "text: bootloader" '^bootloader +70000 bytes, 2 chunks of 65536, for bootloader$'
line "text: digest" "digest $(member a.pkg system.digests | sha256sum | cut -c 1-64)\$"
line "text: signer" '^Signer: +CN=fwslot test signer serial [0-9A-F]+$'
line "text: not verified" '^Signature: +not verified'
line "text: notes, escaped" '^ +second \\x1b\[31mred\\x07$'
equal "text: no control characters" 0 "$(tr -d '[:print:]\n' <shown | wc -c)"
check "info --cert" mkpkg info a.pkg --cert "$(cert signer)"
cp out shown
line "text: verified" '^Signature: +verified$'

check "info --json" mkpkg info --json a.pkg
cp out shown
line "json: release and format" '"release":"5\.22\.2-a\+b","format":2,'
line "json: products" '"products":\["p1","p2"\]'
line "json: bridges" '"bridges":\[\{"format":1,"release":"5\.21\.2"\},\{"format":3,"release":"6\.0\.0-x"\}\]'
line "json: system" '"slots":\["primary","secondary"\],"size":300000,"chunk_size":65536,"chunks":5,'
line "json: not verified" '"signature_checked":false'
line "json: notes, escaped" '"notes":"first(\\n|\\u000a)second \\u001b\[31mred\\u0007(\\n|\\u000a)quote \\" and \\\\(\\n|\\u000a)"'
equal "json: one line" 1 "$(wc -l <shown)"
check "info --json --cert" mkpkg info --json --cert "$(cert signer)" a.pkg
cp out shown
line "json: verified" '"signature_checked":true'

quiet()
{
	mkpkg info "$@"
	status=$?
	[ ! -s out ] || echo "something was shown" >&2
	return "$status"
}

# damaged NAME OFFSET: a flipped byte is noticed, nothing is shown.
damaged()
{
	local byte

	cp a.pkg d.pkg
	byte=$(hex a.pkg "$2" 1)
	poke d.pkg "$2" "$(printf %02x $((0x$byte ^ 0x81)))"
	refuse "damaged: $1" 4 "d.pkg: " quiet d.pkg
}

# offset NAME: where the data of a member begins.
offset()
{
	tar tRf a.pkg | awk -v name="$1" '$3 == name { print ($2 + 1) * 512 }' \
		| tr -d :
}

for part in manifest notes bootloader.digests system.digests bootloader.zst \
	    system.zst; do
	at=$(offset $part)
	damaged "$part, header" $((at - 512))
	damaged "$part, checksum" $((at - 512 + 150))
	damaged "$part, first byte" "$at"
done
damaged "signature" "$(offset manifest.p7s)"
damaged "system.zst, middle" $(($(offset system.zst) + 100000))
damaged "end" $(($(size a.pkg) - 700))
damaged "very last byte" $(($(size a.pkg) - 1))

for cut in 0 1 511 512 513 900 1024 2000 5000 $(($(size a.pkg) - 1024)) \
	   $(($(size a.pkg) - 1)); do
	head -c "$cut" a.pkg >d.pkg
	refuse "truncated to $cut bytes" 4 "d.pkg: " quiet d.pkg
done
cat a.pkg notes >d.pkg
refuse "something follows" 4 "d.pkg: " quiet d.pkg
refuse "not a package" 4 "notes: " quiet notes
refuse "no such file" 1 "cannot open nowhere" quiet nowhere
refuse "no argument" 2 "give one package" quiet
refuse "two arguments" 2 "give one package" quiet a.pkg a.pkg
refuse "missing certificate" 1 "cannot read a certificate" quiet --cert nowhere a.pkg

finish
