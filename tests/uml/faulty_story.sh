# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# A module that does $FAULT: selftest.sh knows what has to come of it
FLASH_SIZE=0
BOOT_ROM=none
FAULT=nothing

boot_1() {
	ok "it loads" modprobe faulty "what=$FAULT"
}
