#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_upto.sh - fwslot upgrade --to on a device that is made up (tool_upto.c):
# what counts as a try, what is given up, where the target is kept.  With the
# module: tests/vm/stories/upto.sh.

# shellcheck source-path=SCRIPTDIR disable=SC2317,SC2154 # functions, ports
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/lib/json.sh
. "$(source_dir)/tests/cli/lib/json.sh"
# shellcheck source=tests/cli/lib/servers.sh
. "$(source_dir)/tests/cli/lib/servers.sh"
trap 'servers_end; relay_end; cli_exit' EXIT

src=$(source_dir)
check "build the tool for it" tool_driver fwslot \
	-Wl,--wrap={status_get,upgrade_install,dev_open,statfs,syslog,openat,read,readdir} \
	"$src/tests/cli/tool_upto.c" "$src"/userspace/{main,cmd_*,doctor}.c
[ -x fwslot ] || finish

need_key signer
mkdir cat
release()
{
	local version=$1 format=$2

	shift 2
	noise system 70000 "$(tr -d . <<<"$version")"
	noise boot 66000 "9$(tr -d . <<<"$version")"
	mkpkg build --product switch-a --system system --bootloader boot \
		--version "$version" --format "$format" \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "cat/weos-$version.pkg" "$@"
}
check "5.20.0" release 5.20.0 1
check "5.21.2" release 5.21.2 1 --bridge 2:5.22.2
check "5.22.2" release 5.22.2 2 --bridge 1:5.21.2
check "5.23.0" release 5.23.0 2

mkdir slots
for file in cat/*.pkg; do
	member "$file" manifest >"slots/$(basename "$file" .pkg)".manifest
done

# conf [LINE...]: the configuration
conf()
{
	printf '%s\n' "target=$cli_work/keep/target" \
		"reboot=echo reboot >>$cli_work/reboots" "$@" >conf
	chmod 600 conf
}
conf "# nothing else"
export DEVICE="5.20.0 5.20.0 5.20.0" OUTCOME=fails

# upto NAME STATUS ARGUMENT...: its exit status; reboots in reboots
upto()
{
	local name=$1 want=$2 status

	shift 2
	rm -f reboots
	./fwslot --config=conf upgrade --progress=none "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] || echo "status $status, wanted $want" >>err
	[ "$status" -eq "$want" ]
	report $? "$name"
}

begin()
{
	upto "$1" "$2" --to=5.23.0 --catalogue=cat "${@:3}"
}

# kept KEY WANT NAME: a line of the target
kept()
{
	equal "$3" "$2" "$(sed -n "s/^$1=//p" keep/target)"
}

# says NAME FILE TEXT
says()
{
	grep -qF -- "$3" "$2"
	report $? "$1"
}

# json NAME WANT: the only line of out is in the schema; its members of this filter
json()
{
	json_as_in_schema "$src/Documentation/fwslot-json.schema.json" out >err 2>&1 &&
		[ "$(wc -l <out)" -eq 1 ]
	report $? "$1: as in the schema"
	equal "$1: what it says" "$2" "$(jq -r "$3" out)"
}

upto "nothing to go on with" 6 --continue --json
upto "nothing to cancel" 6 --cancel
[ ! -e keep ]
report $? "nothing to go on with: no file is left"
upto "nothing to go on with" 6 --continue --json
[ ! -e log ]
report $? "nothing to go on with: not logged, as it would be at every boot"
json "nothing to go on with" "nothing-to-do null" '"\(.result) \(.target)"'
upto "no way" 3 --to=5.24.0 --catalogue=cat --json
json "no way" "failed 5.24.0 error" '"\(.result) \(.target) \(.reason)"'

says "no way: logged" log "upgrade to 5.24.0 stopped: there is no way"
for tries in -1 4294967296 1x ""; do
	mkdir -p keep
	printf 'to=5.23.0\ncatalogue=/\ntries=%s\n' "$tries" >keep/target
	upto "a number of tries that is none: $tries" 2 --continue
	says "a number of tries that is none: $tries: says so" err \
		"is not a target that only root can have written"
	rm -r keep
done

# Half a catalogue is none, and it may be whole another time.
rm -f keep/target*
for FOLDER in open read list; do
	export FOLDER
	upto "a folder with a fault: $FOLDER" 9 --to=5.23.0 --catalogue=cat
	says "a folder with a fault: $FOLDER: says so" err "Input/output error"
	[ ! -e keep/target ]
	report $? "a folder with a fault: $FOLDER: nothing is begun"
done
unset FOLDER
rm -rf keep

upto "--before= is refused" 2 --to=5.23.0 --catalogue=cat --before=true
says "--before= is refused: there is another way" err \
	"use before= in the configuration file"
[ ! -e keep ]
report $? "--before= is refused: nothing is kept"

# Where it is kept.
IN_MEMORY=1 upto "kept in memory only" 2 --to=5.23.0 --catalogue=cat
says "kept in memory only: what to do" err "name another file by target="
[ ! -e keep/target ] && [ ! -e reboots ]
report $? "kept in memory only: nothing was begun"
rm -rf keep
OVERLAY=1 begin "on an overlay" 4
equal "on an overlay: one warning" 1 \
	"$(grep -c '^fwslot: warning: .*keep/target is on an overlay, ' err)"
[ -e keep/target ]
report $? "on an overlay: it is kept"
begin "not on an overlay" 4
! grep overlay err
report $? "not on an overlay: no warning"
rm -rf keep
umask 077
begin "a strict umask" 4
equal "a strict umask: others can read it" "644" "$(stat -c %a keep/target)"
umask 000
upto "a loose umask" 4 --continue
umask 022
equal "a loose umask: others cannot write it" "644" "$(stat -c %a keep/target)"
upto "cancelled" 0 --cancel

# What waits for a reboot comes first.
export PENDING=1
DEVICE="5.21.2 5.20.0 5.20.0"
begin "reboot first, not now" 0 --json --no-reboot
json "reboot first, not now" "reboot-advised 5.23.0" '"\(.result) \(.target)"'
[ ! -e reboots ]
report $? "reboot first, not now: no reboot"
kept tries 0 "reboot first, not now: no try"
begin "reboot first" 0 --json
json "reboot first" "rebooting 5.23.0" '"\(.result) \(.target)"'
[ -s reboots ]
report $? "reboot first: a reboot"
kept tries 1 "reboot first: a try"
conf "reboot=cp $cli_work/out $cli_work/seen; exit 3"
upto "it fails" 1 --continue --json
json "it fails" "rebooting 5.23.0" '"\(.result) \(.target)"'
cmp -s seen out
report $? "it fails: what is done was told before"
upto "given up" 3 --continue
upto "it fails in words" 1 --to=5.23.0 --catalogue=cat
says "it fails in words: what to do" err "reboot yourself: cp"
! grep -q "nothing was written" err
report $? "it fails in words: nobody says that nothing was written"
conf "# nothing else"
unset PENDING
upto "cancelled" 0 --cancel
DEVICE="5.20.0 5.20.0 5.20.0"

# Nothing was written, and another time it may go well: no try.
for OUTCOME in busy interrupted source memory real; do
	case $OUTCOME in
	busy) want=5 ;;
	*) want=9 ;;
	esac
	begin "$OUTCOME" $want
	kept tries 0 "$OUTCOME: no try"
	upto "$OUTCOME, again" $want --continue
	upto "$OUTCOME, and again" $want --continue
	says "$OUTCOME: the boot goes on" err "as the boot scripts do at the next boot"
	kept tries 0 "$OUTCOME, and again: no try"
done
OUTCOME=flash
begin "flash fails, and is what it was" 9
kept tries 1 "flash fails: a try"
upto "flash fails, again" 9 --continue
upto "flash fails, a third time" 3 --continue
says "flash fails: given up" err "has failed 2 times"
rm -rf keep
OUTCOME="done"
conf "before=kill -INT \$\$"
begin "before= is stopped" 9
says "before= is stopped: says so" err "fwslot: failed: stopped by a signal"
conf "before=false"
begin "before= says no" 3
kept tries 0 "before= says no: no try"
kept step "upgrade primary 5.21.2" "before= says no: the step is named"
upto "before= says no, to one step" 3 --continue --before="exit 4"
kept tries 0 "before= says no, to one step: no try"
conf "# nothing else"
OUTCOME=broken
begin "broken off" 1
kept tries 1 "broken off: a try"

# A step with nothing to write is no reason to reboot, unless one was pending.
OUTCOME=nothing
begin "nothing to write" 6
says "nothing to write: what goes on" err "fwslot upgrade --continue makes a new plan"
[ ! -e reboots ]
report $? "nothing to write: no reboot"
upto "nothing to write, again" 6 --continue
upto "nothing to write, given up" 3 --continue
says "nothing to write, given up: why" err "has failed 2 times: there was nothing to write"

# What failed twice is given up, and stays so when there is something else to do.
OUTCOME=fails
begin "fails" 4
says "fails: the boot goes on" err "as the boot scripts do at the next boot"
kept tries 1 "fails: one try"
upto "fails again" 4 --continue --json
json "fails again" "failed it has failed 2 times: the next boot does not go on" \
	'"\(.result) \(.advice / "\n" | .[0])"'
says "fails again: the boot does not go on" err "the next boot does not go on"
upto "given up" 3 --continue
DEVICE="5.21.2 5.20.0 5.20.0"
OUTCOME="done"
upto "given up, another step" 3 --continue
says "given up, another step: the one that failed is named" err \
	'"upgrade primary 5.21.2" has failed 2 times: bad-chunk'
[ ! -e reboots ]
report $? "given up, another step: no reboot"
DEVICE="5.23.0 5.23.0 5.23.0"
upto "given up, but it is there" 0 --continue
[ ! -e keep/target ]
report $? "given up, but it is there: the target is gone"

# The package of a step is the one that the plan was made with.
DEVICE="5.20.0 5.20.0 5.20.0"
OUTCOME=real
begin "the package of the plan" 9
OUTCOME=swapped
begin "another package" 4
says "another package: says so" err \
	"this is not the package of 5.21.2 that the catalogue has shown"

# What is advised is pasted into a shell.
cp -r cat "it's odd"
OUTCOME=fails
upto "an odd folder" 4 --to=5.23.0 --catalogue="it's odd"
upto "an odd folder, again" 4 --continue
says "an odd folder: quoted" err "--catalogue='$PWD/it'\\''s odd'"
upto "cancelled" 0 --cancel

# Who asks for something else while a step is going on is told so.
mkfifo hold
OUTCOME=held ./fwslot --config=conf upgrade --progress=none --to=5.23.0 \
	--catalogue=cat >held.out 2>&1 </dev/null &
held=$!
exec 6>hold
upto "held: cancel" 5 --cancel
says "held: cancel: who it is" err "process $held is at an upgrade with --to"
upto "held: go on" 5 --continue --json
json "held: go on" "failed busy" '"\(.result) \(.reason)"'
upto "held: another target" 5 --to=5.22.2 --catalogue=cat
upto "held: a dry run" 0 --to=5.22.2 --catalogue=cat --dry-run
kept to 5.23.0 "held: it is the target"
kept tries 1 "held: a try"
echo >&6
exec 6>&-
wait $held
equal "held: it comes to its end" 4 $?
upto "held: cancelled then" 0 --cancel
OUTCOME=held ./fwslot --config=conf upgrade --progress=none --to=5.23.0 \
	--catalogue=cat >held.out 2>&1 </dev/null &
held=$!
exec 6>hold
kill -KILL $held
exec 6>&-
wait $held 2>/dev/null
upto "killed: nobody is in the way" 0 --cancel

# Steps that follow each other for ever, whatever a plan says.
OUTCOME="done"
begin "for ever" 0
left=$(sed -n "s/^left=//p" keep/target)
[ "$left" -ge 5 ]
report $? "for ever: enough steps for the way, and some more"
for ((n = 0; n < left; n++)); do
	case $((n % 2)) in
	0) DEVICE="5.21.2 5.20.0 5.20.0" ;;
	*) DEVICE="5.20.0 5.20.0 5.20.0" ;;
	esac
	upto "for ever, $n" 0 --continue
done
upto "for ever, given up" 3 --continue
says "for ever, given up: says why" err "far more steps than were planned"
[ ! -e reboots ]
report $? "for ever, given up: no reboot"
upto "cancelled" 0 --cancel

# A catalogue on a server, which is there or not.
check "build the relay" relay_build
check "get the servers" servers_get
(cd cat && ls -- *.pkg >catalogue)
chmod -R a+rX . cat
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=here \
	-keyout tls.key -out tls.crt 2>/dev/null
check "nginx" start_nginx "$PWD/cat" "$PWD/tls.crt" "$PWD/tls.key"
web=http://user:secret@127.0.0.1:$http/
DEVICE="5.20.0 5.20.0 5.20.0"
OUTCOME="done"
# What a loss of power left of another one, which somebody reads.
echo old >keep/target.new
chmod 644 keep/target.new
exec 5<keep/target.new
upto "a server" 0 --to=5.23.0 --catalogue="$web"
kept catalogue "$web" "a server: it is kept"
kept step "upgrade primary 5.21.2" "a server: the step"
equal "a server: only root can read it" 600 "$(stat -c %a keep/target)"
equal "a server: nor does who has the file before open" old "$(cat <&5)"
exec 5<&-
DEVICE="5.21.2 5.20.0 5.20.0"
upto "a server, next step" 0 --continue
kept step "upgrade all 5.22.2" "a server, next step: the step"
DEVICE="5.22.2 5.22.2 5.22.2"
# Nor a plan: half a catalogue would do for another way, or for none.
start_relay pass cut:0
cp keep/target target.kept
sed -i "s,@[^/]*/,@127.0.0.1:$relay/," keep/target
upto "a server that dies after the list" 9 --continue
says "a server that dies after the list: the boot goes on" err \
	"as the boot scripts do at the next boot"
kept step "upgrade all 5.22.2" "a server that dies after the list: no step is begun"
relay_end
cp target.kept keep/target
# What breaks off when nothing was written yet is no try, as often as it may be.
OUTCOME=source
upto "the package does not come" 9 --continue
says "the package does not come: the boot goes on" err \
	"as the boot scripts do at the next boot"
kept tries 0 "the package does not come: no try"
OUTCOME=fails
upto "the package is bad" 4 --continue
kept tries 1 "the package is bad: a try"
servers_end
for n in 1 2 3; do
	upto "no server, $n" 9 --continue
done
says "no server: the boot goes on" err "to go on to 5.23.0: fwslot upgrade --continue"
! grep secret err out
report $? "no server: no secret is shown"
kept tries 1 "no server: no try"
check "nginx" start_nginx "$PWD/cat" "$PWD/tls.crt" "$PWD/tls.key"
sed -i "s,@[^/]*/,@127.0.0.1:$http/," keep/target
upto "bad once more" 4 --continue
says "bad once more: the way out" err "--catalogue=<the same>"
! grep secret err out
report $? "bad once more: no secret is shown"
upto "given up" 3 --continue
! grep secret err out
report $? "given up: no secret is shown"
servers_end
upto "given up, no server" 3 --continue
says "given up, no server: says what" err '"upgrade all 5.23.0" has failed 2 times'
rm keep/target
ln -s /etc/passwd keep/target
upto "a link" 2 --continue
upto "a link is removed" 0 --cancel
finish
