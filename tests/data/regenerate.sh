#!/bin/bash
# SPDX-License-Identifier: MIT
#
# regenerate.sh - how the golden files were made
#
# usage: regenerate.sh BUILD_DIR FOLDER
#
# The files in golden/ are frozen: this script is kept to show where they come
# from, and for the next version of the format, which gets a folder of its own.
# It never writes into a folder that has files.  The key is thrown away.

set -eu
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000

build=$(cd "${1:?usage: regenerate.sh BUILD_DIR FOLDER}" && pwd)
folder=${2:?usage: regenerate.sh BUILD_DIR FOLDER}
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
if compgen -G "$folder/*.pkg" >/dev/null; then
	echo "regenerate.sh: $folder has packages, choose an empty folder" >&2
	exit 1
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

mkpkg()
{
	"$build/fwslot-mkpkg" "$@"
}

openssl req -x509 -newkey rsa:4096 -nodes -sha256 -days 36500 \
	-subj "/CN=fwslot golden files" -addext keyUsage=digitalSignature \
	-keyout key.pem -out "$folder/cert.pem" 2>req.log

# One chunk and a few bytes; three whole chunks of another size and one byte.
yes "system image of format 2" | head -c $((65536 + 77)) >system.img
yes "bootloader of format 2" | head -c 3000 >bootloader.img
yes "system image of format 1" | head -c $((3 * 131072 + 1)) >system-1.img
printf 'Golden files.\n\nThese notes have an umlaut: \303\244\n' >notes

mkpkg build --version 5.22.2-golden --format 2 --product golden-a \
	--product golden-0123456789.0123456789_a+b \
	--bridge 1:5.21.2 --bridge 3:65535.0.7-golden-label-with-24-chs \
	--system system.img --bootloader bootloader.img --notes notes \
	--compress none --sign-key key.pem --sign-cert "$folder/cert.pem" \
	-o "$folder/plain.pkg"
mkpkg build --version 5.21.2 --format 1 --product golden-a \
	--system system-1.img --system-slots secondary --chunk-size 128K \
	--sign-key key.pem --sign-cert "$folder/cert.pem" \
	-o "$folder/zstd.pkg"

# Records in areas of their own: one block; a page of 2048; many blocks.
record()
{
	mkpkg factory --slot "$2" --slot-size 1M --erase-size "$3" \
		--write-unit "$4" --record-size "$5" \
		--record-out "$folder/$1.rec" "$folder/$6.pkg" -o slot.img
}
record primary-4k primary 4K 1 4K plain
record bootloader-page bootloader 16K 2K 16K plain
record secondary-1k secondary 1K 1 4K zstd

cd "$folder"
sha256sum -- *.pem *.pkg *.rec >SHA256SUMS
