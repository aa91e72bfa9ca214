/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Private header of the flash simulator module
 *
 * driver.c has the parameters, the platform device and its life; chip.c the
 * MTD methods; otp.c those of the OTP areas; backing.c the file behind the array;
 * parts.c the partitions.
 */
#ifndef FLASHSIM_H
#define FLASHSIM_H

#include <linux/fs.h>
#include <linux/kref.h>
#include <linux/mtd/mtd.h>
#include <linux/mtd/partitions.h>
#include <linux/mutex.h>
#include <linux/sizes.h>

#include "model.h"

#define FLASHSIM_MAX_PARTS	16
#define FLASHSIM_OTP_REGIONS	16
#define FLASHSIM_OTP_BYTES	32	/* of each region */

/**
 * struct flashsim_times - simulated times, may change while the chip is in use
 * @erase_us: to erase one block
 * @program_us: to program one page (write buffer)
 * @read_kbps: KiB per second of reading, 0 for no delay
 */
struct flashsim_times {
	unsigned int erase_us;
	unsigned int program_us;
	unsigned int read_kbps;
};

/**
 * struct flashsim_cut_times - when power is lost, may change while in use
 * @at: in the step that makes the counter "steps" this number; 0 for never
 * @damage: what happens to the step, an enum flashsim_damage
 * @seed: which of the many ways that has
 */
struct flashsim_cut_times {
	unsigned long long at;
	unsigned int damage;
	unsigned int seed;
};

/**
 * struct flashsim_otp - the one-time programmable area of the user
 * @user: its regions
 * @locked: bit mask of the regions that nothing changes any more
 * @changes: programs, erases and locks so far
 */
struct flashsim_otp {
	u8 user[FLASHSIM_OTP_REGIONS * FLASHSIM_OTP_BYTES];
	u32 locked;
	u64 changes;
};

/**
 * struct flashsim - one simulated chip
 * @mtd: the master
 * @ref: held by the bound device and by each user of an MTD device, so that
 *	an open file outlives an unbind
 * @lock: protects @model, @otp, @backing, @busy_us and @gone; held for the time an
 *	operation takes, as a chip does one thing at a time
 * @model: contents, locks and counters
 * @otp: not part of the array
 * @times: simulated times
 * @cut: when power is lost
 * @backing: file or block device that keeps the contents, or NULL
 * @busy_us: simulated time so far
 * @gone: the device was unbound; every operation fails with -ENODEV
 */
struct flashsim {
	struct mtd_info mtd;
	struct kref ref;
	struct mutex lock;	/* see above; nothing is taken inside it */
	struct flashsim_model model;
	struct flashsim_otp otp;
	const struct flashsim_times *times;
	const struct flashsim_cut_times *cut;
	struct file *backing;
	u64 busy_us;
	bool gone;
};

/* chip.c */
struct flashsim *flashsim_create(const struct flashsim_geometry *geo,
				 bool lockable,
				 const struct flashsim_times *times,
				 const struct flashsim_cut_times *cut);
void flashsim_put(struct flashsim *sim);

/* otp.c */
void flashsim_otp_add(struct flashsim *sim);

/* backing.c */
int flashsim_backing_open(struct flashsim *sim, const char *path);
int flashsim_backing_store(struct flashsim *sim, u64 ofs, u64 len);
void flashsim_backing_close(struct flashsim *sim);

/* parts.c */
int flashsim_parse_parts(char *text, struct mtd_partition *parts, u64 size);

#endif /* FLASHSIM_H */
