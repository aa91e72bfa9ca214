# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# Part 6 of the story: an upgrade of all slots that is interrupted
#
# The tool is killed in each slot and run again, at once and after a reboot; it
# is stopped, interrupted, loses its input, loses the flash, meets a second one,
# and the machine is rebooted under it.  The same command must always finish,
# and after each interruption every slot is locked and something can be started.
# What the tool is doing is read from what it tells itself.

FLASH_SIZE=0x400000
FLASH_PARTS="bootloader@0x0+0x80000;primary@0x80000+0x100000;secondary@0x180000+0x100000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=600

DRIVER=/sys/bus/platform/drivers/flashsim

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=400123
	weos_release 5.21.2 1 20
	weos_release 5.22.2 2 30 --bridge 1:5.21.2
	weos_release 5.22.3 2 40 --bridge 1:5.21.2 --compress none
	weos_factory 5.21.2
	cp "$FLASH" "$FILES/factory.img"
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# erase_time MICROSECONDS: of one block of the simulated flash
erase_time() {
	echo "$1" >/sys/module/flashsim/parameters/erase_us
}

# factory [PARAMETER...]: the flash as it left the factory, module loaded anew
factory() {
	! grep -q '^fwslot ' /proc/modules || rmmod fwslot
	rmmod flashsim
	dd if=/files/factory.img of=/dev/vda bs=1M conv=notrunc 2>/dev/null
	# shellcheck disable=SC2086 # words are wanted
	modprobe flashsim backing=/dev/vda "size=$FLASH_SIZE" \
		"parts=$FLASH_PARTS" $FLASH_PARAMS
	cmdline=$(sed 's/booted=[a-z]*/booted=primary/' /run/cmdline)
	echo "$cmdline" >/run/cmdline
	modprobe fwslot "$@"
}

# begin ARGUMENT...: start the tool; what it tells on stderr comes through fd 7
begin() {
	rm -f /run/told /run/err
	mkfifo /run/told
	exec 7<>/run/told
	{
		# shellcheck disable=SC2016 # that shell's number
		sh -c 'echo $$ >/run/tool; exec fwslot "$@"' sh "$@" \
			>/run/out 2>&7
		echo $? >/run/status
		echo ended >&7
	} 2>/dev/null &
	runner=$!
}

begin_upgrade() {
	erase_time 300000
	begin upgrade all --no-reboot "--progress=$1" "$(pkg 5.22.2)"
}

# in_slot SLOT: wait until the tool tells that this slot is being written
in_slot() {
	while read -r told <&7; do
		echo "$told" >>/run/err
		case $told in
		ended) return 1 ;;
		*'"phase":"write"'*"\"unit\":\"$1\""*) return 0 ;;
		"$1: write "*) return 0 ;;
		esac
	done
}

# ends STATUS NAME: the tool ends with this exit status
ends() {
	while ! grep -q '^ended$' /run/err 2>/dev/null; do
		read -r told <&7
		echo "$told" >>/run/err
	done
	wait "$runner"
	exec 7<&-
	is "$2: exit status" "$(cat /run/status)" "$1"
}

# told NAME TEXT: the tool has said so
told() {
	ok "$1" grep -F -e "$2" /run/err
}

send() {
	kill "-$1" "$(cat /run/tool)"
}

bootable() {
	# shellcheck disable=SC2046 # words are wanted
	bootmodel $(boot_args) /dev/vda
}

# unharmed NAME: the session is over, all is locked, something can be started
unharmed() {
	ok "$1: the session ends" wait_for 60 session_over
	all_locked "$1"
	ok "$1: something can be started" bootable
}

# again NAME: the same command finishes
again() {
	erase_time 0
	ok "$1: the same command finishes" \
		fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
	is "$1: all slots have it" "$(units_are version)" \
		"primary:5.22.2 secondary:5.22.2 bootloader:5.22.2"
	all_locked "$1, finished"
	ok "$1: complete" fwslot verify
}

# state_is NAME SLOT STATE VERSION
state_is() {
	is "$1: $2" "$(unit_is "$2" state) $(unit_is "$2" version)" "$3 $4"
}

# kill_in SLOT: SIGKILL while it is being written
kill_in() {
	factory
	begin_upgrade json
	ok "the tool is in $1" in_slot "$1"
	send KILL
	ends 137 "killed in $1"
	unharmed "killed in $1"
	if [ "$1" = bootloader ]; then
		state_is "finished by the kernel" bootloader verified 5.22.2
	else
		state_is "killed in $1" "$1" incomplete null
		fails "killed in $1: verify knows" fwslot verify
	fi
}

boots() {
	is "boots $2 from $1" "$(cat /run/boot)" \
		"boot=$1 bootloader=0 format=$3 version=$2"
	ok "status" fwslot status
	all_locked "boot $PHASE"
}

boot_1() {
	for slot in secondary bootloader primary; do
		kill_in $slot
		again "killed in $slot, at once"
	done
	kill_in secondary
	reboot
}

boot_2() {
	boots primary 5.21.2 1
	again "killed in secondary, rebooted"
	kill_in bootloader
	reboot
}

boot_3() {
	boots secondary 5.22.2 2
	again "killed in bootloader, rebooted"
	kill_in primary
	reboot
}

killed_in_window() {
	factory
	begin_upgrade json
	ok "the tool is in bootloader" in_slot bootloader
	# Long enough for the next one to find it open.
	erase_time 2000000
	send KILL
	{ wait_for 60 boot_verified; erase_time 0; } &
	ok "the same command waits for the bootloader's end and finishes" \
		fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
	out_has "it says that it waits" "waiting for its end"
	wait $!
	ends 137 "killed in the window"
	again_nothing "killed in the window"
}

stopped() {
	factory idle_timeout=2
	begin_upgrade json
	ok "the tool is in secondary" in_slot secondary
	send STOP
	unharmed "stopped in secondary"
	state_is "stopped" secondary incomplete null
	send CONT
	ends 1 "stopped in secondary"
	told "it says why" idle-timeout
	told "it says how to go on" "run the same command again"
	again "stopped in secondary"

	factory
	begin_upgrade json
	ok "the tool is in bootloader" in_slot bootloader
	send STOP
	ok "the bootloader does not need it" wait_for 30 boot_verified
	send CONT
	ends 0 "stopped in bootloader"
	again_nothing "stopped in bootloader"
}

boot_verified() {
	[ "$(unit_is bootloader state)" = verified ]
}

again_nothing() {
	erase_time 0
	is "$1: all slots have it" "$(units_are version)" \
		"primary:5.22.2 secondary:5.22.2 bootloader:5.22.2"
	all_locked "$1"
	expect_exit 6 "$1: nothing is left to do" \
		fwslot upgrade all --no-reboot "$(pkg 5.22.2)"
}

stdin_closed() {
	factory
	denied 9 "no stdin" sh -c "fwslot upgrade all - <&-"
	all_locked "no stdin"
	ok "nothing to talk to: stdin, stdout, stderr are closed" sh -c \
		"fwslot upgrade all --no-reboot $(pkg 5.22.2) <&- >&- 2>&-"
	again_nothing "nothing to talk to"

	factory
	ok "the package on stdin, stderr closed" sh -c \
		"fwslot upgrade all --no-reboot - <$(pkg 5.22.2) 2>&-"
	again_nothing "stderr closed"

	factory
	erase_time 300000
	expect_exit 1 "stdin ends in secondary" sh -c \
		"head -c -30000 $(pkg 5.22.3) | fwslot upgrade all --no-reboot -"
	out_has "it says why" "truncated: the package ends too early"
	out_has "it says how to go on" "run the same command again"
	unharmed "stdin ends in secondary"
	again "stdin ends in secondary"
}

# head_bytes PKG: what comes before the first image
head_bytes() {
	tar tvf "$1" | awk '$NF ~ /^(manifest|manifest.p7s|notes|.*\.digests)$/ {
		n += 512 + int(($3 + 511) / 512) * 512 } END { print n }'
}

interrupted() {
	factory
	mkfifo /run/pkg
	exec 6<>/run/pkg
	head -c "$(head_bytes "$(pkg 5.22.2)")" "$(pkg 5.22.2)" >&6
	work=$(flash_work)
	begin upgrade all --no-reboot /run/pkg
	ok "a session waits for data" wait_for 30 session_open
	send INT
	ends 9 "SIGINT before the first erase"
	exec 6<&-
	told "it says so" "nothing was written"
	is "nothing was erased or programmed" "$(flash_work)" "$work"
	unharmed "SIGINT before the first erase"

	begin_upgrade plain
	ok "the tool is in secondary" in_slot secondary
	send INT
	ends 7 "SIGINT in secondary"
	told "it says how to go on" "run the same command again"
	unharmed "SIGINT in secondary"
	again "SIGINT in secondary"

	factory
	begin_upgrade plain
	ok "the tool is in bootloader" in_slot bootloader
	send INT
	ends 7 "SIGINT in bootloader"
	told "it says that it waits" "this cannot be stopped: waiting for its end"
	unharmed "SIGINT in bootloader"
	state_is "SIGINT" bootloader verified 5.22.2
	again "SIGINT in bootloader"
}

# unplugged SLOT: the flash driver is unbound while the slot is written
unplugged() {
	factory
	begin_upgrade plain
	ok "the tool is in $1" in_slot "$1"
	echo flashsim >$DRIVER/unbind
	ends 1 "no flash in $1"
	is "no flash in $1: one error" "$(grep -c '^fwslot: failed' /run/err)" 1
	told "it says why" "slot-gone: the flash device went away"
	told "it says how to go on" "run the same command again"
	is "one line in the log" "$(log_since "failed slot-gone")" 1
	echo flashsim >$DRIVER/bind
	unharmed "$1, flash is back"
}

# log_since TEXT: lines with it since the module was loaded last
log_since() {
	dmesg | awk -v text="fwslot: $1" '/fwslot: built with/ { n = 0 }
		index($0, text) { n++ } END { print n + 0 }'
}

no_flash() {
	unplugged secondary
	again "no flash in secondary"
	unplugged bootloader
	ok "unbind has waited: the bootloader is whole" fwslot verify bootloader
	is "it is the new one" "$(unit_is bootloader version)" 5.22.2
	again "no flash in bootloader"
}

second_one() {
	factory
	begin_upgrade json
	ok "the tool is in secondary" in_slot secondary
	expect_exit 5 "a second one" fwslot upgrade all "$(pkg 5.22.2)"
	out_has "it says why" "busy: another session is open"
	expect_exit 5 "verify" fwslot verify
	fails "rmmod" rmmod fwslot
	echo freezer >/sys/power/pm_test
	fails "suspend" sh -c "echo freeze | dd of=/sys/power/state"
	out_has "suspend is refused" "resource busy"
	erase_time 0
	ends 0 "the first one"
	again_nothing "the first one"
}

boot_4() {
	boots secondary 5.22.2 2
	again "killed in primary, rebooted"
	killed_in_window
	stopped
	stdin_closed
	interrupted
	no_flash
	second_one
	factory
	erase_time 1000000
	begin upgrade all --no-reboot --progress=json "$(pkg 5.22.2)"
	ok "the tool is in bootloader" in_slot bootloader
	reboot
}

boot_5() {
	boots secondary 5.22.2 2
	is "reboot has waited for the bootloader, and for nothing else" \
		"$(unit_is bootloader version) $(unit_is primary version)" \
		"5.22.2 5.21.2"
	ok "it is whole" fwslot verify bootloader
	again "rebooted in bootloader"
	factory
	begin_upgrade json
	ok "the tool is in secondary" in_slot secondary
	reboot
}

boot_6() {
	boots primary 5.21.2 1
	again "rebooted in secondary"
}
