// SPDX-License-Identifier: MIT
/*
 * check.c - the self check: what was written, read by the others
 *
 * The manifest is parsed by the core, as the kernel does it, and compared
 * with what was asked for; the package is read by the package reader of the
 * tool, a slot image as the kernel reads a slot.  An error here is a bug on
 * one of the two sides and must never be silenced.
 */
#include "mkpkg.h"

#include <stdlib.h>

static bool release_same(const struct spec_release *s,
			 const struct fwslot_release *r)
{
	return s->number[0] == r->major && s->number[1] == r->minor &&
	       s->number[2] == r->patch && !strcmp(s->label, r->label);
}

static bool lists_same(const struct spec *s, const struct fwslot_manifest *m)
{
	u32 i;

	if (s->n_products != m->n_products || s->n_bridges != m->n_bridges)
		return false;
	for (i = 0; i < s->n_products; i++)
		if (strcmp(s->products[i], m->products[i]))
			return false;
	for (i = 0; i < s->n_bridges; i++)
		if (s->bridges[i].format != m->bridges[i].format ||
		    !release_same(&s->bridges[i].release,
				  &m->bridges[i].release))
			return false;
	return true;
}

static bool image_same(const struct image *s, const struct fwslot_image *i)
{
	return s->kind == i->kind && s->slots == i->slots &&
	       s->size == i->size && s->chunk_size == i->chunk_size &&
	       s->table.size == fwslot_table_size(i) &&
	       !memcmp(s->table_digest, i->table_digest, FWSLOT_DIGEST_SIZE);
}

static bool images_same(const struct spec *s, const struct fwslot_manifest *m)
{
	u32 i, n = 0;

	for (i = 0; i < FWSLOT_IMAGES_MAX; i++) {
		if (!s->images[i].path)
			continue;
		if (n == m->n_images ||
		    !image_same(&s->images[i], &m->images[n++]))
			return false;
	}
	return n == m->n_images;
}

/**
 * check_manifest() - let the core parse a new manifest
 * @manifest: the manifest
 * @spec: what it must say
 *
 * Return: 0, -ENOMEM, or -EBADMSG if it says something else.
 */
int check_manifest(const struct bytes *manifest, const struct spec *spec)
{
	struct fwslot_manifest *m = malloc(sizeof(*m));
	u32 reason;
	int err = 0;

	if (!m)
		return -ENOMEM;
	reason = fwslot_manifest_parse(manifest->data, manifest->size, m);
	if (reason || spec->format != m->format ||
	    spec->notes.size != m->notes_size ||
	    !release_same(&spec->release, &m->release) ||
	    !lists_same(spec, m) || !images_same(spec, m)) {
		mkpkg_error("self check failed: the manifest reads back differently (%s)",
			    fwslot_reason_word(reason));
		err = -EBADMSG;
	}
	free(m);
	return err;
}

/**
 * check_package() - let the package reader read a new package
 * @o: the package, complete but for its name
 * @unsigned_at: see package_open()
 *
 * Return: 0, -EBADMSG if anything in it is wrong, or a negative errno of
 * open(), read() or malloc().
 */
int check_package(const struct dest *o, u64 unsigned_at)
{
	struct package p;
	int err;

	err = package_open(&p, o->tmp, o->path, unsigned_at);
	if (err)
		return err;
	err = package_rest(&p);
	package_close(&p);
	return err;
}

/**
 * struct slot_files - a slot as the core sees it, made of files
 * @slot: the slot
 * @record: its record area, NULL: none of its own
 * @size: bytes of the slot
 */
struct slot_files {
	const struct dest *slot;
	const struct dest *record;
	u64 size;
};

static int slot_read(void *ctx, u64 ofs, void *buf, u32 len)
{
	const struct slot_files *s = ctx;

	if (ofs < s->size)
		return read_full(s->slot->fd, s->slot->path, ofs, buf, len);
	return read_full(s->record->fd, s->record->path, ofs - s->size, buf,
			 len);
}

static void slot_sha256(const void *data, u32 len, u8 *digest)
{
	if (sha256(data, len, digest))
		memset(digest, 0, FWSLOT_DIGEST_SIZE);
}

static u32 read_record(const struct fwslot_flash *flash, struct bytes *body,
		       struct fwslot_record *rec, struct fwslot_manifest *m,
		       u32 slot)
{
	u8 head[sizeof(struct fwslot_disk_record)];
	u32 reason;

	if (flash->ops->read(flash->ctx, fwslot_record_head(&flash->geo), head,
			     sizeof(head)))
		return FWSLOT_REASON_FLASH_IO;
	reason = fwslot_record_parse(&flash->geo, head, rec);
	if (reason)
		return reason;
	if (bytes_alloc(body, fwslot_record_body(rec)))
		return FWSLOT_REASON_NO_MEMORY;
	if (fwslot_record_read(flash, rec, body->data))
		return FWSLOT_REASON_FLASH_IO;
	reason = fwslot_manifest_parse(body->data, rec->manifest_size, m);
	if (!reason)
		reason = fwslot_record_check(flash, rec, body->data, m, slot);
	return reason;
}

static u32 read_slot(const struct fwslot_flash *flash,
		     struct fwslot_manifest *m, u32 slot)
{
	struct bytes body = { 0 }, chunk = { 0 };
	const struct fwslot_image *img;
	struct fwslot_record rec;
	u32 reason;

	reason = read_record(flash, &body, &rec, m, slot);
	if (reason)
		goto free_body;
	img = &m->images[rec.image];
	reason = FWSLOT_REASON_NO_MEMORY;
	if (bytes_alloc(&chunk, img->chunk_size))
		goto free_body;
	reason = FWSLOT_REASON_NONE;
	if (fwslot_content_check(flash, img,
				 body.data + rec.manifest_size +
				 rec.signature_size, chunk.data))
		reason = FWSLOT_REASON_CORRUPT;
	bytes_free(&chunk);
free_body:
	bytes_free(&body);
	return reason;
}

/**
 * check_slot() - let the core read a new slot image
 * @slot: the slot image, complete but for its name
 * @record: the record area of its own, NULL: there is none
 * @l: shape of the slot
 * @number: enum fwslot_slot
 *
 * Return: 0, -ENOMEM, or -EBADMSG if the core does not find what was written.
 */
int check_slot(const struct dest *slot, const struct dest *record,
	       const struct layout *l, u32 number)
{
	static const struct fwslot_flash_ops ops = { .read = slot_read };
	struct slot_files files = { slot, record, l->slot_size };
	struct fwslot_flash flash = {
		.ops = &ops,
		.sha256 = slot_sha256,
		.ctx = &files,
		.geo = {
			.size = l->slot_size,
			.record_size = l->record_size,
			.erase_size = l->erase_size,
			.write_unit = l->write_unit,
		},
	};
	struct fwslot_manifest *m = malloc(sizeof(*m));
	u32 reason;

	if (!m)
		return -ENOMEM;
	reason = fwslot_geometry_check(&flash.geo);
	if (!reason)
		reason = read_slot(&flash, m, number);
	free(m);
	if (!reason)
		return 0;
	mkpkg_error("self check failed: %s reads back differently (%s)",
		    slot->path, fwslot_reason_word(reason));
	return -EBADMSG;
}
