# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# Measuring, for the guest: each figure is a line of /run/raw,
#
#   CASE TOOL METRIC UNIT VALUE

bench_begin() {
	: >/run/raw
	# Waiting for a file of the host makes the clock jump.
	[ ! -e /files/peers.pem ] || cp /files/peers.pem /run/
	# As on a device that is up; this machine has no source of its own.
	ok "random numbers are there" head -c 16 /dev/random
	cat >/usr/bin/by_pipe <<-'END'
		#!/bin/sh
		cat "$1" | fwslot upgrade secondary --no-reboot --progress=none -
	END
	chmod +x /usr/bin/by_pipe
	echo "# $(uname -r), $BENCH_MIB MiB, $BENCH_ROUNDS rounds" >&8
	leave_out_flashcp_p
}

# leave_out_flashcp_p: there are versions that crash on blocks of 64 KiB
leave_out_flashcp_p() {
	case " $BENCH_TOOLS " in
	*" flashcp-p "*) ;;
	*) return ;;
	esac
	head -c 200000 /dev/urandom >/run/junk
	modprobe flashsim size=1048576 parts=junk@0+1048576
	flashcp -p /run/junk "$(mtd_of junk)" >/run/out 2>&1
	status=$?
	rmmod flashsim
	[ $status != 0 ] || return
	echo "# left out: flashcp -p of $(flashcp --version | sed -n 's/.* //p;q') ends with $status" >&8
	BENCH_TOOLS=$(echo "$BENCH_TOOLS" | sed 's/ *flashcp-p//')
}

# record CASE TOOL METRIC UNIT VALUE
record() {
	echo "$*" >>/run/raw
}

# ratio A B: print A / B
ratio() {
	awk "BEGIN { printf \"%.5f\n\", $1 / ($2 ? $2 : 1) }"
}

# figure NAME: of the last take
figure() {
	sed -n "s/^$1 [^ ]* //p" /run/measured
}

# take CASE TOOL CMD...: run it and record what it took
take() {
	in=$1
	tool=$2
	shift 2
	counters_mark
	ok "$in $tool: works" measure /run/measured "$@" || return 1
	while read -r metric unit value; do
		record "$in" "$tool" "$metric" "$unit" "$value"
	done </run/measured
}

# take_kernel_hash CASE TOOL FILE: SHA-256 by the kernel, where it is offered
take_kernel_hash() {
	! modprobe algif_hash 2>/dev/null || take "$1" "$2" khash "$3"
}

# take_flash CASE TOOL CMD...: and what the chip did
take_flash() {
	take "$@" || return 1
	for count in erases programs; do
		record "$in" "$tool" $count count "$(counter_delta $count)"
	done
	for count in bytes_programmed bytes_read; do
		record "$in" "$tool" $count bytes "$(counter_delta $count)"
	done
	busy=$(counter_delta busy_us)
	[ "$busy" = 0 ] || record "$in" "$tool" wall/busy ratio \
		"$(ratio "$(figure wall) * 1e6" "$busy")"
}

# take_write CASE TOOL NAME MIB: write an image
take_write() {
	kind=$(kind_of "$2")
	have "$3.$kind"
	writes "$2" "/run/img/$3.$kind"
	booted "$2"
	# shellcheck disable=SC2086 # words are wanted
	take_flash "$1" "$2" $command || return 0
	record "$1" "$2" cpu/MiB s/MiB "$(ratio "$(figure cpu)" "$4")"
	ok "$1 $2: the image is there" holds "$2" "$3"
}

# take_memory CASE TOOL PIDS CMD...: run it again for its memory
take_memory() {
	in=$1
	tool=$2
	pids=$3
	shift 3
	# shellcheck disable=SC2086 # words are wanted
	ok "$in $tool: works" measure -m $pids /run/measured "$@" || return 0
	while read -r metric unit value; do
		record "$in" "$tool" "$metric" "$unit" "$value"
	done </run/measured
}
