#!/bin/bash
# SPDX-License-Identifier: MIT
#
# boot_scripts.sh - the scripts of userspace/boot: what goes into an initramfs,
# by Debian's own functions; the init script; what boot-check does with each
# answer of the tool.  With the module: tests/vm/stories/bootcheck.sh.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

boot=$(source_dir)/userspace/boot
mkdir -p bin lib tree/conf etc

# The hook, with the tool that was built here.
hook()
{
	env PATH="$1:/usr/sbin:/usr/bin:/sbin:/bin" DESTDIR="$cli_work/tree" \
		CONFDIR="$cli_work/etc" version=0.0.0 verbose=n \
		FWSLOT_LIB="$boot" sh "$boot/initramfs-hook"
}

equal "hook: prerequisites" "" "$(sh "$boot/initramfs-hook" prereqs)"
check "hook: without the tool" hook /nonexistent
grep -q 'fwslot is not installed' err
report $? "hook: says so"
equal "hook: the module is loaded first" fwslot "$(cat tree/conf/modules)"
check "hook: with the tool" hook "$cli_build"
same "hook: the tool is there" "$cli_build/fwslot" tree/usr/sbin/fwslot
same "hook: its script is there" "$boot/boot-check" \
	tree/usr/lib/fwslot/boot-check
for so in libmnl libzstd; do
	find tree -name "$so.so*" | grep -q .
	report $? "hook: $so is there"
done

# A tool that answers as it is told.
cat >bin/fwslot <<'END'
#!/bin/sh
echo "$*" >>calls
[ "$1" = seal ] && exit "${SEAL:-0}"
printf '%b' "$SAYS"
exit "$VERIFY"
END
chmod +x bin/fwslot

# answers VERIFY SEAL SAYS: run boot-check with that tool, its status in status
answers()
{
	rm -f calls
	VERIFY=$1 SEAL=$2 SAYS=$3 PATH="$cli_work/bin:$PATH" \
		sh "$boot/boot-check" >out 2>err
	status=$?
	echo "status $status, stdout: $(cat out)" >>err
}

for code in 0 10 11 12 13 14; do
	answers "$code" 0 'word: sentence\nnext: do this\n'
	equal "$code: exit status" "$code" "$status"
	equal "$code: one line" \
		"fwslot: boot: word: sentence; next: do this; sealed" "$(cat out)"
	equal "$code: verified, then sealed" \
		"verify --short --wait=30 seal" "$(paste -sd ' ' calls)"
done
answers 0 1 'complete: all slots are right\n'
equal "seal fails: said" \
	"fwslot: boot: complete: all slots are right; NOT sealed: " "$(cat out)"
answers 8 0 'fwslot: failed: no module\n'
equal "no module: exit status" 8 "$status"
equal "no module: nothing is sealed" "verify --short --wait=30" "$(cat calls)"
equal "no module: said" "fwslot: boot: failed: no module" "$(cat out)"
# shellcheck disable=SC2016 # it is the shell of boot-check that must not take it
answers 13 0 'unknown: $(touch x) `touch x` %s\\n * "\n'
equal "text is only text" \
	"fwslot: boot: unknown: \$(touch x) \`touch x\` %s\\n * \"; sealed" \
	"$(cat out)"
[ ! -e x ]
report $? "nothing of it is run"

# What systems read in comments and units.
sed -n '/^### BEGIN INIT INFO/,/^### END INIT INFO/p' "$boot/fwslot.init" >lsb
for key in Provides Required-Start Required-Stop Default-Start Default-Stop \
	Short-Description; do
	grep -q "^# $key:" lsb
	report $? "init script: LSB $key"
done
sh "$boot/fwslot.init" >out 2>err
equal "init script: usage" 2 $?
mkdir only
cat >only/fwslot <<'END'
#!/bin/sh
echo "$PATH $*"
END
chmod +x only/fwslot
equal "init script: finds the tool where there is no PATH" \
	"$cli_work/only:/usr/sbin:/usr/bin:/sbin:/bin status --short" \
	"$(PATH=$cli_work/only /bin/sh "$boot/fwslot.init" status)"
check "init script: stop" sh "$boot/fwslot.init" stop

# The upgrade that goes on: the boot does not wait for it, it waits for a network.
# What the tool says is in the log before it comes to its end.
mkdir go go/run
cat >go/fwslot <<'END'
#!/bin/sh
echo "$*" >>"$GO/calls"
if [ "$1" = upgrade ]; then
	until [ -e "$GO/booted" ]; do /bin/sleep 0.1; done
	printf '%b' "$SAYS"
	tries=100
	until grep -q "begin $(grep -c upgrade "$GO/calls")\$" "$GO/log"; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || exit 1
		echo "begin $(grep -c upgrade "$GO/calls")"
		/bin/sleep 0.1
	done
	exit "$(sed -n "$(grep -c upgrade "$GO/calls")p" "$GO/answers")"
fi
END
cat >go/sleep <<'END'
#!/bin/sh
echo "$1" >>"$GO/sleeps"
END
chmod +x go/fwslot go/sleep
mkfifo go/end
# shellcheck disable=SC2016 # it is the shell of the script that must not take it
export SAYS='5.23.0: one\nfwslot: failed: $(touch x) %s\\n \\ "two"\n'

init()
{
	GO=$cli_work/go FWSLOT_LOG=$cli_work/go/log FWSLOT_RUN=$cli_work/go/run \
		PATH=$cli_work/go:$PATH timeout 10 sh "$boot/fwslot.init" "$1"
}

# go_begin NAME ANSWER...: what goes on in the background holds the other end of
# descriptor 9; it waits for go_end
go_begin()
{
	local name=$1

	shift
	rm -f go/calls go/sleeps go/booted
	: >go/log
	printf '%s\n' "$@" >go/answers
	init start >out 2>err 8>go/end &
	exec 9<go/end
	wait $!
	[ $? -ne 124 ]
	report $? "$name: the boot does not wait"
}

# go_end NAME CALLS SLEEPS: that often, with these pauses
go_end()
{
	touch go/booted
	check "$1: it comes to its end" timeout 20 cat <&9
	exec 9<&-
	equal "$1: calls" "$2" "$(grep -c '^upgrade --continue' go/calls)"
	equal "$1: pauses" "$3" "$(paste -sd ' ' go/sleeps)"
}

goes_on()
{
	local name=$1 calls=$2 pauses=$3

	shift 3
	go_begin "$name" "$@"
	go_end "$name" "$calls" "$pauses"
	equal "$name: nothing is left behind" "" "$(ls go/run)"
}

# logged NAME LINE...: these lines, but for those that tell the calls
logged()
{
	local name=$1

	shift
	equal "$name: logged" "$(printf '<5>fwslot: boot: %s\n' "$@")" \
		"$(grep -v ': begin [0-9]*$' go/log)"
}

goes_on "a network that comes" 3 "0 10 20" 9 9 0
# shellcheck disable=SC2016 # it is the shell of the script that must not take it
logged "what is said again" "5.23.0: one" 'failed: $(touch x) %s\n \ "two"'
equal "every call is logged" 3 "$(grep -c ': begin [0-9]*$' go/log)"
goes_on "no network" 7 "0 10 20 40 80 160 290" 9 9 9 9 9 9 9 9 9
goes_on "refused" 2 "0 10" 9 3 0
SAYS="begin" goes_on "no end of line" 2 "0 10" 9 0
SAYS='no upgrade is under way\n' goes_on "nothing to do" 1 "0" 6
equal "nothing to do: it is not logged" "" "$(grep -v ': begin [0-9]*$' go/log)"
SAYS='fwslot: failed: stopped by a signal\n' goes_on "a signal" 1 "0" 9 0
for line in "no upgrade is under way" "stopped by a signal"; do
	grep -rqF "\"$line\"" "$(source_dir)"/userspace/*.c
	report $? "the tool says: $line"
done

go_begin "twice" 9 0
init start >out 2>err
init restart >out 2>err
go_end "twice" 2 "0 10"
go_begin "stopped" 9 9 0
check "stopped: stop" init stop
check "stopped: stop, again" init stop
go_end "stopped" 1 0

# What is not there is not waited for at every boot.
unit=$boot/fwslot-continue.service
grep -q '^After=.*network-online.target' "$unit" &&
	! grep -q '^\(Wants\|Requires\|BindsTo\)=.*network' "$unit"
report $? "fwslot-continue.service: after the network, but it does not ask for it"
grep -qx 'Restart=on-failure' "$unit"
report $? "fwslot-continue.service: tries again"
equal "fwslot-continue.service: on 9, of the tool's" "0 9" \
	"$(for n in 0 1 2 3 4 5 6 7 8 9; do
		sed -n 's/^\(RestartPrevent\|Success\)ExitStatus=//p' "$unit" |
			tr ' ' '\n' | grep -qx "$n" || echo "$n"
	done | paste -sd ' ')"
if command -v systemd-analyze >/dev/null; then
	mkdir units
	for file in "$boot"/*.service; do
		sed 's,^ExecStart=[^ ]*,ExecStart=/bin/true,' "$file" \
			>"units/$(basename "$file")"
	done
	check "systemd takes the units" systemd-analyze verify --man=no units/*
fi
for unit in "$boot"/*.service; do
	program=$(sed -n 's/^ExecStart=\([^ ]*\).*/\1/p' "$unit")
	case $program in
	/usr/lib/fwslot/*) [ -x "$boot/${program##*/}" ] ;;
	*) [ "$program" = /usr/sbin/fwslot ] ;;
	esac
	report $? "$(basename "$unit"): what it runs exists"
done
finish
