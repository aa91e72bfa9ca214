#!/bin/bash
# SPDX-License-Identifier: MIT
#
# The one door to all tests
#
#   run-tests.sh [PART...]      default: all parts, in this order
#
#   style   checkpatch, shellcheck, kernel-doc, manual pages
#   build   module, flash simulator, tool and builder with gcc and clang, all
#           warnings on, sparse, for each kernel
#   unit    the core's KUnit suites in userspace, with sanitizers
#   sweep   the module's sources in userspace, power cut at every flash step
#   fuzz    everything that reads foreign bytes, with libFuzzer
#   cli     tool and builder, without the module
#   tree    the tree itself: licences, sizes, names, a build in a fresh copy
#   harness the test tools themselves: flash simulator, boot model, machines
#   kunit   the suites in a kernel with KASAN, UBSAN, lockdep, kmemleak
#   vm      the module in virtual machines, every story on each kernel
#   powercut  upgrades in virtual machines that are killed again and again
#   bench   a short run of the benchmark; whether its figures can be true
#   uml     stories of vm in the kernel of kunit, and allocations that fail
#   kcsan   stories of vm in a kernel that finds data races
#   mutants the module with a check broken on purpose, which a story must notice
#
# The last three run by default only with FWSLOT_LONG.
#
#   BUILD=DIR         where to build (default: build)
#   FWSLOT_CACHE=DIR  downloads and unpacked kernels (default: ~/.cache/fwslot)
#   FWSLOT_LONG=1     the long variants
#   FWSLOT_NO_DEPS=1  do not look for missing packages
#
# Each part prints TAP to BUILD/log/PART.log.  The last line here is
# "N passed, N failed"; what was skipped is shown and told before it.  A part that
# is cut short or prints no result at all counts as failed.
set -uo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
cd "$top" || exit 2
BUILD=$(realpath -m "${BUILD:-build}")
export BUILD top
parts=(style build unit sweep fuzz cli tree harness kunit vm powercut bench uml kcsan
	mutants)
kernels=(6.1 6.12)
uml_kernels=(uml)
limit=3600	# seconds that a part may take
FWSLOT_LONG=${FWSLOT_LONG-}
if [[ -n $FWSLOT_LONG ]]; then
	limit=21600
	uml_kernels+=(uml-6.12)
fi
unset MAKEFLAGS MFLAGS MAKELEVEL

part_style() {
	tests/style.sh
}

part_build() {
	tests/build.sh
}

part_unit() {
	make -s -j"$(nproc)" -C tests/unit all BUILD="$BUILD" || return
	make -s -C tests/unit check BUILD="$BUILD" || return
	make -s -C tests/unit big BUILD="$BUILD"
}

part_sweep() {
	make -s -j"$(nproc)" -C tests/sweep build BUILD="$BUILD" || return
	make -s -C tests/sweep known BUILD="$BUILD" ||
		echo "not ok - known ended with status $?"
	make -s -C tests/sweep faults BUILD="$BUILD" ||
		echo "not ok - faults ended with status $?"
	make -s -C tests/sweep check BUILD="$BUILD"
}

# part_fuzz: half a minute for each target (FWSLOT_LONG: an hour), then coverage
part_fuzz() {
	local seconds=30

	[[ -z $FWSLOT_LONG ]] || seconds=3600
	make -s -j"$(nproc)" -C tests/fuzz build BUILD="$BUILD" >&2 || return
	make -s -C tests/fuzz run BUILD="$BUILD" SECONDS="$seconds" || return
	make -s -C tests/fuzz cover BUILD="$BUILD"
}

part_cli() {
	make -j"$(nproc)" userspace BUILD="$BUILD" >/dev/null || return
	tests/cli/run.sh "$BUILD"
}

part_tree() {
	tests/tree.sh
}

part_harness() {
	tests/vm/selftest.sh
}

part_kunit() {
	local kernel

	tests/uml/selftest.sh "${uml_kernels[@]}" || return
	for kernel in "${uml_kernels[@]}"; do
		tests/uml/kunit.sh "$kernel"
	done
}

# story KERNEL FILE: one virtual machine from power on to off
story() {
	local name log start=$SECONDS status=0

	name="$1 $(basename "$2" .sh)"
	log="$BUILD/log/vm-${name/ /-}.log"
	tests/vm/fwslot.sh --kernel "$1" --story "$2" >"$log" 2>&1 || status=$?
	if [[ $status -ne 0 ]] && ! grep -q '^not ok' "$log"; then
		echo "not ok - $name ended with status $status" >>"$log"
	fi
	grep -q '^\(not \)\?ok' "$log" || echo "not ok - $name said nothing" >>"$log"
	echo "# $name: $((SECONDS - start)) s"
}

# play JOBS LOGS: kernel and story by turns, from stdin; prints the LOGS
play() {
	local log

	rm -f "$BUILD/log/$2"-*.log
	export -f story
	xargs -0 -n 2 -P "$1" bash -c 'story "$@"' story || return
	for log in "$BUILD/log/$2"-*.log; do
		echo "# $log"
		cat "$log"
	done
}

# part_vm: every story on every kernel, three machines at a time, which mostly wait
# for their flash.  The one that takes longest goes first, so that nobody has to
# wait for it in the end.  Stories without fwslot belong to the harness.
part_vm() {
	local once="window bootcheck upto docs network use records repair bytes changed"
	local file kernel name

	for file in tests/vm/stories/{window,[!w]*,w[!i]*}.sh \
		${FWSLOT_LONG:+tests/vm/long/*.sh}; do
		name=$(basename "$file" .sh)
		[[ " boot flashsim " != *" $name "* ]] || continue
		for kernel in "${kernels[@]}"; do
			# They take minutes, and show the same on each.
			[[ " $once " != *" $name$FWSLOT_LONG "* ||
				$kernel == 6.1 ]] || continue
			printf '%s\0%s\0' "$kernel" "$file"
		done
	done | play 3 vm
}

# part_uml: stories in the kernels with sanitizers, two at a time
part_uml() {
	local name kernel files=()

	for name in weos ${FWSLOT_LONG:+abi protect signatures devices storm \
		nand nandfail masters}; do
		files+=("tests/vm/stories/$name.sh")
	done
	for kernel in "${uml_kernels[@]}"; do
		printf "$kernel"'\0%s\0' tests/uml/{faults,devicetree}.sh "${files[@]}"
	done | play 2 vm-uml
}

# part_kcsan: where threads meet; each machine has two processors
part_kcsan() {
	tests/uml/selftest.sh kcsan || return
	printf 'kcsan\0%s\0' tests/vm/stories/{storm,abi,devices}.sh | play 1 vm-kcsan
}

# part_mutants: a handful (FWSLOT_LONG: all)
part_mutants() {
	if [[ -n $FWSLOT_LONG ]]; then
		tests/vm/mutants.sh
	else
		tests/vm/mutants.sh --few
	fi
}

# part_powercut: six minutes of it, both processors (FWSLOT_LONG: 1000 kills)
part_powercut() {
	tests/vm/powercut.sh --kernel "${kernels[0]}"
}

# part_bench: no time is judged
part_bench() {
	tests/bench/run.sh --smoke
}

# count LOG: print how many results passed, failed, were skipped.  Of nested
# results only the innermost count; fewer results than planned are a failure.
count() {
	awk '
	/^1\.\.[0-9]+/ { planned += substr($1, 4) }
	/^[ \t]*(not )?ok( |$)/ {
		match($0, /^[ \t]*/)
		here = RLENGTH
		bad = $0 ~ /^[ \t]*not /
		if (!here)
			seen++
		if (depth > here)
			failed += bad && !below
		else if (bad)
			failed++
		else if ($0 ~ /# SKIP/)
			skipped++
		else
			passed++
		below = here ? below || bad : 0
		depth = here
	}
	END {
		if (planned > seen)
			failed++
		print passed + 0, failed + 0, skipped + 0
	}' "$1"
}

# run_part PART: run it on its own, print one line, add to the totals
run_part() {
	local part=$1 log="$BUILD/log/$1.log" start=$SECONDS status=0 p f s

	printf '%-7s ' "$part"
	mkdir -p "$BUILD/log"
	timeout -k 10 "$limit" "$0" --raw "$part" </dev/null >"$log" 2>&1 || status=$?
	read -r p f s < <(count "$log")
	if [[ $f -eq 0 && ($status -ne 0 || $p -eq 0) ]]; then
		f=1
		echo "not ok - $part ended with status $status" >>"$log"
	fi
	printf '%5d passed %3d failed %4d s' "$p" "$f" "$((SECONDS - start))"
	[[ $s -eq 0 ]] || printf ' %3d skipped' "$s"
	echo
	grep '# SKIP' "$log"
	if [[ $f -ne 0 ]]; then
		# Some explain before the result, some after.
		grep -B 4 -A 8 -E '^[[:space:]]*not ok' "$log" |
			grep -v '^[[:space:]]*ok' | head -n 100
		[[ $p -ne 0 || $f -ne 1 ]] || tail -n 30 "$log"
		echo "# log: $log"
	fi
	passed=$((passed + p))
	failed=$((failed + f))
	skipped=$((skipped + s))
}

usage() {
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$0"
}

case ${1-} in
-h | --help) usage && exit 0 ;;
--raw) "part_$2"; exit ;;
esac
for part; do
	[[ " ${parts[*]} " == *" $part "* ]] || { usage >&2; exit 2; }
done
if [[ $# -ne 0 ]]; then
	parts=("$@")
elif [[ -z $FWSLOT_LONG ]]; then
	parts=("${parts[@]:0:${#parts[@]}-3}")
fi

if [[ -z ${FWSLOT_NO_DEPS-} ]]; then
	tests/deps.sh || exit 2
fi
# A kernel that is built here takes minutes; they are built beside other parts.
built_kernels=()
[[ ! " ${parts[*]} " =~ " kunit "|" uml " ]] || built_kernels+=("${uml_kernels[@]}")
[[ " ${parts[*]} " != *" kcsan "* ]] || built_kernels+=(kcsan)
mkdir -p "$BUILD/log"
for kernel in "${built_kernels[@]}"; do
	nice tests/kernels/build.sh "$kernel"
done </dev/null >"$BUILD/log/built-kernels.log" 2>&1 &
passed=0 failed=0 skipped=0
for part in "${parts[@]}"; do
	run_part "$part"
done
echo "$SECONDS s in all"
[[ $skipped -eq 0 ]] || echo "$skipped skipped"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 && $passed -gt 0 ]]
