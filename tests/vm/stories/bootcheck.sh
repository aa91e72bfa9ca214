# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154,SC1091
#
# What boot scripts find out: every state that a device can boot in, from the
# slots and the booted slot alone, in a bad environment, and without an erase
#
# boot-check is what the systemd unit, the init script and the initramfs call.

FLASH_SIZE=0x600000
FLASH_PARTS="bootloader@0x0+0x80000;env@0x80000+0x80000;primary@0x100000+0x200000;secondary@0x300000+0x200000;data@0x500000+0x100000"
FLASH_PARAMS="erase_us=20000"
STORY_TIMEOUT=500
STORY_MODULES="mtdram"

host_setup() {
	. "$vm_dir/lib/weos.sh"
	weos_releases
	weos_factory 5.21.2
	cp "$top"/userspace/boot/* "$FILES/"
}

check=/usr/lib/fwslot/boot-check

pkg() {
	echo "/files/weos-$1.pkg"
}

# boots RELEASE SLOT FORMAT: that is what runs; also installs the script
boots() {
	mkdir -p "${check%/*}"
	cp /files/boot-check "$check"
	is "boots $1 from $2" "$(cat /run/boot)" \
		"boot=$2 bootloader=0 format=$3 version=$1"
}

# checked WANT TEXT...: boot-check ends with WANT, logs one line that has every
# TEXT, and erases nothing
checked() {
	want=$1
	shift
	counters_mark
	dmesg -c >>/run/dmesg.before
	expect_exit "$want" "boot-check: $1" "$check"
	is "$1: one line on stdout" "$(wc -l <"$OUT")" 1
	for text; do
		out_has "$1: says \"$text\"" "$text"
	done
	is "$1: the same line in the kernel log" \
		"$(dmesg | grep -c -F "$(cat "$OUT")")" 1
	is "$1: no erase" "$(counter_delta erases)" 0
	is "$1: no program" "$(counter_delta programs)" 0
}

sealed() {
	fwslot status --json | grep -q '"sealed": *true'
}

# writing SLOT: is it being written
writing() {
	fwslot status --json >/run/status 2>/dev/null &&
		tr '}' '\n' </run/status |
		grep -q "\"unit\": *\"$1\".*\"state\": *\"writing\""
}

idle() {
	fwslot status --json | grep -q '"session_open": *false'
}

# erase_us N: how long an erase takes from now on
erase_us() {
	echo "$1" >/sys/module/flashsim/parameters/erase_us
}

# kill_in SLOT PKG: upgrade all, and kill the tool while SLOT is written.  The
# flash is slow meanwhile, so that it is seen on a busy machine.
kill_in() {
	erase_us 1000000
	fwslot upgrade all "$2" --no-reboot --progress=none >/run/killed 2>&1 &
	tool=$!
	ok "$1 is being written" wait_for 60 writing "$1"
	kill -9 $tool
	wait $tool
	is "killed in $1" "$?" 137
	erase_us 5000
	ok "the slots are locked again" wait_for 60 idle
}

# Nothing is right but the flash: no tool, no module, no room, no time.
boot_1() {
	boots 5.21.2 primary 1
	mount -t tmpfs -o size=4k none /tmp
	head -c 8192 /dev/zero >/tmp/full 2>/dev/null
	fails "/tmp is full" sh -c 'echo more >/tmp/more'
	ok "it is 1970" date -s @100

	mv /usr/sbin/fwslot /run/fwslot
	checked 8 "the tool fwslot is missing"
	mv /run/fwslot /usr/sbin/fwslot

	ko=$(find /usr/lib/modules -name fwslot.ko)
	mv "$ko" /run/fwslot.ko
	checked 8 "the kernel module fwslot is not loaded"
	mv /run/fwslot.ko "$ko"

	checked 0 "complete: " "sealed"
	ok "it is sealed" sealed
	ok "--quick: complete" "$check" --quick
	expect_exit 0 "the init script" sh /files/fwslot.init start
	expect_exit 2 "boot-check: usage" "$check" --fast
	is "it is still 1970" "$(date +%Y)" 1970
	reboot
}

# A block of the secondary is gone, but its record is not.
boot_2() {
	boots 5.21.2 primary 1
	flash_erase -q "$(mtd_of secondary)" 0x10000 1
	expect_exit 0 "--quick believes the record" fwslot verify --quick
	checked 14 "corrupt: " "secondary" \
		"next: fwslot repair secondary"
	ok "sealed all the same" sealed
	ok "it can be repaired" fwslot upgrade secondary "$(pkg 5.21.2)" --progress=none
	checked 0 "complete: "
	reboot
}

# Raw images: nothing says what the secondary is.
boot_3() {
	boots 5.21.2 primary 1
	flash_erase -q "$(mtd_of secondary)" 0 0
	checked 13 "unknown: " "secondary" "next: fwslot adopt secondary"
	ok "written" fwslot upgrade secondary "$(pkg 5.21.2)" --progress=none
	kill_in secondary "$(pkg 5.22.2)"
	checked 12 "degraded: " "secondary" \
		"next: fwslot repair secondary"
	kill_in bootloader "$(pkg 5.22.2)"
	checked 10 "interrupted-up: " "next: fwslot upgrade all <package of 5.22.2>"
	planned "half-way, before the reboot" 5.23.0 \
		"reboot first, upgrade all 5.23.0, reboot"
	planned "half-way, and back" 5.20.0 \
		"upgrade all 5.21.2, reboot, upgrade all 5.20.0, reboot"
	reboot
}

# planned NAME RELEASE STEPS: the way to it from here
planned() {
	ok "plan: $1" fwslot plan "$(pkg "$2")"
	is "plan: $1: steps" "$(sed -n 's/^[0-9]*\. //p; s/^   reboot$/reboot/p
		s/^reboot first$/&/p' "$OUT" | tr '\n' ';' | sed 's/;$//; s/;/, /g')" "$3"
}

boot_4() {
	boots 5.22.2 secondary 2
	# As in the initramfs: by the records, before anything else.
	is "premount: prerequisites" "$(sh /files/initramfs-premount prereqs)" ""
	ok "premount: the boot goes on" sh /files/initramfs-premount
	out_has "premount: says the same" "interrupted-up: "
	checked 10 "interrupted-up: " "next: fwslot upgrade all <package of 5.22.2>"
	planned "half-way, from secondary" 5.23.0 "upgrade all 5.23.0, reboot"
	planned "half-way, from secondary, and back" 5.20.0 \
		"upgrade all 5.21.2, reboot, upgrade all 5.20.0, reboot"
	ok "finished" fwslot upgrade all "$(pkg 5.22.2)" --no-reboot --progress=none
	planned "finished" 5.23.0 "upgrade all 5.23.0, reboot"
	reboot
}

boot_5() {
	boots 5.22.2 primary 2
	checked 0 "complete: "
	kill_in bootloader "$(pkg 5.21.2)"
	checked 11 "interrupted-down: " "next: fwslot upgrade all <package of 5.21.2>"
	kill_in primary "$(pkg 5.21.2)"
	checked 12 "degraded: " "primary" "next: fwslot upgrade all <package of 5.21.2>"
	reboot
}

boot_6() {
	boots 5.21.2 secondary 1
	checked 12 "degraded: " "primary" \
		"next: fwslot repair primary"
	kill_in primary "$(pkg 5.21.2)"
	checked 12 "degraded: " "primary" \
		"next: fwslot repair primary"
	reboot
}

# now: seconds since the boot, hundredths
now() {
	tr -d . </proc/uptime | cut -d ' ' -f 1
}

# listens PID: has that process joined a group of netlink
listens() {
	awk -v pid="$1" '$3 == pid && $4 !~ /^0*$/ { found = 1 }
		END { exit !found }' /proc/net/netlink
}

# late: verify waits for all slots, then the flash comes
late() {
	fwslot verify --short --wait=60 >/run/late 2>&1 &
	tool=$!
	wait_for 30 listens $tool || return
	modprobe flashsim backing=/dev/vda "size=$FLASH_SIZE" "parts=$FLASH_PARTS"
	wait $tool
	echo $? >/run/late.status
}

# A slot that has no flash, and one whose flash comes late.
boot_7() {
	boots 5.21.2 secondary 1
	modprobe -r flashsim
	start=$(now)
	FWSLOT_WAIT=2 checked_late 12 "degraded: " "still without flash after 2 s"
	ok "it waited" test $(($(now) - start)) -ge 200
	ok "all slots are waited for" late
	is "and found as they are" "$(cat /run/late.status)" 12
	ok "with what is in them" grep -q "next: fwslot repair primary" /run/late
	ok "without the word that they are missing" sh -c \
		'! grep -q "still without" /run/late'
}

# checked_late WANT TEXT...: boot-check without counters, there is no flash
checked_late() {
	want=$1
	shift
	expect_exit "$want" "boot-check: no flash" "$check" --no-seal
	for text; do
		out_has "no flash: says \"$text\"" "$text"
	done
}
