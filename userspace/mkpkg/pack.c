// SPDX-License-Identifier: MIT
/*
 * pack.c - the members of a package in their order
 *
 * The order is part of the format: a reader that streams decides with what
 * has come before.  An unsigned package lacks the member manifest.p7s; every
 * reader refuses it.
 */
#include "mkpkg.h"

#include <stdio.h>

#define NAME_SIZE	32

static int write_table(struct dest *o, const struct image *img, u64 mtime)
{
	char name[NAME_SIZE];

	snprintf(name, sizeof(name), "%s%s", image_name(img->kind),
		 FWSLOT_PKG_DIGESTS);
	return ustar_member(o, name, &img->table, mtime);
}

static int write_head(struct dest *o, const struct pack *pack)
{
	const struct bytes *notes = &pack->spec->notes;
	int err;

	err = ustar_member(o, FWSLOT_PKG_MANIFEST, &pack->manifest,
			   pack->mtime);
	if (!err && pack->signature.size)
		err = ustar_member(o, FWSLOT_PKG_SIGNATURE, &pack->signature,
				   pack->mtime);
	if (!err && notes->size)
		err = ustar_member(o, FWSLOT_PKG_NOTES, notes, pack->mtime);
	return err;
}

static int write_members(struct dest *o, const struct pack *pack)
{
	const struct image *img;
	int i, err;

	err = write_head(o, pack);
	for (i = FWSLOT_IMAGES_MAX - 1; i >= 0 && !err; i--) {
		img = &pack->spec->images[i];
		if (img->path)
			err = write_table(o, img, pack->mtime);
	}
	for (i = FWSLOT_IMAGES_MAX - 1; i >= 0 && !err; i--) {
		img = &pack->spec->images[i];
		if (img->path)
			err = store_image(o, img, pack->level, pack->mtime);
	}
	return err ? err : ustar_end(o);
}

/**
 * pack_write() - write a package
 * @path: its file
 * @pack: what goes into it
 *
 * Return: 0, -EBADMSG if the self check fails, or a negative errno of
 * reading, writing or malloc().
 */
int pack_write(const char *path, const struct pack *pack)
{
	const u64 signature_at = ustar_size(pack->manifest.size);
	struct dest o;
	int err;

	err = dest_open(&o, path);
	if (err)
		return err;
	err = write_members(&o, pack);
	if (!err)
		err = check_package(&o, pack->signature.size ? 0 :
				    signature_at);
	if (!err)
		return dest_commit(&o);
	dest_abort(&o);
	return err;
}
