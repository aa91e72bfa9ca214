// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MTD methods of the simulated chip
 *
 * Each method takes the lock, asks the model, writes what changed through to
 * the backing file and then lets the simulated time pass, all before anybody
 * else can use the chip.  What is allowed is the model's business; ranges
 * within the chip have been checked by the MTD core.
 */
#include <linux/delay.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "flashsim.h"

static struct flashsim *to_sim(struct mtd_info *mtd)
{
	return container_of(mtd, struct flashsim, mtd);
}

/*
 * Not fsleep(): it may sleep twice as long, and how often it does depends on
 * how much a caller programs at once.
 */
static void busy(struct flashsim *sim, u64 us)
{
	lockdep_assert_held(&sim->lock);
	sim->busy_us += us;
	if (us)
		usleep_range(us, us + 1);
}

static void arm_cut(struct flashsim *sim)
{
	u64 at = READ_ONCE(sim->cut->at);

	lockdep_assert_held(&sim->lock);
	sim->model.cut.armed = false;
	if (at)
		flashsim_cut_arm(&sim->model, at - 1,
				 READ_ONCE(sim->cut->damage),
				 READ_ONCE(sim->cut->seed));
}

/*
 * What the model changed goes to the backing file, also if it failed: a machine
 * that is started again finds what the cut left.  Weak bits are not kept.
 */
static int finish(struct flashsim *sim, u64 ofs, u64 len, u64 steps, int err)
{
	int stored = 0;

	if (sim->model.steps != steps)
		stored = flashsim_backing_store(sim, ofs, len);
	return err ? err : stored;
}

static int erase_block(struct flashsim *sim, u64 ofs)
{
	u32 len = sim->model.geo.erasesize;
	u64 steps = sim->model.steps;
	int err;

	if (sim->gone)
		return -ENODEV;
	arm_cut(sim);
	err = flashsim_model_erase(&sim->model, ofs, len);
	err = finish(sim, ofs, len, steps, err);
	if (sim->model.steps != steps)
		busy(sim, READ_ONCE(sim->times->erase_us));
	return err;
}

static int sim_erase(struct mtd_info *mtd, struct erase_info *instr)
{
	struct flashsim *sim = to_sim(mtd);
	u64 ofs = instr->addr;
	u64 end = ofs + instr->len;
	int err;

	if ((ofs | end) & (mtd->erasesize - 1)) {
		instr->fail_addr = ofs;
		return -EINVAL;
	}
	for (; ofs < end; ofs += mtd->erasesize) {
		mutex_lock(&sim->lock);
		err = erase_block(sim, ofs);
		mutex_unlock(&sim->lock);
		if (err) {
			instr->fail_addr = ofs;
			return err;
		}
	}
	return 0;
}

static int program(struct flashsim *sim, u64 ofs, const u8 *buf, size_t len)
{
	u64 steps = sim->model.steps;
	int err;

	if (sim->gone)
		return -ENODEV;
	arm_cut(sim);
	err = flashsim_model_program(&sim->model, ofs, buf, len);
	err = finish(sim, ofs, len, steps, err);
	steps = sim->model.steps - steps;
	busy(sim, steps * READ_ONCE(sim->times->program_us));
	return err;
}

static int sim_write(struct mtd_info *mtd, loff_t to, size_t len,
		     size_t *retlen, const u_char *buf)
{
	struct flashsim *sim = to_sim(mtd);
	int err;

	mutex_lock(&sim->lock);
	err = program(sim, to, buf, len);
	mutex_unlock(&sim->lock);
	*retlen = err ? 0 : len;
	return err;
}

static int read_array(struct flashsim *sim, u64 ofs, u8 *buf, size_t len)
{
	u32 kbps = READ_ONCE(sim->times->read_kbps);
	int err;

	if (sim->gone)
		return -ENODEV;
	err = flashsim_model_read(&sim->model, ofs, buf, len);
	if (!err && kbps)
		busy(sim, div_u64((u64)len * USEC_PER_SEC / SZ_1K, kbps));
	return err;
}

static int sim_read(struct mtd_info *mtd, loff_t from, size_t len,
		    size_t *retlen, u_char *buf)
{
	struct flashsim *sim = to_sim(mtd);
	int err;

	mutex_lock(&sim->lock);
	err = read_array(sim, from, buf, len);
	mutex_unlock(&sim->lock);
	*retlen = err ? 0 : len;
	return err;
}

static int sim_lock(struct mtd_info *mtd, loff_t ofs, uint64_t len)
{
	struct flashsim *sim = to_sim(mtd);
	int err = -ENODEV;

	mutex_lock(&sim->lock);
	if (!sim->gone)
		err = flashsim_model_lock(&sim->model, ofs, len);
	mutex_unlock(&sim->lock);
	return err;
}

static int sim_unlock(struct mtd_info *mtd, loff_t ofs, uint64_t len)
{
	struct flashsim *sim = to_sim(mtd);
	int err = -ENODEV;

	mutex_lock(&sim->lock);
	if (!sim->gone)
		err = flashsim_model_unlock(&sim->model, ofs, len);
	mutex_unlock(&sim->lock);
	return err;
}

static int sim_is_locked(struct mtd_info *mtd, loff_t ofs, uint64_t len)
{
	struct flashsim *sim = to_sim(mtd);
	int ret = -ENODEV;

	mutex_lock(&sim->lock);
	if (!sim->gone)
		ret = flashsim_model_is_locked(&sim->model, ofs, len);
	mutex_unlock(&sim->lock);
	return ret;
}

static void release(struct kref *ref)
{
	struct flashsim *sim = container_of(ref, struct flashsim, ref);

	kvfree(sim->model.locks);
	vfree(sim->model.array);
	kfree(sim);
}

/**
 * flashsim_put() - drop a reference to a chip
 * @sim: chip, freed with the last one
 */
void flashsim_put(struct flashsim *sim)
{
	kref_put(&sim->ref, release);
}

static int sim_get_device(struct mtd_info *mtd)
{
	kref_get(&to_sim(mtd)->ref);
	return 0;
}

static void sim_put_device(struct mtd_info *mtd)
{
	flashsim_put(to_sim(mtd));
}

static void fill_mtd(struct flashsim *sim)
{
	const struct flashsim_geometry *geo = &sim->model.geo;
	struct mtd_info *mtd = &sim->mtd;

	mtd->type = MTD_NORFLASH;
	mtd->flags = MTD_CAP_NORFLASH;
	mtd->size = geo->size;
	mtd->erasesize = geo->erasesize;
	mtd->writesize = geo->writesize;
	mtd->writebufsize = geo->writebufsize;
	mtd->owner = THIS_MODULE;
	mtd->_erase = sim_erase;
	mtd->_write = sim_write;
	mtd->_read = sim_read;
	mtd->_get_device = sim_get_device;
	mtd->_put_device = sim_put_device;
	if (sim->model.locks) {
		mtd->_lock = sim_lock;
		mtd->_unlock = sim_unlock;
		mtd->_is_locked = sim_is_locked;
	}
}

/**
 * flashsim_create() - make an erased, unlocked chip
 * @geo: geometry
 * @lockable: whether it has block locks
 * @times: simulated times, must outlive the chip
 * @cut: when power is lost, must outlive the chip
 *
 * Return: the chip with one reference, or an ERR_PTR: -EINVAL for a geometry
 * that no chip has, -ENOMEM.
 */
struct flashsim *flashsim_create(const struct flashsim_geometry *geo,
				 bool lockable,
				 const struct flashsim_times *times,
				 const struct flashsim_cut_times *cut)
{
	struct flashsim *sim;
	int err;

	sim = kzalloc(sizeof(*sim), GFP_KERNEL);
	if (!sim)
		return ERR_PTR(-ENOMEM);
	err = flashsim_model_init(&sim->model, geo, NULL, NULL);
	if (err)
		goto free_sim;

	err = -ENOMEM;
	sim->model.array = vmalloc(geo->size);
	if (!sim->model.array)
		goto free_sim;
	if (lockable) {
		sim->model.locks = kvzalloc(flashsim_lock_bytes(geo), GFP_KERNEL);
		if (!sim->model.locks)
			goto free_array;
	}

	memset(sim->model.array, 0xff, geo->size);
	kref_init(&sim->ref);
	mutex_init(&sim->lock);
	sim->times = times;
	sim->cut = cut;
	fill_mtd(sim);
	return sim;

free_array:
	vfree(sim->model.array);
free_sim:
	kfree(sim);
	return ERR_PTR(err);
}
