/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fwslot.h - what the files of the module share
 *
 * Calls go one way: netlink, chardev -> session -> worker, survey -> core ->
 * (ops) flash, sign.  Decisions are made in core/ and nowhere here.
 *
 * Locks, outermost first (Documentation/locking.rst):
 *
 *	mtd_table_mutex		of the MTD core, held in the notifier
 *	fwslot_file.lock	one ioctl or write at a time on an open file
 *	fwslot_lock		units' state, tracked devices, current session
 *	fwslot_area.lock	one flash operation; nothing is taken inside but
 *				the flash driver's own locks
 *
 * fwslot_file.lock is never taken in the notifier.  fwslot_lock is never held
 * across a flash operation, a copy from user space or an allocation that the
 * flash could depend on.
 */
#ifndef FWSLOT_KMOD_FWSLOT_H
#define FWSLOT_KMOD_FWSLOT_H

#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mtd/mtd.h>
#include <linux/mutex.h>
#include <linux/wait.h>
#include <linux/workqueue.h>
#include "core/core.h"

#define FWSLOT_NAME_MAX		64	/* MTD names, with NUL */

extern struct mutex fwslot_lock;

/* params.c */

/**
 * enum fwslot_layout - what bad blocks of NAND mean for a slot
 * @FWSLOT_LAYOUT_UNKNOWN: nobody said; NAND is not bound
 * @FWSLOT_LAYOUT_LINEAR: who loads it reads on, so that an image has to end
 *	before the first one
 * @FWSLOT_LAYOUT_SKIP_BAD: who loads it passes over them
 */
enum fwslot_layout {
	FWSLOT_LAYOUT_UNKNOWN,
	FWSLOT_LAYOUT_LINEAR,
	FWSLOT_LAYOUT_SKIP_BAD,
};

/**
 * struct fwslot_place - where a slot or a record area should be
 * @name: name of the MTD device, empty: not configured
 * @master: name of its master, empty: any
 * @offset: slot: offset in the master, if @has_offset.  Record area: offset in
 *	the MTD device.
 * @size: slot: bytes, if @has_size.  Record area: bytes, 0: one erase block.
 * @layout: enum fwslot_layout; without a meaning but on NAND
 * @has_offset: @offset was given
 * @has_size: @size was given
 */
struct fwslot_place {
	char name[FWSLOT_NAME_MAX];
	char master[FWSLOT_NAME_MAX];
	u64 offset;
	u64 size;
	u32 layout;
	bool has_offset;
	bool has_size;
};

/**
 * struct fwslot_config - the module's configuration, fixed at load
 * @product: product name, empty: none
 * @booted: enum fwslot_booted
 * @floor: lowest release, valid if @has_floor
 * @has_floor: there is a floor
 * @force: built and loaded with force allowed
 * @idle_timeout: seconds without progress until a session is aborted
 */
struct fwslot_config {
	char product[FWSLOT_PRODUCT_SIZE + 1];
	u32 booted;
	struct fwslot_release floor;
	bool has_floor;
	bool force;
	unsigned int idle_timeout;
};

extern struct fwslot_config fwslot_config;

int fwslot_params_init(void);
bool fwslot_param_seal(void);

/* sign.c */

struct fwslot_key;

int fwslot_keys_init(void);
void fwslot_keys_exit(void);
bool fwslot_keys_usable(void);
u32 fwslot_signature_check(const void *data, u32 len, const void *sig,
			   u32 sig_len, const struct fwslot_key **signer);
const char *fwslot_key_name(const struct fwslot_key *key);
u32 fwslot_key_flags(const struct fwslot_key *key);
const struct fwslot_key *fwslot_key_next(const struct fwslot_key *key);

/* unit.c */

/* Blocks of an area that are marked bad, at most, in the life of the module. */
#define FWSLOT_RETIRE_MAX	8

struct fwslot_map;

/**
 * struct fwslot_area - a piece of flash that belongs to a unit
 * @place: where it should be; fixed after load
 * @lock: protects @mtd, @child, @map and what is counted; held across one
 *	flash operation
 * @mtd: the device, NULL while none is bound
 * @child: private handle that alone may write, see bind.c
 * @map: its good blocks, on NAND
 * @offset: start of the area in @mtd
 * @size: bytes, bad blocks as well
 * @guarded: its range is protected for the life of the module
 * @flips: reads whose bits the chip had to correct, not told yet
 * @retired: blocks that were marked bad
 * @told: how many of them were told
 * @retired_at: where in @mtd
 * @identity: set at the first binding and never changed: an area that comes
 *	back must be the same
 * @identity.known: the others are valid
 * @identity.master: name of the master
 * @identity.offset: start of the area in the master
 * @identity.size: bytes
 * @identity.erasesize: bytes of an erase block
 */
struct fwslot_area {
	struct fwslot_place place;
	struct mutex lock;	/* mtd, child, map; one flash operation */
	struct mtd_info *mtd;
	struct mtd_info *child;
	struct fwslot_map *map;
	u64 offset;
	u64 size;
	bool guarded;
	u32 flips;
	u32 retired;
	u32 told;
	u64 retired_at[FWSLOT_RETIRE_MAX];
	struct {
		bool known;
		char master[FWSLOT_NAME_MAX];
		u64 offset;
		u64 size;
		u32 erasesize;
	} identity;
};

/**
 * struct fwslot_found - a record that was read from flash, or a manifest at
 *			 hand; immutable, counted
 * @ref: references
 * @manifest: the manifest
 * @signer: trusted key that signed it, NULL: none
 * @rec: sizes of the parts of @body
 * @body: manifest, signature, digest table
 */
struct fwslot_found {
	struct kref ref;
	struct fwslot_manifest manifest;
	const struct fwslot_key *signer;
	struct fwslot_record rec;
	u8 body[];
};

static inline const u8 *fwslot_found_table(const struct fwslot_found *f)
{
	return f->body + f->rec.manifest_size + f->rec.signature_size;
}

static inline const struct fwslot_image *
fwslot_found_image(const struct fwslot_found *f)
{
	return &f->manifest.images[f->rec.image];
}

/**
 * struct fwslot_dev - one unit
 * @id: enum fwslot_unit
 * @slot: its flash
 * @record: its record area, if that is not in @slot
 * @flash: the core's handle; geo is valid from the first binding on
 * @scan: reads the record after binding
 * @window_end: woken when @window ends
 *
 * @binding: goes up when the flash goes away, before it is detached
 *
 * Written by the open session's worker alone, and used by it:
 * @worker: its task, NULL: no session
 * @worker_binding: @binding when the session began; another flash than that
 *	is not the session's
 * @cancel: its flash operations give up when this is set
 * @busy_ns: time spent in flash operations since then
 *
 * Protected by fwslot_lock:
 * @going: its flash is going away
 * @window: its write must not be stopped
 * @state: enum fwslot_state; only fwslot_dev_change() writes it, as @next
 * @next: the same
 * @reason: what is wrong with it
 * @error: last error of its flash
 * @changed: written since boot
 * @broken: a write was begun since boot and not finished
 * @found: its record, NULL: none that counts
 */
struct fwslot_dev {
	u32 id;
	struct fwslot_area slot;
	struct fwslot_area record;
	struct fwslot_flash flash;
	struct work_struct scan;
	wait_queue_head_t window_end;

	u32 binding;
	const struct task_struct *worker;
	u32 worker_binding;
	const bool *cancel;
	u64 busy_ns;

	bool going;
	bool window;
	union {
		const u32 state;
		u32 next;
	};
	u32 reason;
	int error;
	bool changed;
	bool broken;
	struct fwslot_found *found;
};

extern struct fwslot_dev fwslot_devs[FWSLOT_UNITS];

void fwslot_devs_init(void);
void fwslot_devs_exit(void);
u32 fwslot_configured(void);
u32 fwslot_generation(void);
int fwslot_dev_change(struct fwslot_dev *dev, enum fwslot_change change,
		      u32 reason, int error);
void fwslot_dev_touched(struct fwslot_dev *dev, bool changed, bool broken);
void fwslot_dev_found(struct fwslot_dev *dev, struct fwslot_found *found);
struct fwslot_found *fwslot_dev_get_found(struct fwslot_dev *dev);
struct fwslot_found *fwslot_found_alloc(u32 body);
struct fwslot_found *fwslot_found_get(struct fwslot_found *found);
void fwslot_found_put(struct fwslot_found *found);

static inline u32 fwslot_dev_state(const struct fwslot_dev *dev)
{
	return READ_ONCE(dev->state);
}

static inline bool fwslot_dev_configured(const struct fwslot_dev *dev)
{
	return dev->slot.place.name[0];
}

static inline bool fwslot_dev_own_record(const struct fwslot_dev *dev)
{
	return dev->record.place.name[0];
}

/* bind.c */

int fwslot_bind_init(void);
void fwslot_bind_exit(void);
int fwslot_seal(void);
bool fwslot_sealed(void);
bool fwslot_tampered(void);
bool fwslot_dev_protected(struct fwslot_dev *dev);

/* area.c */

u32 fwslot_area_check(const struct fwslot_area *area, struct mtd_info *mtd,
		      u64 offset, u64 size);
int fwslot_area_attach(struct fwslot_area *area, struct mtd_info *mtd,
		       u64 offset, u64 size);
struct mtd_info *fwslot_area_detach(struct fwslot_area *area);
bool fwslot_area_same(const struct fwslot_area *area, struct mtd_info *mtd,
		      u64 offset, u64 size);
bool fwslot_area_overlaps(const struct fwslot_area *area,
			  struct mtd_info *mtd, u64 offset, u64 size);

/* nand.c */

int fwslot_map_make(u32 layout, struct mtd_info *mtd, u64 offset, u64 size,
		    struct fwslot_map **out);
u64 fwslot_area_room(const struct fwslot_area *area);
u64 fwslot_area_linear(const struct fwslot_area *area);
u64 fwslot_area_at(const struct fwslot_area *area, u64 ofs);
int fwslot_area_retire(struct fwslot_area *area, u64 ofs, bool record);

/* flash.c */

extern const struct fwslot_flash_ops fwslot_mtd_ops;

void fwslot_sha256(const void *data, u32 len, u8 *digest);
u32 fwslot_flash_lock_state(struct fwslot_dev *dev);
int fwslot_flash_unlock(struct fwslot_dev *dev);
int fwslot_flash_set_lock(struct fwslot_dev *dev, bool locked);
void fwslot_flash_report(struct fwslot_dev *dev);

/* known.c */

bool fwslot_prove(const void *data, u32 len, const u8 *digest);
bool fwslot_recognize(const void *data, u32 len, const u8 *digest);

/* content.c */

int fwslot_content(struct fwslot_dev *dev, const struct fwslot_found *found);

/* scan.c */

void fwslot_scan_work(struct work_struct *work);
int fwslot_verify_dev(struct fwslot_dev *dev);
void fwslot_rescan(struct fwslot_dev *dev);
int fwslot_verify(u32 unit, struct fwslot_verify *out);

/* name.c */

/*
 * Content without a record of its own may be what a cut has left, with bits that
 * read right some times and wrong at others.  Once it has its name nobody looks
 * for them any more, and another slot may be written because this one is good.
 * So it has to read right this often; it happens once to a slot, as a rule.
 */
#define FWSLOT_NAME_READS	12

int fwslot_name_content(struct fwslot_dev *dev, struct fwslot_found *from,
			struct fwslot_found **out);

/* running.c */

void fwslot_running_update(const struct fwslot_request *req,
			   struct fwslot_found *found);
void fwslot_running_verified(const struct fwslot_dev *dev,
			     struct fwslot_found *found);
struct fwslot_found *fwslot_running_found(void);
void fwslot_running_exit(void);
void fwslot_running_get(struct fwslot_running *run);
void fwslot_pending_set(const u8 *digest);
bool fwslot_pending_other(const u8 *digest);
bool fwslot_pending(void);

/* session.c */

struct fwslot_session;

int fwslot_session_begin(struct fwslot_begin *arg,
			 struct fwslot_session **out);
ssize_t fwslot_session_write(struct fwslot_session *s,
			     const char __user *buf, size_t len);
int fwslot_session_finish(struct fwslot_session *s,
			  struct fwslot_finish *arg);
int fwslot_session_commit(struct fwslot_session *s);
void fwslot_session_progress(struct fwslot_session *s,
			     struct fwslot_progress *out);
void fwslot_session_close(struct fwslot_session *s);
u32 fwslot_session_snapshot(struct fwslot_progress *out);
bool fwslot_session_open(void);
u64 fwslot_sessions(void);
void fwslot_session_stop(void);
int fwslot_session_suspend(bool suspend);
int fwslot_session_init(void);
void fwslot_session_exit(void);

int fwslot_busy_begin(void);
void fwslot_busy_end(void);

/* wanted.c */

#define FWSLOT_MAP_PIECE	8	/* bytes of a map that go together */

bool fwslot_wanted_piece(const struct fwslot_session *s, u32 input, u32 piece,
			 u8 *out);

/* power.c */

int fwslot_power_init(void);
void fwslot_power_exit(void);

/* audit.c */

void fwslot_audit(u32 event, u32 unit, u32 reason, const char *text);
void fwslot_event(u32 event, u32 unit, u32 reason);
u64 fwslot_refused(void);

#define FWSLOT_NO_UNIT		FWSLOT_UNITS

/* netlink.c */

int fwslot_netlink_init(void);
void fwslot_netlink_exit(void);
void fwslot_netlink_event(u32 event, u32 unit, u32 reason, u64 sequence);

/* chardev.c */

int fwslot_chardev_init(void);
void fwslot_chardev_exit(void);

#endif /* FWSLOT_KMOD_FWSLOT_H */
