// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * manifest.c - bytes to struct fwslot_manifest
 *
 * The one parser of manifests.  It checks everything before it believes
 * anything: length first, then every field, every reserved byte, every
 * string, duplicates.  What it accepts is documented in
 * Documentation/package-format.rst.  The signature is not its business.
 */
#include "core.h"

static bool name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '+' ||
	       c == '-';
}

/* Copy a padded string; @out has one byte more than @field. */
static bool get_name(const char *field, size_t size, char *out)
{
	size_t n = 0;

	while (n < size && field[n]) {
		if (!name_char(field[n]))
			return false;
		n++;
	}
	if (memchr_inv(field + n, 0, size - n))
		return false;
	memcpy(out, field, n);
	out[n] = '\0';
	return true;
}

static bool get_release(const struct fwslot_disk_release *d,
			struct fwslot_release *out)
{
	out->major = le16_to_cpu(d->major);
	out->minor = le16_to_cpu(d->minor);
	out->patch = le16_to_cpu(d->patch);
	return !d->reserved && get_name(d->label, sizeof(d->label), out->label);
}

static bool get_products(const u8 *p, struct fwslot_manifest *m)
{
	struct fwslot_disk_product d;
	u32 i, j;

	for (i = 0; i < m->n_products; i++) {
		memcpy(&d, p + i * sizeof(d), sizeof(d));
		if (!get_name(d.name, sizeof(d.name), m->products[i]) ||
		    !m->products[i][0])
			return false;
		for (j = 0; j < i; j++)
			if (!strcmp(m->products[i], m->products[j]))
				return false;
	}
	return true;
}

static bool get_bridges(const u8 *p, struct fwslot_manifest *m)
{
	struct fwslot_disk_bridge d;
	struct fwslot_bridge *b;
	u32 i, j;

	for (i = 0; i < m->n_bridges; i++) {
		b = &m->bridges[i];
		memcpy(&d, p + i * sizeof(d), sizeof(d));
		b->format = le32_to_cpu(d.format);
		if (!b->format || b->format == m->format || d.reserved ||
		    !get_release(&d.release, &b->release))
			return false;
		for (j = 0; j < i; j++)
			if (b->format == m->bridges[j].format &&
			    fwslot_release_equal(&b->release,
						 &m->bridges[j].release))
				return false;
	}
	return true;
}

static bool image_slots_valid(u32 kind, u32 slots)
{
	const u32 images = BIT(FWSLOT_PRIMARY) | BIT(FWSLOT_SECONDARY);

	if (kind == FWSLOT_IMAGE_SYSTEM)
		return slots && !(slots & ~images);
	return kind == FWSLOT_IMAGE_BOOTLOADER &&
	       slots == BIT(FWSLOT_BOOTLOADER);
}

static bool get_image(const struct fwslot_disk_image *d,
		      struct fwslot_image *img)
{
	img->kind = le32_to_cpu(d->kind);
	img->slots = le32_to_cpu(d->slots);
	img->size = le64_to_cpu(d->size);
	img->chunk_size = le32_to_cpu(d->chunk_size);
	memcpy(img->table_digest, d->table_digest, sizeof(img->table_digest));
	if (d->reserved || !image_slots_valid(img->kind, img->slots))
		return false;
	if (img->chunk_size < FWSLOT_CHUNK_MIN ||
	    img->chunk_size > FWSLOT_CHUNK_MAX ||
	    (img->chunk_size & (img->chunk_size - 1)))
		return false;
	if (!img->size ||
	    img->size > (u64)FWSLOT_CHUNKS_MAX * FWSLOT_CHUNK_MAX)
		return false;
	if (img->kind == FWSLOT_IMAGE_BOOTLOADER &&
	    img->size > FWSLOT_BOOTLOADER_MAX)
		return false;
	img->chunks = fwslot_blocks(img->size, img->chunk_size);
	return img->chunks <= FWSLOT_CHUNKS_MAX;
}

static bool get_images(const u8 *p, struct fwslot_manifest *m)
{
	struct fwslot_disk_image d;
	u32 i;

	for (i = 0; i < m->n_images; i++) {
		memcpy(&d, p + i * sizeof(d), sizeof(d));
		if (!get_image(&d, &m->images[i]))
			return false;
		if (i && m->images[i].kind <= m->images[i - 1].kind)
			return false;
	}
	return true;
}

static u32 get_head(const u8 *buf, size_t len, struct fwslot_manifest *m)
{
	struct fwslot_disk_manifest d;
	size_t size;

	if (len < sizeof(d) || len > FWSLOT_MANIFEST_MAX)
		return FWSLOT_REASON_BAD_MANIFEST;
	memcpy(&d, buf, sizeof(d));
	if (memcmp(d.magic, FWSLOT_MANIFEST_MAGIC, sizeof(d.magic)))
		return FWSLOT_REASON_BAD_MANIFEST;
	if (le32_to_cpu(d.version) != FWSLOT_MANIFEST_VERSION)
		return FWSLOT_REASON_MANIFEST_VERSION;
	m->format = le32_to_cpu(d.format);
	m->n_products = le32_to_cpu(d.n_products);
	m->n_bridges = le32_to_cpu(d.n_bridges);
	m->n_images = le32_to_cpu(d.n_images);
	m->notes_size = le32_to_cpu(d.notes_size);
	memcpy(m->notes_digest, d.notes_digest, sizeof(m->notes_digest));
	if (d.flags || memchr_inv(d.reserved, 0, sizeof(d.reserved)) ||
	    !m->format || !get_release(&d.release, &m->release))
		return FWSLOT_REASON_BAD_MANIFEST;
	if (!m->n_products || m->n_products > FWSLOT_PRODUCTS_MAX ||
	    m->n_bridges > FWSLOT_BRIDGES_MAX ||
	    !m->n_images || m->n_images > FWSLOT_IMAGES_MAX ||
	    m->notes_size > FWSLOT_NOTES_MAX)
		return FWSLOT_REASON_BAD_MANIFEST;
	if (!m->notes_size &&
	    memchr_inv(m->notes_digest, 0, sizeof(m->notes_digest)))
		return FWSLOT_REASON_BAD_MANIFEST;
	size = sizeof(d) + m->n_products * sizeof(struct fwslot_disk_product) +
	       m->n_bridges * sizeof(struct fwslot_disk_bridge) +
	       m->n_images * sizeof(struct fwslot_disk_image);
	if (le32_to_cpu(d.size) != len || size != len)
		return FWSLOT_REASON_BAD_MANIFEST;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_manifest_parse() - parse and check a manifest
 * @buf: its bytes
 * @len: how many; all of them belong to the manifest
 * @out: the result; undefined unless FWSLOT_REASON_NONE is returned
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_BAD_MANIFEST, or
 * FWSLOT_REASON_MANIFEST_VERSION for another version than 1.
 */
u32 fwslot_manifest_parse(const u8 *buf, size_t len,
			  struct fwslot_manifest *out)
{
	u32 reason;

	memset(out, 0, sizeof(*out));
	reason = get_head(buf, len, out);
	if (reason)
		return reason;
	buf += sizeof(struct fwslot_disk_manifest);
	if (!get_products(buf, out))
		return FWSLOT_REASON_BAD_MANIFEST;
	buf += out->n_products * sizeof(struct fwslot_disk_product);
	if (!get_bridges(buf, out))
		return FWSLOT_REASON_BAD_MANIFEST;
	buf += out->n_bridges * sizeof(struct fwslot_disk_bridge);
	if (!get_images(buf, out))
		return FWSLOT_REASON_BAD_MANIFEST;
	return FWSLOT_REASON_NONE;
}

/**
 * fwslot_manifest_product() - is a release made for a product
 * @m: the manifest
 * @product: the device's product name, NULL or empty: none configured
 *
 * Return: FWSLOT_REASON_NONE, FWSLOT_REASON_NO_PRODUCT or
 * FWSLOT_REASON_WRONG_PRODUCT.
 */
u32 fwslot_manifest_product(const struct fwslot_manifest *m,
			    const char *product)
{
	u32 i;

	if (!product || !*product)
		return FWSLOT_REASON_NO_PRODUCT;
	for (i = 0; i < m->n_products; i++)
		if (!strcmp(m->products[i], product))
			return FWSLOT_REASON_NONE;
	return FWSLOT_REASON_WRONG_PRODUCT;
}

/**
 * fwslot_manifest_image() - the image for a slot
 * @m: the manifest
 * @slot: enum fwslot_slot
 *
 * Return: index into @m->images, or -ENOENT if there is none for @slot.
 */
int fwslot_manifest_image(const struct fwslot_manifest *m, u32 slot)
{
	u32 i;

	for (i = 0; i < m->n_images; i++)
		if (m->images[i].slots & BIT(slot))
			return i;
	return -ENOENT;
}

/**
 * fwslot_table_offset() - where an image's digest table begins
 * @m: the manifest
 * @image: index of the image; @m->n_images gives the end
 *
 * Return: offset in bytes in the row of all tables in manifest order.
 */
u32 fwslot_table_offset(const struct fwslot_manifest *m, u32 image)
{
	u32 i, ofs = 0;

	for (i = 0; i < image; i++)
		ofs += fwslot_table_size(&m->images[i]);
	return ofs;
}

/**
 * fwslot_tables_size() - bytes of all digest tables
 * @m: the manifest
 */
u32 fwslot_tables_size(const struct fwslot_manifest *m)
{
	return fwslot_table_offset(m, m->n_images);
}

/**
 * fwslot_image_same() - do two images have the same content
 * @a: one
 * @b: the other
 *
 * Content is identified by size, chunk size and table digest, never by
 * version or by the bytes of a manifest.
 */
bool fwslot_image_same(const struct fwslot_image *a,
		       const struct fwslot_image *b)
{
	return a->size == b->size && a->chunk_size == b->chunk_size &&
	       !memcmp(a->table_digest, b->table_digest,
		       sizeof(a->table_digest));
}
