# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091,SC2153
#
# Signatures that must not count, through the tool and the real kernel
#
# Every package here is whole and its manifest right; only the signature is
# another one, made with openssl.  Each is refused with exit status 4 and its
# reason, before a single erase, and a good package installs afterwards.
# (Other trusted, retired and expired keys: stories/keys.sh.)

FLASH_SIZE=0x280000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"

[ ! -e /files/slots.sh ] || . /files/slots.sh
[ ! -e /files/refused.sh ] || . /files/refused.sh

# cms OUT OPTION...: sign the manifest of the package
cms() {
	local out=$1

	shift
	openssl cms -sign -binary -in "$work_pkg/manifest" -outform DER \
		-out "$out" "$@"
}

# ours OUT OPTION...: with the module's key
ours() {
	local out=$1

	shift
	cms "$out" -signer "$FWSLOT_KEYS/cert.pem" \
		-inkey "$FWSLOT_KEYS/key.pem" "$@"
}

# repack NAME SIGNATURE: the package with this signature
repack() {
	cp "$2" "$work_pkg/manifest.p7s"
	tar --format=ustar -C "$work_pkg" -cf "$FILES/$1.pkg" manifest \
		manifest.p7s notes bootloader.digests system.digests \
		bootloader.img system.img
}

# bad REASON NAME SIGNATURE: a package that must be refused
bad() {
	repack "$2" "$3"
	echo "$1 $2" >>"$FILES/list"
}

# foreign NAME OPTION...: a key and its certificate
foreign() {
	local name=$work_keys/$1

	shift
	openssl req -x509 -nodes -sha256 -days 30 \
		-addext keyUsage=digitalSignature -keyout "$name.key" \
		-out "$name.crt" "$@" 2>"$work_keys/log"
}

# Keys of others; "twin" claims the name and the serial number of ours.
foreign_keys() {
	local subject serial

	subject=$(openssl x509 -in "$FWSLOT_KEYS/cert.pem" -noout -subject \
		-nameopt multiline | sed -n 's/^ *commonName *= //p')
	serial=$(openssl x509 -in "$FWSLOT_KEYS/cert.pem" -noout -serial)
	foreign other -newkey rsa:2048 -subj /CN=other
	foreign twin -newkey rsa:2048 -subj "/CN=$subject" \
		-set_serial "0x${serial#*=}"
	foreign ec -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=ec
	foreign ectwin -newkey ec -pkeyopt ec_paramgen_curve:P-256 \
		-subj "/CN=$subject" -set_serial "0x${serial#*=}"
}

# issued_by_us: a key whose certificate our own key signed, as a CA would
issued_by_us() {
	openssl req -new -newkey rsa:3072 -nodes -subj /CN=issued \
		-keyout "$work_keys/issued.key" -out "$work_keys/csr" \
		2>"$work_keys/log"
	openssl x509 -req -in "$work_keys/csr" -days 30 -sha256 \
		-CA "$FWSLOT_KEYS/cert.pem" -CAkey "$FWSLOT_KEYS/key.pem" \
		-set_serial 4711 -out "$work_keys/issued.crt" 2>"$work_keys/log"
}

# theirs NAME OUT OPTION...: with the key of somebody else
theirs() {
	local key=$work_keys/$1 out=$2

	shift 2
	cms "$out" -signer "$key.crt" -inkey "$key.key" -noattr -nocerts \
		-md sha256 "$@"
}

# Nothing is signed, or not with DER, or with more or less bytes.
bad_bytes() {
	local sig=$work_keys/sig good=$work_keys/good

	printf '\0' >"$sig"
	bad bad-signature-form one-zero "$sig"
	head -c 540 /dev/urandom >"$sig"
	bad bad-signature-form random "$sig"
	head -c 8192 /dev/zero >"$sig"
	bad bad-signature-form zeros-to-the-cap "$sig"
	head -c 2 "$good" >"$sig"
	bad bad-signature-form two-bytes "$sig"
	head -c 100 "$good" >"$sig"
	bad bad-signature-form truncated "$sig"
	head -c -1 "$good" >"$sig"
	bad bad-signature-form last-byte-missing "$sig"
	{ cat "$good" && printf '\0'; } >"$sig"
	bad bad-signature-form byte-behind "$sig"
	cat "$good" "$good" >"$sig"
	bad bad-signature-form two-messages "$sig"
	openssl cms -cmsout -in "$good" -inform DER -outform PEM -out "$sig"
	bad bad-signature-form pem "$sig"
	cp "$good" "$sig"
	printf '\377' | dd of="$sig" bs=1 conv=notrunc status=none \
		seek="$(($(stat -c %s "$sig") - 100))"
	printf '\376' | dd of="$sig" bs=1 conv=notrunc status=none \
		seek="$(($(stat -c %s "$sig") - 99))"
	bad bad-signature wrong-number "$sig"
	{
		printf '\060\200'
		tail -c +5 "$good"
		printf '\0\0'
	} >"$sig"
	bad bad-signature-form indefinite-length "$sig"
	{
		printf '\060\203\0'
		tail -c +3 "$good"
	} >"$sig"
	bad bad-signature-form longer-length-than-needed "$sig"
}

# module_signature OUT: what the kernel's own key made of one of its modules
module_signature() {
	local file size

	file=$(find "$kdir/lib/modules" -name 'mtd.ko*' | head -n 1)
	case $file in
	*.xz) xz -dc "$file" >"$work_keys/module" ;;
	*) cp "$file" "$work_keys/module" ;;
	esac
	file=$work_keys/module
	tail -c 28 "$file" | grep -q 'Module signature appended' || return
	size=$((0x$(tail -c 32 "$file" | head -c 4 | xxd -p)))
	tail -c $((size + 40)) "$file" | head -c "$size" >"$1"
}

# Good signatures of other people, or of other things.
bad_signers() {
	local sig=$work_keys/sig

	theirs other "$sig"
	bad unknown-key foreign-key "$sig"
	theirs other "$sig" -keyid
	bad unknown-key foreign-key-by-its-id "$sig"
	theirs twin "$sig"
	bad bad-signature foreign-key-with-our-name "$sig"
	theirs ec "$sig"
	bad unknown-key ecdsa "$sig"
	theirs ectwin "$sig"
	bad bad-signature ecdsa-with-our-name "$sig"
	openssl cms -sign -binary -noattr -nocerts -md sha256 \
		-in "$work_pkg/notes" -signer "$FWSLOT_KEYS/cert.pem" \
		-inkey "$FWSLOT_KEYS/key.pem" -outform DER -out "$sig"
	bad bad-signature of-something-else "$sig"
	# Nobody signs the modules of a kernel that is built here.
	if ! kernel_built "$abi" >/dev/null; then
		module_signature "$sig"
		bad unknown-key key-of-the-kernel-s-modules "$sig"
	fi
	openssl pkcs7 -in "$work_keys/good" -inform DER -outform DER -out "$sig"
	cmp -s "$sig" "$work_keys/good" || bad bad-signature-form rewritten "$sig"
}

# Our key, but not the one shape that is accepted.
bad_shapes() {
	local sig=$work_keys/sig

	ours "$sig" -noattr -nocerts -md sha256 -nodetach
	bad bad-signature-form attached "$sig"
	ours "$sig" -nocerts -md sha256
	bad bad-signature-form signed-attributes "$sig"
	ours "$sig" -nocerts -md sha256 -nosmimecap
	bad bad-signature-form signed-attributes-without-smime "$sig"
	ours "$sig" -noattr -md sha256
	bad bad-signature-form certificate-inside "$sig"
	ours "$sig" -noattr -nocerts -md sha256 \
		-certfile "$work_keys/other.crt"
	bad bad-signature-form other-certificate-inside "$sig"
	ours "$sig" -noattr -nocerts -md sha256 \
		-signer "$work_keys/other.crt" -inkey "$work_keys/other.key"
	bad bad-signature-form two-signers "$sig"
	ours "$sig" -noattr -nocerts -md sha256 \
		-signer "$FWSLOT_KEYS/cert.pem" -inkey "$FWSLOT_KEYS/key.pem"
	bad bad-signature-form two-signers-both-us "$sig"
	ours "$sig" -noattr -nocerts -md md5
	bad bad-signature-form md5 "$sig"
	ours "$sig" -noattr -nocerts -md sha1
	bad bad-signature-form sha-1 "$sig"
	ours "$sig" -noattr -nocerts -md sha224
	bad bad-signature-form sha-224 "$sig"
	ours "$sig" -noattr -nocerts -md sha384
	bad bad-signature-form sha-384 "$sig"
	ours "$sig" -noattr -nocerts -md sha512
	bad bad-signature-form sha-512 "$sig"
	ours "$sig" -noattr -nocerts -md sha256 -keyopt rsa_padding_mode:pss
	bad bad-signature-form rsa-pss "$sig"
	openssl cms -encrypt -binary -in "$work_pkg/manifest" -outform DER \
		-out "$sig" "$FWSLOT_KEYS/cert.pem"
	bad bad-signature-form enveloped "$sig"
	openssl cms -digest_create -binary -in "$work_pkg/manifest" \
		-outform DER -out "$sig"
	bad bad-signature-form only-a-digest "$sig"
	openssl crl2pkcs7 -nocrl -certfile "$FWSLOT_KEYS/cert.pem" \
		-outform DER -out "$sig"
	bad bad-signature-form only-a-certificate "$sig"
	: | openssl crl2pkcs7 -nocrl -outform DER -out "$sig"
	bad bad-signature-form no-signer "$sig"
	issued_by_us
	theirs issued "$sig"
	bad unknown-key issued-by-our-certificate "$sig"
	cms "$sig" -signer "$work_keys/issued.crt" \
		-inkey "$work_keys/issued.key" -noattr -md sha256 \
		-certfile "$FWSLOT_KEYS/cert.pem"
	bad bad-signature-form issued-by-our-certificate-chain-inside "$sig"
	openssl dgst -sha256 -sign "$FWSLOT_KEYS/key.pem" -out "$sig" \
		"$work_pkg/manifest"
	bad bad-signature-form bare-signature "$sig"
}

host_setup() {
	local work_pkg=$FILES/pkg work_keys=$FILES/keys

	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=300000
	WEOS_BOOT_SIZE=100000
	weos_release 5.20.0 1 10 --compress none
	weos_release 5.21.2 1 20
	weos_factory 5.21.2
	mkdir "$work_pkg" "$work_keys"
	tar xf "$(weos_pkg 5.20.0)" -C "$work_pkg"
	cp "$work_pkg/system.img" "$FILES/system.img"
	ours "$work_keys/good" -noattr -nocerts -md sha256
	foreign_keys
	repack control "$work_keys/good"
	ours "$work_keys/sig" -noattr -nocerts -md sha256 -keyid
	repack by-id "$work_keys/sig"
	bad_bytes
	bad_signers
	bad_shapes
	: >"$work_keys/sig"
	repack empty "$work_keys/sig"
	rm -r "$work_pkg" "$work_keys"
	cp "$vm_dir/prog/slots.sh" "$vm_dir/prog/refused.sh" "$FILES/"
}

upgrade_by() {
	fwslot upgrade all --no-reboot "/files/$1.pkg"
}

boot_1() {
	ok "status" fwslot status
	before=$(hashes)
	# What is repacked with tar alone, with the right signature, is good.
	ok "control" fwslot upgrade all --dry-run /files/control.pkg
	ok "signer named by key id" fwslot upgrade all --dry-run \
		/files/by-id.pkg
	while read -r reason name; do
		refused 4 "$reason" "$name" upgrade_by "$name"
	done </files/list
	refused 4 bad-package empty upgrade_by empty
	is "after all of them: contents" "$(hashes)" "$before"
	all_locked "after all of them"
	ok "a good package installs" fwslot upgrade secondary /files/control.pkg
	is "it is there" "$(slot_hash secondary 300000)" \
		"$(sha256sum </files/system.img | cut -d' ' -f1)"
	ok "the other good one is the same" fwslot verify secondary
	expect_exit 6 "so there is nothing to do" \
		fwslot upgrade secondary /files/by-id.pkg
	all_locked "after the good one"
}
