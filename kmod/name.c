// SPDX-License-Identifier: GPL-2.0-only
/*
 * name.c - does a manifest name what a unit holds
 *
 * A manifest names all images of its release by the digest of their digest
 * tables.  It comes with the table of the one image that it was found with;
 * that of another is made from the content, and is authentic if its digest is
 * the manifest's.  So the record of one slot names the content of all others.
 */
#include <linux/slab.h>
#include "fwslot.h"

static struct fwslot_found *for_image(const struct fwslot_found *from,
				      u32 image)
{
	const struct fwslot_record *rec = &from->rec;
	u32 head = rec->manifest_size + rec->signature_size;
	u32 table = fwslot_table_size(&from->manifest.images[image]);
	struct fwslot_found *found = fwslot_found_alloc(head + table);

	if (!found)
		return NULL;
	found->manifest = from->manifest;
	found->signer = from->signer;
	found->rec.manifest_size = rec->manifest_size;
	found->rec.signature_size = rec->signature_size;
	found->rec.table_size = table;
	found->rec.image = image;
	memcpy(found->body, from->body, head);
	return found;
}

/* Fill in the table from what is in flash: 0, 1 if it is another, or errno. */
static int make_table(struct fwslot_dev *dev, struct fwslot_found *found)
{
	const struct fwslot_image *img = fwslot_found_image(found);
	u8 *table = (u8 *)fwslot_found_table(found);
	u8 *buf = kvmalloc(img->chunk_size, GFP_KERNEL);
	int ret;

	if (!buf)
		return -ENOMEM;
	ret = fwslot_content_table(&dev->flash, img, table, buf);
	kvfree(buf);
	return mtd_is_eccerr(ret) ? 1 : ret;
}

/**
 * fwslot_name_content() - does a manifest name what a unit holds
 * @dev: the unit, bound and not being written
 * @from: an authentic manifest with the digest table of one image
 * @out: a reference to what a record of the unit needs, if 0 is returned
 *
 * All is read many times, see FWSLOT_NAME_READS.
 *
 * Return: 0 if it does, 1 if it does not, -ENOMEM or the errno of a read.
 */
int fwslot_name_content(struct fwslot_dev *dev, struct fwslot_found *from,
			struct fwslot_found **out)
{
	int image = fwslot_manifest_image(&from->manifest,
					  fwslot_unit_slot(dev->id));
	struct fwslot_found *found;
	int ret;
	u32 i;

	if (image < 0)
		return 1;
	if (image == from->rec.image) {
		found = fwslot_found_get(from);
		ret = fwslot_content(dev, found);
	} else {
		found = for_image(from, image);
		ret = found ? make_table(dev, found) : -ENOMEM;
	}
	for (i = 1; !ret && i < FWSLOT_NAME_READS; i++)
		ret = fwslot_content(dev, found);
	if (ret)
		fwslot_found_put(found);
	else
		*out = found;
	return ret;
}
