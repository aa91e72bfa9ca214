// SPDX-License-Identifier: MIT
/*
 * mtd.c - the MTD core and a driver for the flash model
 *
 * Checks and coordinates are those of the kernel's mtdcore.c: the handle that
 * is given says whether it may be written, the master does the work.
 */
#include "inside.h"

struct mtd_info *mtd_get_master(struct mtd_info *mtd)
{
	while (mtd->parent)
		mtd = mtd->parent;
	return mtd;
}

u64 mtd_get_master_ofs(struct mtd_info *mtd, u64 ofs)
{
	for (; mtd->parent; mtd = mtd->parent)
		ofs += mtd->part.offset;
	return ofs;
}

int __get_mtd_device(struct mtd_info *mtd)
{
	mtd->usecount++;
	return 0;
}

void __put_mtd_device(struct mtd_info *mtd)
{
	must_not(!mtd->usecount);
	mtd->usecount--;
}

static bool outside(const struct mtd_info *mtd, u64 ofs, u64 len)
{
	return ofs > mtd->size || len > mtd->size - ofs;
}

int mtd_read(struct mtd_info *mtd, loff_t from, size_t len, size_t *retlen,
	     u8 *buf)
{
	struct mtd_info *master = mtd_get_master(mtd);

	*retlen = 0;
	if (outside(mtd, from, len))
		return -EINVAL;
	return master->_read(master, mtd_get_master_ofs(mtd, from), len, retlen,
			     buf);
}

int mtd_write(struct mtd_info *mtd, loff_t to, size_t len, size_t *retlen,
	      const u8 *buf)
{
	struct mtd_info *master = mtd_get_master(mtd);

	*retlen = 0;
	if (!(mtd->flags & MTD_WRITEABLE))
		return -EROFS;
	if (outside(mtd, to, len))
		return -EINVAL;
	return master->_write(master, mtd_get_master_ofs(mtd, to), len, retlen,
			      buf);
}

int mtd_erase(struct mtd_info *mtd, struct erase_info *instr)
{
	struct mtd_info *master = mtd_get_master(mtd);
	struct erase_info here = *instr;

	if (!mtd->erasesize || outside(mtd, instr->addr, instr->len))
		return -EINVAL;
	if (!(mtd->flags & MTD_WRITEABLE))
		return -EROFS;
	here.addr = mtd_get_master_ofs(mtd, instr->addr);
	return master->_erase(master, &here);
}

int mtd_lock(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (!master->_lock)
		return -EOPNOTSUPP;
	if (outside(mtd, ofs, len))
		return -EINVAL;
	return master->_lock(master, mtd_get_master_ofs(mtd, ofs), len);
}

int mtd_unlock(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (!master->_unlock)
		return -EOPNOTSUPP;
	if (outside(mtd, ofs, len))
		return -EINVAL;
	return master->_unlock(master, mtd_get_master_ofs(mtd, ofs), len);
}

int mtd_is_locked(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (!master->_is_locked)
		return -EOPNOTSUPP;
	if (outside(mtd, ofs, len))
		return -EINVAL;
	return master->_is_locked(master, mtd_get_master_ofs(mtd, ofs), len);
}

int mtd_block_isbad(struct mtd_info *mtd, loff_t ofs)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (outside(mtd, ofs, 1))
		return -EINVAL;
	if (!master->_block_isbad)
		return 0;
	return master->_block_isbad(master, mtd_get_master_ofs(mtd, ofs));
}

int mtd_block_markbad(struct mtd_info *mtd, loff_t ofs)
{
	struct mtd_info *master = mtd_get_master(mtd);

	if (!master->_block_markbad)
		return -EOPNOTSUPP;
	if (outside(mtd, ofs, 1))
		return -EINVAL;
	if (!(mtd->flags & MTD_WRITEABLE))
		return -EROFS;
	return master->_block_markbad(master, mtd_get_master_ofs(mtd, ofs));
}

void register_mtd_user(struct mtd_notifier *notifier)
{
	struct chip *chip = machine_chip();
	u32 i;

	must_not(chip->notifier);
	chip->notifier = notifier;
	for (i = 0; i < BOARD_PARTS; i++)
		if (chip->part[i].name)
			notifier->add(&chip->part[i]);
}

int unregister_mtd_user(struct mtd_notifier *notifier)
{
	struct chip *chip = machine_chip();
	u32 i;

	must_not(chip->notifier != notifier);
	for (i = 0; i < BOARD_PARTS; i++) {
		if (chip->part[i].name)
			notifier->remove(&chip->part[i]);
		must_not(chip->part[i].usecount);
	}
	chip->notifier = NULL;
	return 0;
}

static struct flashsim_model *model_of(struct mtd_info *mtd)
{
	return mtd->priv;
}

static int sim_read(struct mtd_info *mtd, loff_t from, size_t len,
		    size_t *retlen, u8 *buf)
{
	int err = flashsim_model_read(model_of(mtd), from, buf, len);

	if (!err || mtd_is_bitflip_or_eccerr(err))
		*retlen = len;
	return err;
}

static int sim_write(struct mtd_info *mtd, loff_t to, size_t len,
		     size_t *retlen, const u8 *buf)
{
	int err = flashsim_model_program(model_of(mtd), to, buf, len);

	*retlen = err ? 0 : len;
	return err;
}

static int sim_erase(struct mtd_info *mtd, struct erase_info *instr)
{
	return flashsim_model_erase(model_of(mtd), instr->addr, instr->len);
}

static int sim_lock(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	return flashsim_model_lock(model_of(mtd), ofs, len);
}

static int sim_unlock(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	return flashsim_model_unlock(model_of(mtd), ofs, len);
}

static int sim_is_locked(struct mtd_info *mtd, loff_t ofs, u64 len)
{
	return flashsim_model_is_locked(model_of(mtd), ofs, len);
}

static int sim_isbad(struct mtd_info *mtd, loff_t ofs)
{
	return flashsim_model_is_bad(model_of(mtd), ofs);
}

static int sim_markbad(struct mtd_info *mtd, loff_t ofs)
{
	return flashsim_model_mark_bad(model_of(mtd), ofs);
}

static void init_common(struct mtd_info *mtd, const struct board *board)
{
	mtd->type = board->nand ? MTD_NANDFLASH : MTD_NORFLASH;
	mtd->flags = board->nand ? MTD_CAP_NANDFLASH : MTD_CAP_NORFLASH;
	mtd->erasesize = board->geo.erasesize;
	mtd->writesize = board->geo.writesize;
	mtd->writebufsize = board->geo.writebufsize;
	mtd->erasesize_shift = ilog2(mtd->erasesize);
	mtd->writesize_shift = ilog2(mtd->writesize);
	mtd->erasesize_mask = mtd->erasesize - 1;
	mtd->writesize_mask = mtd->writesize - 1;
}

static void init_master(struct mtd_info *mtd, struct flash *flash)
{
	init_common(mtd, flash->board);
	mtd->name = "chip";
	mtd->size = flash->board->geo.size;
	mtd->priv = &flash->m;
	mtd->_read = sim_read;
	mtd->_write = sim_write;
	mtd->_erase = sim_erase;
	if (flash->board->nand) {
		mtd->_block_isbad = sim_isbad;
		mtd->_block_markbad = sim_markbad;
	} else {
		mtd->_lock = sim_lock;
		mtd->_unlock = sim_unlock;
		mtd->_is_locked = sim_is_locked;
	}
}

/* The MTD devices of a chip, as a driver would register them. */
void chip_init(struct chip *chip, struct flash *flash)
{
	const struct board_part *part = flash->board->part;
	struct mtd_info *mtd = chip->part;
	u32 i;

	memset(chip, 0, sizeof(*chip));
	chip->board = flash->board;
	init_master(&chip->master, flash);
	for (i = 0; i < BOARD_PARTS; i++, mtd++, part++) {
		if (!part->name)
			continue;
		init_common(mtd, flash->board);
		mtd->name = part->name;
		mtd->index = i;
		mtd->size = part->size;
		mtd->parent = &chip->master;
		mtd->part.offset = part->ofs;
		mtd->part.size = part->size;
	}
}
