#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Breaks the core on purpose, once in each way below, and expects a suite to
# notice.  Called by make, which gives OUT (with the objects of a good build),
# CORE, CC and MUTANT_CFLAGS.
set -eu

: "${OUT:?}" "${CORE:?}" "${CC:?}" "${MUTANT_CFLAGS:?}"
DIR=$OUT/mutants
JOBS=${JOBS:-$(nproc)}

# name @ file @ sed expression @ suites that must notice, each alone
mutants()
{
	cat <<'END'
no-skip@plan@s/return v->equal && fwslot_view_firm(v);/return 0;/@plan model.model_one_copy
order-fixed@plan@s/first = FWSLOT_UNIT_PRIMARY;/first = FWSLOT_UNIT_SECONDARY;/;s/last = FWSLOT_UNIT_SECONDARY;/last = FWSLOT_UNIT_PRIMARY;/@plan model.model_one_copy
active-copy-first@plan@s/order\[n++\] = idle;/order[n++] = ACTIVE;/;s/order\[n++\] = active;/order[n++] = idle;/;s/ACTIVE/active/@plan
blank-copy-last@plan@s/ && !req->views\[unit\].blank//@plan
heal-off@plan@s/(units & BIT(unit)) && req->views\[unit\].heal/0/@plan model.model_one_copy
twin-only-named@plan@s/ && !v->heal &&$/ \&\&/@plan
twin-unequal@plan@s/v->present && v->equal &&/v->present \&\&/@plan model.model_one_copy
twin-other-image@plan@s/fwslot_manifest_image(sim->manifest, FWSLOT_SECONDARY)/fwslot_manifest_image(sim->manifest, FWSLOT_PRIMARY)/@plan
unasked-slot@plan@s/(req->slots & BIT(fwslot_unit_slot(unit)));/1;/@plan model.model_one_copy
guard-off@guard@s/return FWSLOT_REASON_NOTHING_BOOTABLE;/return FWSLOT_REASON_NONE;/@guard plan model.model_one_copy
guard-after-off@guard@s/after = fwslot_startable(&sim);/after = true;/@guard
guard-before-off@guard@s/before = fwslot_startable(&sim);/before = false;/@guard
guard-untrusted-good@guard@s/view->matched = !req->untrusted;/view->matched = true;/@guard
guard-stale-evidence@guard@s/!booted_from_slot(req) || !fwslot_boot_unchanged(req)/!booted_from_slot(req)/@guard model.model_one_copy
doubt-ignored@guard@s/fwslot_doubt_forbids(req, unit)/0/@guard model.model_weak
doubt-not-first@plan@s/unit = fwslot_doubt_first(.*/;/@plan
doubt-order-kept@plan@s/(unit != order\[i\] && unit < FWSLOT_UNIT_BOOT0)/0/@plan
doubt-named-is-firm@doubt@s/ && !view->heal;/;/@doubt
doubt-way-shut@doubt@s/spared(req, unit, true, sure)/spared(req, unit, false, sure)/@doubt model.model_unknown
doubt-unknown-is-nothing@doubt@s/add_any(d, req, unit);/;/@doubt model.model_weak
doubt-helps-always@plan@s/return fwslot_doubt_helps(.*/return true;/@plan
doubt-helps-never@plan@s/return fwslot_doubt_helps(.*/return false;/@plan
doubt-blank-unknown@doubt@s/(v->blank \&\& blank_counts(req)) ||/0 ||/@doubt
doubt-blank-board@doubt@s/req->views\[unit\].matched && req->views\[unit\].blank/0/@doubt
doubt-no-second-try@doubt@s/unit = find_spared(req, left, known);/;/@plan
boot-changed-behind@guard@s/v->format == req->running.format)/1)/@guard
no-bridge-needed@policy@s/return FWSLOT_REASON_NO_BRIDGE;/return FWSLOT_REASON_NONE;/@policy plan
bridge-without-label@policy@s/fwslot_release_equal(/!fwslot_release_order(/@policy
bridge-without-format@policy@s/bridges\[i\].format == [a-z>.-]* &&/bridges[i].format \&\&/@policy
subset-over-border@policy@s/return FWSLOT_REASON_NEEDS_ALL;/return FWSLOT_REASON_NONE;/@policy plan
floor-off@policy@s/return FWSLOT_REASON_BELOW_MINIMUM;/return FWSLOT_REASON_NONE;/@policy
pending-off@policy@s/if (req->pending)/if (0)/@policy
adopt-anything@policy@s/if (slots == req->slots)/if (1)/@policy plan
running-though-changed@policy@s/!v->changed && v->matched/v->matched/@policy
product-off@manifest@s/return FWSLOT_REASON_WRONG_PRODUCT;/return FWSLOT_REASON_NONE;/@manifest-use policy
reserved-off@manifest@s/memchr_inv(d.reserved, 0, sizeof(d.reserved))/0/@manifest
image-reserved-off@manifest@s/d->reserved || !image_slots_valid/!image_slots_valid/@manifest
size-field-off@manifest@s/le32_to_cpu(d.size) != len ||/0 ||/@manifest
duplicate-product@manifest@s/if (!strcmp(m->products\[i\], m->products\[j\]))/if (0)/@manifest
padding-off@manifest@s/if (memchr_inv(field + n, 0, size - n))/if (0)/@manifest
chunks-off-by-one@manifest@s/fwslot_blocks(img->size, img->chunk_size)/fwslot_blocks(img->size + 1, img->chunk_size)/@manifest
release-patch-off@release@s/if (a->patch != b->patch)/if (0)/@release
record-overlap@record@s/blocks += fwslot_record_blocks(geo, rec);/blocks += 0;/@record writer
record-table-off@record@s/if (memcmp(digest, img->table_digest, sizeof(digest)))/if (0)/@record
record-body-offset-off@record@s/rec->body_offset >= geo->erase_size/0/@record
record-reserved-off@record@s/memchr_inv(d.reserved, 0, sizeof(d.reserved))/0/@record
record-not-destroyed@writer@s/err = fwslot_block_zero(w, fwslot_record_head(&w->flash->geo));/err = 0;/;s/return err ? err : destroy_record(w);/return err;/@writer
first-block-not-destroyed@writer@s/int err = fwslot_block_zero(w, 0);/int err = 0;/;s/int err = clear_first(w);/int err = 0;/@writer writer-fault
first-block-first@writer@s/if (ofs < block) {/if (0) {/@writer
head-not-last@writer@s/head = min_t(u32, fwslot_head_size(&w->flash->geo), len)/head = len/@writer
read-back-off@block@s/if (memcmp(w->scratch, data, len))/if (0)/@writer-fault
last-read-off@writer@s/err = fwslot_content_check(.*/err = 0;/@writer-fault
goes-on-after-error@block@s/return err ? fail_at(w, FWSLOT_REASON_FLASH_IO, ofs, err) : 0;/return 0;/@writer-fault
touched-late@block@s/w->touched = true;/w->touched = false;/@writer
blocks-kept-without-record@writer@s/if (!w->firm || differs_by_map(w))/if (differs_by_map(w))/@keep
blocks-of-a-chunk-written@writer@s/return w->wanted \&\& w->img->chunk_size.*/return w->wanted;/@wanted
block-tail-not-compared@writer@s/!memchr_inv(old + len, 0xff, size - len)/1/@keep
unreadable-block-kept@writer@s/if (flash->ops->read(flash->ctx, ofs + done, w->scratch, piece) ||/if ((flash->ops->read(flash->ctx, ofs + done, w->scratch, piece), memcpy(w->scratch, data + done, part), 0) ||/@wanted
right-block-written@writer@s/return same_in_flash(w, ofs, data, len);/return false;/@wanted
unwanted-chunk-expected@writer@s/fwslot_wanted_next(w->wanted, /fwslot_wanted_next(NULL, /@wanted
changed-chunk-not-wanted@wanted@s/memcmp(table + ofs, old_table + ofs, FWSLOT_DIGEST_SIZE)/0/@wanted
first-block-not-wanted@wanted@s/return !first ||/return/@wanted
end-not-wanted@wanted@s/img->size != old->size/0/@wanted
other-chunks-compared@wanted@s/img->chunk_size != old->chunk_size ||/0 ||/@wanted
block-in-parts@wanted@s/max_t(u32, geo->erase_size, img->chunk_size)/img->chunk_size/@wanted
old-content-not-restored@keep@s/err = restore_block(w, n);/err = 0;/@keep
restore-first-block-first@keep@s/err = fwslot_block_destroy(w, place(w, last));/& if (!err) err = put_back(w, 0);/@keep
restore-while-it-runs@keep@s/ || w->state != FWSLOT_WRITER_FAILED//@keep
restore-without-room@keep@s/if (record_has_room(w))/if (1)/@keep-nand
restore-beyond-the-end@keep@s/if ((u64)image_blocks(w)/if (0 * (u64)image_blocks(w)/@keep-nand
restore-moved-is-right@keep@s/ && !w->old_size && / \&\& 0 \&\& /@keep-nand
restore-record-kept@keep@s/for (n = image_blocks(w); !err && n < last; n++)/for (n = last; 0;)/@keep-nand
keep-dead-chip@keep@s/err = firm ? still_there(w) : 0;/err = 0;/@keep
keep-dead-record@keep@s/if (err && (err != -EBADMSG || !flash->geo.ordered))/if (0)/@keep
keep-no-chip@keep@s/^		return -EIO;$/		return 0;/@keep
keep-weak-image@keep@s/return firm && place(w, n) < w->old_size;/return false;/@keep-nand
keep-weak-record@keep@s/return firm && !w->flash->geo.ordered;/return firm;/@keep-nand
keep-any-record@keep@s/return firm && !w->flash->geo.ordered;/return false;/@keep
keep-blank@keep@s/w->kept = w->firm ||/w->kept = true ||/@keep
keep-weak-is-firm@keep@s/^		w->firm = false;/		;/@keep-nand
nand-two-in-a-row@block@s/if (w->doubt || /if (/@writer-nand keep-nand
nand-weak-block-used@block@s/ \&\& err != -EBADMSG))/))/@writer-nand
nand-head-last@block@s/w->flash->geo.ordered || len <= head/len <= head/@writer-nand
nand-record-head-last@writer@s/if (geo->ordered)/if (0)/@writer-nand
nand-bad-block-used@block@s/if (!flash->ops->retire ||/if (1 ||/@writer-nand
nand-first-block-kept@writer@s/^	fwslot_block_retire(w, err);//@writer-nand
nand-linear-over-bad@record@s/img->size > fwslot_image_room(geo)/0/@writer-nand
broken-write-verified@table@s/\[FWSLOT_CHANGE_BROKEN\] = TO(INCOMPLETE)/[FWSLOT_CHANGE_BROKEN] = TO(VERIFIED)/@table
cms-two-signers@cms@s/ && !signers.len &&/ \&\&/@cms
cms-unsigned-attributes@cms@s/take(signer, TAG_OCTETS, &skip) && !signer->len/take(signer, TAG_OCTETS, \&skip)/@cms
cms-attached-content@cms@s/ || content.len)/)/@cms
cms-trailing-data@cms@s/ || data->len)/)/@cms
cms-trailing-bytes@cms@s/^	    !in.len &&$//@cms
cms-any-digest@cms@s/take_sha256(signer) && //@cms
cms-any-digest-set@cms@s/digests.len ||$/0 ||/@cms
cms-any-parameters@cms@s/return !algorithm.len ||/return true ||/@cms
cms-any-version@cms@s/ && own == version//@cms
cms-long-lengths@cms@s/if (len < (head == 3 ? 0x80 : 0x100))/if (0)/@cms
cms-length-unchecked@cms@s/if (len > in->len - head)/if (0)/@cms
cms-size-off@cms@s/len <= FWSLOT_SIGNATURE_MAX && //@cms
content-table-digest-off@flash@s/return memcmp(digest, img->table_digest, sizeof(digest)) ? 1 : 0;/return 0;/@edges
geometry-off@flash@s/(geo->size & mask)/0/@record
END
}

build()
{
	mkdir -p "$DIR/$1"
	sed -e "$3" "$CORE/$2.c" >"$DIR/$1/$2.c" || return 1
	if cmp -s "$CORE/$2.c" "$DIR/$1/$2.c"; then
		echo "the edit changes nothing"
		return 1
	fi
	# shellcheck disable=SC2086 # flags are words
	$CC $MUTANT_CFLAGS -w -c -o "$DIR/$1/$2.o" "$DIR/$1/$2.c" || return 1
	# shellcheck disable=SC2046,SC2086 # a list of files without blanks
	$CC $MUTANT_CFLAGS -o "$DIR/$1/run" "$DIR/$1/$2.o" \
		$(find "$OUT" -name '*.o' ! -path "$DIR/*" ! -path "$OUT/big/*" \
			! -path "$OUT/core/$2.o") -lcrypto
}

# One mutant: name, file, edit, suites
try()
{
	if ! build "$1" "$2" "$3" >"$DIR/$1.log" 2>&1; then
		echo "not ok $1: $(tail -n 1 "$DIR/$1.log")"
		return
	fi
	for suite in $4; do
		if timeout 60 "$DIR/$1/run" "$suite" >"$DIR/$1.log" 2>&1; then
			echo "not ok $1: $suite does not notice"
			return
		fi
	done
	rm -rf "${DIR:?}/$1" "$DIR/$1.log"
	echo "ok $1"
}

run_all()
{
	n=0
	mutants | while IFS=@ read -r name file edit suites; do
		n=$((n + 1))
		[ $((n % JOBS)) -eq "$1" ] || continue
		try "$name" "$file" "$edit" "$suites"
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
cat "$DIR"/result.* >"$DIR/results"
grep '^not ok' "$DIR/results" | sed 's/^/# mutant: /' || true
killed=$(grep -c '^ok' "$DIR/results" || true)
all=$(mutants | wc -l)
echo "# $killed of $all mutants noticed"
[ "$killed" -eq "$all" ]
