#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Compare fwslot with other tools on the same flash and the same image
#
#   run.sh [--smoke] [--mib N] [--rounds N] [--cases "CASE..."] [--images "N..."]
#          [--tools "TOOL..."] [--kernel KERNEL]
#
#   --smoke   fwslot and flashcp, a small image, TAP; nothing is downloaded
#   --mib     size of the image (default: 4)
#   --rounds  how often each tool has its turn (default: 2)
#   --cases   write nor changed all verify memory http grow (default: all)
#   --images  sizes to grow through, in MiB (default: 1 2 4 8)
#   --tools   fwslot fwslot-pipe flashcp flashcp-p rauc swupdate (default: those
#             that can be had)
#   --kernel  6.1 (default), 6.12, or uml, whose clock is that of the host
#
# One virtual machine with that kernel runs everything, see story.sh; what the
# cases are and what the figures mean is in Documentation/performance.rst.  Prints
# a table; the same and all that was measured is in BUILD/bench/bench.csv, plots
# in BUILD/bench/*.svg if gnuplot is there.  Exit status 0: everything ran.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
BUILD=$(realpath -m "${BUILD:-$top/build}")
export BUILD
. "$top/tests/vm/lib/kernel.sh"
. "$here/lib/peers.sh"
. "$here/lib/report.sh"
. "$here/lib/plots.sh"
. "$here/lib/smoke.sh"

usage() {
	sed -n '4,16s/^# \{0,1\}//p' "$0" >&2
	exit 2
}

parse_arguments() {
	while (($#)); do
		case $1 in
		--smoke) smoke=yes && shift && continue ;;
		--mib) mib=${2:?} ;;
		--rounds) rounds=${2:?} ;;
		--cases) cases=${2:?} ;;
		--kernel) kernel=${2:?} ;;
		--images) images=${2:?} ;;
		--tools) tools=${2:?} ;;
		*) usage ;;
		esac
		shift 2
	done
}

# pick_tools: those that can be had
pick_tools() {
	[[ -z $tools ]] || return 0
	tools="fwslot fwslot-pipe flashcp flashcp-p"
	if peers_get 2>"$dir/peers.log"; then
		tools+=" rauc swupdate"
	else
		echo "left out: RAUC and SWUpdate cannot be downloaded"
	fi
}

# machine NAME SETTING...: run the story; what it measured is in $dir/raw
machine() {
	local name=$1 setting args=()

	shift
	for setting; do
		args+=(--set "$setting")
	done
	rm -f "$dir/raw"
	"$top/tests/vm/fwslot.sh" --kernel "$kernel" --story "$here/story.sh" \
		--work "$dir/$name" "${args[@]}"
}

bench() {
	local status=0

	pick_tools
	machine machine "BENCH_MIB=$mib" "BENCH_ROUNDS=$rounds" \
		"BENCH_CASES=$cases" "BENCH_TOOLS=$tools" \
		"BENCH_IMAGES=$images" "BENCH_SLOTS=$slots" \
		>"$dir/log" 2>&1 || status=$?
	grep -E '^(not ok|# FAILED|# left out|run.sh:)' "$dir/log" || :
	[[ -s $dir/machine/scratch/raw ]] || die "nothing was measured, see $dir/log"
	report_csv "$dir/machine/scratch/raw" >"$dir/bench.csv"
	report_table "$dir/bench.csv"
	plots "$dir"
	return $status
}

smoke='' kernel=6.1 mib=4 rounds=2 tools='' images='1 2 4 8' slots='8 32'
cases='write nor changed all verify memory http grow'
parse_arguments "$@"
dir=$BUILD/bench
mkdir -p "$dir"
if [[ -n $smoke ]]; then
	smoke
else
	bench
fi
