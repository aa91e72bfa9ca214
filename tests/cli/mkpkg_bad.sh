#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_bad.sh - fwslot-mkpkg: input that breaks a rule gets one clear line,
# exit status 2 (1 for files that cannot be read), and no output.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

pattern image 1000
: >empty
printf 'text\n' >notes

# with OPTION...: a build that would be good, the last option replacing.
with()
{
	mkpkg build --version 1.2.3 --format 2 --product p --system image \
		-o out.new "$@"
}

bad()
{
	local name=$1 pattern=$2

	shift 2
	refuse "$name" 2 "$pattern" "$@"
}

long=$(printf '%025d' 0)
bad "version: two numbers" "not MAJOR.MINOR.PATCH" with --version 5.22
bad "version: four numbers" "not MAJOR.MINOR.PATCH" with --version 1.2.3.4
bad "version: empty" "not MAJOR.MINOR.PATCH" with --version ""
bad "version: leading zero" "not MAJOR.MINOR.PATCH" with --version 1.02.3
bad "version: 65536" "not MAJOR.MINOR.PATCH" with --version 1.2.65536
bad "version: sign" "not MAJOR.MINOR.PATCH" with --version 1.-2.3
bad "version: letter" "not MAJOR.MINOR.PATCH" with --version 1.2.3a
bad "version: empty label" "empty name" with --version 1.2.3-
bad "version: label of 25 characters" "longer than 24" with --version "1.2.3-$long"
bad "version: blank in label" "only letters" with --version "1.2.3-a b"
bad "version: umlaut in label" "only letters" with --version $'1.2.3-\xc3\xa4'
bad "format: 0" "not a number from 1" with --format 0
bad "format: negative" "not a number" with --format -1
bad "format: 2^32" "not a number" with --format 4294967296
bad "format: text" "not a number" with --format two
bad "product: empty" "empty name" with --product ""
bad "product: slash" "only letters" with --product a/b
bad "product: 33 characters" "longer than 32" with --product "${long}12345678"
bad "product: twice" "'p' is given twice" with --product p
bad "product: 17 of them" "at most 16" with \
	--product=a{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16}
bad "bridge: no colon" "not FORMAT:VERSION" with --bridge 5.21.2
bad "bridge: format 0" "not FORMAT:VERSION" with --bridge 0:5.21.2
bad "bridge: bad version" "--bridge: '5.21' is not" with --bridge 1:5.21
bad "bridge: own format" "own format" with --bridge 2:5.21.2
bad "bridge: own format, set later" "own format" with --bridge 3:5.21.2 --format 3
bad "bridge: twice" "given twice" with --bridge 1:5.21.2 --bridge 1:5.21.2
bad "bridge: 17 of them" "at most 16" with \
	--bridge=1:1.1.{1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17}
bad "chunk size: 32K" "not a size from 65536" with --chunk-size 32K
bad "chunk size: 512K" "not a size from 65536" with --chunk-size 512K
bad "chunk size: no power of two" "power of two" with --chunk-size 100000
bad "chunk size: unit" "not a size" with --chunk-size 64kB
bad "chunk size: overflow" "not a size" with --chunk-size 18446744073709551680
bad "compress: word" "zstd, zstd:LEVEL or none" with --compress gzip
bad "compress: level 0" "number from 1 to 19" with --compress zstd:0
bad "compress: level 20" "number from 1 to 19" with --compress zstd:20
bad "system slots: bootloader" "not primary, secondary" with \
	--system-slots bootloader
bad "system image: empty" "empty is empty" with --system empty
bad "system image: folder" "not a regular file" with --system .
bad "notes: empty" "leave out --notes" with --notes empty
head -c 262145 /dev/zero >large
bad "notes: too large" "at most 262144" with --notes large
truncate -s $((16 * 1024 * 1024 + 1)) large
bad "bootloader: more than 16 MiB" "may have 16777216" with --bootloader large
truncate -s $((16384 * 65536 + 1)) large
bad "system image: too many chunks" "larger chunks allow more" with --system large
bad "SOURCE_DATE_EPOCH: text" "SOURCE_DATE_EPOCH" env SOURCE_DATE_EPOCH=now \
	"$cli_build/fwslot-mkpkg" build --version 1.2.3 --format 2 \
	--product p --system image -o out.new
bad "output: device" "not a regular file" with -o /dev/null
bad "unknown option" "'--colour' is unknown" with --colour
bad "option without value" "lacks its value" with --notes
bad "argument too many" "'more'" with more
bad "no output" "--output is missing" mkpkg build --version 1.2.3 --format 2 \
	--product p --system image
bad "no version" "--version is missing" mkpkg build --format 2 --product p \
	--system image -o out.new
bad "no format" "--format is missing" mkpkg build --version 1.2.3 \
	--product p --system image -o out.new
bad "no product" "--product is missing" mkpkg build --version 1.2.3 \
	--format 2 --system image -o out.new
bad "no image" "--system or --bootloader is missing" mkpkg build \
	--version 1.2.3 --format 2 --product p -o out.new
bad "slots without system image" "--system is missing" mkpkg build \
	--version 1.2.3 --format 2 --product p --bootloader image \
	--system-slots primary -o out.new
bad "key without certificate" "--sign-cert is missing" with --sign-key image
bad "certificate without key" "--sign-key is missing" with --sign-cert image
bad "unknown command" "'make' is not a command" mkpkg make

refuse "system image: missing file" 1 "cannot open nowhere" with --system nowhere
refuse "output: missing folder" 1 "cannot create nowhere" with -o nowhere/x
refuse "key: not a key" 1 "cannot read a certificate from image" with \
	--sign-key image --sign-cert image

check "a manifest to use again" with --manifest-out m -o good
pattern other 1001
bad "--manifest: other image" "m is for other images" mkpkg build \
	--manifest m --system other -o out.new
bad "--manifest: notes too many" "m is for other images" mkpkg build \
	--manifest m --system image --notes notes -o out.new
bad "--manifest: image too many" "leave out --bootloader" mkpkg build \
	--manifest m --system image --bootloader image -o out.new
bad "--manifest: image missing" "give it with --system" mkpkg build \
	--manifest m --bootloader image -o out.new
bad "--manifest: with --version" "leave out all" mkpkg build --manifest m \
	--version 1.2.3 --system image -o out.new
refuse "--manifest: not a manifest" 4 "manifest is malformed" mkpkg build \
	--manifest notes --system image -o out.new

echo old >kept.pkg
refuse "an older file stays when a build fails" 2 "empty is empty" with \
	--system empty -o kept.pkg
equal "its content stays, too" old "$(cat kept.pkg)"

mkpkg >out 2>err
equal "no command: usage, status 2" "2 1" "$? $(grep -c ^Usage err)"
for command in "" build attach info factory; do
	# shellcheck disable=SC2086 # no command is no argument
	check "help of '$command'" mkpkg $command --help
	cp out help
	check "help of '$command' is a usage" grep -q ^Usage help
done
mkpkg --help >/dev/full 2>err
equal "a full device is an error" 1 $?

finish
