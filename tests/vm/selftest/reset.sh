# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: the machine was reset, and nobody asked for it
BOOT_ROM=none
boot_1() {
	ok "fine so far" true
	busybox reboot -f
}
boot_2() {
	ok "not reached" true
}
