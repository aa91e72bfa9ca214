#!/bin/bash
# SPDX-License-Identifier: MIT
#
# mkpkg_sign.sh - fwslot-mkpkg attach and --sign-key: signatures of the one
# form that every kernel can check are taken, all others are refused.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

need_key signer
need_key other

noise image 200000
check "build unsigned" mkpkg build --version 5.22.2 --format 2 --product p \
	--system image --manifest-out m -o a.unsigned

attach()
{
	mkpkg attach a.unsigned "$1" -o a.new "${@:2}"
}

# bad NAME PATTERN SIGNATURE [OPTION...]
bad()
{
	refuse "$1" 4 "$2" attach "${@:3}"
}

sign m signer good.p7s
check "attach" mkpkg attach a.unsigned good.p7s -o a.pkg
equal "attach says that it did not verify" 1 "$(grep -c 'not verified' out)"
check "attach, verified" mkpkg attach a.unsigned good.p7s -o b.pkg \
	--cert "$(cert signer)"
same "attach: the same package either way" a.pkg b.pkg
member a.pkg manifest.p7s >actual
same "attach: the signature is the member" good.p7s actual
check "info verifies" mkpkg info --cert "$(cert signer)" a.pkg
check "certificate in DER" openssl x509 -in "$(cert signer)" -outform DER \
	-out signer.der
check "info verifies with it" mkpkg info --cert signer.der a.pkg
check "build --sign-key" mkpkg build --manifest m --system image \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o c.pkg
same "build --sign-key and attach: the same bytes" a.pkg c.pkg
need_key long 4096
sign m long long.p7s
check "RSA-4096" mkpkg attach a.unsigned long.p7s -o l.pkg --cert "$(cert long)"
sign m signer keyid.p7s -keyid
check "signer named by key identifier" mkpkg attach a.unsigned keyid.p7s \
	-o k.pkg --cert "$(cert signer)"
check "info shows the key identifier" mkpkg info k.pkg
cp out info
check "info: key id" grep -q "^Signer: *key id" info

refuse "signed already" 2 "signed already" mkpkg attach a.pkg good.p7s -o a.new
bad "other certificate" "does not verify with" good.p7s --cert "$(cert other)"
sign image signer wrong.p7s
bad "signature of something else" "does not verify with" wrong.p7s \
	--cert "$(cert signer)"

openssl cms -sign -binary -nocerts -md sha256 -in m -signer "$(cert signer)" \
	-inkey "$(key signer)" -outform DER -out attrs.p7s
bad "signed attributes" "sign with -noattr" attrs.p7s
sign m signer attached.p7s -nodetach
bad "content attached" "sign without -nodetach" attached.p7s
sign m signer two.p7s -signer "$(cert other)" -inkey "$(key other)"
bad "two signers" "exactly one signer" two.p7s
openssl cms -sign -binary -noattr -md sha256 -in m -signer "$(cert signer)" \
	-inkey "$(key signer)" -outform DER -out certs.p7s
bad "certificate inside" "sign with -nocerts" certs.p7s
sign m signer sha512.p7s -md sha512
bad "SHA-512" "sign with -md sha256" sha512.p7s
sign m signer pss.p7s -keyopt rsa_padding_mode:pss
bad "RSA-PSS" "PKCS #1 v1.5" pss.p7s
need_key short 2048
sign m short short.p7s
bad "RSA-2048" "RSA-3072 or RSA-4096" short.p7s
openssl ecparam -name prime256v1 -genkey -noout -out ec.key
openssl req -x509 -key ec.key -subj /CN=ec -days 10 -out ec.crt 2>req.log
openssl cms -sign -binary -noattr -nocerts -md sha256 -in m -signer ec.crt \
	-inkey ec.key -outform DER -out ec.p7s
bad "ECDSA" "PKCS #1 v1.5" ec.p7s
openssl cms -sign -binary -noattr -nocerts -md sha256 -in m \
	-signer "$(cert signer)" -inkey "$(key signer)" -outform PEM \
	-out pem.p7s
bad "PEM" "sign with -outform DER" pem.p7s
openssl cms -encrypt -binary -in m -outform DER -out enveloped.p7s \
	"$(cert signer)"
bad "enveloped data" "not signed data" enveloped.p7s
openssl crl2pkcs7 -nocrl -certfile "$(cert signer)" -outform DER \
	-out bag.p7s
bad "only certificates" "a.new\|nocerts\|plain data\|attached" bag.p7s

: >empty.p7s
bad "empty" "is empty" empty.p7s
noise garbage.p7s 500
bad "garbage" "one CMS message in DER" garbage.p7s
head -c 300 good.p7s >short.p7s
bad "truncated" "one CMS message in DER" short.p7s
cat good.p7s empty.p7s <(printf '\0') >long.p7s
bad "a byte too many" "one CMS message in DER" long.p7s
noise huge.p7s 8193
refuse "larger than any signature" 2 "at most 8192" attach huge.p7s
refuse "no such file" 1 "cannot open nowhere" attach nowhere

refuse "no unsigned package" 4 "not an unsigned package" mkpkg attach image \
	good.p7s -o a.new
refuse "empty package" 4 "not an unsigned package" mkpkg attach empty.p7s \
	good.p7s -o a.new
head -c 1500 a.unsigned >cut.unsigned
refuse "package cut short" 4 "cut.unsigned\|a.new" mkpkg attach cut.unsigned \
	good.p7s -o a.new
cp a.unsigned flipped.unsigned
poke flipped.unsigned 5000 ffff
refuse "package with flipped bytes" 4 "a.new: " mkpkg attach \
	flipped.unsigned good.p7s -o a.new
refuse "no output" 2 "attach: give" mkpkg attach a.unsigned good.p7s
refuse "one argument" 2 "attach: give" mkpkg attach a.unsigned -o a.new

refuse "sign with RSA-2048" 4 "the new signature is not made with RSA-3072" \
	mkpkg build --manifest m --system image --sign-key "$(key short)" \
	--sign-cert "$(cert short)" -o a.new
refuse "key of another certificate" 1 "cannot sign with" mkpkg build \
	--manifest m --system image --sign-key "$(key other)" \
	--sign-cert "$(cert signer)" -o a.new

finish
