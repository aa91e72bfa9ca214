#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Breaks a rule of the module on purpose, once in each way below, and expects
# the sweep to find a device that does not boot, or a command that cannot be
# finished.  Called by make, which gives OUT (with the objects of a good build),
# ROOT, CC, MUTANT_CFLAGS and how module and test are linked.
set -eu

: "${OUT:?}" "${ROOT:?}" "${CC:?}" "${MUTANT_CFLAGS:?}" "${SECTIONS:?}"
DIR=$OUT/mutants
JOBS=${JOBS:-$(nproc)}

# name @ file of kmod @ sed expression @ cases to sweep over, a prefix of ids
mutants()
{
	cat <<'END'
no-skip@core/plan@s/return v->equal && fwslot_view_firm(v);/return 0;/@small.2copies.up-all.factory
no-guard@core/guard@s/return FWSLOT_REASON_NOTHING_BOOTABLE;/return FWSLOT_REASON_NONE;/@small.2copies.same-s.from-s
order-fixed@core/plan@s/first = FWSLOT_UNIT_PRIMARY;/first = FWSLOT_UNIT_SECONDARY;/;s/last = FWSLOT_UNIT_SECONDARY;/last = FWSLOT_UNIT_PRIMARY;/@small.2copies.up-all.from-s
bootloader-first@core/plan@s/if (boot_first)/if (1)/;s/if (!boot_first)/if (0)/@small.2copies.up-all.factory
unknown-image-kept@core/doubt@s/return unit < FWSLOT_UNIT_BOOT0 || v->recorded/return v->recorded/@small.2copies.up-all.b0-bad-r
doubt-helps-always@core/plan@s/return fwslot_doubt_helps(.*/return true;/@small.2copies.repair-all.b0-bad-n
no-heal@core/plan@s/(units & BIT(unit)) && req->views\[unit\].heal/0/@small.2copies.up-all.only-s
record-not-destroyed@core/writer@s/destroy_record(w)/0/;s/fwslot_block_zero(w, fwslot_record_head(&w->flash->geo))/0/@small.2copies.repair
head-not-destroyed@core/block@/^int fwslot_block_zero/,/^}/s/program(w, block, w->scratch, head)/0/@small.2copies.up-all.factory
head-not-last@core/block@s/if (w->flash->geo.ordered || len <= head)/if (1)/@small.2copies.up-all.factory
first-block-first@core/writer@s/if (ofs < block) {/if (0) {/;s/err = put_first(w);/err = 0;/@small.2copies.up-all.factory
record-first@core/writer@/^int fwslot_writer_finish/,/^}/{s/err = put_first(w);/{ static u8 first[4096]; memcpy(first, w->first, 4096); err = put_record(w); memcpy(w->first, first, 4096); if (!err) err = put_first(w); }/;s/return put_record(w);/w->state = FWSLOT_WRITER_DONE; return 0;/}@small.2copies.up-all.factory
written-not-counted@core/guard@s/view->matched = !req->untrusted;/view->matched = false;/@small.2copies.up-all.factory
END
}

build()
{
	file=$OUT/kmod/$2.o
	mkdir -p "$DIR/$1"
	sed -e "$3" "$ROOT/kmod/$2.c" >"$DIR/$1/mutant.c" || return 1
	if cmp -s "$ROOT/kmod/$2.c" "$DIR/$1/mutant.c"; then
		echo "the edit changes nothing"
		return 1
	fi
	# shellcheck disable=SC2086 # flags are words
	$CC $MUTANT_CFLAGS -w -I"$ROOT/kmod/$(dirname "$2")" -c \
		-o "$DIR/$1/mutant.o" "$DIR/$1/mutant.c" || return 1
	# shellcheck disable=SC2046,SC2086 # a list of files without blanks
	ld -r -o "$DIR/$1/module.r" "$DIR/$1/mutant.o" \
		$(echo $MODULE_O | tr ' ' '\n' | grep -Fvx "$file") || return 1
	# shellcheck disable=SC2086
	$SECTIONS "$DIR/$1/module.r" "$DIR/$1/module.o" || return 1
	# shellcheck disable=SC2086
	$CC -no-pie -o "$DIR/$1/sweep-cuts" "$DIR/$1/module.o" $TESTS_O -lcrypto
}

# sweep PROGRAM CASES: print the last line
sweep()
{
	timeout 300 "$1" --check --jobs 1 --only "$2" \
		--refused "$ROOT/tests/sweep/refused.txt" 2>/dev/null | tail -n 1
}

# bad LINE: how many bad ends it tells of; nothing for a line that does not
bad()
{
	echo "$1" | sed -n \
		's/^cuts .*, unbootable \([0-9]*\), unfinished \([0-9]*\)$/\1 + \2/p'
}

# One mutant: name, file, edit, cases.  It must come to more bad ends than the
# module that is not broken; one that crashes is not caught.
try()
{
	log=$DIR/$1.log
	if ! build "$1" "$2" "$3" >"$log" 2>&1; then
		echo "not ok - mutant $1: $(tail -n 1 "$log")"
		return
	fi
	line=$(sweep "$DIR/$1/sweep-cuts" "$4")
	good=$(sweep "$OUT/sweep-cuts" "$4")
	if [ -n "$(bad "$line")" ] && [ -n "$(bad "$good")" ] &&
	   [ $(($(bad "$line"))) -gt $(($(bad "$good"))) ]; then
		echo "ok - mutant $1: $line"
	else
		echo "not ok - mutant $1 survives $4: $line"
	fi
	rm -rf "${DIR:?}/$1"
}

run_all()
{
	n=0
	mutants | while IFS=@ read -r name file edit cases; do
		n=$((n + 1))
		[ $((n % JOBS)) -eq "$1" ] || continue
		try "$name" "$file" "$edit" "$cases"
	done
}

rm -rf "$DIR"
mkdir -p "$DIR"
job=0
while [ "$job" -lt "$JOBS" ]; do
	run_all "$job" >"$DIR/result.$job" &
	job=$((job + 1))
done
wait
cat "$DIR"/result.*
! grep -q '^not ok' "$DIR"/result.*
