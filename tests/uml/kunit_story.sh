# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
#
# The suites run when their module is loaded; kunit.sh reads what they said
FLASH_SIZE=0
BOOT_ROM=none

boot_1() {
	ok "the suites are loaded" modprobe fwslot_kunit
	ok "the suites are unloaded" rmmod fwslot_kunit
}
