/* SPDX-License-Identifier: MIT */
/*
 * mkpkg.h - what the files of fwslot-mkpkg share
 *
 * The builder writes manifests, packages and slot records with code of its
 * own, from the caps and names in fwslot/format.h alone.  It must not use the
 * structures of that file nor the core for writing: the core's parser then
 * checks the result, so that a misreading by either shows.  Grouped by file.
 */
#ifndef FWSLOT_MKPKG_H
#define FWSLOT_MKPKG_H

#include "core.h"

#include <sys/types.h>

/* Exit status; the same numbers as those of fwslot. */
enum mkpkg_exit {
	MKPKG_OK = 0,
	MKPKG_FAILED = 1,	/* files, memory */
	MKPKG_USAGE = 2,	/* options, or input that breaks a rule */
	MKPKG_BAD = 4,		/* package, manifest or signature is bad */
};

/**
 * struct bytes - a piece of memory that is owned by whoever holds it
 * @data: malloc()ed, or NULL
 * @size: bytes
 */
struct bytes {
	u8 *data;
	size_t size;
};

/* util.c */

void mkpkg_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
int mkpkg_status(int err);
int bytes_alloc(struct bytes *b, size_t size);
void bytes_free(struct bytes *b);
void put_le(u8 *p, u64 value, int size);
int sha256(const void *data, size_t size, u8 digest[FWSLOT_DIGEST_SIZE]);
int file_load(const char *path, size_t max, struct bytes *out);
int read_full(int fd, const char *path, u64 ofs, void *buf, size_t size);

/* dest.c */

/**
 * struct dest - a file that is being written
 * @path: its name in the end
 * @tmp: its name until then
 * @fd: file descriptor, -1: not open
 * @ofs: bytes written
 */
struct dest {
	const char *path;
	char *tmp;
	int fd;
	u64 ofs;
};

#define DEST_CLOSED	{ .fd = -1 }

int dest_open(struct dest *o, const char *path);
int dest_write(struct dest *o, const void *data, size_t size);
int dest_fill(struct dest *o, u8 byte, u64 size);
int dest_patch(struct dest *o, u64 ofs, const void *data, size_t size);
int dest_commit(struct dest *o);
void dest_abort(struct dest *o);
int dest_file(const char *path, const struct bytes *b);

/* ustar.c */

#define USTAR_BLOCK	512U

void ustar_header(u8 block[USTAR_BLOCK], const char *name, u64 size, u64 mtime);
int ustar_first(const u8 block[USTAR_BLOCK], const char **name, u64 *size,
		u64 *mtime);
u64 ustar_size(u64 size);
int ustar_pad(struct dest *o);
int ustar_member(struct dest *o, const char *name, const struct bytes *b,
		 u64 mtime);
int ustar_end(struct dest *o);

/* option.c */

/**
 * struct spec_release - a release version as given on the command line
 * @number: major, minor, patch
 * @label: NUL padded as in the manifest, one more byte
 */
struct spec_release {
	u16 number[3];
	char label[FWSLOT_LABEL_SIZE + 1];
};

/**
 * struct spec_bridge - a bridge as given on the command line
 * @format: format of the release
 * @release: its version
 */
struct spec_bridge {
	u32 format;
	struct spec_release release;
};

int option_number(const char *what, const char *text, u64 min, u64 max,
		  u64 *out);
int option_size(const char *what, const char *text, u64 min, u64 max,
		u64 *out);
int option_release(const char *what, const char *text,
		   struct spec_release *out);
int option_bridge(const char *text, struct spec_bridge *out);
int option_product(const char *text, char out[FWSLOT_PRODUCT_SIZE + 1]);
int option_slots(const char *text, u32 *out);
const char *slot_name(u32 slot);
int option_slot(const char *text, u32 *out);
int option_compress(const char *text, int *level);
int option_time(u64 *mtime);
int option_unknown(const char *command, const char *arg);

/* image.c */

/**
 * struct image - an input image
 * @path: file name, NULL: no such image in this release
 * @kind: FWSLOT_IMAGE_*
 * @slots: slots it may be written to
 * @fd: open file
 * @size: bytes
 * @chunk_size: bytes of a chunk
 * @table: digest table
 * @table_digest: SHA-256 of @table
 */
struct image {
	const char *path;
	u32 kind;
	u32 slots;
	int fd;
	u64 size;
	u32 chunk_size;
	struct bytes table;
	u8 table_digest[FWSLOT_DIGEST_SIZE];
};

const char *image_name(u32 kind);
int image_open(struct image *img);
void image_close(struct image *img);
int image_read(const struct image *img, u64 ofs, void *buf, size_t size);

/* store.c */

/* Compression levels: 0 is plain, 1 to 19 are those of zstd. */
#define LEVEL_PLAIN	0
#define LEVEL_DEFAULT	15
#define LEVEL_MAX	19

int store_image(struct dest *o, const struct image *img, int level,
		u64 mtime);

/* spec.c */

/**
 * struct spec - all that a manifest says
 * @release: version
 * @format: image format
 * @n_products: used entries of @products
 * @products: product names
 * @n_bridges: used entries of @bridges
 * @bridges: bridges
 * @images: system, bootloader; those without a path are left out
 * @notes: release notes, may be empty
 */
struct spec {
	struct spec_release release;
	u32 format;
	u32 n_products;
	char products[FWSLOT_PRODUCTS_MAX][FWSLOT_PRODUCT_SIZE + 1];
	u32 n_bridges;
	struct spec_bridge bridges[FWSLOT_BRIDGES_MAX];
	struct image images[FWSLOT_IMAGES_MAX];
	struct bytes notes;
};

void spec_init(struct spec *s);
void spec_free(struct spec *s);
int spec_add_product(struct spec *s, const char *text);
int spec_add_bridge(struct spec *s, const char *text);
int spec_open(struct spec *s, const char *notes);

/* encode.c */

int manifest_encode(const struct spec *spec, struct bytes *out);

/* pack.c */

/**
 * struct pack - what goes into a package
 * @spec: images and release notes
 * @level: compression of the images
 * @mtime: time of the members
 * @manifest: the manifest
 * @signature: its signature, empty: the package is unsigned
 */
struct pack {
	const struct spec *spec;
	int level;
	u64 mtime;
	struct bytes manifest;
	struct bytes signature;
};

int pack_write(const char *path, const struct pack *pack);

/* layout.c */

/**
 * struct layout - where image and record of a slot go
 * @slot_size: bytes of the slot
 * @record_size: bytes of a record area of its own, 0: the slot's end
 * @erase_size: bytes of an erase block
 * @write_unit: bytes that are programmed at once
 * @body_offset: start of the body in the header's block
 * @blocks: erase blocks of the record
 */
struct layout {
	u64 slot_size;
	u64 record_size;
	u32 erase_size;
	u32 write_unit;
	u32 body_offset;
	u32 blocks;
};

/**
 * struct span - memory that belongs to somebody else
 * @data: its address
 * @size: bytes
 */
struct span {
	const u8 *data;
	size_t size;
};

/**
 * struct record_parts - what a slot record is made of
 * @manifest: the manifest
 * @signature: its signature
 * @table: digest table of the image in the slot
 * @image: index of that image in the manifest
 */
struct record_parts {
	struct span manifest;
	struct span signature;
	struct span table;
	u32 image;
};

int record_layout(struct layout *l, const struct record_parts *parts,
		  u64 image_size);
int record_write(struct dest *o, const struct layout *l,
		 const struct record_parts *parts);

/* package.c */

struct pkg;
struct splice;

/**
 * struct package - a package that is read and checked
 * @name: what to call it in error lines
 * @fd: open file
 * @pkg: the package reader
 * @splice: stands in for the missing signature of an unsigned package
 * @chunk: room for a chunk
 */
struct package {
	const char *name;
	int fd;
	struct pkg *pkg;
	struct splice *splice;
	struct bytes chunk;
};

int package_open(struct package *p, const char *path, const char *name,
		 u64 unsigned_at);
void package_close(struct package *p);
int package_chunk(struct package *p, u32 image, u32 chunk, u32 *len);
int package_end(struct package *p);
int package_rest(struct package *p);
int package_signature(const struct package *p, const char *cert);

/* check.c */

int check_manifest(const struct bytes *manifest, const struct spec *spec);
int check_package(const struct dest *o, u64 unsigned_at);
int check_slot(const struct dest *slot, const struct dest *record,
	       const struct layout *l, u32 number);

/* reuse.c */

int reuse_manifest(const char *path, struct spec *spec, struct bytes *bytes);
int reuse_compare(const char *path, const struct bytes *reused,
		  const struct bytes *made);

/* form.c */

struct CMS_ContentInfo_st *cms_decode(const u8 *der, size_t size);
int cms_encode(struct CMS_ContentInfo_st *cms, struct bytes *out);
int cms_check(const char *name, const u8 *der, size_t size);
int cms_signer(const u8 *der, size_t size, struct bytes *out);

/* cms.c */

int cms_sign(const char *key, const char *cert, const struct bytes *manifest,
	     struct bytes *out);
int cms_verify(const char *name, const u8 *der, size_t size, const char *cert,
	       const u8 *manifest, size_t manifest_size);

/* build.c, attach.c, info.c, factory.c: the commands */

int cmd_build(int argc, char **argv);
int cmd_attach(int argc, char **argv);
int cmd_info(int argc, char **argv);
int cmd_factory(int argc, char **argv);

#endif /* FWSLOT_MKPKG_H */
