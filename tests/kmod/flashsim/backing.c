// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keep the contents of the chip in a file or on a block device
 *
 * The array in memory is the chip.  It is loaded once when the device binds,
 * and each range that changed is written through before the operation returns,
 * so that a killed machine finds what the chip had.  The file must be at least
 * as large as the chip: a hole would read as programmed flash.
 */
#include "flashsim.h"

static int backing_load(struct flashsim *sim)
{
	u64 size = sim->model.geo.size;
	loff_t pos = 0;
	ssize_t n;

	while (pos < size) {
		n = kernel_read(sim->backing, sim->model.array + pos,
				min_t(u64, size - pos, SZ_1M), &pos);
		if (n < 0)
			return n;
		if (!n)
			return -EIO;
	}
	return 0;
}

/**
 * flashsim_backing_open() - load the chip from its backing file
 * @sim: chip
 * @path: regular file or block device
 *
 * Return: 0, -ENOSPC if the file is smaller than the chip, or what opening or
 * reading it gave.
 */
int flashsim_backing_open(struct flashsim *sim, const char *path)
{
	struct file *file;
	int err;

	file = filp_open(path, O_RDWR | O_DSYNC | O_LARGEFILE, 0);
	if (IS_ERR(file))
		return PTR_ERR(file);
	if (i_size_read(file->f_mapping->host) < sim->model.geo.size) {
		err = -ENOSPC;
		goto close_file;
	}

	sim->backing = file;
	err = backing_load(sim);
	if (err)
		goto forget_backing;
	return 0;

forget_backing:
	sim->backing = NULL;
close_file:
	filp_close(file, NULL);
	return err;
}

/**
 * flashsim_backing_store() - write a range of the array through
 * @sim: chip; without a backing file this does nothing
 * @ofs: start
 * @len: bytes
 *
 * Return: 0 once the bytes are stable, or -EIO.  Caller holds @sim->lock.
 */
int flashsim_backing_store(struct flashsim *sim, u64 ofs, u64 len)
{
	u64 end = ofs + len;
	loff_t pos = ofs;
	ssize_t n;

	lockdep_assert_held(&sim->lock);
	if (!sim->backing)
		return 0;

	while (pos < end) {
		n = kernel_write(sim->backing, sim->model.array + pos,
				 min_t(u64, end - pos, SZ_1M), &pos);
		if (n <= 0) {
			pr_err("flashsim: backing file: error %zd at %#llx\n",
			       n, pos);
			return -EIO;
		}
	}
	return 0;
}

/**
 * flashsim_backing_close() - let the backing file go
 * @sim: chip, its array stays readable
 *
 * Caller holds @sim->lock.
 */
void flashsim_backing_close(struct flashsim *sim)
{
	lockdep_assert_held(&sim->lock);
	if (sim->backing)
		filp_close(sim->backing, NULL);
	sim->backing = NULL;
}
