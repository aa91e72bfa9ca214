#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Breaks a rule of the module on purpose, once in each way below, and expects
# the sweep to find a device that does not boot, or a command that cannot be
# finished; or a test of faults or known to fail.  Called by make, which gives OUT (with
# the objects of a good build), ROOT, CC, MUTANT_CFLAGS and how module and tests
# are linked.
set -eu

: "${OUT:?}" "${ROOT:?}" "${CC:?}" "${MUTANT_CFLAGS:?}" "${SECTIONS:?}"
: "${MODULE_O:?}" "${TESTS_O:?}" "${FAULTS_MODULE_O:?}" "${FAULTS_O:?}"
DIR=$OUT/mutants
JOBS=${JOBS:-$(nproc)}

# name @ file of kmod @ sed expression @ cases to sweep over, a prefix of ids, or
# "faults SCENE: TEST" or "known all: TEST", the beginning of the test that must fail
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
signature-unchecked@package@s/reason = admit(s, reason, arg->flags);/reason = 0;/@faults wear: wear: 1000 packages: bad signature
chunk-unchecked@input@s/if (!fwslot_prove(/if (0 \&\& !fwslot_prove(/@faults wear: wear: 1000 packages: bad first chunk of the bootloader
opened-before-data@step@s/err = wait_data(st);/err = 0;/@faults nor-1/step-eio: nor-1, step-eio at each
staged-not-awaited@step@s/return fwslot_input_staged(st->s);/return 0;/@faults nor-1/step-eio: nor-1, step-eio at each
twin-unchecked@step@s/!fwslot_prove(st->copy/0 \&\& !fwslot_prove(st->copy/@faults nor-1/read-ff: nor-1, read-ff at each
unlock-not-looked-at@flash@s/if (!err \&\& (area_is_locked/if (0 \&\& (area_is_locked/@faults secondary/unlock-noop: secondary, unlock-noop at each
lock-error-ignored@step@s/if (!err \&\& lock_err) {/if (0) {/@faults secondary/lock-noop-on: secondary, lock-noop-on at each
lock-not-looked-at@step@s/return units & ~locked_units() ? -EIO : 0;/return 0;/@faults secondary/lock-noop-on: secondary, lock-noop-on at each
not-locked-after-step@step@s/lock_err = fwslot_flash_set_lock(dev, true) ?: lock_again(locked);/lock_err = 0;/@faults secondary/lock-noop: secondary, lock-noop at each
not-kept-before-write@window@s/return st->window ? fwslot_writer_keep(&st->w) : 0;/return 0;/@faults bootloader-1/step-eio: bootloader-1, step-eio at each
not-put-back@window@s/if (!st->w.kept || st->w.whole || !st->w.touched)/if (1)/@faults bootloader-1/step-eio: bootloader-1, step-eio at each
content-not-read@scan@s/ret = fwslot_content(dev, found);/ret = 0;/@faults secondary/step-eio: secondary, step-eio at each
not-looked-at-again@worker@s/err = look_again(s);/err = 0;/@faults nor-1/line-from: nor-1, line-from at each
broken-not-marked@step@s/if (st->w.touched) {/if (0) {/@faults secondary/step-eio: secondary, step-eio at each
next-step-after-failure@worker@s/err = fwslot_step_run(s, step);/fwslot_step_run(s, step);/@faults nor-1/step-eio: nor-1, step-eio at each
failed-read-is-right@content@s/return mtd_is_eccerr(err) ? 1 : err;/return err < 0 ? 0 : err;/@faults nor-1/read-eio-on: nor-1, read-eio-on at each
verdict-ignored@content@s/^	if (!good)/	if (0)/@faults secondary/step-eio: secondary, step-eio at each
verdict-not-awaited@content@s/flush_work(&r->work);//@faults secondary/step-eio: secondary, step-eio at each
one-buffer@content@s/% 2\]/% 1]/@faults records-1/step-eio: records-1, step-eio at each
known-by-digest@known@s/return siphash(data, len, &key)/return siphash(\&len, 4, \&key)/@known all: not with any one bit flipped
known-by-row@known@s/yes |= row\[i\] == mark/yes |= row[i] != 0/@known all: not with any one bit flipped
known-without-digest@known@s/siphash(digest, FWSLOT_DIGEST_SIZE, &keys\[i\])/i/@known all: not under a digest with any one bit flipped
known-unproven@known@s/if (!has_digest(data, len, digest))/remember(digest, mark); &/@known all: and leaves no mark
known-with-a-poor-key@known@s/if (!has_keys \&\& rng_is_initialized())/if (!has_keys)/@known all: without random numbers
known-with-no-key@known@s/get_random_bytes(keys, sizeof(keys));//@known all: two keys were drawn
known-with-half-a-key@known@s/get_random_bytes(keys, sizeof(keys));/get_random_bytes(keys, 16);/@known all: two keys were drawn
known-without-key@known@s/\&keys\[i\])/\&(siphash_key_t){ { 0 } })/@known all: the key is made
known-with-one-half@known@s/&keys\[i\])/\&keys[0])/@known all: the key is made
known-twice@known@s/if (row\[i\] == mark)/if (0)/@known all: proving one again
handed-over-known@known@s/bool right = has_digest(/bool right = (get_keys() \&\& is_known(digest, mark_of(data, len, digest))) || has_digest(/@known all: what is handed over
idle-for-ever@input@s/fwslot_session_fail(s, FWSLOT_REASON_IDLE_TIMEOUT, -ETIMEDOUT);//@faults wear: wear: 1000 packages: no data at all
END
}

# build NAME FILE EDIT PROGRAM
build()
{
	case $4 in
	faults) module=$FAULTS_MODULE_O tests=$FAULTS_O ;;
	known) module=$OUT/kmod/known.o tests=$OUT/sweep/known.o ;;
	*) module=$MODULE_O tests=$TESTS_O ;;
	esac
	file=$(echo "$module" | tr ' ' '\n' | grep "^$OUT/[a-z]*/$2\.o$") || return 1
	mkdir -p "$DIR/$1"
	sed -e "$3" "$ROOT/kmod/$2.c" >"$DIR/$1/mutant.c" || return 1
	if cmp -s "$ROOT/kmod/$2.c" "$DIR/$1/mutant.c"; then
		echo "the edit changes nothing"
		return 1
	fi
	case $file in
	*/feed/*) set -- "$@" -include "$ROOT/tests/sweep/faults_feed.h" ;;
	esac
	dir=$DIR/$1
	program=$4
	kmod=$ROOT/kmod/$(dirname "$2")
	shift 4
	# shellcheck disable=SC2086 # flags are words
	$CC $MUTANT_CFLAGS -w -I"$kmod" "$@" -c -o "$dir/mutant.o" \
		"$dir/mutant.c" || return 1
	# shellcheck disable=SC2046,SC2086 # a list of files without blanks
	ld -r -o "$dir/module.r" "$dir/mutant.o" \
		$(echo $module | tr ' ' '\n' | grep -Fvx "$file" || :) || return 1
	# shellcheck disable=SC2086
	$SECTIONS "$dir/module.r" "$dir/module.o" || return 1
	# shellcheck disable=SC2086
	$CC -no-pie -o "$dir/$program" "$dir/module.o" $tests -lcrypto
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

# try_cuts NAME CASES: it must come to more bad ends than the module that is not
# broken; one that crashes is not caught
try_cuts()
{
	line=$(sweep "$DIR/$1/sweep-cuts" "$2")
	good=$(sweep "$OUT/sweep-cuts" "$2")
	if [ -n "$(bad "$line")" ] && [ -n "$(bad "$good")" ] &&
	   [ $(($(bad "$line"))) -gt $(($(bad "$good"))) ]; then
		echo "ok - mutant $1: $line"
	else
		echo "not ok - mutant $1 survives $2: $line"
	fi
}

# try_test NAME PROGRAM SCENE TEST: that test must fail
try_test()
{
	if timeout 300 "$DIR/$1/$2" "$3" 2>/dev/null |
	   grep -q "^not ok [0-9]* - $4"; then
		echo "ok - mutant $1: $4"
	else
		echo "not ok - mutant $1 survives $2 $3: $4"
	fi
}

# One mutant: name, file, edit, cases
try()
{
	case $4 in
	faults\ * | known\ *) program=${4%% *} ;;
	*) program=sweep-cuts ;;
	esac
	log=$DIR/$1.log
	if ! build "$1" "$2" "$3" "$program" >"$log" 2>&1; then
		echo "not ok - mutant $1: $(tail -n 1 "$log")"
		return
	fi
	if [ "$program" = sweep-cuts ]; then
		try_cuts "$1" "$4"
	else
		scene=${4#* }
		try_test "$1" "$program" "${scene%%: *}" "${scene#*: }"
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
