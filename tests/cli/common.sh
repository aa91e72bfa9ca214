# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# common.sh - what the command line tests share: TAP output, keys, test
# images, and arithmetic on the bytes of a file.  Sourced by every script of
# this folder, which gets the build folder as its only argument.  Nothing in
# here may use the programs under test.

set -u
shopt -s extglob
export LC_ALL=C

cli_build=$(cd "${1:?usage: $0 BUILD_DIR}" && pwd) || exit 1
cli_source=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
cli_work=$(mktemp -d) || exit 1
cli_keys=${CLI_KEYS:-$cli_work}
cli_count=0
cli_failed=0
cd "$cli_work" || exit 1

cli_exit()
{
	rm -rf "$cli_work"
}
trap cli_exit EXIT

# The program under test, called by every script.
mkpkg()
{
	"$cli_build/fwslot-mkpkg" "$@"
}

# The source tree, for golden files.
source_dir()
{
	echo "$cli_source"
}

# driver OUT SOURCE|OPTION...: a program of this folder, with the core
driver()
{
	local out=$1

	shift
	"${CC:-cc}" -g -O1 -fsanitize=address,undefined \
		-fno-sanitize-recover=all -std=gnu11 -D_GNU_SOURCE -Wall \
		-Wextra -Werror -I"$cli_source/userspace" \
		-I"$cli_source/kmod/core" -I"$cli_source/include" \
		-I"$cli_source/include/uapi" -o "$out" "$@" \
		"$cli_source"/kmod/core/*.c -lmnl -lzstd
}

# tool_driver OUT SOURCE: the same with the tool, but for its commands
tool_driver()
{
	driver "$@" "$cli_source"/userspace/!(main|cmd_*|uri_none|doctor).c
}

# report STATUS NAME: one line of TAP; STATUS 0 is good.
report()
{
	cli_count=$((cli_count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $cli_count - $2"
		return
	fi
	cli_failed=$((cli_failed + 1))
	echo "not ok $cli_count - $2"
	[ ! -s err ] || sed 's/^/# /' err
}

# check NAME COMMAND...: the command must succeed.
check()
{
	local name=$1 status

	shift
	"$@" >out 2>err
	status=$?
	report $status "$name"
}

# equal NAME EXPECTED ACTUAL
equal()
{
	printf 'expected "%s", got "%s"\n' "$2" "$3" >err
	[ "$2" = "$3" ]
	report $? "$1"
}

# same NAME FILE FILE: two files have the same bytes.
same()
{
	cmp "$2" "$3" >err 2>&1
	report $? "$1"
}

# refuse NAME STATUS PATTERN COMMAND...: the command must end with STATUS and
# one line on stderr that matches PATTERN, and leave no file named *.new.
refuse()
{
	local name=$1 want=$2 pattern=$3 status

	shift 3
	"$@" >out 2>err
	status=$?
	refused "$want" "$status" "$pattern"
	report $? "$name"
}

refused()
{
	local lines

	lines=$(wc -l <err)
	if [ "$1" -ne "$2" ] || [ "$lines" -ne 1 ] || ! grep -q -- "$3" err ||
	   compgen -G '*.new*' >files; then
		{
			echo "status $2, wanted $1; wanted a line with: $3"
			cat files
		} >>err
		rm -f ./*.new*
		return 1
	fi
}

# finish: the plan, and the exit status of the script.
finish()
{
	echo "1..$cli_count"
	[ "$cli_failed" -eq 0 ]
	exit
}

# need_key NAME [BITS]: NAME.key and NAME.crt in the keys' folder.
need_key()
{
	[ -f "$cli_keys/$1.crt" ] ||
	openssl req -x509 -newkey "rsa:${2:-3072}" -nodes -sha256 \
		-days 3650 -subj "/CN=fwslot test $1" \
		-addext keyUsage=digitalSignature \
		-keyout "$cli_keys/$1.key" -out "$cli_keys/$1.crt" \
		2>"$cli_work/req.log" || exit 1
}

key()
{
	echo "$cli_keys/$1.key"
}

cert()
{
	echo "$cli_keys/$1.crt"
}

# sign MANIFEST KEY OUT [OPTION...]: the documented line.
sign()
{
	local manifest=$1 name=$2 out=$3

	shift 3
	openssl cms -sign -binary -noattr -nocerts -md sha256 \
		-in "$manifest" -signer "$(cert "$name")" \
		-inkey "$(key "$name")" -outform DER -out "$out" "$@"
}

# noise FILE SIZE [SEED]: the same bytes for the same size and seed, such that
# nothing can compress them.
noise()
{
	head -c "$2" /dev/zero |
	openssl enc -aes-128-ctr -K "$(printf '%032d' "${3:-0}")" \
		-iv 00000000000000000000000000000000 >"$1"
}

# pattern FILE SIZE [TEXT]: TEXT again and again.
pattern()
{
	yes "${3:-firmware image for tests, }" | head -c "$2" >"$1"
}

size()
{
	wc -c <"$1"
}

# le FILE OFFSET BYTES: a little-endian integer, in decimal.
le()
{
	local byte value=0 shift=0

	for byte in $(od -An -v -tu1 -j "$2" -N "$3" "$1"); do
		value=$((value | byte << shift))
		shift=$((shift + 8))
	done
	echo "$value"
}

# hex FILE OFFSET BYTES
hex()
{
	od -An -v -tx1 -j "$2" -N "$3" "$1" | tr -d ' \n'
}

# text FILE OFFSET BYTES: up to the first NUL.
text()
{
	cut_bytes "$1" "$2" "$3" | tr '\0' '\n' | head -n 1
}

# cut_bytes FILE OFFSET BYTES: to stdout.
cut_bytes()
{
	tail -c "+$(($2 + 1))" "$1" | head -c "$3"
}

digest()
{
	sha256sum "$1" | cut -d ' ' -f 1
}

# table FILE CHUNK OUT: the digest table of an image, made with split and
# sha256sum.
table()
{
	rm -f chunk.*
	split -a 5 -b "$2" "$1" chunk.
	sha256sum chunk.* | cut -d ' ' -f 1 | tr -d '\n' | unhex >"$3"
	rm -f chunk.*
}

unhex()
{
	local hex

	hex=$(sed 's/../\\x&/g')
	# shellcheck disable=SC2059 # the format is the data
	printf "$hex"
}

# is_byte FILE OFFSET BYTES HEX: all those bytes are HEX.
is_byte()
{
	[ -z "$(cut_bytes "$1" "$2" "$3" | tr -d "\\$(printf %03o "0x$4")" |
		head -c 1 | od -An -tx1)" ]
}

# poke FILE OFFSET HEX: replace bytes.
poke()
{
	unhex <<<"$3" | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# member ARCHIVE NAME: content of a member, to stdout.
member()
{
	tar xOf "$1" "$2"
}
