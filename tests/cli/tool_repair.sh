#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_repair.sh - which unit is repaired from which, and when it cannot be, by
# what reading both of them gives.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

src=$(source_dir)
check "build the driver" tool_driver driver \
	-Wl,--wrap={status_get,dev_open,dev_verify,copy_open} \
	"$src"/tests/cli/tool_repair.c "$src"/userspace/cmd_repair.c

# repairs NAME SLOT STATES STATUS PATTERN...: all of them are said
repairs()
{
	local name=$1 want=$4 status line

	./driver "$2" "$3" >out 2>err
	status=$?
	shift 4
	cat out >>err
	for line; do
		grep -q -- "$line" err || status=100
	done
	[ "$status" -eq "$want" ]
	report $? "$name"
}

twin='record of the twin cannot be read'
repairs "right already" secondary vvvv 6 'secondary is right'
repairs "corrupt" secondary vcvv 3 "$twin"
repairs "cannot be read" secondary vevv 3 \
	'secondary cannot be read: Input/output error' "$twin" \
	'secondary needs its package'
repairs "the twin cannot be read" primary cevv 3 \
	'secondary cannot be read' 'the other image slot is not good either'
repairs "neither can be read" primary eevv 3 \
	'primary cannot be read' 'the other image slot is not good either'
repairs "right, and the twin cannot be read" primary vevv 6 'primary is right'
repairs "the first copy cannot be read" boot vvev 3 \
	'bootloader cannot be read' "$twin" '^fwslot: bootloader needs'
repairs "the second copy cannot be read" boot vvve 3 \
	'bootloader-2 cannot be read' "$twin" '^fwslot: bootloader-2 needs'
repairs "stopped by a signal" primary svvv 9 'stopped by a signal'
finish
