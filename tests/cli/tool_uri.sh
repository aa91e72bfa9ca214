#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_uri.sh - packages from real servers on the loopback device, and what
# goes wrong with them: cut and stalled connections, slow senders, wrong files,
# redirects, certificates.

# shellcheck source-path=SCRIPTDIR disable=SC2317,SC2154 # functions, ports
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/lib/servers.sh
. "$(source_dir)/tests/cli/lib/servers.sh"
trap 'servers_end; relay_end; cli_exit' EXIT

src=$(source_dir)
check "build the relay" relay_build
check "build the driver" driver fetch "$src/tests/cli/tool_fetch.c" \
	"$src"/userspace/uri{,_curl,_file,_lib}.c
check "get the servers" servers_get

# What libcurl's own libraries leave at the end is not ours to look for.
export ASAN_OPTIONS=detect_leaks=0
: >conf
chmod 600 conf
tool()
{
	"$cli_build/fwslot" --config=conf "$@"
}

# The package: 5 MB that cannot be compressed, so that it is in pieces.
need_key signer
noise system.bin 5000000
noise boot.bin 300000 1
chmod 755 .
mkdir www www/sub
pkg=www/a.pkg
check "a package" mkpkg build --version 1.2.3 --format 1 --product p \
	--system system.bin --bootloader boot.bin --sign-key "$(key signer)" \
	--sign-cert "$(cert signer)" -o $pkg
chmod 644 $pkg
cp $pkg www/sub/b.pkg
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=here \
	-addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.crt \
	2>/dev/null
check "nginx" start_nginx "$PWD/www" "$PWD/tls.crt" "$PWD/tls.key"
uris=()
if [ "$EUID" -eq 0 ]; then
	check "vsftpd" start_ftp "$PWD/www"
	check "tftpd" start_tftp "$PWD/www"
	uris=("ftp://127.0.0.1:$ftp" "tftp://127.0.0.1:$tftp")
else
	echo "# neither ftp nor tftp: their servers want root"
fi
timeout=10
web=http://127.0.0.1:$http

# gets NAME URI...: all of it, and every other part of it
gets()
{
	local name=$1

	shift
	./fetch whole "$timeout" "${ca-}" "$@" >got 2>err
	same "$name" $pkg got
}

gets_parts()
{
	./fetch sparse "$timeout" "${ca-}" "$2" >got 2>err
	same "$1, parts of it" parts got
}

# fails_with NAME PATTERN URI...: 9 and the reason
fails_with()
{
	local name=$1 pattern=$2 status

	shift 2
	./fetch whole "$timeout" "${ca-}" "$@" >got 2>err
	status=$?
	grep -q -- "$pattern" err && [ $status -eq 9 ]
	report $? "$name"
}

# asks NAME PATTERN: the requests that the relay saw
asks()
{
	grep -aq -- "$2" requests || cp requests err
	grep -aq -- "$2" requests
	report $? "$1"
}

pieces()
{
	local at

	for ((at = 0; at < $(size $pkg); at += 100000 + 1572864)); do
		cut_bytes $pkg $at 100000
	done
}
pieces >parts

for uri in "$web" "$web/plain" "$web/moved" "${uris[@]}"; do
	for file in a.pkg sub/b.pkg; do
		name=${uri/127.0.0.1:+([0-9])/HOST}/$file
		gets "$name" "$uri/$file"
		gets_parts "$name" "$uri/$file"
	done
done
check "info of it" tool info "$web/a.pkg"

# What a server refuses or does not have.
fails_with "http: 404" 'error: 404' "$web/none.pkg"
fails_with "http: 403" 'error: 403' "$web/secret/a.pkg"
fails_with "http: 503" 'error: 503' "$web/broken/a.pkg"
fails_with "nobody listens" 'connect' "http://127.0.0.1:$(./relay port)/a.pkg"
fails_with "no such host" 'resolve' "http://host.invalid/a.pkg"
fails_with "redirects without end" 'redirects' "$web/loop/a.pkg"
fails_with "redirect to a file" 'not supported or disabled' "$web/file/a.pkg"
fails_with "redirect to ftp" 'not supported or disabled' "$web/ftp/a.pkg"

# Certificates.
tls=https://127.0.0.1:$https
fails_with "a certificate that nobody knows" 'self-signed certificate' "$tls/a.pkg"
ca=$PWD/tls.crt
gets "a certificate that is known" "$tls/a.pkg"
gets "redirect from http to https" "$web/secure/a.pkg"
fails_with "redirect from https to http" 'not supported or disabled' "$tls/down/a.pkg"
fails_with "a certificate for another name" 'does not match\|no alternative' \
	"https://localhost:$https/a.pkg"
ca=

# FTP and TFTP; a second place, when nothing comes from the first.
more_servers()
{
	local ftps=ftp://127.0.0.1:$ftp tftps=tftp://127.0.0.1:$tftp

	fails_with "ftp: no such file" 'ftp://.*: .*file' "$ftps/none.pkg"
	fails_with "tftp: no such file" 'tftp://.*: .*[Nn]ot [Ff]ound' \
		"$tftps/none.pkg"
	gets "ftp, then tftp" "ftp://127.0.0.1:$(./relay port)/a.pkg" \
		"$tftps/a.pkg"
	gets "ftp has it not, then tftp" "$ftps/none.pkg" "$tftps/a.pkg"
	fails_with "neither has it" 'tftp://.*[Nn]ot [Ff]ound' \
		"$ftps/none.pkg" "$tftps/none.pkg"
}
[ ${#uris[@]} -eq 0 ] || more_servers

# SFTP: the host must be known, whatever the user has.
sftp_server()
{
	local HOME=$PWD/ssh/home refused='remote key was not OK'
	local from=sftp://$sftp_user@127.0.0.1:$sftp$PWD/www

	export HOME
	gets "sftp" "$from/a.pkg"
	gets_parts "sftp" "$from/a.pkg"
	fails_with "sftp: no such file" 'sftp://.*: .*file' "$from/none.pkg"
	fails_with "sftp: no user" 'sftp://.*: .*\(denied\|[Aa]uthentication\)' \
		"sftp://nobody-$sftp_user@127.0.0.1:$sftp$PWD/www/a.pkg"
	ssh_key ed25519 ssh/other
	known_host ssh/other
	fails_with "sftp: another host" "$refused" "$from/a.pkg"
	echo "[127.0.0.2]:$sftp $(cut -d ' ' -f 1,2 ssh/host.pub)" \
		>"$HOME/.ssh/known_hosts"
	fails_with "sftp: a host that is not known" "$refused" "$from/a.pkg"
	rm "$HOME/.ssh/known_hosts"
	fails_with "sftp: no host is known" "$refused" "$from/a.pkg"
	known_host ssh/host
	ssh_key ecdsa ssh/other
	cp ssh/other "$HOME/.ssh/id_rsa"
	fails_with "sftp: another key" 'sftp://.*: .*[Aa]uthentication' "$from/a.pkg"
}
check "sshd" start_sftp
sftp_server

# A libcurl that has fewer schemes.
shim()
{
	local real

	real=$(readlink -f "$("${CC:-cc}" -print-file-name=libcurl.so)") &&
	mkdir shim &&
	"${CC:-cc}" -shared -Wl,-soname,"$real" -o shim/real.so -x c /dev/null &&
	"${CC:-cc}" -shared -fPIC -Wall -Wextra -Werror -Wl,--no-as-needed \
		-o shim/libcurl.so.4 "$src/tests/cli/tool_shim.c" shim/real.so &&
	export SHIM_REAL=$real
}

few_schemes()
{
	local none=this\ libcurl\ does\ not\ know\ the\ scheme
	local LD_LIBRARY_PATH=$PWD/shim

	export LD_LIBRARY_PATH
	export SHIM_SCHEMES="http ftp tftp"
	gets "no https: http" "$web/a.pkg"
	gets "no https: http, moved" "$web/moved/a.pkg"
	fails_with "no https: http to https" 'not supported or disabled' \
		"$web/secure/a.pkg"
	fails_with "no https: https" "https://.*: $none" "$tls/a.pkg"
	gets "no https: https, then http" "$tls/a.pkg" "$web/a.pkg"
	[ ${#uris[@]} -eq 0 ] || gets "no https: ftp" "${uris[0]}/a.pkg"
	[ ${#uris[@]} -eq 0 ] || gets "no https: tftp" "${uris[1]}/a.pkg"
	export SHIM_SCHEMES="https"
	ca=$PWD/tls.crt
	gets "no http: https" "$tls/a.pkg"
	ca=
	fails_with "no http: http" "http://.*: $none" "$web/a.pkg"
	[ ${#uris[@]} -eq 0 ] || SHIM_SCHEMES=tftp gets "no ftp: ftp, then tftp" \
		"${uris[0]}/a.pkg" "${uris[1]}/a.pkg"
}
check "build a libcurl that has fewer schemes" shim
few_schemes

# Connections that break.
timeout=2
all=$(size $pkg)
for how in "cut:10000" "end:1000000" "cut:1000000 cut:1000000 cut:1000000" \
	"cut:3000000 cut:0 cut:0 cut:0" "cut:5300000" "stall:100000" \
	"trickle:200000"; do
	# shellcheck disable=SC2086 # words
	start_relay $how pass
	gets "ranges: $how" "http://127.0.0.1:$relay/a.pkg"
	asks "ranges: $how: it asks for the rest only" '^Range: bytes=[1-9][0-9]*-'
	# shellcheck disable=SC2086 # words
	start_relay $how pass
	gets "no ranges: $how" "http://127.0.0.1:$relay/plain/a.pkg"
done
start_relay cut:100000 cut:100
fails_with "cut again and again" 'broken off after [0-9]* bytes: .*reset' \
	"http://127.0.0.1:$relay/a.pkg"
equal "cut again and again: it gives up" 5 "$(grep -ac '^GET' requests)"
start_relay cut:10
fails_with "cut in the header" 'reset' "http://127.0.0.1:$relay/a.pkg"
equal "cut in the header: tried once" 1 "$(grep -ac '^GET' requests)"
start_relay stall:0
fails_with "stalled at once" 'sent 0 bytes in 2 seconds' "http://127.0.0.1:$relay/a.pkg"
start_relay stall:100000 stall:0
fails_with "stalled for good" 'broken off after .* the server sent' \
	"http://127.0.0.1:$relay/a.pkg"
start_relay trickle:0
fails_with "a header byte by byte" 'the server sent 0 bytes' \
	"http://127.0.0.1:$relay/a.pkg"

timeout=10

# Answers that are wrong.  answer FILE [HEADER...]: with FILE as the body
answer()
{
	local body=$1 line

	shift
	for line; do
		printf '%s\r\n' "$line"
	done >reply
	printf '\r\n' >>reply
	cat "$body" >>reply
}

answer $pkg "HTTP/1.1 200 OK" "Content-Length: $((all + 1000))"
start_relay reply:reply
fails_with "more announced than comes" 'broken off after' \
	"http://127.0.0.1:$relay/a.pkg"
answer $pkg "HTTP/1.1 200 OK" "Content-Length: $((all - 1000))"
start_relay reply:reply
refuse "less announced than the package has" 4 'ends too early' \
	tool info "http://127.0.0.1:$relay/a.pkg"
answer $pkg "HTTP/1.1 200 OK" "Connection: close"
start_relay reply:reply
gets "nothing announced" "http://127.0.0.1:$relay/a.pkg"
head -c 3000000 $pkg >half
answer half "HTTP/1.1 200 OK" "Connection: close"
start_relay reply:reply
refuse "nothing announced, and cut" 4 'ends too early' \
	tool info "http://127.0.0.1:$relay/a.pkg"
answer /dev/null "HTTP/1.1 200 OK" "Content-Length: 0"
start_relay reply:reply
refuse "an empty file" 4 'ends too early' tool info "http://127.0.0.1:$relay/a.pkg"
{
	cat $pkg
	yes
} | head -c 50000000 >endless
answer endless "HTTP/1.1 200 OK" "Connection: close"
start_relay reply:reply
refuse "a file without end" 4 'data follows the end' \
	tool info "http://127.0.0.1:$relay/a.pkg"
start_relay reply:/dev/zero
fails_with "no answer at all, without end" 'HTTP/0.9' "http://127.0.0.1:$relay/a.pkg"
noise other 5000000 3
answer other "HTTP/1.1 200 OK" "Content-Length: 5000000"
start_relay reply:reply
refuse "another file" 4 'bad-package' tool info "http://127.0.0.1:$relay/a.pkg"

# Another file, or another part, when the connection is taken up again.
changed='has changed meanwhile'
start_relay cut:1000000 reply:reply
fails_with "changed: its size" "$changed" "http://127.0.0.1:$relay/a.pkg"
head -c "$all" endless >other
answer other "HTTP/1.1 206 OK" "Content-Length: 100" 'ETag: "other"' \
	"Content-Range: bytes $((all - 100))-$((all - 1))/$all"
start_relay cut:1000000 reply:reply
fails_with "another part" 'another part than' "http://127.0.0.1:$relay/a.pkg"
answer half "HTTP/1.1 200 OK" "Content-Length: $all"
mv reply reply.half
tail -c +3000001 $pkg >other
range="Content-Range: bytes 3000000-$((all - 1))"
for range in "$range/$all" "$range/*"; do
	answer other "HTTP/1.1 206 OK" "Content-Length: $((all - 3000000))" \
		"$range"
	start_relay reply:reply.half reply:reply
	gets "$range" "http://127.0.0.1:$relay/a.pkg"
done
for range in "bytes 3000000-" "bytes 3000000-9/" "bytes 3000000-9/x" \
	"bytes */$all" "bytes 2999999-$((all - 1))/*"; do
	answer other "HTTP/1.1 206 OK" "Content-Length: 100" \
		"Content-Range: $range"
	start_relay reply:reply.half reply:reply
	fails_with "another part: $range" 'another part than' \
		"http://127.0.0.1:$relay/a.pkg"
done
cp $pkg www/c.pkg

# swap: once it is asked for, the same size, another time: nginx's tag is made of
# both.
swap()
{
	up grep -aq '^GET' requests && touch -d '2001-01-01' www/c.pkg
}

timeout=2
start_relay stall:1000000 pass
swap &
fails_with "changed: its tag" "$changed" "http://127.0.0.1:$relay/c.pkg"
wait $!
timeout=10
answer $pkg "HTTP/1.1 200 OK" "Content-Length: $all" \
	'Last-Modified: Mon, 01 Jan 2001 00:00:00 GMT'
start_relay cut:1000000 reply:reply
fails_with "changed: its time" "$changed" "http://127.0.0.1:$relay/plain/a.pkg"
relay_end

# FTP: the process that serves is killed, the rest comes by REST.
servers_end
[ ${#uris[@]} -ne 0 ] || finish
check "vsftpd, slow" start_ftp "$PWD/www" anon_max_rate=2000000 \
	xferlog_enable=YES log_ftp_protocol=YES xferlog_std_format=NO \
	"vsftpd_log_file=$PWD/ftp/protocol"
children()
{
	cat "/proc/$1/task/$1/children"
}

megabyte_came()
{
	[ "$(size got)" -gt 1000000 ]
}

# killer: once a megabyte has come, kill who sends it.
killer()
{
	local pid

	up megabyte_came || return
	for pid in $(children "$ftp_pid"); do
		# shellcheck disable=SC2046 # words
		kill -KILL $(children "$pid") "$pid"
	done
}

: >got
killer &
gets "ftp: killed and taken up again" "ftp://127.0.0.1:$ftp/a.pkg"
wait $!
check "ftp: it asks for the rest only" grep -q 'command: Client.*"REST [1-9]' \
	ftp/protocol
finish
