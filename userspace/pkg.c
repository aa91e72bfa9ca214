// SPDX-License-Identifier: MIT
/*
 * pkg.c - the package reader
 *
 * Takes the members of a package in their one allowed order.  The head (all
 * that the kernel wants before it decides) is read whole, the payload in
 * chunks, as they are asked for.
 */
#include <stdlib.h>

#include "pkg_hash.h"
#include "pkg_payload.h"
#include "pkg.h"
#include "pkg_tar.h"

/**
 * struct pkg - a package that is being read
 * @tar: its archive
 * @head: what was before the payload
 * @raw: memory of @head.raw
 * @signature: memory of @head.signature
 * @notes: memory of @head.notes
 * @tables: memory of @head.tables
 * @stored: how the images are stored, by their index in the manifest
 * @turn: images left behind, in the package's order
 * @payload: payload of the image at @turn
 */
struct pkg {
	struct pkg_tar tar;
	struct pkg_head head;
	u8 *raw;
	u8 *signature;
	u8 *notes;
	u8 *tables;
	struct pkg_stored stored[FWSLOT_IMAGES_MAX];
	u32 turn;
	struct pkg_payload payload;
};

/**
 * pkg_new() - make a reader
 * @src: the package
 * @out: the reader, to be given back with pkg_free()
 *
 * Return: 0, or -ENOMEM.
 */
int pkg_new(const struct pkg_source *src, struct pkg **out)
{
	struct pkg *pkg = calloc(1, sizeof(*pkg));

	*out = pkg;
	if (!pkg)
		return -ENOMEM;
	pkg->tar.src = *src;
	pkg->payload.tar = &pkg->tar;
	return 0;
}

/**
 * pkg_free() - give a reader back
 * @pkg: the reader, or NULL
 */
void pkg_free(struct pkg *pkg)
{
	if (!pkg)
		return;
	pkg_payload_release(&pkg->payload);
	free(pkg->tables);
	free(pkg->notes);
	free(pkg->signature);
	free(pkg->raw);
	free(pkg);
}

/**
 * pkg_read_manifest() - read no more than the manifest, which comes first
 * @pkg: a new reader
 *
 * Only for looking at it: the reader can read nothing else after it.
 *
 * Return: as pkg_read_head().
 */
int pkg_read_manifest(struct pkg *pkg)
{
	struct pkg_head *head = &pkg->head;
	u32 reason;
	int ret;

	ret = pkg_tar_expect(&pkg->tar, FWSLOT_PKG_MANIFEST, "");
	if (ret)
		return ret;
	ret = pkg_tar_content(&pkg->tar, 1, FWSLOT_MANIFEST_MAX, &pkg->raw);
	if (ret)
		return ret;
	head->raw.data = pkg->raw;
	head->raw.size = pkg->tar.size;
	reason = fwslot_manifest_parse(pkg->raw, pkg->tar.size,
				       &head->manifest);
	if (reason)
		return pkg_tar_refuse(&pkg->tar, reason, "%s",
				      fwslot_reason_text(reason));
	return 0;
}

static int pkg_read_signature(struct pkg *pkg)
{
	int ret;

	ret = pkg_tar_expect(&pkg->tar, FWSLOT_PKG_SIGNATURE, "");
	if (ret)
		return ret;
	ret = pkg_tar_content(&pkg->tar, 1, FWSLOT_SIGNATURE_MAX,
			      &pkg->signature);
	if (ret)
		return ret;
	pkg->head.signature.data = pkg->signature;
	pkg->head.signature.size = pkg->tar.size;
	return 0;
}

static int pkg_read_notes(struct pkg *pkg)
{
	u32 size = pkg->head.manifest.notes_size;
	u8 digest[FWSLOT_DIGEST_SIZE];
	int ret;

	if (!size)
		return 0;
	ret = pkg_tar_expect(&pkg->tar, FWSLOT_PKG_NOTES, "");
	if (ret)
		return ret;
	ret = pkg_tar_content(&pkg->tar, size, size, &pkg->notes);
	if (ret)
		return ret;
	pkg_hash(pkg->notes, size, digest);
	if (memcmp(digest, pkg->head.manifest.notes_digest, sizeof(digest)))
		return pkg_tar_refuse(&pkg->tar, FWSLOT_REASON_BAD_PACKAGE,
				      "the release notes do not match the manifest");
	pkg->head.notes.data = pkg->notes;
	pkg->head.notes.size = size;
	return 0;
}

/* The package has the bootloader first, the manifest has it last. */
static u32 pkg_image_at(const struct pkg *pkg, u32 turn)
{
	return pkg->head.manifest.n_images - 1 - turn;
}

static int pkg_read_table(struct pkg *pkg, u32 image)
{
	const struct fwslot_manifest *m = &pkg->head.manifest;
	u32 size = fwslot_table_size(&m->images[image]);
	int ret;

	ret = pkg_tar_expect(&pkg->tar, pkg_payload_name(&m->images[image]),
			     FWSLOT_PKG_DIGESTS);
	if (ret)
		return ret;
	if (pkg->tar.size != size)
		return pkg_tar_refuse(&pkg->tar, FWSLOT_REASON_BAD_PACKAGE,
				      "member \"%s\" has %llu bytes instead of %u",
				      pkg->tar.name,
				      (unsigned long long)pkg->tar.size, size);
	ret = pkg_tar_read(&pkg->tar,
			   pkg->tables + fwslot_table_offset(m, image),
			   size);
	if (ret)
		return ret;
	return pkg_tar_leave(&pkg->tar);
}

static int pkg_read_tables(struct pkg *pkg)
{
	u32 turn;
	int ret;

	pkg->head.tables.size = fwslot_tables_size(&pkg->head.manifest);
	pkg->tables = malloc(pkg->head.tables.size);
	if (!pkg->tables)
		return pkg_tar_no_memory(&pkg->tar);
	for (turn = 0; turn < pkg->head.manifest.n_images; turn++) {
		ret = pkg_read_table(pkg, pkg_image_at(pkg, turn));
		if (ret)
			return ret;
	}
	pkg->head.tables.data = pkg->tables;
	return 0;
}

/**
 * pkg_read_head() - read all that comes before the payload
 * @pkg: a new reader
 *
 * Return: 0; -EBADMSG when the package is malformed; -ENOMEM; or the source's
 * errno.  See pkg_error().
 */
int pkg_read_head(struct pkg *pkg)
{
	int ret;

	ret = pkg_read_manifest(pkg);
	if (ret)
		return ret;
	ret = pkg_read_signature(pkg);
	if (ret)
		return ret;
	ret = pkg_read_notes(pkg);
	if (ret)
		return ret;
	return pkg_read_tables(pkg);
}

/* Go to the payload of the image whose turn it is. */
static int pkg_open(struct pkg *pkg)
{
	u32 image = pkg_image_at(pkg, pkg->turn);
	struct pkg_stored *stored = &pkg->stored[image];
	int ret;

	ret = pkg_payload_open(&pkg->payload,
			       &pkg->head.manifest.images[image]);
	if (ret)
		return ret;
	stored->known = true;
	stored->zstd = pkg->payload.frames;
	stored->size = pkg->tar.size;
	return 0;
}

/* Open the payload at @pkg->turn, or go behind it when it is open. */
static int pkg_advance(struct pkg *pkg)
{
	int ret;

	if (!pkg->payload.open)
		return pkg_open(pkg);
	ret = pkg_payload_leave(&pkg->payload);
	if (!ret)
		pkg->turn++;
	return ret;
}

/**
 * pkg_chunk() - read one chunk of an image
 * @pkg: a reader whose head was read
 * @image: index of the image in the manifest
 * @chunk: number of the chunk.  Images must be asked for in the package's
 *	order (bootloader, system), chunks in ascending order.
 * @buf: room for fwslot_chunk_len() bytes
 *
 * Return: 0; -EBADMSG when the package is malformed; -ENOMEM; -EINVAL when
 * the chunk lies behind already or does not exist; or the source's errno.
 */
int pkg_chunk(struct pkg *pkg, u32 image, u32 chunk, void *buf)
{
	const struct fwslot_manifest *m = &pkg->head.manifest;
	u32 turn = m->n_images - 1 - image;
	int ret = 0;

	if (image >= m->n_images || chunk >= m->images[image].chunks ||
	    turn < pkg->turn)
		return pkg_tar_fail(&pkg->tar, -EINVAL,
				    FWSLOT_REASON_WRONG_STATE,
				    "the package is read in the wrong order");
	while (!ret && (pkg->turn < turn || !pkg->payload.open))
		ret = pkg_advance(pkg);
	return ret ? ret : pkg_payload_chunk(&pkg->payload, chunk, buf);
}

/**
 * pkg_end() - skip what is left and check that the package ends well
 * @pkg: a reader whose head was read
 *
 * Return: 0; -EBADMSG when the rest is malformed or something follows it;
 * -ENOMEM; or the source's errno.
 */
int pkg_end(struct pkg *pkg)
{
	int ret = 0;

	while (!ret && pkg->turn < pkg->head.manifest.n_images)
		ret = pkg_advance(pkg);
	return ret ? ret : pkg_tar_end(&pkg->tar);
}

/**
 * pkg_head() - what pkg_read_head() read
 * @pkg: the reader
 *
 * Return: the head, which lives as long as the reader.
 */
const struct pkg_head *pkg_head(const struct pkg *pkg)
{
	return &pkg->head;
}

/**
 * pkg_stored() - how an image is stored
 * @pkg: the reader
 * @image: index of the image in the manifest, less than its n_images
 *
 * Return: valid once a chunk of the image, or the end, was read.
 */
const struct pkg_stored *pkg_stored(const struct pkg *pkg, u32 image)
{
	return &pkg->stored[image];
}

/**
 * pkg_error() - why the last call failed
 * @pkg: the reader
 *
 * Return: reason, errno and text.
 */
const struct pkg_error *pkg_error(const struct pkg *pkg)
{
	return &pkg->tar.error;
}
