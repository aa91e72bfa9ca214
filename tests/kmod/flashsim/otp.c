// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one-time programmable areas of the simulated chip
 *
 * User: regions that are programmed (bits only become 0) and erased, until they
 * are locked for good.  Factory: a number that can only be read.  Neither lies
 * in the array; neither is kept in the backing file.
 */
#include <linux/minmax.h>

#include "flashsim.h"

static struct flashsim *to_sim(struct mtd_info *mtd)
{
	return container_of(mtd, struct flashsim, mtd);
}

static int user_info(struct mtd_info *mtd, size_t len, size_t *retlen,
		     struct otp_info *buf)
{
	struct flashsim *sim = to_sim(mtd);
	u32 i, n = min_t(size_t, len / sizeof(*buf), FLASHSIM_OTP_REGIONS);

	for (i = 0; i < n; i++) {
		buf[i].start = i * FLASHSIM_OTP_BYTES;
		buf[i].length = FLASHSIM_OTP_BYTES;
		buf[i].locked = READ_ONCE(sim->otp.locked) >> i & 1;
	}
	*retlen = n * sizeof(*buf);
	return 0;
}

static int factory_info(struct mtd_info *mtd, size_t len, size_t *retlen,
			struct otp_info *buf)
{
	buf->start = 0;
	buf->length = FLASHSIM_OTP_BYTES;
	buf->locked = 1;
	*retlen = sizeof(*buf);
	return 0;
}

/* Bytes from @from that are there, at most @len. */
static size_t inside(loff_t from, size_t len, size_t size)
{
	return from < 0 || from >= size ? 0 : min_t(size_t, len, size - from);
}

static int user_read(struct mtd_info *mtd, loff_t from, size_t len,
		     size_t *retlen, u_char *buf)
{
	struct flashsim *sim = to_sim(mtd);

	*retlen = inside(from, len, sizeof(sim->otp.user));
	mutex_lock(&sim->lock);
	memcpy(buf, sim->otp.user + from, *retlen);
	mutex_unlock(&sim->lock);
	return 0;
}

static int factory_read(struct mtd_info *mtd, loff_t from, size_t len,
			size_t *retlen, u_char *buf)
{
	*retlen = inside(from, len, FLASHSIM_OTP_BYTES);
	memset(buf, 0x5a, *retlen);
	return 0;
}

static int check_change(const struct flashsim *sim, loff_t from, size_t len)
{
	if (sim->gone)
		return -ENODEV;
	if (!len || inside(from, len, sizeof(sim->otp.user)) != len ||
	    from % FLASHSIM_OTP_BYTES + len > FLASHSIM_OTP_BYTES)
		return -EINVAL;
	if (sim->otp.locked & BIT(from / FLASHSIM_OTP_BYTES))
		return -EROFS;
	return 0;
}

/* Lock, program @buf, or erase if there is none: within one region. */
static int change(struct flashsim *sim, loff_t from, size_t len,
		  const u_char *buf, bool lock)
{
	size_t i;
	int err;

	mutex_lock(&sim->lock);
	err = check_change(sim, from, len);
	if (err)
		goto unlock;
	if (lock)
		sim->otp.locked |= BIT(from / FLASHSIM_OTP_BYTES);
	for (i = 0; !lock && i < len; i++)
		sim->otp.user[from + i] = buf ? sim->otp.user[from + i] & buf[i] :
						0xff;
	sim->otp.changes++;
unlock:
	mutex_unlock(&sim->lock);
	return err;
}

static int user_write(struct mtd_info *mtd, loff_t to, size_t len,
		      size_t *retlen, const u_char *buf)
{
	int err = change(to_sim(mtd), to, len, buf, false);

	*retlen = err ? 0 : len;
	return err;
}

static int user_lock(struct mtd_info *mtd, loff_t from, size_t len)
{
	return change(to_sim(mtd), from, len, NULL, true);
}

static int user_erase(struct mtd_info *mtd, loff_t from, size_t len)
{
	return change(to_sim(mtd), from, len, NULL, false);
}

/**
 * flashsim_otp_add() - give a chip its one-time programmable areas
 * @sim: chip, not registered yet
 */
void flashsim_otp_add(struct flashsim *sim)
{
	struct mtd_info *mtd = &sim->mtd;

	memset(sim->otp.user, 0xff, sizeof(sim->otp.user));
	mtd->_get_user_prot_info = user_info;
	mtd->_get_fact_prot_info = factory_info;
	mtd->_read_user_prot_reg = user_read;
	mtd->_read_fact_prot_reg = factory_read;
	mtd->_write_user_prot_reg = user_write;
	mtd->_lock_user_prot_reg = user_lock;
	mtd->_erase_user_prot_reg = user_erase;
}
