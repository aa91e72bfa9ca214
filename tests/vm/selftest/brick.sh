# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034
# wants: fail: boot 1: BRICK
boot_1() {
	ok "not reached" true
}
