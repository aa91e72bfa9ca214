// SPDX-License-Identifier: GPL-2.0-only
/*
 * content.c - reads a unit whole, and compares it with a digest table
 *
 * While one chunk is judged in a work item the next one is read.  So it takes as
 * long as reading or hashing, whichever takes longer, where a processor is free
 * while the chip works.  The worker reads its own writes back without this
 * (core/writer.c): inside the window of a bootloader nothing may be allocated.
 */
#include <linux/slab.h>
#include <linux/workqueue.h>
#include "fwslot.h"

/* One chunk is judged, the next one goes into the other half of the memory. */
struct reading {
	struct work_struct work;
	const struct fwslot_dev *dev;
	const struct fwslot_found *found;
	u32 chunk;
	bool good;
	u8 *data[2];
};

static void judge(struct work_struct *work)
{
	struct reading *r = container_of(work, struct reading, work);

	r->good = fwslot_chunk_good(&r->dev->flash,
				    fwslot_found_image(r->found),
				    fwslot_found_table(r->found), r->chunk,
				    r->data[r->chunk % 2]);
}

/* Wait for the last verdict; good if there was none yet. */
static bool is_good(struct reading *r)
{
	flush_work(&r->work);
	return r->good;
}

static void reading_free(struct reading *r)
{
	kvfree(r->data[0]);
	kvfree(r->data[1]);
	kfree(r);
}

static struct reading *reading_alloc(const struct fwslot_dev *dev,
				     const struct fwslot_found *found)
{
	u32 size = fwslot_found_image(found)->chunk_size;
	struct reading *r = kzalloc(sizeof(*r), GFP_KERNEL);

	if (!r)
		return NULL;
	INIT_WORK(&r->work, judge);
	r->dev = dev;
	r->found = found;
	r->good = true;
	r->data[0] = kvmalloc(size, GFP_KERNEL);
	r->data[1] = kvmalloc(size, GFP_KERNEL);
	if (r->data[0] && r->data[1])
		return r;
	reading_free(r);
	return NULL;
}

/* Return: 0 or the errno of a read; ends early at what is not good. */
static int read_all(struct reading *r, struct fwslot_dev *dev,
		    const struct fwslot_image *img)
{
	u32 chunk;
	int err;

	for (chunk = 0; chunk < img->chunks; chunk++) {
		err = dev->flash.ops->read(dev, (u64)chunk * img->chunk_size,
					   r->data[chunk % 2],
					   fwslot_chunk_len(img, chunk));
		if (err || !is_good(r))
			return err;
		r->chunk = chunk;
		queue_work(system_unbound_wq, &r->work);
	}
	return 0;
}

/**
 * fwslot_content() - does a unit hold this image
 * @dev: the unit
 * @found: a manifest with the digest table of one image
 *
 * Return: 0 if it does, 1 if it does not, -ENOMEM or the errno of a read.
 */
int fwslot_content(struct fwslot_dev *dev, const struct fwslot_found *found)
{
	const struct fwslot_image *img = fwslot_found_image(found);
	struct reading *r;
	bool good;
	int err;

	if (img->size > fwslot_image_room(&dev->flash.geo))
		return 1;
	r = reading_alloc(dev, found);
	if (!r)
		return -ENOMEM;
	err = read_all(r, dev, img);
	good = is_good(r);
	reading_free(r);
	/* What came before a read that failed has been judged, too. */
	if (!good)
		return 1;
	/* What the chip cannot correct any more is not this image. */
	return mtd_is_eccerr(err) ? 1 : err;
}
