#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_golden.sh - the frozen files of version 1 read as on the first day, and
# the builder still writes manifests and records that way.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

golden=$(source_dir)/tests/data/golden
# A name and a label that fill their fields.
full_name="golden-0123456789.0123456789_a+b"
full_release=65535.0.7-golden-label-with-24-chs

sums()
{
	(cd "$golden" && sha256sum --quiet -c SHA256SUMS)
}
check "nobody touched the files" sums

equal "no other files" "README SHA256SUMS bootloader-page.rec cert.pem \
plain.pkg primary-4k.rec secondary-1k.rec zstd.pkg" \
	"$(cd "$golden" && echo *)"

# info NAME TEXT: the beginning of what info shows.
info()
{
	check "$1: info" mkpkg info --cert "$golden/cert.pem" "$golden/$1.pkg"
	printf '%s\n' "$2" >expect
	head -c "$(size expect)" out >actual
	same "$1: release, format, products, bridges" expect actual
	member "$golden/$1.pkg" manifest >"$1.m"
	member "$golden/$1.pkg" manifest.p7s >p7s
	check "$1: openssl verifies" openssl cms -verify -binary -noverify \
		-nointern -inform DER -in p7s -content "$1.m" \
		-certfile "$golden/cert.pem" -out /dev/null
}

info plain "Release:    5.22.2-golden
Format:     2
Products:   golden-a
            $full_name
Bridges:    5.21.2 of format 1
            $full_release of format 3"
info zstd 'Release:    5.21.2
Format:     1
Products:   golden-a'

pattern system.img 65613 "system image of format 2"
pattern bootloader.img 3000 "bootloader of format 2"
pattern system-1.img 393217 "system image of format 1"
for image in system bootloader; do
	member "$golden/plain.pkg" $image.img >actual
	same "plain: $image" $image.img actual
done
member "$golden/zstd.pkg" system.zst | zstd -dqc >actual
same "zstd: system" system-1.img actual

# The builder makes the same manifests from the same images.
member "$golden/plain.pkg" notes >news
check "plain: build again" mkpkg build --version 5.22.2-golden --format 2 \
	--product golden-a --product "$full_name" --bridge 1:5.21.2 \
	--bridge "3:$full_release" --system system.img --bootloader bootloader.img \
	--notes news --compress none --manifest-out actual -o a.unsigned
same "plain: same manifest" plain.m actual
check "zstd: build again" mkpkg build --version 5.21.2 --format 1 \
	--product golden-a --system system-1.img --system-slots secondary \
	--chunk-size 128K --manifest-out actual -o b.unsigned
same "zstd: same manifest" zstd.m actual

# attach with the signature of that day gives the package of that day.
member "$golden/plain.pkg" manifest.p7s >p7s
check "plain: build for the same time" env SOURCE_DATE_EPOCH=1700000000 \
	"$cli_build/fwslot-mkpkg" build --manifest plain.m \
	--system system.img --bootloader bootloader.img --notes news \
	--compress none -o a.unsigned
check "plain: attach" mkpkg attach a.unsigned p7s \
	--cert "$golden/cert.pem" -o a.pkg
same "plain: same package" "$golden/plain.pkg" a.pkg

record()
{
	check "$1: factory" mkpkg factory --slot "$2" --slot-size 1M \
		--erase-size "$3" --write-unit "$4" --record-size "$5" \
		--record-out actual "$golden/$6.pkg" -o slot.img
	same "$1: same record" "$golden/$1.rec" actual
}
record primary-4k primary 4K 1 4K plain
record bootloader-page bootloader 16K 2K 16K plain
record secondary-1k secondary 1K 1 4K zstd

finish
