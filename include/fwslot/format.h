/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * format.h - the bytes of a manifest, a slot record and a package
 *
 * Documentation/package-format.rst gives the same layout byte by byte with
 * the reasons.  Version 1 of the manifest and of the record is frozen: golden
 * files under tests/data are read by every later version.
 *
 * All integers are little-endian.  Every reserved byte is zero, and a reader
 * refuses what it does not know: unknown flags, trailing bytes, duplicates.
 * Strings are NUL padded to their field, use only [A-Za-z0-9._+-], and may
 * fill the field completely.
 *
 * The includer provides the __le types and static_assert (kmod/core/env.h).
 */
#ifndef FWSLOT_FORMAT_H
#define FWSLOT_FORMAT_H

/* Hard caps, checked before anything is allocated or read. */
#define FWSLOT_MANIFEST_MAX	4096U		/* bytes of a manifest */
#define FWSLOT_SIGNATURE_MAX	8192U		/* bytes of a detached CMS */
#define FWSLOT_PRODUCTS_MAX	16U
#define FWSLOT_BRIDGES_MAX	16U
#define FWSLOT_IMAGES_MAX	2U		/* one of each kind */
#define FWSLOT_CHUNKS_MAX	16384U		/* chunks of one image */
#define FWSLOT_CHUNK_MIN	(64U << 10)
#define FWSLOT_CHUNK_MAX	(256U << 10)
#define FWSLOT_BOOTLOADER_MAX	(16U << 20)	/* held in kernel memory whole */
#define FWSLOT_NOTES_MAX	(256U << 10)
#define FWSLOT_DIGEST_SIZE	32U		/* SHA-256 */
#define FWSLOT_TABLE_MAX	(FWSLOT_CHUNKS_MAX * FWSLOT_DIGEST_SIZE)

/*
 * Manifest
 *
 * head | products[n_products] | bridges[n_bridges] | images[n_images]
 *
 * with nothing between or behind them.  The magic is 32 bytes of text so that
 * nothing else signed with the same key can be taken for a manifest.
 */
#define FWSLOT_MANIFEST_MAGIC	"fwslot firmware release manifest"
#define FWSLOT_MANIFEST_VERSION	1

#define FWSLOT_LABEL_SIZE	24
#define FWSLOT_PRODUCT_SIZE	32

/**
 * struct fwslot_disk_release - a release version
 * @major: first number
 * @minor: second number
 * @patch: third number
 * @reserved: zero
 * @label: what follows the numbers, without the dash; may be empty
 *
 * Written MAJOR.MINOR.PATCH or MAJOR.MINOR.PATCH-LABEL.
 */
struct fwslot_disk_release {
	__le16 major;
	__le16 minor;
	__le16 patch;
	__le16 reserved;
	char label[FWSLOT_LABEL_SIZE];
};

/**
 * struct fwslot_disk_manifest - head of a manifest
 * @magic: FWSLOT_MANIFEST_MAGIC without its NUL
 * @version: FWSLOT_MANIFEST_VERSION
 * @size: bytes of the whole manifest; exactly the bytes that are signed
 * @flags: zero, no flag is defined
 * @format: image format of every image of this release, 1 or higher
 * @release: version of this release
 * @n_products: products that follow, 1 to FWSLOT_PRODUCTS_MAX
 * @n_bridges: bridges that follow, 0 to FWSLOT_BRIDGES_MAX
 * @n_images: images that follow, 1 to FWSLOT_IMAGES_MAX
 * @notes_size: bytes of the release notes, 0: none
 * @notes_digest: SHA-256 of the release notes; zero when there are none
 * @reserved: zero
 */
struct fwslot_disk_manifest {
	char magic[32];
	__le32 version;
	__le32 size;
	__le32 flags;
	__le32 format;
	struct fwslot_disk_release release;
	__le32 n_products;
	__le32 n_bridges;
	__le32 n_images;
	__le32 notes_size;
	__u8 notes_digest[FWSLOT_DIGEST_SIZE];
	__u8 reserved[32];
};

/**
 * struct fwslot_disk_product - a product this release is made for
 * @name: matches the device's product name exactly; not empty
 */
struct fwslot_disk_product {
	char name[FWSLOT_PRODUCT_SIZE];
};

/**
 * struct fwslot_disk_bridge - a release of another format that may be left
 *			       for this one
 * @format: format of that release; differs from the manifest's own
 * @reserved: zero
 * @release: that release, numbers and label compared exactly
 */
struct fwslot_disk_bridge {
	__le32 format;
	__le32 reserved;
	struct fwslot_disk_release release;
};

/* Values of struct fwslot_disk_image.kind; they decide the slots. */
#define FWSLOT_IMAGE_SYSTEM	1	/* primary and/or secondary */
#define FWSLOT_IMAGE_BOOTLOADER	2	/* bootloader, all copies */

/**
 * struct fwslot_disk_image - one image of the release
 * @kind: FWSLOT_IMAGE_SYSTEM or FWSLOT_IMAGE_BOOTLOADER, ascending, each once
 * @slots: slots it may be written to, bits of 1 << enum fwslot_slot
 * @size: bytes of the image, 1 to FWSLOT_CHUNKS_MAX * @chunk_size
 * @chunk_size: power of two, FWSLOT_CHUNK_MIN to FWSLOT_CHUNK_MAX
 * @reserved: zero
 * @table_digest: SHA-256 of the image's digest table
 *
 * (size, chunk_size, table_digest) is the identity of the content.
 */
struct fwslot_disk_image {
	__le32 kind;
	__le32 slots;
	__le64 size;
	__le32 chunk_size;
	__le32 reserved;
	__u8 table_digest[FWSLOT_DIGEST_SIZE];
};

static_assert(sizeof(FWSLOT_MANIFEST_MAGIC) - 1 == 32);
static_assert(sizeof(struct fwslot_disk_release) == 32);
static_assert(sizeof(struct fwslot_disk_manifest) == 160);
static_assert(sizeof(struct fwslot_disk_product) == 32);
static_assert(sizeof(struct fwslot_disk_bridge) == 40);
static_assert(sizeof(struct fwslot_disk_image) == 56);

/*
 * Digest table of an image: the SHA-256 of each chunk, in order, no header.
 * All chunks are chunk_size bytes but the last, which is what remains.
 */

/*
 * Slot record
 *
 * The record area is the slot itself, or a place of its own (record= in
 * slots=).  The header is at the start of the area's last erase block.  The
 * body is manifest | signature | digest table of the image in this slot.  It
 * begins body_offset bytes into that block, and what does not fit goes on at
 * the start of the block before it, then the one before that.
 *
 * The header's write unit is destroyed right after the head of the image, before
 * anything else of the slot is changed, and written after everything else.  It
 * is not signed and says only where things are; all that counts is signed in
 * the body.
 */
#define FWSLOT_RECORD_MAGIC	"fwsl.rec"
#define FWSLOT_RECORD_VERSION	1
#define FWSLOT_RECORD_BODY_MIN	512U	/* default and least body_offset */

/**
 * struct fwslot_disk_record - header of a slot record
 * @magic: FWSLOT_RECORD_MAGIC without its NUL
 * @version: FWSLOT_RECORD_VERSION
 * @erase_size: bytes of an erase block, as the record was laid out
 * @body_offset: start of the body in the header's block; a multiple of
 *	FWSLOT_RECORD_BODY_MIN, less than @erase_size
 * @manifest_size: bytes of the manifest
 * @signature_size: bytes of its detached CMS signature
 * @table_size: bytes of the digest table
 * @image: index of this slot's image in the manifest
 * @reserved: zero
 */
struct fwslot_disk_record {
	char magic[8];
	__le32 version;
	__le32 erase_size;
	__le32 body_offset;
	__le32 manifest_size;
	__le32 signature_size;
	__le32 table_size;
	__le32 image;
	__u8 reserved[28];
};

static_assert(sizeof(FWSLOT_RECORD_MAGIC) - 1 == 8);
static_assert(sizeof(struct fwslot_disk_record) == 64);

/*
 * Package: POSIX ustar, these members in this order and no others.
 *
 *   manifest            the manifest
 *   manifest.p7s        detached CMS signature of it, DER, one signer
 *   notes               release notes, UTF-8 text (only if notes_size != 0)
 *   bootloader.digests  digest table (only if the image is in the manifest)
 *   system.digests      digest table (only if the image is in the manifest)
 *   bootloader.img      the image, or bootloader.index and bootloader.zst
 *   system.img          the image, or system.index and system.zst
 *
 * The bootloader comes first: the kernel holds it in memory whole, so that
 * every order of slots can be served from a pipe.
 *
 * NAME.zst is a row of independent zstd frames, each of FWSLOT_FRAME_SIZE
 * bytes of content (the last may be less), window at most
 * FWSLOT_WINDOW_MAX.  NAME.index is a __le64 for each frame: the offset of its
 * end in NAME.zst.  The index lets a reader skip; it is never trusted.
 *
 * Every member is a regular file; mode, owner and time are fixed by the
 * builder and ignored by the reader.  Two zero blocks end the archive, nothing
 * but zero bytes follows.
 */
#define FWSLOT_PKG_MANIFEST	"manifest"
#define FWSLOT_PKG_SIGNATURE	"manifest.p7s"
#define FWSLOT_PKG_NOTES	"notes"
#define FWSLOT_PKG_DIGESTS	".digests"
#define FWSLOT_PKG_PLAIN	".img"
#define FWSLOT_PKG_INDEX	".index"
#define FWSLOT_PKG_ZSTD		".zst"
#define FWSLOT_PKG_SYSTEM	"system"
#define FWSLOT_PKG_BOOTLOADER	"bootloader"
#define FWSLOT_FRAME_SIZE	(1U << 20)
#define FWSLOT_WINDOW_MAX	(8U << 20)

#endif /* FWSLOT_FORMAT_H */
