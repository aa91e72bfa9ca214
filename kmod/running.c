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
static struct fwslot_found *running_found;
static u8 pending_digest[FWSLOT_DIGEST_SIZE];
static bool pending;

static void set_running(const struct fwslot_running *run,
			struct fwslot_found *found)
{
	lockdep_assert_held(&fwslot_lock);
	running = *run;
	if (run->known && found && !running_found)
		running_found = fwslot_found_get(found);
}

/**
 * fwslot_running_update() - find out the running release, if it is not known
 * @req: request whose views are up to date
 * @found: what names the content of the booted slot, NULL: nothing does
 *
 * A rescue system runs from neither slot: there the format of the bootloader
 * is looked up anew each time.
 */
void fwslot_running_update(const struct fwslot_request *req,
			   struct fwslot_found *found)
{
	struct fwslot_running run;

	fwslot_running_find(req, &run);
	mutex_lock(&fwslot_lock);
	if (req->booted == FWSLOT_BOOTED_OTHER ||
	    (!running.known && (run.known || !running.format)))
		set_running(&run, found);
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_running_verified() - a unit was read and equals its record
 * @dev: the unit
 * @found: the record
 */
void fwslot_running_verified(const struct fwslot_dev *dev,
			     struct fwslot_found *found)
{
	struct fwslot_running run = {
		.known = true,
		.format = found->manifest.format,
		.release = found->manifest.release,
	};
	u32 booted = fwslot_config.booted;
	bool is = (booted == FWSLOT_BOOTED_PRIMARY &&
		   dev->id == FWSLOT_UNIT_PRIMARY) ||
		  (booted == FWSLOT_BOOTED_SECONDARY &&
		   dev->id == FWSLOT_UNIT_SECONDARY);

	mutex_lock(&fwslot_lock);
	if (is && !dev->changed && !running.known)
		set_running(&run, found);
	mutex_unlock(&fwslot_lock);
}

/**
 * fwslot_running_found() - what names the running release
 *
 * Its manifest stays at hand until the reboot, also when the slot that it was
 * read from has been written: it may be all that names the content of another.
 *
 * Return: a reference, or NULL.
 */
struct fwslot_found *fwslot_running_found(void)
{
	struct fwslot_found *found;

	mutex_lock(&fwslot_lock);
	found = fwslot_found_get(running_found);
	mutex_unlock(&fwslot_lock);
	return found;
}

/**
 * fwslot_running_exit() - drop what is held
 */
void fwslot_running_exit(void)
{
	fwslot_found_put(running_found);
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
