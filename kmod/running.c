// SPDX-License-Identifier: GPL-2.0-only
/*
 * running.c - what is remembered until the reboot
 *
 * The running release is found out once, before anything was changed, and
 * then kept: the slots change under it, the running system does not.  After a
 * commit that needs a reboot only the same manifest is accepted.
 */
#include "fwslot.h"

/* Protected by fwslot_lock. */
static struct fwslot_running running;
static u8 pending_digest[FWSLOT_DIGEST_SIZE];
static bool pending;

/**
 * fwslot_running_update() - find out the running release, if it is not known
 * @req: request whose views are up to date
 */
void fwslot_running_update(const struct fwslot_request *req)
{
	struct fwslot_running found;

	fwslot_running_find(req, &found);
	mutex_lock(&fwslot_lock);
	if (!running.known && (found.known || !running.format))
		running = found;
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_running_verified() - a unit was read and equals its record
 * @dev: the unit
 * @m: manifest of the record
 */
void fwslot_running_verified(const struct fwslot_dev *dev,
			     const struct fwslot_manifest *m)
{
	u32 booted = fwslot_config.booted;
	bool is = (booted == FWSLOT_BOOTED_PRIMARY &&
		   dev->id == FWSLOT_UNIT_PRIMARY) ||
		  (booted == FWSLOT_BOOTED_SECONDARY &&
		   dev->id == FWSLOT_UNIT_SECONDARY);

	mutex_lock(&fwslot_lock);
	if (is && !dev->changed && !running.known) {
		running.known = true;
		running.format = m->format;
		running.release = m->release;
	}
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_running_get() - the running release, as far as it is known
 * @run: the result
 */
void fwslot_running_get(struct fwslot_running *run)
{
	mutex_lock(&fwslot_lock);
	*run = running;
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_pending_set() - from here on a reboot is pending
 * @digest: SHA-256 of the manifest that was installed
 */
void fwslot_pending_set(const u8 *digest)
{
	mutex_lock(&fwslot_lock);
	memcpy(pending_digest, digest, sizeof(pending_digest));
	pending = true;
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_pending() - is a reboot pending
 */
bool fwslot_pending(void)
{
	return READ_ONCE(pending);
}

/**
 * fwslot_pending_other() - is a reboot pending, and for another manifest
 * @digest: SHA-256 of a manifest
 */
bool fwslot_pending_other(const u8 *digest)
{
	bool other;

	mutex_lock(&fwslot_lock);
	other = pending && memcmp(pending_digest, digest,
				  sizeof(pending_digest));
	mutex_unlock(&fwslot_lock);
	return other;
}
