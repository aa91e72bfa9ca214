# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034,SC2154
#
# While the bootloader is written, nothing and nobody gets in between (rule R8)
#
# Two releases of one format take turns as the only bootloader copy, on flash
# that is slow.  Each time something happens at another moment of the write: the
# tool is killed or stopped, a second one comes, the machine is to be suspended
# or rebooted, the module or the driver of the flash is to go.  After each the
# bootloader must be whole and the new one, everything locked, nothing open.
# That a try was inside the window is read from the counters of the chip; one
# that was not is judged, too, but does not count.  How long the window is, is
# measured against the time that the chip itself took.

FLASH_SIZE=0x100000
FLASH_PARTS="bootloader@0x0+0x40000;primary@0x40000+0x40000;secondary@0x80000+0x40000"
FLASH_PARAMS="lockable=1"
STORY_TIMEOUT=600
BOOTS=6
TRIES=20
if [ -n "${FWSLOT_LONG-}" ]; then
	STORY_TIMEOUT=5400
	BOOTS=51
	TRIES=200
fi

BOOT_SIZE=100001
DRIVER=/sys/bus/platform/drivers/flashsim
TIMES=/sys/module/flashsim/parameters

[ ! -e /files/slots.sh ] || . /files/slots.sh

host_setup() {
	. "$vm_dir/lib/weos.sh"
	WEOS_SYSTEM_SIZE=70001
	WEOS_BOOT_SIZE=$BOOT_SIZE
	weos_release 5.22.2 2 30
	weos_release 5.22.3 2 40
	weos_factory 5.22.2
	cp "$vm_dir/prog/slots.sh" "$FILES/"
}

# slow ERASE_US PROGRAM_US: times of the chip
slow() {
	erase_us=$1
	echo "$1" >$TIMES/erase_us
	echo "$2" >$TIMES/program_us
}

# done_so_far: put into $work what the chip has erased and programmed
done_so_far() {
	read -r erases <"$COUNTERS/erases"
	read -r programs <"$COUNTERS/programs"
	work=$((erases + programs))
}

other_release() {
	case $release in
	5.22.2) release=5.22.3 ;;
	*) release=5.22.2 ;;
	esac
}

# start_tool: the other bootloader, in a module that is not waiting for a reboot
start_tool() {
	other_release
	rmmod fwslot
	modprobe fwslot
	done_so_far
	before=$work
	fwslot upgrade bootloader --no-reboot --progress=none "$(pkg "$release")" \
		>/run/out 2>&1 &
	tool=$!
}

# in_window TRY: at another moment of the write each time; most of its time goes
# into the three erases
in_window() {
	while done_so_far && [ "$work" = "$before" ] && [ -d "/proc/$tool" ]; do
		usleep 3000
	done
	usleep $((erase_us * ($1 * 89 % 300) / 100))
	done_so_far
}

# was_inside: at the last done_so_far the write had begun and was not over
was_inside() {
	[ "$work" -gt "$before" ] && [ "$work" -lt $((before + whole_work)) ]
}

# tool_ends STATUS...: the tool ends with one of these
tool_ends() {
	wait "$tool"
	status=$?
	for want; do
		[ "$status" != "$want" ] || return 0
	done
	echo "# the tool ended with $status: $(tail -n 1 /run/out)" >&8
	return 1
}

# nothing_open: no session, no file
nothing_open() {
	read -r users </sys/module/fwslot/refcnt
	[ "$users" = 0 ]
}

# is_whole: the bootloader is all there, and it is the new one
is_whole() {
	fwslot verify bootloader >/run/verify 2>&1 || return 1
	# shellcheck disable=SC2046 # words are wanted
	bootmodel $(boot_args) /dev/vda >/run/verify || return 1
	head -c $BOOT_SIZE /dev/vda | cmp -s - "/files/images/boot-$release"
}

# is_shut: three units locked, three read-only, no session
is_shut() {
	fwslot status --json >/run/status || return 1
	[ "$(tr , '\n' </run/status | grep -c -e '"lock": *"locked"' \
		-e '"protected": *true' -e '"session_open": *false')" = 7 ]
}

# judge_try NAME: after a try; counts it in inside, broken, wrong
judge_try() {
	! was_inside || inside=$((inside + 1))
	if ! wait_for 60 nothing_open || ! is_shut; then
		echo "# $1: not all is shut" >&8
		sed 's/^/# | /' /run/status >&8
		wrong=$((wrong + 1))
	fi
	is_whole && return
	echo "# $1: the bootloader is broken, or the old one" >&8
	sed 's/^/# | /' /run/verify >&8
	broken=$((broken + 1))
}

# tries NAME CMD: until there were $TRIES inside the window
tries() {
	inside=0
	broken=0
	wrong=0
	try=0
	begun=$(cut -d. -f1 /proc/uptime)
	while [ $inside -lt $TRIES ] && [ $try -lt $((TRIES * 3)) ]; do
		try=$((try + 1))
		start_tool
		in_window $try
		if ! $2; then
			echo "# $1, try $try: it is answered in a wrong way" >&8
			wrong=$((wrong + 1))
		fi
		judge_try "$1, try $try"
	done
	echo "# $1: $try tries, $inside inside the window," \
		"$(($(cut -d. -f1 /proc/uptime) - begun)) s" >&8
	is "$1: $TRIES tries inside the window" "$inside" "$TRIES"
	is "$1: broken bootloaders" "$broken" 0
	is "$1: what was not as it has to be" "$wrong" 0
}

killed() {
	kill -KILL "$tool"
	tool_ends 137
}

is_new() {
	[ "$(unit_is bootloader state) $(unit_is bootloader version)" = \
		"verified $release" ]
}

# The kernel needs no tool to finish, and the tool finds that it is finished.
stopped() {
	kill -STOP "$tool"
	wait_for 30 is_new
	alone=$?
	kill -CONT "$tool"
	tool_ends 0 && [ $alone = 0 ]
}

# A second tool is refused or waits, and finds nothing to do.
second_one() {
	if [ $((try % 2)) = 0 ]; then
		fwslot verify >/run/second 2>&1
		second=$?
		expected=5
		done_so_far
	else
		fwslot upgrade bootloader --no-reboot "$(pkg "$release")" \
			>/run/second 2>&1
		second=$?
		expected=6
	fi
	tool_ends 0 && { ! was_inside || [ $second = $expected ]; }
}

suspended() {
	refused=no
	echo freeze 2>/run/suspend >/sys/power/state || refused=yes
	done_so_far
	tool_ends 0 && { ! was_inside || [ $refused = yes ]; }
}

# With the tool and, every other time, when its file is closed already.  Not with
# kmod's rmmod: that one asks the kernel only when nobody uses the module.
unloaded() {
	end=0
	if [ $((try % 2)) = 0 ]; then
		kill -KILL "$tool"
		end=137
	fi
	refused=no
	busybox rmmod fwslot 2>/run/rmmod || refused=yes
	done_so_far
	tool_ends $end && { ! was_inside || [ $refused = yes ]; }
}

all_known() {
	fwslot status --json >/run/status &&
		! grep -q '"state": *"\(absent\|unknown\)"' /run/status
}

# The driver waits; what the tool still gets to know depends on who is faster.
unbound() {
	echo flashsim >$DRIVER/unbind
	echo flashsim >$DRIVER/bind
	tool_ends 0 1 && wait_for 30 all_known
}

# event_ms EVENT: when the last one came
event_ms() {
	sed -n "s/.*\"event\": *\"$1\".*\"time_ns\": *\([0-9]*\)[0-9]\{6\}.*/\1/p" \
		/run/events | tail -n 1
}

# measure: a write that nobody disturbs, with the times of a real chip
#
# From the begin of the session, which is before the window: until then the tool
# has not handed over the image.
measure() {
	slow 700000 500
	busy_before=$(counter busy_us)
	start_tool
	fwslot monitor --json >/run/events 2>&1 &
	monitor=$!
	tool_ends 0 || return 1
	kill $monitor
	done_so_far
	whole_work=$((work - before))
	flash=$((($(counter busy_us) - busy_before) / 1000))
	window=$(($(event_ms step) - $(event_ms session)))
	echo "# window at most $window ms, of these $flash ms flash," \
		"$((window * 100 / flash)) %" >&8
	cp /run/events /scratch/events
}

boot_1() {
	release=5.22.2
	modprobe fwslot
	ok "a write that nobody disturbs" measure
	ok "the window is at most 1.2 of the time that the chip took" \
		test "$window" -le $((flash * 12 / 10))
	slow 60000 150
	echo freezer >/sys/power/pm_test
	tries "SIGKILL" killed
	tries "SIGSTOP" stopped
	tries "a second tool" second_one
	tries "suspend" suspended
	tries "rmmod" unloaded
	tries "unbind" unbound
	reboot_in_window
}

# reboot_in_window: what the next boot must find is kept
reboot_in_window() {
	slow 500000 200
	announce_reset
	start_tool
	in_window "$PHASE"
	was_inside
	echo "$release $whole_work $?" >/scratch/tried
	busybox reboot -f
}

boot_more() {
	read -r release whole_work outside </scratch/tried
	modprobe fwslot
	is "reboot $((PHASE - 1)): inside the window" "$outside" 0
	ok "reboot $((PHASE - 1)): the bootloader is whole and the new one" \
		is_whole
	ok "reboot $((PHASE - 1)): all locked, no session" is_shut
	[ "$PHASE" = "$BOOTS" ] || reboot_in_window
}
