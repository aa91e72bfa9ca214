#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_catalogue.sh - a catalogue on a server: what is fetched, what is passed
# over, what is refused.  upgrade --to with one: tool_upto.sh.

# shellcheck source-path=SCRIPTDIR disable=SC2317,SC2154 # functions, ports
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/lib/servers.sh
. "$(source_dir)/tests/cli/lib/servers.sh"
trap 'servers_end; relay_end; cli_exit' EXIT

check "build the relay" relay_build
check "get the servers" servers_get
echo "timeout=2" >conf
chmod 600 conf

need_key signer
chmod 755 .
mkdir www www/sub
release()
{
	local version=$1 format=$2

	shift 2
	noise boot 66000 "9$(tr -d . <<<"$version")"
	mkpkg build --product switch-a --system system --bootloader boot \
		--version "$version" --format "$format" \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "www/weos-$version.pkg" "$@"
}
noise system 70000 1
check "5.21.2" release 5.21.2 1 --bridge 2:5.22.2
check "5.23.0" release 5.23.0 2
noise system 20000000 2
check "5.22.2, a large one" release 5.22.2 2 --bridge 1:5.21.2
member www/weos-5.21.2.pkg manifest >www/weos-5.21.2.manifest
cp www/*.pkg www/sub/
(cd www && ls ./*.pkg >catalogue && sed -i 's,^\./,,' catalogue)
chmod -R a+rX www
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=here \
	-keyout tls.key -out tls.crt 2>/dev/null
check "nginx" start_nginx "$PWD/www" "$PWD/tls.crt" "$PWD/tls.key"
web=http://127.0.0.1:$http

# plan NAME STATUS CATALOGUE [OPTION...]: its exit status; stdout in out
plan()
{
	local name=$1 want=$2 place=$3 status

	shift 3
	: >nginx/access.log
	"$cli_build/fwslot" --config=conf plan --to=5.23.0 --from=5.21.2:1 \
		"--catalogue=$place" "$@" >out 2>err </dev/null
	status=$?
	[ "$status" -eq "$want" ] || echo "status $status, wanted $want" >>err
	[ "$status" -eq "$want" ]
	report $? "$name"
}

says()
{
	grep -qF -- "$3" "$2"
	report $? "$1"
}

# packages: those of the plan in out
packages()
{
	sed -n 's/^   fwslot upgrade [a-z]* //p' out | paste -sd ' '
}

plan "a folder" 0 "$web/"
equal "a folder: no warning" "" "$(cat err)"
equal "a folder: the way" "$web/weos-5.22.2.pkg $web/weos-5.23.0.pkg" "$(packages)"
sent=$(sed -n 's/.*weos-5\.22\.2.* 200 \([0-9]*\) .*/\1/p' nginx/access.log)
printf 'sent "%s" bytes\n' "$sent" >err
[ -n "$sent" ] && [ "$sent" -lt 15000000 ]
report $? "a folder: the large one is not fetched whole"
plan "a folder below" 9 "$web/sub/"
says "a folder below: the index is needed" err "/sub/catalogue: "
plan "JSON" 0 "$web/" --json
equal "JSON: a package" "$web/weos-5.22.2.pkg" "$(jq -r '.steps[0].package' out)"

# An index of another name; comments, blank lines, lines as of DOS.
printf '# newest last\r\n\r\nweos-5.21.2.manifest\r\nweos-5.22.2.pkg\r\nweos-5.23.0.pkg' \
	>www/sub/list.txt
cp www/weos-5.21.2.manifest www/sub/
plan "an index" 0 "$web/sub/list.txt"
equal "an index: names are relative to it" \
	"$web/sub/weos-5.22.2.pkg $web/sub/weos-5.23.0.pkg" "$(packages)"
plan "an index, with a query" 0 "$web/sub/list.txt?key=secret/"
equal "an index, with a query: it is not in the names" \
	"$web/sub/weos-5.22.2.pkg $web/sub/weos-5.23.0.pkg" "$(packages)"

# Secrets are used, not shown.
secret=${web/127/user:secret@127}
plan "with a password" 0 "$secret/"
equal "with a password: it is not shown" \
	"$web/weos-5.22.2.pkg $web/weos-5.23.0.pkg" "$(packages)"
plan "with a password, JSON" 0 "$secret/" --json
equal "with a password, JSON: it is not shown" "$web/weos-5.22.2.pkg" \
	"$(jq -r '.steps[0].package' out)"
plan "with a password, no index" 9 "$secret/none/?secret"
! grep secret err out
report $? "with a password, no index: it is not shown"

# What cannot be fetched, or is something else, is passed over.
echo junk >www/junk.pkg
echo junk >www/junk.manifest
printf '%s\n' weos-5.22.2.pkg none.pkg weos-5.23.0.pkg junk.pkg junk.manifest \
	>www/some
plan "some are wrong" 0 "$web/some"
says "some are wrong: not there" err \
	"warning: passed over: $web/none.pkg: The requested URL returned error: 404"
says "some are wrong: not a package" err \
	"warning: passed over: $web/junk.pkg: not a file that is what its name says"
equal "some are wrong: three warnings" 3 "$(grep -c 'passed over' err)"

# An index that is none: one clear error.
nothing()
{
	local name=$1 text=$2

	plan "$name" 9 "$3"
	says "$name: says so" err "$text"
	equal "$name: one line" 1 "$(wc -l <err)"
	equal "$name: no file was asked for" 0 \
		"$(grep -c '\.pkg' nginx/access.log)"
}
nothing "no index" "/none: The requested URL returned error: 404" "$web/none"
nothing "nobody listens" "onnect" "http://127.0.0.1:$(./relay port)/"
for line in ../weos-5.23.0.pkg /weos-5.23.0.pkg sub/weos-5.23.0.pkg .weos.pkg -weos.pkg \
	"weos 5.23.0.pkg" http://other/a.pkg .pkg readme "a%2fb.pkg" "<html>" \
	'a;x.pkg'; do
	echo "$line" >www/bad
	nothing "a line that is no name: $line" "this is no catalogue" "$web/bad"
done
head -c 100000 /dev/zero | tr '\0' '\n' >www/bad
nothing "a long index" "this is no catalogue" "$web/bad"
printf 'weos-5.23.0.pkg\n\0\n' >www/bad
nothing "a zero byte" "this is no catalogue" "$web/bad"
yes junk.manifest | head -n 513 >www/many
plan "too many names" 9 "$web/many"
says "too many names: says so" err "more than 512 names"
plan "another scheme" 2 "gopher://127.0.0.1/"
says "another scheme: says so" err "packages come by http, https"

# A file that does not come, though the server does not say that it is not there:
# without it the way would be another one, or none.  hole NAME TEXT BEHAVIOUR...,
# after that of the index
hole()
{
	local name=$1 text=$2

	shift 2
	start_relay pass "$@"
	plan "$name" 9 "http://127.0.0.1:$relay/three"
	says "$name: says so" err "fwslot: failed: http://127.0.0.1:$relay/weos-5.2"
	says "$name: why" err "$text"
	equal "$name: one line" 1 "$(wc -l <err)"
	equal "$name: no plan" "" "$(cat out)"
}

# answer STATUS: of a server, in the file "answer"
answer()
{
	printf 'HTTP/1.1 %s\r\nContent-Length: 0\r\n\r\n' "$1" >answer
}

printf '%s\n' weos-5.21.2.pkg weos-5.22.2.pkg weos-5.23.0.pkg >www/three
hole "a server that stalls" "weos-5.21.2.pkg: the server sent" stall:0 pass
equal "a server that stalls: nothing else is asked for" 2 "$(grep -ac '^GET' requests)"
hole "a server that stalls later" "weos-5.22.2.pkg: the server sent" pass stall:0 pass
hole "a server that resets" "weos-5.22.2.pkg: " pass cut:0
equal "a server that resets: it is asked five times" 7 "$(grep -ac '^GET' requests)"
hole "a server that closes" "weos-5.22.2.pkg: " pass end:0
hole "cut in the manifest" "weos-5.21.2.pkg: broken off after" cut:500 cut:0
for code in "400 Bad" "401 Who" "407 Proxy" "408 Late" "429 Busy"; do
	answer "$code"
	hole "HTTP $code" "The requested URL returned error: ${code% *}" \
		reply:answer pass
done
answer "503 Busy"
hole "HTTP 503" "The requested URL returned error: 503" reply:answer

# again NAME BEHAVIOUR...: what is over after a moment does not matter
again()
{
	local name=$1

	shift
	start_relay pass "$@"
	plan "$name" 0 "http://127.0.0.1:$relay/three"
	equal "$name: nothing is passed over" "" "$(cat err)"
}

again "reset once" pass cut:0 pass
again "closed twice" end:0 end:0 pass
again "HTTP 503 once" pass pass reply:answer pass
for code in "403 No" "404 No" "410 Gone"; do
	answer "$code"
	start_relay pass reply:answer pass
	plan "HTTP $code" 0 "http://127.0.0.1:$relay/three"
	says "HTTP $code: passed over" err \
		"weos-5.21.2.pkg: The requested URL returned error: ${code% *}"
done
relay_end

# others URI: what is not there, by other schemes
others()
{
	local name=${1%%:*}

	plan "$name: not there" 0 "$1/some"
	equal "$name: not there: all is passed over" 3 "$(grep -c 'passed over' err)"
}

if [ "$EUID" -eq 0 ]; then
	check "vsftpd" start_ftp "$PWD/www"
	check "tftpd" start_tftp "$PWD/www"
	others "ftp://127.0.0.1:$ftp"
	others "tftp://127.0.0.1:$tftp"
else
	echo "# neither ftp nor tftp: their servers want root"
fi
check "sshd" start_sftp
HOME=$PWD/ssh/home others "sftp://$sftp_user@127.0.0.1:$sftp$PWD/www"
finish
