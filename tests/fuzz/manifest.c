// SPDX-License-Identifier: MIT
/*
 * manifest.c - fuzz target: the parser of manifests
 *
 * Every field is either read or must be zero, so a manifest that is accepted
 * can be made again from what was read, byte by byte.  If that differs, the
 * parser has looked away somewhere.
 */
#include "fuzz.h"

static u8 *put(u8 *to, const void *from, size_t size)
{
	memcpy(to, from, size);
	return to + size;
}

static void put_release(struct fwslot_disk_release *d,
			const struct fwslot_release *r)
{
	d->major = cpu_to_le16(r->major);
	d->minor = cpu_to_le16(r->minor);
	d->patch = cpu_to_le16(r->patch);
	memcpy(d->label, r->label, strlen(r->label));
}

static u8 *put_head(u8 *to, const struct fwslot_manifest *m, u32 size)
{
	struct fwslot_disk_manifest d = {
		.version = cpu_to_le32(FWSLOT_MANIFEST_VERSION),
		.size = cpu_to_le32(size),
		.format = cpu_to_le32(m->format),
		.n_products = cpu_to_le32(m->n_products),
		.n_bridges = cpu_to_le32(m->n_bridges),
		.n_images = cpu_to_le32(m->n_images),
		.notes_size = cpu_to_le32(m->notes_size),
	};

	memcpy(d.magic, FWSLOT_MANIFEST_MAGIC, sizeof(d.magic));
	memcpy(d.notes_digest, m->notes_digest, sizeof(d.notes_digest));
	put_release(&d.release, &m->release);
	return put(to, &d, sizeof(d));
}

static u8 *put_lists(u8 *to, const struct fwslot_manifest *m)
{
	u32 i;

	for (i = 0; i < m->n_products; i++) {
		struct fwslot_disk_product d = { 0 };

		memcpy(d.name, m->products[i], strlen(m->products[i]));
		to = put(to, &d, sizeof(d));
	}
	for (i = 0; i < m->n_bridges; i++) {
		struct fwslot_disk_bridge d = { 0 };

		d.format = cpu_to_le32(m->bridges[i].format);
		put_release(&d.release, &m->bridges[i].release);
		to = put(to, &d, sizeof(d));
	}
	for (i = 0; i < m->n_images; i++) {
		const struct fwslot_image *img = &m->images[i];
		struct fwslot_disk_image d = {
			.kind = cpu_to_le32(img->kind),
			.slots = cpu_to_le32(img->slots),
			.size = cpu_to_le64(img->size),
			.chunk_size = cpu_to_le32(img->chunk_size),
		};

		memcpy(d.table_digest, img->table_digest,
		       sizeof(d.table_digest));
		to = put(to, &d, sizeof(d));
	}
	return to;
}

/* What the rest of the code relies on. */
static void check_image(const struct fwslot_manifest *m, u32 i)
{
	const struct fwslot_image *img = &m->images[i];
	u32 last = img->chunks - 1;

	fuzz_check(img->chunks && img->chunks <= FWSLOT_CHUNKS_MAX);
	fuzz_check((u64)last * img->chunk_size < img->size);
	fuzz_check((u64)img->chunks * img->chunk_size >= img->size);
	fuzz_check((u64)last * img->chunk_size + fwslot_chunk_len(img, last) ==
		   img->size);
	fuzz_check(fwslot_table_offset(m, i + 1) ==
		   fwslot_table_offset(m, i) + fwslot_table_size(img));
}

static void check_release(const struct fwslot_release *r)
{
	char text[FWSLOT_RELEASE_STR];
	struct fwslot_release again;

	fwslot_release_print(r, text);
	fuzz_check(!fwslot_release_parse(text, &again));
	fuzz_check(fwslot_release_equal(r, &again));
	fuzz_check(!fwslot_release_order(r, &again));
}

static void check_slots(const struct fwslot_manifest *m)
{
	u32 slot;
	int i;

	for (slot = 0; slot < FWSLOT_SLOTS; slot++) {
		i = fwslot_manifest_image(m, slot);
		fuzz_check(i < (int)m->n_images);
		fuzz_check(i < 0 || m->images[i].slots & BIT(slot));
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	u8 again[FWSLOT_MANIFEST_MAX];
	struct fwslot_manifest m;
	u8 *end;
	u32 i;

	if (fwslot_manifest_parse(data, size, &m))
		return 0;
	end = put_lists(put_head(again, &m, size), &m);
	fuzz_check(end == again + size);
	fuzz_check(!memcmp(again, data, size));
	fuzz_check(!fwslot_manifest_product(&m, m.products[m.n_products - 1]));
	check_slots(&m);
	check_release(&m.release);
	for (i = 0; i < m.n_images; i++)
		check_image(&m, i);
	for (i = 0; i < m.n_bridges; i++)
		check_release(&m.bridges[i].release);
	return 0;
}
