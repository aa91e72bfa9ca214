# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154,SC2034
#
# Real servers on the loopback device: nginx, vsftpd, tftpd-hpa, sshd, and the relay
#
# Nobody's machine should begin to serve because of a test.  Sourced after
# common.sh; everything runs in its work folder and ends with the script.

# shellcheck source=tests/vm/lib/debs.sh
. "$(dirname "${BASH_SOURCE[0]}")/../../vm/lib/debs.sh"
server_packages=(nginx vsftpd tftpd-hpa openssh-server openssh-client)
server_cache=$(debs_dir servers "${server_packages[@]}")
server_pids=()

# servers_get: have the programs
servers_get()
{
	debs_get "$server_cache" "${server_packages[@]}"
}

# relay_build: have the relay
relay_build()
{
	"${CC:-cc}" -O1 -Wall -Wextra -Werror -o relay \
		"$(source_dir)/tests/cli/tool_relay.c"
}

servers_end()
{
	local pid

	for pid in "${server_pids[@]}"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	server_pids=()
}

# up COMMAND...: until it succeeds, ten seconds at most
up()
{
	local tries=100

	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ "$tries" -gt 0 ] || return 1
		sleep 0.1
	done
}

tcp_open()
{
	: <"/dev/tcp/127.0.0.1/$1"
}

udp_open()
{
	grep -q "0100007F:$(printf %04X "$1") " /proc/net/udp
}

# start_nginx ROOT CERT KEY: sets $http and $https, the ports
start_nginx()
{
	http=$(./relay port)
	https=$(./relay port)
	mkdir -p nginx
	cat >nginx/conf <<-END
		daemon off;
		pid $PWD/nginx/pid;
		error_log $PWD/nginx/error.log;
		events {}
		http {
			access_log $PWD/nginx/access.log;
			client_body_temp_path $PWD/nginx/body;
			proxy_temp_path $PWD/nginx/proxy;
			fastcgi_temp_path $PWD/nginx/fastcgi;
			uwsgi_temp_path $PWD/nginx/uwsgi;
			scgi_temp_path $PWD/nginx/scgi;
			server {
				listen 127.0.0.1:$http;
				listen 127.0.0.1:$https ssl;
				ssl_certificate $2;
				ssl_certificate_key $3;
				root $1;
				location /plain/ { alias $1/; max_ranges 0; etag off; }
				location /moved/ { rewrite ^/moved/(.*) /\$1 redirect; }
				location /loop/ { rewrite ^ /loop/again redirect; }
				location /file/ { return 302 file:///etc/passwd; }
				location /ftp/ { return 302 ftp://127.0.0.1/x; }
				location /secure/ { return 302 https://127.0.0.1:$https/a.pkg; }
				location /down/ { return 302 http://127.0.0.1:$http/a.pkg; }
				location /broken/ { return 503; }
				location /secret/ { return 403; }
			}
		}
	END
	"$server_cache/usr/sbin/nginx" -p "$PWD/nginx" -c "$PWD/nginx/conf" \
		-e "$PWD/nginx/error.log" 2>nginx/log &
	server_pids+=($!)
	up tcp_open "$http"
}

# start_ftp ROOT [LINE...]: sets $ftp, the port, and $ftp_pid
start_ftp()
{
	ftp=$(./relay port)
	mkdir -p ftp/empty
	cat >ftp/conf <<-END
		listen=YES
		background=NO
		listen_address=127.0.0.1
		listen_port=$ftp
		anonymous_enable=YES
		ftp_username=daemon
		anon_root=$1
		no_anon_password=YES
		secure_chroot_dir=$PWD/ftp/empty
		seccomp_sandbox=NO
		isolate=NO
		isolate_network=NO
	END
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" >>ftp/conf
	"$server_cache/usr/sbin/vsftpd" ftp/conf >ftp/log 2>&1 &
	ftp_pid=$!
	server_pids+=("$ftp_pid")
	up tcp_open "$ftp"
}

# start_tftp ROOT: sets $tftp, the port
start_tftp()
{
	tftp=$(./relay port)
	"$server_cache/usr/sbin/in.tftpd" --foreground --listen \
		--address "127.0.0.1:$tftp" --user root --secure "$1" 2>tftp.log &
	server_pids+=($!)
	up udp_open "$tftp"
}

# ssh_key TYPE FILE
ssh_key()
{
	rm -f "$2" "$2.pub"
	"$server_cache/usr/bin/ssh-keygen" -q -t "$1" -m PEM -N "" -f "$2"
}

# known_host KEY: it is that of the server, as far as ssh/home knows
known_host()
{
	echo "[127.0.0.1]:$sftp $(cut -d ' ' -f 1,2 "$1.pub")" \
		>ssh/home/.ssh/known_hosts
}

# start_sftp: sets $sftp, the port, and $sftp_user; its key is ssh/host, and
# ssh/home a home that may log in.  As root sshd wants a user that is not there, so
# it does not run as root; then it can log in only the user that it runs as.
start_sftp()
{
	local run=()

	sftp=$(./relay port)
	sftp_user=$(id -un)
	mkdir -p ssh/home/.ssh
	# By RSA keys libssh2 1.10 signs with SHA-1, which sshd refuses.
	ssh_key ed25519 ssh/host && ssh_key ecdsa ssh/home/.ssh/id_rsa || return
	if [ "$EUID" -eq 0 ]; then
		sftp_user=daemon
		chown "$sftp_user" ssh/host
		run=(setpriv "--reuid=$sftp_user" "--regid=$sftp_user" --clear-groups)
	fi
	cat >ssh/conf <<-END
		ListenAddress 127.0.0.1
		Port $sftp
		HostKey $PWD/ssh/host
		AuthorizedKeysFile $PWD/ssh/home/.ssh/id_rsa.pub
		StrictModes no
		PasswordAuthentication no
		KbdInteractiveAuthentication no
		PidFile none
		Subsystem sftp internal-sftp
	END
	"${run[@]}" "$server_cache/usr/sbin/sshd" -D -e -f "$PWD/ssh/conf" \
		2>ssh/log &
	server_pids+=($!)
	known_host ssh/host
	up tcp_open "$sftp"
}

# start_relay BEHAVIOUR...: before nginx; sets $relay, its port; requests go to
# the file "requests"
start_relay()
{
	relay_end
	rm -f requests relay.port
	./relay requests "$http" "$@" >relay.port &
	relay_pid=$!
	up test -s relay.port
	relay=$(cat relay.port)
}

relay_end()
{
	[ -z "${relay_pid-}" ] || kill "$relay_pid" 2>/dev/null
	[ -z "${relay_pid-}" ] || wait "$relay_pid" 2>/dev/null
	relay_pid=
}
