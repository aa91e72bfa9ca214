# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC1091,SC2034
#
# What a story may use in the guest
#
# A story is a file of shell functions boot_1, boot_2, ... (dash), each
# run after one power-on; all but the last must end in a reboot.  Tests:
#
#   ok NAME CMD...             CMD must exit 0
#   fails NAME CMD...          CMD must fail by itself (not missing, no signal)
#   expect_exit N NAME CMD...  CMD must exit N
#   is NAME A B                the texts are equal
#   out_has NAME TEXT          the last CMD of these printed TEXT
#
# For the demo, on the screen and not in the verdict:
#
#   say TEXT                   a line of text
#   title TEXT                 a headline
#   run CMD...                 the command line and then its real output
#
# For both: step WANT NAME CMD... shows like run, then checks the exit status;
# WANT may be "fails".
#
# Flash and counters:
#
#   mtd_of NAME                /dev/mtdN of a partition, fails if there is none
#   slot_hash NAME [BYTES]     SHA-256 of its first BYTES, or of all of it
#   counter NAME               erases, programs, bytes_programmed, reads,
#                              bytes_read, refused, busy_us
#   counters_mark              remember all counters
#   counter_delta NAME         how much it grew since
#
# And: wait_for SECONDS CMD... (until CMD succeeds), reboot, cut_power (reset
# without sync; from the background: { wait_for 60 CMD...; cut_power; } &),
# announce_reset (the next reset is wanted, whoever causes it).
# $BOOTED is what the boot model started, $PHASE the number of the boot, $OUT
# the output of the last test, $FWSLOT_LONG not empty for make check-long.
# keep_json NAME CMD... runs CMD and leaves its output for the host to compare with
# the schema.  /files comes from the host, /scratch is kept from boot to boot, everything
# else is new after each.

. /vm/defaults.sh
. /vm/story
. /vm/settings

OUT=/run/out
COUNTERS=/sys/kernel/debug/flashsim
PHASE=$(cat /run/phase 2>/dev/null)
BOOTED=$(sed 's/boot=\([^ ]*\).*/\1/' /run/boot 2>/dev/null)

# report ok|"not ok" NAME: one line of the verdict
report() {
	read -r count </run/count
	count=$((count + 1))
	echo "$count" >/run/count
	echo "$1 $count - $2" >&8
	[ "$1" = ok ] || touch /scratch/failed
}

# failed STATUS: not 0, not 126 or 127 (cannot run), not 128 + a signal
failed() {
	[ "$1" != 0 ] && { [ "$1" -le 125 ] || [ "$1" -gt 192 ]; }
}

# check WANT NAME CMD...: WANT is an exit status or "fails"
check() {
	want=$1
	name=$2
	shift 2
	"$@" >$OUT 2>&1
	status=$?
	if [ "$want" = "$status" ] || { [ "$want" = fails ] && failed "$status"; }; then
		report ok "$name"
		return 0
	fi
	report "not ok" "$name"
	echo "# $*" >&8
	echo "# exit status $status, wanted $want" >&8
	tail -n 30 $OUT | sed 's/^/# | /' >&8
	return 1
}

ok() {
	check 0 "$@"
}

fails() {
	check fails "$@"
}

expect_exit() {
	check "$@"
}

is() {
	if [ "$2" = "$3" ]; then
		report ok "$1"
		return 0
	fi
	report "not ok" "$1"
	echo "# '$2' is not '$3'" >&8
	return 1
}

out_has() {
	if grep -q -F -e "$2" $OUT; then
		report ok "$1"
		return 0
	fi
	report "not ok" "$1"
	sed 's/^/# | /' $OUT >&8
	return 1
}

say() {
	echo "$*" >&9
}

# as_typed CMD...: print a command line that a shell would take
as_typed() {
	for word; do
		case $word in
		*[!A-Za-z0-9._/:=@%+,-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
}

run() {
	echo "#$(as_typed "$@")" >&9
	"$@" >&9 2>&9
}

title() {
	say ""
	say "== $* =="
}

step() {
	want=$1
	name=$2
	shift 2
	say "#$(as_typed "$@")"
	"$@" >"$OUT" 2>&1
	status=$?
	cat "$OUT" >&9
	[ "$want" = fails ] && failed "$status" && want=$status
	is "$name" "$status" "$want"
}

mtd_of() {
	n=$(sed -n "s/^mtd\([0-9]*\): .* \"$1\"\$/\1/p" /proc/mtd)
	[ -n "$n" ] && echo "/dev/mtd$n"
}

slot_hash() {
	dev=$(mtd_of "$1") || return 1
	if [ -n "${2:-}" ]; then
		head -c "$(($2))" "$dev" | sha256sum | cut -d' ' -f1
	else
		sha256sum <"$dev" | cut -d' ' -f1
	fi
}

counter() {
	cat "$COUNTERS/$1"
}

counters_mark() {
	mkdir -p /run/counters
	for mark in "$COUNTERS"/*; do
		cat "$mark" >"/run/counters/${mark##*/}"
	done
}

counter_delta() {
	echo $(($(counter "$1") - $(cat "/run/counters/$1")))
}

wait_for() {
	tries=$(($1 * 10))
	shift
	while ! "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		sleep 0.1
	done
}

announce_reset() {
	dmesg >"/scratch/dmesg.$PHASE"
	cp /run/count /scratch/count
	touch /scratch/reset-wanted
}

keep_json() {
	mkdir -p /scratch/json
	kept=$1
	shift
	"$@" >"/scratch/json/$kept"
}

cut_power() {
	announce_reset
	echo b >/proc/sysrq-trigger
	while :; do sleep 60; done
}
