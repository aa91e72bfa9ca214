#!/bin/bash
# SPDX-License-Identifier: MIT
#
# seeds.sh - where the fuzz targets begin: good packages and their parts
#
# Called by make, which gives OUT, BUILD and ROOT.  Makes OUT/seeds/TARGET/.
# The golden files are seeds as they are; the builder and openssl make others,
# good ones and signatures that are right but not of the accepted shape.
set -eu
export LC_ALL=C SOURCE_DATE_EPOCH=1700000000

: "${OUT:?}" "${BUILD:?}" "${ROOT:?}"
golden="$ROOT/tests/data/golden"
seeds="$OUT/seeds"
work="$OUT/seeds.work"
rm -rf "$seeds" "$work"
mkdir -p "$seeds"/{manifest,record,cms,package,netlink} "$work"
cd "$work"

key() {
	openssl req -x509 -nodes -sha256 -days 3650 -subj "/CN=seed $1" \
		-keyout "$1.key" -out "$1.crt" "${@:2}" 2>/dev/null
}

# package NAME OPTIONS...
package() {
	"$BUILD/fwslot-mkpkg" build --sign-key rsa.key --sign-cert rsa.crt \
		-o "$seeds/package/$1.pkg" "${@:2}"
}

# sign NAME OPTIONS...: a signature of some manifest
sign() {
	openssl cms -sign -in manifest -outform DER -signer "$1.crt" \
		-inkey "$1.key" -out "$seeds/cms/$2" "${@:3}"
}

# record NAME BLOCK CHOICE: BLOCK bytes are the last block, which the target
# wants first; CHOICE is for the flash, see record.c
record() {
	{
		printf '%b' "$3"
		tail -c "$2" "$golden/$1.rec"
		head -c "-$2" "$golden/$1.rec"
	} >"$seeds/record/$1"
}

key rsa -newkey rsa:3072
key other -newkey rsa:3072
key ec -newkey ec -pkeyopt ec_paramgen_curve:P-256
yes "seed for the fuzzer" | head -c 1048700 >system
yes "bootloader" | head -c 700 >bootloader
head -c 300 system >small
echo "release notes" >notes
many=()
for i in {1..16}; do
	many+=(--product "p$i" --bridge "2:5.$i.0-b$i")
done

package frames --version 5.21.2 --format 1 --product p --system system \
	--bootloader bootloader --notes notes
package boot --version 5.22.2-rc1 --format 2 --product p --bridge 1:5.21.2 \
	--bootloader bootloader --compress none
package small --version 1.0.0 --format 1 --system small --chunk-size 256K \
	--compress none "${many[@]}"
cp "$golden/zstd.pkg" "$seeds/package/"

for file in "$golden"/*.pkg "$seeds"/package/*.pkg; do
	name=$(basename "$file" .pkg)
	tar -xOf "$file" manifest >"$seeds/manifest/$name"
	tar -xOf "$file" manifest.p7s >"$seeds/cms/$name"
done
cp "$seeds/manifest/frames" manifest

plain=(-binary -noattr -nocerts -md sha256)
sign rsa attributes -binary -nocerts -md sha256
sign rsa certificate -binary -noattr -md sha256
sign rsa attached "${plain[@]}" -nodetach
sign rsa sha1 -binary -noattr -nocerts -md sha1
sign rsa keyid "${plain[@]}" -keyid
sign rsa pss "${plain[@]}" -keyopt rsa_padding_mode:pss
sign rsa two "${plain[@]}" -signer other.crt -inkey other.key
sign rsa indefinite "${plain[@]}" -nodetach -stream
sign ec ecdsa "${plain[@]}"

record primary-4k 4096 '\x02\x20\x00\x01'
record bootloader-page 16384 '\x04\x20\x0b\x03'
record secondary-1k 1024 '\x00\x7f\x01\xc1'

for name in whole long error again; do
	"$OUT/seed_netlink" "$name" >"$seeds/netlink/$name"
done
rm -rf "$work"
