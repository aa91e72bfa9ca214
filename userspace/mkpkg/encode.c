// SPDX-License-Identifier: MIT
/*
 * encode.c - the bytes of a manifest
 *
 * The builder's own reading of include/fwslot/format.h, field by field with
 * explicit sizes.  Version 1 is frozen: only a new version of the manifest
 * may change what is written here.
 */
#include "mkpkg.h"

/* Bytes of the parts of a manifest, version 1. */
#define MAGIC_BYTES	32
#define HEAD_BYTES	160
#define PRODUCT_BYTES	32
#define BRIDGE_BYTES	40
#define IMAGE_BYTES	56
#define HEAD_RESERVED	32

static u8 *put_u16(u8 *p, u16 value)
{
	put_le(p, value, 2);
	return p + 2;
}

static u8 *put_u32(u8 *p, u32 value)
{
	put_le(p, value, 4);
	return p + 4;
}

static u8 *put_u64(u8 *p, u64 value)
{
	put_le(p, value, 8);
	return p + 8;
}

static u8 *put_bytes(u8 *p, const void *data, size_t size)
{
	memcpy(p, data, size);
	return p + size;
}

static u8 *put_release(u8 *p, const struct spec_release *r)
{
	int i;

	for (i = 0; i < 3; i++)
		p = put_u16(p, r->number[i]);
	p = put_u16(p, 0);
	return put_bytes(p, r->label, FWSLOT_LABEL_SIZE);
}

static u8 *put_image(u8 *p, const struct image *img)
{
	p = put_u32(p, img->kind);
	p = put_u32(p, img->slots);
	p = put_u64(p, img->size);
	p = put_u32(p, img->chunk_size);
	p = put_u32(p, 0);
	return put_bytes(p, img->table_digest, FWSLOT_DIGEST_SIZE);
}

static u32 count_images(const struct spec *spec)
{
	u32 i, n = 0;

	for (i = 0; i < FWSLOT_IMAGES_MAX; i++)
		n += !!spec->images[i].path;
	return n;
}

static u8 *put_head(u8 *p, const struct spec *spec, size_t size,
		    const u8 notes_digest[FWSLOT_DIGEST_SIZE])
{
	p = put_bytes(p, FWSLOT_MANIFEST_MAGIC, MAGIC_BYTES);
	p = put_u32(p, FWSLOT_MANIFEST_VERSION);
	p = put_u32(p, size);
	p = put_u32(p, 0);
	p = put_u32(p, spec->format);
	p = put_release(p, &spec->release);
	p = put_u32(p, spec->n_products);
	p = put_u32(p, spec->n_bridges);
	p = put_u32(p, count_images(spec));
	p = put_u32(p, spec->notes.size);
	p = put_bytes(p, notes_digest, FWSLOT_DIGEST_SIZE);
	return p + HEAD_RESERVED;
}

/**
 * manifest_encode() - make a manifest
 * @spec: what it says; the images are open
 * @out: gets the manifest; free it with bytes_free()
 *
 * Return: 0, -ENOMEM, or -EIO if libcrypto fails.
 */
int manifest_encode(const struct spec *spec, struct bytes *out)
{
	u8 notes_digest[FWSLOT_DIGEST_SIZE] = { 0 };
	const size_t size = HEAD_BYTES + spec->n_products * PRODUCT_BYTES +
			    spec->n_bridges * BRIDGE_BYTES +
			    count_images(spec) * IMAGE_BYTES;
	u32 i;
	u8 *p;
	int err;

	if (spec->notes.size) {
		err = sha256(spec->notes.data, spec->notes.size, notes_digest);
		if (err)
			return err;
	}
	err = bytes_alloc(out, size);
	if (err)
		return err;
	p = put_head(out->data, spec, size, notes_digest);
	for (i = 0; i < spec->n_products; i++)
		p = put_bytes(p, spec->products[i], PRODUCT_BYTES);
	for (i = 0; i < spec->n_bridges; i++) {
		p = put_u32(p, spec->bridges[i].format);
		p = put_u32(p, 0);
		p = put_release(p, &spec->bridges[i].release);
	}
	for (i = 0; i < FWSLOT_IMAGES_MAX; i++)
		if (spec->images[i].path)
			p = put_image(p, &spec->images[i]);
	return 0;
}
