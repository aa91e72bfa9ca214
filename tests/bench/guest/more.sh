# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2034,SC2154
#
# The other cases of the benchmark, for the guest

# verify_round CASE: verify against reading alone
verify_round() {
	secondary=$(mtd_of secondary)
	for round in $(seq "$BENCH_ROUNDS"); do
		unverified_module
		take_flash "$1" fwslot fwslot verify secondary --short
		take_flash "$1" fwslot-again fwslot verify secondary --short
		take_flash "$1" read dd "if=$secondary" of=/dev/null bs=64k \
			"count=$((BENCH_MIB * 16))"
	done
}

# At boot: is it as fast as the chip, or as the hash
case_verify() {
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	fill "$BENCH_MIB"
	verify_round verify
	nor_chip
	verify_round verify-nor
	fast_chip
	have "a-$BENCH_MIB.img"
	take_kernel_hash verify hash "/run/img/a-$BENCH_MIB.img"
}

# all_by_fwslot TOOL ARGUMENT: after a boot, since only then it takes another release
all_by_fwslot() {
	new_module
	take_flash all "$1" sh -c \
		"exec fwslot upgrade all --no-reboot --progress=none $2"
}

# Secondary, bootloader and primary at once
case_all() {
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	fill "$BENCH_MIB"
	have "a-$BENCH_MIB.pkg" "b-$BENCH_MIB.pkg"
	for round in $(seq "$BENCH_ROUNDS"); do
		all_by_fwslot fwslot "/run/img/b-$BENCH_MIB.pkg"
		ok "all fwslot: the image is there" \
			holds_in primary "b-$BENCH_MIB"
		rm -f /run/pipe
		mkfifo /run/pipe
		cat "/run/img/a-$BENCH_MIB.pkg" >/run/pipe &
		all_by_fwslot fwslot-pipe "- </run/pipe"
		ok "all fwslot-pipe: the image is there" \
			holds_in primary "a-$BENCH_MIB"
	done
}

# memory_of TOOL PIDS
memory_of() {
	next_of "$1"
	kind=$(kind_of "$1")
	have "$name-$BENCH_MIB.$kind"
	writes "$1" "/run/img/$name-$BENCH_MIB.$kind"
	booted "$1"
	# shellcheck disable=SC2086 # words are wanted
	take_memory memory "$1" "$2" $command
}

# Most memory in use, of the whole machine and of the tool
case_memory() {
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	fill "$BENCH_MIB"
	for round in $(seq "$BENCH_ROUNDS"); do
		for one in $BENCH_TOOLS; do
			pids=''
			[ "$one" != rauc ] || pids="-p $rauc_pid"
			memory_of "$one" "$pids"
		done
	done
}

# by_http TOOL: put into $command what fetches and writes; who cannot fetch gets
# the file by curl, in memory
by_http() {
	kind=$(kind_of "$1")
	web=http://127.0.0.1:8080/soft-$BENCH_MIB.$kind
	writes "$1" "/run/fetched.$kind"
	case $1 in
	fwslot) writes fwslot "$web" ;;
	swupdate) command="swupdate $SWUPDATE -d '-u $web'" ;;
	*) command="curl -s -f -o /run/fetched.$kind $web && $command" ;;
	esac
}

# web_begin: a server that sends 2 MiB a second
web_begin() {
	ifconfig lo 127.0.0.1 up
	mkdir -p /run/nginx
	cat >/run/nginx/conf <<-END
		daemon off;
		user root root;
		pid /run/nginx/pid;
		events {}
		http {
			access_log off;
			client_body_temp_path /run/nginx/body;
			proxy_temp_path /run/nginx/proxy;
			fastcgi_temp_path /run/nginx/fastcgi;
			uwsgi_temp_path /run/nginx/uwsgi;
			scgi_temp_path /run/nginx/scgi;
			server {
				listen 127.0.0.1:8080;
				root /run/img;
				limit_rate 2m;
			}
		}
	END
	nginx -p /run/nginx -c /run/nginx/conf -e /run/nginx/log &
	ok "a server" wait_for 30 curl -s http://127.0.0.1:8080/
}

# A package that is compressed, from a server that is slow, to a chip of NOR
case_http() {
	drop_all
	new_flash "$BENCH_MIB" $((BENCH_MIB + 1))
	for one in $BENCH_TOOLS; do
		have "soft-$BENCH_MIB.$(kind_of "$one")"
	done
	web_begin
	for round in $(seq "$BENCH_ROUNDS"); do
		for one in $BENCH_TOOLS; do
			[ "$one" != fwslot-pipe ] || continue
			put_back "$one" "b-$BENCH_MIB"
			by_http "$one"
			booted "$one"
			nor_chip
			take_flash http "$one" sh -c "$command"
			fast_chip
			ok "http $one: the image is there" \
				holds "$one" "soft-$BENCH_MIB"
		done
	done
}
