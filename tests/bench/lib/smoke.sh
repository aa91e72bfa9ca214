# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2154
#
# A short run that looks only whether the figures can be true; no time is judged

# value CASE TOOL METRIC: the median
value() {
	awk -F, -v key="$1,$2,$3," 'index($0, key) == 1 { print $5 }' \
		"$dir/smoke.csv"
}

# between CASE TOOL METRIC LEAST MOST
between() {
	local n

	n=$(value "$1" "$2" "$3")
	echo "$1 $2 $3: $n, wanted $4 to $5"
	[[ -n $n ]] && awk "BEGIN { exit !($n >= $4 && $n <= $5) }"
}

# ratio_of CASE TOOL OTHER METRIC: percent
ratio_of() {
	awk "BEGIN { print int(100 * $(value "$1" "$2" "$4") / $(value "$1" "$3" "$4")) }"
}

# counted CASE TOOL METRIC N
counted() {
	check "$1 $2: $4 $3" between "$1" "$2" "$3" "$4" "$4"
}

# positive CASE TOOL METRIC
positive() {
	check "$1 $2: $3" between "$1" "$2" "$3" 1e-6 1e12
}

# smoke_write CASE: a whole image; fwslot has a record besides
smoke_write() {
	counted "$1" fwslot erases $((blocks + 1))
	counted "$1" flashcp erases "$blocks"
	counted "$1" flashcp programs $((blocks * 256))
	counted "$1" flashcp written $((blocks << 16))
	check "$1 fwslot: programs" between "$1" fwslot programs \
		$((blocks * 256)) $((blocks * 256 + 256))
	positive "$1" fwslot wall
	positive "$1" flashcp wall
}

# smoke_changed PERCENT N: these blocks, the first one and the record
smoke_changed() {
	counted "changed-$1" fwslot erases $(($2 + 2))
	counted "changed-$1" flashcp erases "$blocks"
}

smoke_rest() {
	check "nor fwslot: no faster than the chip" \
		between nor fwslot wall/busy 0.99 1000
	check "nor flashcp: no faster than the chip" \
		between nor flashcp wall/busy 0.99 1000
	counted verify fwslot erases 0
	check "verify fwslot: reads the slot" between verify fwslot bytes_read \
		$((blocks << 16)) $(((blocks << 16) * 2))
	# Instructions are counted here, so this cannot depend on the host.
	check "verify again: what was proven once is recognised" \
		test "$(ratio_of verify fwslot-again fwslot wall)" -lt 30
	check "write fwslot-pipe: fewer bytes are read than from a file" \
		test "$(ratio_of write fwslot-pipe fwslot bytes_read)" -lt 85
	counted all fwslot-pipe erases "$((2 * blocks + 2 + 5))"
	positive all fwslot written
	positive hash kernel wall
	positive hash openssl wall
	positive memory fwslot peak-rss
	positive memory flashcp peak-rss
	positive image-1 fwslot wall
	positive slot-3 fwslot wall
}

smoke() {
	local blocks=16 status=0

	# shellcheck source=tests/tap.sh
	. "$top/tests/tap.sh"
	machine smoke BENCH_MIB=1 BENCH_ROUNDS=1 "BENCH_TOOLS=fwslot fwslot-pipe flashcp" \
		"BENCH_CASES=write nor changed all verify memory grow" \
		BENCH_IMAGES=1 BENCH_SLOTS=3 >"$dir/smoke.log" 2>&1 || status=$?
	tap_result $status "the machine" < <(tail -n 20 "$dir/smoke.log")
	[[ -s $dir/smoke/scratch/raw ]] || { finish; return; }
	report_csv "$dir/smoke/scratch/raw" >"$dir/smoke.csv"
	smoke_write write
	smoke_write nor
	smoke_changed 1 1
	smoke_changed 10 1
	smoke_changed 50 8
	smoke_rest
	finish
}
