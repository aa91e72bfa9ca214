/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * core.h - the pure part of fwslot: formats, policy, engine
 *
 * Nothing here allocates, locks, sleeps, prints or keeps globals.  Memory,
 * flash and hash come from the caller.  The same objects are built into the
 * module, the KUnit tests, the userspace tests, the fuzzers, the tool and the
 * builder.  Grouped by file.
 */
#ifndef FWSLOT_CORE_CORE_H
#define FWSLOT_CORE_CORE_H

#include "env.h"
#include <fwslot/format.h>
#include <fwslot/reason.h>
#include <linux/fwslot.h>

/* reason.c */

const char *fwslot_reason_word(u32 reason);
const char *fwslot_reason_text(u32 reason);
enum fwslot_class fwslot_reason_class(u32 reason);
int fwslot_reason_errno(u32 reason);
const char *fwslot_state_word(u32 state);
const char *fwslot_unit_word(u32 unit);
const char *fwslot_phase_word(u32 phase);
const char *fwslot_event_word(u32 event);
const char *fwslot_booted_word(u32 booted);
const char *fwslot_lock_word(u32 lock);

/* release.c */

/**
 * struct fwslot_release - a release version in host order
 * @major: first number
 * @minor: second number
 * @patch: third number
 * @label: what follows, NUL terminated, may be empty
 */
struct fwslot_release {
	u16 major;
	u16 minor;
	u16 patch;
	char label[FWSLOT_LABEL_SIZE + 1];
};

/* Room for "65535.65535.65535-" and a label, with NUL. */
#define FWSLOT_RELEASE_STR	(3 * 6 + FWSLOT_LABEL_SIZE + 1)

bool fwslot_release_equal(const struct fwslot_release *a,
			  const struct fwslot_release *b);
int fwslot_release_order(const struct fwslot_release *a,
			 const struct fwslot_release *b);
int fwslot_release_parse(const char *text, struct fwslot_release *out);
char *fwslot_release_print(const struct fwslot_release *r,
			   char buf[FWSLOT_RELEASE_STR]);

/**
 * fwslot_blocks() - blocks needed for some bytes, without a 64-bit division
 * @bytes: how many
 * @block: bytes of a block, a power of two
 */
static inline u32 fwslot_blocks(u64 bytes, u32 block)
{
	u32 shift = 0;

	while ((block >> shift) > 1)
		shift++;
	return (bytes + block - 1) >> shift;
}

/* manifest.c */

/**
 * struct fwslot_image - one image of a manifest
 * @kind: FWSLOT_IMAGE_SYSTEM or FWSLOT_IMAGE_BOOTLOADER
 * @slots: mask of the slots it may be written to
 * @size: bytes
 * @chunk_size: bytes of every chunk but the last
 * @chunks: number of chunks
 * @table_digest: SHA-256 of its digest table
 */
struct fwslot_image {
	u32 kind;
	u32 slots;
	u64 size;
	u32 chunk_size;
	u32 chunks;
	u8 table_digest[FWSLOT_DIGEST_SIZE];
};

/**
 * struct fwslot_bridge - a release of another format, see format.h
 * @format: its format
 * @release: its version
 */
struct fwslot_bridge {
	u32 format;
	struct fwslot_release release;
};

/**
 * struct fwslot_manifest - a parsed manifest; 2 KiB, not for the stack
 * @format: image format
 * @release: version
 * @n_products: used entries of @products
 * @n_bridges: used entries of @bridges
 * @n_images: used entries of @images
 * @notes_size: bytes of the release notes
 * @notes_digest: their SHA-256
 * @products: product names
 * @bridges: bridges
 * @images: images, in the manifest's order
 */
struct fwslot_manifest {
	u32 format;
	struct fwslot_release release;
	u32 n_products;
	u32 n_bridges;
	u32 n_images;
	u32 notes_size;
	u8 notes_digest[FWSLOT_DIGEST_SIZE];
	char products[FWSLOT_PRODUCTS_MAX][FWSLOT_PRODUCT_SIZE + 1];
	struct fwslot_bridge bridges[FWSLOT_BRIDGES_MAX];
	struct fwslot_image images[FWSLOT_IMAGES_MAX];
};

u32 fwslot_manifest_parse(const u8 *buf, size_t len,
			  struct fwslot_manifest *out);
u32 fwslot_manifest_product(const struct fwslot_manifest *m,
			    const char *product);
int fwslot_manifest_image(const struct fwslot_manifest *m, u32 slot);
u32 fwslot_tables_size(const struct fwslot_manifest *m);
u32 fwslot_table_offset(const struct fwslot_manifest *m, u32 image);

static inline u32 fwslot_table_size(const struct fwslot_image *img)
{
	return img->chunks * FWSLOT_DIGEST_SIZE;
}

/**
 * fwslot_chunk_len() - length of one chunk
 * @img: the image
 * @chunk: number of the chunk, less than @img->chunks
 *
 * Return: bytes; only the last chunk may be shorter than the others.
 */
static inline u32 fwslot_chunk_len(const struct fwslot_image *img, u32 chunk)
{
	u64 left = img->size - (u64)chunk * img->chunk_size;

	return min_t(u64, left, img->chunk_size);
}

bool fwslot_image_same(const struct fwslot_image *a,
		       const struct fwslot_image *b);

/* cms.c */

u32 fwslot_cms_check(const u8 *sig, size_t len);

/* flash.c: what a slot looks like to the core, and whole-content checks */

/**
 * struct fwslot_geometry - shape of a unit's flash
 * @size: bytes for image (and record, when @record_size is 0)
 * @record_size: bytes of a record area of its own.  It follows the slot in
 *	the address space of the flash ops: [@size, @size + @record_size).
 * @erase_size: bytes of an erase block; divides @size and @record_size
 * @write_unit: bytes; every program is aligned to it and a multiple of it
 * @overwrite: bits that are 1 may still be programmed to 0 without an erase,
 *	as NOR allows
 * @ordered: the write units of a block are programmed once each, from the
 *	first to the last, as NAND demands
 * @image_size: bytes from the start that an image may take, 0: all of @size.
 *	Linear NAND: up to the first bad block.
 */
struct fwslot_geometry {
	u64 size;
	u64 record_size;
	u32 erase_size;
	u32 write_unit;
	bool overwrite;
	bool ordered;
	u64 image_size;
};

/**
 * struct fwslot_flash_ops - flash of one unit
 * @read: read @len bytes at @ofs
 * @erase: erase the block that begins at @ofs
 * @program: program @len bytes at @ofs
 * @retire: may be NULL.  The block at @ofs failed and is not to be used any
 *	more; what is behind it moves up by a block, and the sizes of the
 *	flash's geometry shrink by one.  The last good block stays the last.
 *
 * All return 0 or a negative errno and do all or fail.
 */
struct fwslot_flash_ops {
	int (*read)(void *ctx, u64 ofs, void *buf, u32 len);
	int (*erase)(void *ctx, u64 ofs);
	int (*program)(void *ctx, u64 ofs, const void *buf, u32 len);
	int (*retire)(void *ctx, u64 ofs);
};

/**
 * struct fwslot_flash - a unit's flash, handed to the core
 * @ops: how to reach it
 * @sha256: SHA-256 of @len bytes
 * @recognize: are these @len bytes of it what @digest, their SHA-256, names; NULL:
 *	ask @sha256
 * @ctx: passed to @ops
 * @geo: its shape
 */
struct fwslot_flash {
	const struct fwslot_flash_ops *ops;
	void (*sha256)(const void *data, u32 len, u8 *digest);
	bool (*recognize)(const void *data, u32 len, const u8 *digest);
	void *ctx;
	struct fwslot_geometry geo;
};

/* Largest erase block; it is held in memory while a slot is written. */
#define FWSLOT_ERASE_MAX	(1U << 20)

/**
 * fwslot_head_size() - bytes that are destroyed first and written last
 * @geo: shape of the flash
 *
 * Return: the write unit, but at least the header of a record.
 */
static inline u32 fwslot_head_size(const struct fwslot_geometry *geo)
{
	return max_t(u32, geo->write_unit, sizeof(struct fwslot_disk_record));
}

static inline u64 fwslot_image_room(const struct fwslot_geometry *geo)
{
	return geo->image_size ? geo->image_size : geo->size;
}

static inline u32 fwslot_image_blocks(const struct fwslot_geometry *geo,
				      const struct fwslot_image *img)
{
	return fwslot_blocks(img->size, geo->erase_size);
}

u32 fwslot_geometry_check(const struct fwslot_geometry *geo);
bool fwslot_chunk_good(const struct fwslot_flash *flash,
		       const struct fwslot_image *img, const u8 *table,
		       u32 chunk, const void *data);
int fwslot_content_check(const struct fwslot_flash *flash,
			 const struct fwslot_image *img, const u8 *table,
			 u8 *buf);
int fwslot_content_table(const struct fwslot_flash *flash,
			 const struct fwslot_image *img, u8 *table, u8 *buf);

/* record.c */

/**
 * struct fwslot_record - where the parts of a record are in its body
 * @manifest_size: bytes of the manifest, at offset 0 of the body
 * @signature_size: bytes of the signature, behind the manifest
 * @table_size: bytes of the digest table, behind the signature
 * @body_offset: see format.h
 * @image: index of the image in the manifest
 */
struct fwslot_record {
	u32 manifest_size;
	u32 signature_size;
	u32 table_size;
	u32 body_offset;
	u32 image;
};

#define FWSLOT_RECORD_BODY_MAX	(FWSLOT_MANIFEST_MAX + FWSLOT_SIGNATURE_MAX + \
				 FWSLOT_TABLE_MAX)

static inline u32 fwslot_record_body(const struct fwslot_record *rec)
{
	return rec->manifest_size + rec->signature_size + rec->table_size;
}

u32 fwslot_record_parse(const struct fwslot_geometry *geo, const u8 *head,
			struct fwslot_record *rec);
u32 fwslot_record_layout(const struct fwslot_geometry *geo,
			 const struct fwslot_image *img,
			 struct fwslot_record *rec);
u32 fwslot_record_blocks(const struct fwslot_geometry *geo,
			 const struct fwslot_record *rec);
u64 fwslot_record_head(const struct fwslot_geometry *geo);
void fwslot_record_build(const struct fwslot_geometry *geo,
			 const struct fwslot_record *rec, u8 *head);
int fwslot_record_read(const struct fwslot_flash *flash,
		       const struct fwslot_record *rec, u8 *body);
u32 fwslot_record_check(const struct fwslot_flash *flash,
			const struct fwslot_record *rec, const u8 *body,
			const struct fwslot_manifest *m, u32 slot);

/* wanted.c */

/**
 * fwslot_wanted_size() - bytes of a map of wanted chunks
 * @img: the image
 *
 * Return: one bit for each chunk, a multiple of 8 bytes.
 */
static inline u32 fwslot_wanted_size(const struct fwslot_image *img)
{
	return (img->chunks + 63) / 64 * 8;
}

u32 fwslot_wanted_make(const struct fwslot_geometry *geo,
		       const struct fwslot_image *img, const u8 *table,
		       const struct fwslot_image *old, const u8 *old_table,
		       u8 *map);
u32 fwslot_wanted_next(const u8 *map, u32 chunk, u32 chunks);
u32 fwslot_wanted_blocks(const struct fwslot_geometry *geo,
			 const struct fwslot_image *img, const u8 *map);

/* writer.c and keep.c */

#include "writer.h"

/* policy.c, guard.c, doubt.c and plan.c */

/**
 * struct fwslot_view - what is known of one unit when a plan is made
 * @present: flash is bound to it
 * @fits: the session's image and record fit into it
 * @recorded: it has a valid record of its own, signed by a known key
 * @matched: its content, read whole in this session, equals the image of an
 *	authentic manifest: its own record's, or one at hand
 * @equal: that image is the one the session would write into it
 * @heal: @matched but not @recorded, and there is room for its record
 * @changed: written to since boot
 * @broken: a write was begun since boot and not finished
 * @untrusted: its content equals a record that no known key signed
 * @blank: a bootloader whose head is erased or zero, as the writer leaves it when
 *	it is stopped; on NAND one with a page that cannot be read
 * @format: format of the matched image, of the untrusted record; else 0
 * @release: version of the matched image
 */
struct fwslot_view {
	bool present;
	bool fits;
	bool recorded;
	bool matched;
	bool equal;
	bool heal;
	bool changed;
	bool broken;
	bool untrusted;
	bool blank;
	u32 format;
	struct fwslot_release release;
};

/**
 * struct fwslot_running - the running release
 * @known: the version is known
 * @format: its image format, 0: not known
 * @release: its version
 */
struct fwslot_running {
	bool known;
	u32 format;
	struct fwslot_release release;
};

/**
 * struct fwslot_request - all that a plan depends on
 * @manifest: the session's manifest, its signature checked
 * @untrusted: no trusted key signed it (only with FWSLOT_BEGIN_FORCE)
 * @slots: mask of the slots asked for
 * @flags: FWSLOT_BEGIN_*
 * @booted: enum fwslot_booted
 * @configured: mask of the units that exist on this board
 * @product: the device's product, NULL: none
 * @floor: lowest release, NULL: none
 * @running: the running release
 * @pending: a reboot is pending and this is another manifest
 * @views: the units
 */
struct fwslot_request {
	const struct fwslot_manifest *manifest;
	bool untrusted;
	u32 slots;
	u32 flags;
	u32 booted;
	u32 configured;
	const char *product;
	const struct fwslot_release *floor;
	struct fwslot_running running;
	bool pending;
	struct fwslot_view views[FWSLOT_UNITS];
};

/**
 * struct fwslot_plan - what a session will do
 * @reason: why it was refused, FWSLOT_REASON_NONE: it was not
 * @detail: mask of the units that @reason speaks of
 * @n_steps: used entries of @steps
 * @n_inputs: used entries of @inputs
 * @steps: steps in order; blocks is filled in by the caller
 * @inputs: images to be streamed, in order
 */
struct fwslot_plan {
	u32 reason;
	u32 detail;
	u32 n_steps;
	u32 n_inputs;
	struct fwslot_step steps[FWSLOT_STEPS_MAX];
	struct fwslot_input inputs[FWSLOT_INPUTS_MAX];
};

static inline u32 fwslot_unit_slot(u32 unit)
{
	return unit < FWSLOT_UNIT_BOOT0 ? unit : FWSLOT_BOOTLOADER;
}

void fwslot_running_find(const struct fwslot_request *req,
			 struct fwslot_running *run);
bool fwslot_bridge_from(const struct fwslot_manifest *m, u32 format,
			const struct fwslot_release *release);
u32 fwslot_policy_check(const struct fwslot_request *req, u32 *detail);
u32 fwslot_installed_format(const struct fwslot_request *req);
bool fwslot_boot_unchanged(const struct fwslot_request *req);
bool fwslot_boot_possible(const struct fwslot_request *req, u32 unit);
bool fwslot_startable(const struct fwslot_request *req);
bool fwslot_only_copy(const struct fwslot_request *req, u32 unit);
bool fwslot_content_good(const struct fwslot_request *req, u32 unit);
u32 fwslot_guard(const struct fwslot_request *req, u32 unit);
bool fwslot_view_firm(const struct fwslot_view *view);
bool fwslot_doubt_forbids(const struct fwslot_request *req, u32 unit);
u32 fwslot_doubt_first(const struct fwslot_request *req, u32 left, u32 next);
bool fwslot_doubt_helps(const struct fwslot_request *req, u32 left, u32 next);
void fwslot_view_written(const struct fwslot_request *req,
			 struct fwslot_view *view);
u32 fwslot_plan_make(const struct fwslot_request *req,
		     struct fwslot_plan *plan);

/* table.c: the table of states of a unit */

/* What happens to a unit. */
enum fwslot_change {
	FWSLOT_CHANGE_BIND,		/* flash bound */
	FWSLOT_CHANGE_GONE,		/* flash went away */
	FWSLOT_CHANGE_NO_RECORD,	/* scanned: no record */
	FWSLOT_CHANGE_BAD_RECORD,	/* scanned: damaged record */
	FWSLOT_CHANGE_RECORD,		/* scanned: authentic record */
	FWSLOT_CHANGE_VERIFIED,		/* content read: equals the record */
	FWSLOT_CHANGE_CORRUPT,		/* content read: does not */
	FWSLOT_CHANGE_UNTRUSTED,	/* content read: equals a foreign record */
	FWSLOT_CHANGE_WRITE,		/* a write begins */
	FWSLOT_CHANGE_NAME,		/* only its record is being written */
	FWSLOT_CHANGE_BROKEN,		/* a write ended early */
	FWSLOT_CHANGE_UNTOUCHED,	/* it ended before it changed anything */
	FWSLOT_CHANGES
};

int fwslot_state_next(u32 state, enum fwslot_change change);

#endif /* FWSLOT_CORE_CORE_H */
