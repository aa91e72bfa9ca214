/* SPDX-License-Identifier: MIT */
/*
 * mtd.h - the MTD core as the module sees it
 *
 * struct mtd_info has the members that the module uses, with the names of the
 * kernel.  The functions are in mtd.c and check what mtdcore.c checks.
 */
#ifndef SWEEP_MTD_H
#define SWEEP_MTD_H

#include <kernel.h>

#define MTD_ABSENT		0
#define MTD_RAM			1
#define MTD_NORFLASH		3
#define MTD_NANDFLASH		4
#define MTD_DATAFLASH		6
#define MTD_UBIVOLUME		7
#define MTD_MLCNANDFLASH	8

#define MTD_WRITEABLE		0x400
#define MTD_BIT_WRITEABLE	0x800
#define MTD_CAP_NORFLASH	(MTD_WRITEABLE | MTD_BIT_WRITEABLE)
#define MTD_CAP_NANDFLASH	MTD_WRITEABLE

struct erase_info {
	u64 addr;
	u64 len;
	u64 fail_addr;
};

struct mtd_info {
	u8 type;
	u32 flags;
	u64 size;
	u32 erasesize;
	u32 writesize;
	u32 writebufsize;
	u32 oobsize;
	u32 oobavail;
	unsigned int erasesize_shift;
	unsigned int writesize_shift;
	unsigned int erasesize_mask;
	unsigned int writesize_mask;
	unsigned int bitflip_threshold;
	unsigned int ecc_strength;
	unsigned int ecc_step_size;
	unsigned int subpage_sft;
	const char *name;
	int index;
	int numeraseregions;
	void *owner;
	void *priv;
	int usecount;
	struct mtd_info *parent;
	struct {
		u64 offset;
		u64 size;
	} part;
	int (*_erase)(struct mtd_info *mtd, struct erase_info *instr);
	int (*_read)(struct mtd_info *mtd, loff_t from, size_t len,
		     size_t *retlen, u8 *buf);
	int (*_write)(struct mtd_info *mtd, loff_t to, size_t len,
		      size_t *retlen, const u8 *buf);
	int (*_lock)(struct mtd_info *mtd, loff_t ofs, u64 len);
	int (*_unlock)(struct mtd_info *mtd, loff_t ofs, u64 len);
	int (*_is_locked)(struct mtd_info *mtd, loff_t ofs, u64 len);
	int (*_block_isbad)(struct mtd_info *mtd, loff_t ofs);
	int (*_block_markbad)(struct mtd_info *mtd, loff_t ofs);
};

struct mtd_notifier {
	void (*add)(struct mtd_info *mtd);
	void (*remove)(struct mtd_info *mtd);
};

struct mtd_info *mtd_get_master(struct mtd_info *mtd);
u64 mtd_get_master_ofs(struct mtd_info *mtd, u64 ofs);
int __get_mtd_device(struct mtd_info *mtd);
void __put_mtd_device(struct mtd_info *mtd);
int mtd_read(struct mtd_info *mtd, loff_t from, size_t len, size_t *retlen,
	     u8 *buf);
int mtd_write(struct mtd_info *mtd, loff_t to, size_t len, size_t *retlen,
	      const u8 *buf);
int mtd_erase(struct mtd_info *mtd, struct erase_info *instr);
int mtd_lock(struct mtd_info *mtd, loff_t ofs, u64 len);
int mtd_unlock(struct mtd_info *mtd, loff_t ofs, u64 len);
int mtd_is_locked(struct mtd_info *mtd, loff_t ofs, u64 len);
int mtd_block_isbad(struct mtd_info *mtd, loff_t ofs);
int mtd_block_markbad(struct mtd_info *mtd, loff_t ofs);
void register_mtd_user(struct mtd_notifier *notifier);
int unregister_mtd_user(struct mtd_notifier *notifier);

static inline bool mtd_is_partition(const struct mtd_info *mtd)
{
	return mtd->parent;
}

static inline bool mtd_can_have_bb(const struct mtd_info *mtd)
{
	return mtd_get_master((struct mtd_info *)mtd)->_block_isbad;
}

static inline bool mtd_type_is_nand(const struct mtd_info *mtd)
{
	return mtd->type == MTD_NANDFLASH || mtd->type == MTD_MLCNANDFLASH;
}

static inline bool mtd_is_bitflip(int err)
{
	return err == -EUCLEAN;
}

static inline bool mtd_is_eccerr(int err)
{
	return err == -EBADMSG;
}

static inline bool mtd_is_bitflip_or_eccerr(int err)
{
	return mtd_is_bitflip(err) || mtd_is_eccerr(err);
}

#endif /* SWEEP_MTD_H */
