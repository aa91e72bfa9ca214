#!/bin/bash
# SPDX-License-Identifier: MIT
#
# tool_memory.sh - private memory of the tool while it reads packages: it may
# not depend on their size.

# shellcheck source-path=SCRIPTDIR disable=SC2317,SC2154 # functions, ports
. "$(dirname "$0")/common.sh"
# shellcheck source=tests/cli/lib/servers.sh
. "$(source_dir)/tests/cli/lib/servers.sh"
trap 'servers_end; relay_end; cli_exit' EXIT

limit=4096	# KiB, and what is for zstd: a frame of a mebibyte
window=1024

src=$(source_dir)
check "build the driver" driver memory -fno-sanitize=all \
	"$src/tests/cli/tool_memory.c" "$src"/userspace/pkg*.c \
	"$src"/userspace/uri{,_curl,_file,_lib}.c
check "build the relay" relay_build
check "get the servers" servers_get
need_key signer
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=here \
	-addext subjectAltName=IP:127.0.0.1 -keyout tls.key -out tls.crt \
	2>/dev/null
chmod 755 .
mkdir www
check "nginx" start_nginx "$PWD/www" "$PWD/tls.crt" "$PWD/tls.key"

# make NAME SIZE [OPTION...]: a package that cannot be compressed
make()
{
	local name=$1

	noise image "$2"
	shift 2
	mkpkg build --version 1.0.0 --format 1 --product p --system image \
		--sign-key "$(key signer)" --sign-cert "$(cert signer)" \
		-o "www/$name.pkg" "$@" && chmod 644 "www/$name.pkg"
}

# within NAME LIMIT PACKAGE: sets $kib
within()
{
	kib=$(./memory "$3" 2>err)
	echo "# $1: $kib KiB"
	echo "$kib KiB" >>err
	[ "${kib:-999999}" -lt "$2" ]
	report $? "$1: less than $2 KiB"
}

check "1 MiB" make small 1048576
check "64 MiB" make large 67108864
check "64 MiB, not compressed" make plain 67108864 --compress none
within "1 MiB, a file" $((limit + window)) www/small.pkg
small=$kib
within "64 MiB, a file" $((limit + window)) www/large.pkg
[ $((kib - small)) -lt 256 ]
report $? "the size makes no difference"
within "64 MiB, a file, not compressed" $limit www/plain.pkg
within "64 MiB, http" $((limit + window)) "http://127.0.0.1:$http/large.pkg"
within "64 MiB, http, not compressed" $limit "http://127.0.0.1:$http/plain.pkg"
finish
