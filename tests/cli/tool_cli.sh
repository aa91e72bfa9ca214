#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_cli.sh - the tool without the module: usage, help, info, configuration,
# and one clear line where the module is needed.

# shellcheck source-path=SCRIPTDIR disable=SC2317 # functions as arguments
. "$(dirname "$0")/common.sh"

# Without the configuration of this machine.
: >conf
chmod 600 conf
tool()
{
	"$cli_build/fwslot" --config=conf "$@"
}

# ends NAME STATUS PATTERN COMMAND...: exit status, a line on stderr that
# matches, nothing on stdout.
ends()
{
	local name=$1 want=$2 pattern=$3 status

	shift 3
	"$@" >out 2>err </dev/null
	status=$?
	if [ "$status" -ne "$want" ] || [ -s out ] || ! grep -q -- "$pattern" err; then
		echo "status $status, wanted $want; wanted a line with: $pattern" >>err
		report 1 "$name"
		return
	fi
	report 0 "$name"
}

# shows NAME PATTERN: the last output has a line that matches.
shows()
{
	grep -qE -- "$2" out 2>err || cp out err
	grep -qE -- "$2" out
	report $? "$1"
}

commands="status upgrade plan info verify adopt repair seal monitor doctor"

check "--help" tool --help
for c in $commands; do
	shows "--help lists $c" "^  $c +[a-z]"
done
for c in $commands; do
	check "$c --help" tool "$c" --help
	shows "$c --help shows usage" "^usage: fwslot $c"
	equal "$c --help is on stdout" 0 "$(size err)"
done
check "help" tool help
check "help upgrade" tool help upgrade
shows "help upgrade shows usage" '^usage: fwslot upgrade'
check "--version" tool --version
shows "--version shows it" '^fwslot [0-9]+\.[0-9]+, protocol 1$'

# Misuse: 2, on stderr.
ends "unknown command" 2 '"bogus" is not a command' tool bogus
ends "unknown option before" 2 'unknown option "--bogus"' tool --bogus
for c in $commands; do
	ends "$c: unknown option" 2 'unknown option "--bogus"' tool "$c" --bogus
done
ends "status: too many" 2 'too many arguments' tool status x
ends "seal: too many" 2 'too many arguments' tool seal x
ends "monitor: too many" 2 'too many arguments' tool monitor x
ends "info: too few" 2 'an argument is missing' tool info
ends "info: too many" 2 'too many arguments' tool info a b
ends "upgrade: too few" 2 'an argument is missing' tool upgrade all
ends "upgrade: too many" 2 'too many arguments' tool upgrade all a b
ends "upgrade: no slot" 2 '"tertiary" is not a slot' tool upgrade tertiary a
ends "upgrade: progress" 2 'is not a way to show progress' \
	tool upgrade --progress=loud all a
ends "upgrade: a scheme that is not known" 2 'come by http, https' \
	tool upgrade all gopher://example.com/a.pkg
ends "adopt: all" 2 '"all" is not a slot' tool adopt all a
ends "repair: all" 2 '"all" is not a slot' tool repair all
ends "repair: too few" 2 'an argument is missing' tool repair
ends "verify: no slot" 2 '"tertiary" is not a slot' tool verify tertiary
ends "verify: too many" 2 'too many arguments' \
	tool verify primary secondary bootloader all

for n in "" x -1 5x 86401; do
	ends "verify: --wait=$n" 2 'not a number of seconds' tool verify "--wait=$n"
done

# The command of WeOS.
ln -s "$cli_build/fwslot" upgrade
check "upgrade --help" ./upgrade --help
shows "upgrade --help shows usage" '^usage: upgrade \[force\] \[no-reboot\]'
ends "upgrade without arguments" 2 'usage: upgrade' ./upgrade
ends "upgrade with no address" 2 '"a/b" is not an address' ./upgrade all a/b a.pkg
ends "upgrade with no slot" 2 '"a.pkg" is not a slot' ./upgrade force a.pkg all
ends "upgrade with a scheme that is not known" 2 'come by http, https' \
	./upgrade pri gopher://h/a.pkg
ends "upgrade: options in the wrong order" 2 'usage: upgrade' \
	./upgrade all force a.pkg more
ends "upgrade: no file" 9 'none.pkg: No such file' \
	./upgrade force no-reboot sec none.pkg

missing='the name of a file is missing'
for uri in http://192.0.2.1 http://192.0.2.1/ ftp://192.0.2.1/folder/; do
	refuse "info $uri" 2 "failed: $uri: $missing" tool info $uri
done
ends "upgrade: no file at an address" 2 "failed: ftp://192.0.2.1:21/: $missing" \
	./upgrade sec 192.0.2.1:21/
ends "upgrade: an empty file at an address" 2 "failed: ftp://192.0.2.1/: $missing" \
	./upgrade sec 192.0.2.1 ""

# Configuration.
echo 'colour=red' >conf
ends "unknown key" 2 'conf: line 1 is wrong' tool info x
printf '# comment\n\n reboot = /bin/true \nsupport=call us\n' >conf
ends "good configuration" 9 'x: No such file' tool info x
for line in reboot= timeout=0 timeout=x timeout= timeout=99999 \
	block_ms=0 block_ms=1x; do
	echo "$line" >conf
	ends "$line" 2 'conf: line 1 is wrong' tool info x
done
printf 'timeout=5\nca=/x\nblock_ms=700\nbefore=true\n' >conf
ends "the other keys" 9 'x: No such file' tool info x
printf '\n\n\n\nreboot=\n' >conf
ends "empty command" 2 'conf: line 5 is wrong' tool info x
printf 'reboot=%0300d\n' 0 >conf
ends "a value that is too long" 2 'conf: line 1 is wrong' tool info x
: >conf
chmod 666 conf
ends "configuration open to all" 2 'only its owner, root, can change' tool info x
chmod 600 conf
ends "no configuration" 2 'none: No such file' \
	"$cli_build/fwslot" --config=none info x

# Packages.
need_key signer
noise system.bin 300000
pattern boot.bin 70000
printf 'first\nsecond \033[31mred\a\nquote " and \\\n' >notes
check "build" mkpkg build --version 5.22.2-a+b --format 2 --product p1 \
	--product p2 --bridge 1:5.21.2 --bridge 3:6.0.0-x --system system.bin \
	--bootloader boot.bin --notes notes --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o a.pkg
check "info" tool info a.pkg
shows "text: release" '^release +5\.22\.2-a\+b$'
shows "text: format" '^format +2$'
shows "text: product" '^product +p2$'
shows "text: bridge" '^bridge +from 6\.0\.0-x \(format 3\)'
shows "text: system" '^image +system, for primary, secondary: 300000 bytes, 5 chunks of 64 KiB, zstd'
shows "text: bootloader" '^image +bootloader, for bootloader: 70000 bytes'
shows "text: notes, escaped" '^  second \\x1b\[31mred\\x07$'
equal "text: no control characters" 0 "$(tr -d '[:print:]\n' <out | wc -c)"
cp out want
check "info from a pipe" bash -c "cat a.pkg | '$cli_build/fwslot' --config=conf info -"
same "the same from a pipe" out want
check "info --json" tool info --json a.pkg
shows "json: begin" '^\{"schema":1,"command":"info","result":"ok","exit":0,"release":"5\.22\.2-a\+b","format":2,"products":\["p1","p2"\],'
shows "json: bridges" '"bridges":\[\{"format":1,"release":"5\.21\.2"\},\{"format":3,"release":"6\.0\.0-x"\}\]'
shows "json: system" '"kind":"system","slots":\["primary","secondary"\],"size":300000,"chunk_size":65536,"chunks":5,'
shows "json: digest" "\"digest\":\"$(member a.pkg system.digests | sha256sum | cut -c 1-64)\""
shows "json: notes, escaped" '"notes":"first\\u000asecond \\u001b\[31mred\\u0007\\u000aquote \\" and \\\\\\u000a"'
equal "json: one line" 1 "$(wc -l <out)"
printf 'caf\303\251 \302\233 \342\200\256 \377 \355\240\200\n' >notes
check "build with odd notes" mkpkg build --version 1.0.0 --format 1 \
	--product p --bootloader boot.bin --notes notes \
	--sign-key "$(key signer)" --sign-cert "$(cert signer)" -o b.pkg
check "info with odd notes" env LC_ALL=C.UTF-8 "$cli_build/fwslot" info b.pkg
shows "text: UTF-8 is shown, the rest escaped" \
	"^  caf$(printf '\303\251') \\\\u009b \\\\u202e \\\\xff \\\\xed\\\\xa0\\\\x80\$"
check "info with odd notes, ASCII" tool info b.pkg
shows "text: only ASCII where the locale has no more" \
	'^  caf\\xc3\\xa9 \\xc2\\x9b \\xe2\\x80\\xae \\xff'
check "info --json with odd notes" tool info --json b.pkg
shows "json: what is not UTF-8 is replaced" '\\ufffd \\ufffd\\ufffd\\ufffd'
LC_ALL=C sed 's/caf\xc3/cof\xc3/' b.pkg >c.pkg
refuse "info with other notes than were signed" 4 \
	'bad-package: the release notes do not match the manifest' tool info c.pkg
head -c 3000 a.pkg >cut.pkg
refuse "info of a cut package" 4 'failed: truncated: ' tool info cut.pkg
tool info --json cut.pkg >out 2>/dev/null
equal "json: its exit status" 4 $?
shows "json: its reason" '^\{"schema":1,"command":"info","result":"failed","exit":4,"reason":"truncated","sentence":"the package ends too early",'
refuse "info of a folder" 9 'cannot be read: Is a directory' tool info .
refuse "a name that is no text" 9 '^fwslot: failed: a\\x1b\[31m\\x0ab.pkg: No such file' \
	tool info $'a\033[31m\nb.pkg'
refuse "info of nothing" 4 'truncated' tool info /dev/null
status=0
tool info a.pkg >/dev/full 2>err || status=$?
equal "stdout that cannot be written" 9 "$status"

# What needs the module.
if [ -e /dev/fwslot ]; then
	finish
fi
for c in status "status --json" verify "verify --quick" seal monitor \
	"adopt primary a.pkg" "repair primary" "repair --json sec" "upgrade all a.pkg" "upgrade --dry-run all a.pkg"; do
	# shellcheck disable=SC2086 # words
	refuse "$c without the module" 8 \
		'the kernel module fwslot is not loaded' tool $c
done
refuse "no command, without the module" 8 'the kernel module fwslot' tool
for words in "all 192.0.2.1 a.pkg" "pri 192.0.2.1:2121/a.pkg" "sec [::1]/a.pkg" \
	"boot host.example/dir/a.pkg" "--yes force no-reboot all tftp://h/a.pkg"; do
	# shellcheck disable=SC2086 # words
	refuse "upgrade $words without the module" 8 \
		'the kernel module fwslot is not loaded' ./upgrade $words
done
refuse "upgrade from a pipe without the module" 8 'the kernel module fwslot' \
	bash -c "cat a.pkg | '$cli_build/fwslot' --config=conf upgrade all -"
tool status --json >out 2>/dev/null
shows "json: no module" '^\{"schema":1,"command":"status","result":"failed","exit":8,"reason":"no-module",'
tool upgrade --json all a.pkg >out 2>/dev/null
shows "json: upgrade without the module" '^\{"schema":1,"command":"upgrade","result":"failed","exit":8,'
# The kernel's log, where boot scripts send it, takes a write for a line.
cat >writes.py <<'END'
import socket, subprocess, sys
ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
subprocess.run(sys.argv[1:], stderr=theirs)
theirs.close()
writes = list(iter(lambda: ours.recv(65536), b""))
sys.exit(not writes or any(not w.endswith(b"\n") for w in writes))
END
check "a write for a line" python3 writes.py "$cli_build/fwslot" --config=conf \
	upgrade all none.pkg
finish
