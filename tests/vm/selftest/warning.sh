# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: the kernel complained: .*WARNING: selftest
BOOT_ROM=none
boot_1() {
	echo "<6>WARNING: selftest" >/dev/kmsg
	ok "fine" true
}
