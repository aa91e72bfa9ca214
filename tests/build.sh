#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Builds that must go through without a warning
#
# Module and flash simulator: gcc with W=1 and sparse, and clang, for each
# kernel.  Tool and builder: gcc and clang.  The UAPI header alone, as C and as
# C++.  The certificates: what certs.sh takes and what it refuses.  User Mode
# Linux is the matter of tests/uml/.
set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 2
. tests/tap.sh
. tests/vm/lib/kernel.sh
BUILD=$(realpath -m "${BUILD:-build}")
work="$BUILD/check"
kernels=(6.1 6.12)
key=(DEVKEY=1 DEVKEY_DIR="$BUILD/devkey")

gcc_args=(W=1 C=2 "CF=-D__CHECK_ENDIAN__" KCFLAGS=-Werror)

# Debian's kernels are configured for gcc.  What their headers would tell gcc
# and clang does not know is taken back here: good enough to hear clang's
# warnings, not to load the result.  The macros of 6.12 for per-CPU data make
# clang warn of a repeated qualifier.
clang_args=(
	LLVM=1 CC=clang W=1 "KCFLAGS=-Werror -Wno-duplicate-decl-specifier"
	CONFIG_CC_IS_GCC= CONFIG_CC_IS_CLANG=y CONFIG_GCC_VERSION=
	CONFIG_CC_IMPLICIT_FALLTHROUGH=-Wimplicit-fallthrough
	CONFIG_SLS= CONFIG_MITIGATION_SLS=
	CONFIG_RETHUNK= CONFIG_MITIGATION_RETHUNK=
	CONFIG_FTRACE_MCOUNT_USE_CC=
	CONFIG_CC_HAS_AUTO_VAR_INIT_ZERO_ENABLER=y
)

# module KERNEL COMPILER ARGS...: fwslot.ko; the kernel's build is talkative, so
# only what looks like a complaint is kept
module() {
	local kdir

	kdir="/lib/modules/$(kernel_abi "$1")/build"
	make modules KDIR="$kdir" BUILD="$work/$2" "${key[@]}" "${@:3}"
}

flashsim() {
	local abi

	abi=$(kernel_abi "$1")
	tests/vm/kbuild.sh --kernel "$1" --out "$work/$2/flashsim-$abi" \
		tests/kmod/flashsim "${@:3}"
}

# clean COMMAND...: it must succeed and must not complain
clean() {
	local log status=0

	log=$("$@" 2>&1) || status=$?
	if grep -E -A 8 '(warning|error):|WARNING|undefined!' <<<"$log"; then
		return 1
	fi
	[[ $status -eq 0 ]] || tail -n 40 <<<"$log"
	return "$status"
}

# job NAME COMMAND...: keep what a test says for later
job() {
	local name=$1 log status=0

	shift
	log=$("$@" 2>&1) || status=$?
	jobs=$((jobs + 1))
	printf '%s\n' "$status" "$name" "$log" >"$work/job.$compiler.$jobs"
}

# modules COMPILER ARGS...: for each kernel; may run beside another compiler's
modules() {
	local kernel jobs=0 compiler=$1

	for kernel in "${kernels[@]}"; do
		job "fwslot.ko, $kernel, $1" clean module "$kernel" "$@"
		job "flashsim.ko, $kernel, $1" clean flashsim "$kernel" "$@"
	done
}

# job_results COMPILER: what its jobs said; one that said nothing is a failure
job_results() {
	local file n status name

	for ((n = 1; n <= 2 * ${#kernels[@]}; n++)); do
		file=$work/job.$1.$n
		[[ -s $file ]] ||
			printf '%s\n' 1 "job $n, $1" "it has no result" >"$file"
		{
			read -r status
			read -r name
			tap_result "$status" "$name"
		} <"$file"
	done
}

# userspace COMPILER
userspace() {
	make -k userspace BUILD="$work/user-$1" CC="$1" HOSTCC="$1" \
		CFLAGS="-O2 -g -Werror"
}

# no_curl: a tool without libcurl says so
no_curl() {
	local out

	make userspace BUILD="$work/plain" CURL=0 \
		CFLAGS="-O2 -g -Werror" || return
	out=$("$work/plain/fwslot" info http://192.0.2.1/a.pkg 2>&1)
	[[ $? -eq 9 && $out == *"built without libcurl"* ]]
}

# uapi COMPILER LANGUAGE STANDARD: the header alone, and nothing else installed
uapi() {
	echo '#include <linux/fwslot.h>' |
		"$1" -x "$2" -std="$3" -Wall -Wextra -Wpedantic -Werror \
			-Iinclude/uapi -fsyntax-only -
}

# symbols KO: every global name is ours, or made by the kernel's build
symbols() {
	[[ -e $1 ]] && ! nm -g --defined-only "$1" |
		awk '{ sub(/^__(pfx|cfi)_/, "", $3); print $3 }' |
		grep -vE '^(fwslot_.*|(init|cleanup)_module|__this_module|__(start|stop)_alloc_tags)$'
}

# cert NAME OPENSSL-REQ-ARGS...: a self-signed certificate
cert() {
	openssl req -x509 -sha256 -nodes -days 30 -config "$work/req.conf" \
		-keyout "$work/key.pem" -out "$work/$1.pem" "${@:2}" 2>/dev/null
}

certs() {
	kmod/certs.sh source "$work/certs.c" "" "$@"
}

# refused TEXT CERT...: certs.sh says so in one line
refused() {
	local out

	out=$(certs "${@:2}" 2>&1) && return 1
	echo "$out"
	[[ $out == *"$1"* && $out != *$'\n'* ]]
}

taken() {
	certs "${@:2}" && grep -q "$1" "$work/certs.c"
}

certificates() {
	local leaf=(-addext basicConstraints=CA:FALSE)

	printf '%s\n' '[req]' 'distinguished_name = dn' '[dn]' >"$work/req.conf"
	cert leaf -newkey rsa:3072 -subj '/O=x/CN=a "leaf" \x' "${leaf[@]}"
	cert large -newkey rsa:4096 -subj /CN=large "${leaf[@]}"
	cert small -newkey rsa:2048 -subj /CN=small "${leaf[@]}"
	cert nameless -newkey rsa:3072 -subj /O=x "${leaf[@]}"
	cert ca -newkey rsa:3072 -subj /CN=ca -addext basicConstraints=CA:TRUE
	cert signer -newkey rsa:3072 -subj /CN=signer "${leaf[@]}" \
		-addext keyUsage=keyCertSign
	cert curve -newkey ec -pkeyopt ec_paramgen_curve:P-256 -subj /CN=curve "${leaf[@]}"
	cert pss -newkey rsa-pss -pkeyopt rsa_keygen_bits:3072 -subj /CN=pss "${leaf[@]}"
	openssl x509 -in "$work/leaf.pem" -outform DER -out "$work/leaf.der"
	cat "$work/leaf.pem" "$work/large.pem" >"$work/two.pem"
	echo nonsense >"$work/junk.pem"

	check "certificate: PEM" taken '"a ?leaf? ' "$work/leaf.pem"
	check "certificate: DER" taken '"a ?leaf? ' "$work/leaf.der"
	check "certificate: two files" taken 'n_certs = 2' "$work"/{leaf.der,large.pem}
	check "certificate: retired" taken 'retired = true' "$work/leaf.pem:retired"
	check "certificate: not a CA" refused "CA certificate" "$work/ca.pem"
	check "certificate: not a signer of others" refused "CA certificate" "$work/signer.pem"
	check "certificate: not RSA-2048" refused "2048 bits" "$work/small.pem"
	check "certificate: not ECDSA" refused "not an RSA" "$work/curve.pem"
	check "certificate: not RSA-PSS" refused "not an RSA" "$work/pss.pem"
	check "certificate: not without a name" refused "no common name" "$work/nameless.pem"
	check "certificate: not two in a file" refused "exactly one" "$work/two.pem"
	check "certificate: not a key" refused "exactly one" "$work/key.pem"
	check "certificate: not junk" refused "not an X.509" "$work/junk.pem"
	check "certificate: none" refused "DEVKEY=1"
}

# keyless: a module without keys cannot be built by mistake
keyless() {
	local out

	out=$(make modules KDIR="/lib/modules/$(kernel_abi 6.1)/build" \
		BUILD="$work/gcc" "${gcc_args[@]}" DEVKEY= FWSLOT_CERTS= 2>&1) &&
		return 1
	grep 'DEVKEY=1' <<<"$out"
}

rm -rf "$work"
mkdir -p "$work"
kmod/certs.sh devkey "$BUILD/devkey"	# both jobs below use it

modules gcc "${gcc_args[@]}" &
modules clang "${clang_args[@]}" &
wait
job_results gcc
job_results clang
for ko in "$work"/gcc/kmod-*/fwslot.ko; do
	check "global symbols, ${ko:${#work}}" symbols "$ko"
done
check "no module without a key" keyless
check "userspace, gcc" clean userspace gcc
check "userspace, clang" clean userspace clang
check "userspace without libcurl" clean no_curl
for compiler in gcc clang; do
	silent "UAPI header, $compiler, C" uapi "$compiler" c c99
	silent "UAPI header, $compiler, C++" uapi "$compiler" c++ c++11
done
certificates
finish
