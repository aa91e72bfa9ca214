# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154
#
# What stories about the slots share, for the guest
#
# A story's host_setup copies this file to $FILES and the story reads it from
# there:
#
#   [ ! -e /files/slots.sh ] || . /files/slots.sh

# pkg VERSION: a release of lib/weos.sh
pkg() {
	echo "/files/weos-$1.pkg"
}

# unit_is UNIT KEY: what status says of a unit
unit_is() {
	fwslot status --json | tr '{' '\n' | sed -n \
		"/\"unit\": *\"$1\"/s/.*\"$2\": *\"\{0,1\}\([^\",}]*\).*/\1/p"
}

# device_is KEY: what status says of the device
device_is() {
	fwslot status --json | grep -o "\"$1\": *[^,}]*" | head -n 1 |
		sed 's/.*: *//; s/"//g'
}

# units_are KEY: UNIT:VALUE of all units, in the order of status
units_are() {
	fwslot status --json | tr '{' '\n' | sed -n \
		"s/.*\"unit\": *\"\([^\"]*\)\".*\"$1\": *\"\{0,1\}\([^\",}]*\).*/\1:\2/p" |
		xargs echo
}

# all_protected NAME: nobody but the module can write any slot
all_protected() {
	is "$1: all slots are read-only" "$(units_are protected)" \
		"primary:true secondary:true bootloader:true"
}

# all_locked NAME: and the chip's own locks are closed, too
all_locked() {
	all_protected "$1"
	is "$1: all slots are locked" "$(units_are lock)" \
		"primary:locked secondary:locked bootloader:locked"
}

# writing SLOT: is it being written
writing() {
	[ "$(unit_is "$1" state)" = writing ]
}

# session_open: is there a session
session_open() {
	[ "$(device_is session_open)" = true ]
}

# session_over: there is no session
session_over() {
	[ "$(device_is session_open)" = false ]
}

# flash_hash: of the whole chip, through its backing store
flash_hash() {
	head -c "$((FLASH_SIZE))" /dev/vda | md5sum
}

# flash_work: how much was erased and programmed so far
flash_work() {
	read -r erases <"$COUNTERS/erases"
	read -r programs <"$COUNTERS/programs"
	echo "$erases $programs"
}

# unchanged NAME CMD...: whatever CMD does, it does not reach the chip
unchanged() {
	claim=$1
	shift
	work=$(flash_work)
	"$@"
	is "$claim: no erase, no program" "$(flash_work)" "$work"
}

# blocked NAME CMD...: CMD fails, and the chip does not change
blocked() {
	unchanged "$1" fails "$@"
}

# denied STATUS NAME CMD...: CMD exits STATUS, and the chip does not change
denied() {
	unchanged "$2" expect_exit "$@"
}

# installs NAME CMD...: CMD works, and after it nobody can write the slots
installs() {
	ok "$@"
	all_protected "$1"
}

# log_lines TEXT: how many lines of the kernel log have it
log_lines() {
	dmesg | grep -c -e "$1"
}

# logged NAME TEXT CMD...: CMD works and leaves one line in the kernel log
logged() {
	entry=$1
	text=$2
	shift 2
	lines=$(log_lines "$text")
	ok "$entry" "$@"
	is "$entry: one line in the log" "$(log_lines "$text")" $((lines + 1))
}
