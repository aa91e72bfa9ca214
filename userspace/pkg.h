/* SPDX-License-Identifier: MIT */
/*
 * pkg.h - the package reader
 *
 * Reads the strict ustar subset that include/fwslot/format.h describes, from
 * a file, a pipe or memory, strictly forward.  It checks structure only: what
 * it hands out is not authentic before somebody has compared signature and
 * digests.  Nothing is extracted, every length is compared with a hard cap
 * before memory is allocated, and a compressed frame can never grow beyond
 * the size that the manifest gives.  Every malformed thing is refused with
 * one reason and one line of text.
 *
 * Shared by fwslot and fwslot-mkpkg.
 */
#ifndef FWSLOT_USERSPACE_PKG_H
#define FWSLOT_USERSPACE_PKG_H

#include <sys/types.h>

#include "core.h"

#define PKG_ERROR_SIZE	200

/**
 * struct pkg_source - where the bytes of a package come from
 * @ctx: passed to the functions
 * @read: up to @len bytes into @buf; 0 at the end, or a negative errno
 * @skip: leave out @len bytes, 0 or a negative errno; NULL: cannot be done,
 *	the bytes are read and dropped
 * @why: a sentence for the last error, NULL when the errno says it all; or NULL
 */
struct pkg_source {
	void *ctx;
	ssize_t (*read)(void *ctx, void *buf, size_t len);
	int (*skip)(void *ctx, u64 len);
	const char *(*why)(void *ctx);
};

/**
 * struct pkg_memory - a package in memory, see pkg_source_memory()
 * @data: its bytes
 * @size: how many
 * @pos: where the reader is
 */
struct pkg_memory {
	const u8 *data;
	size_t size;
	size_t pos;
};

/**
 * struct pkg_blob - some bytes, owned by the reader
 * @data: the bytes, NULL when there are none
 * @size: how many
 */
struct pkg_blob {
	const u8 *data;
	u32 size;
};

/**
 * struct pkg_head - what comes before the payload
 * @manifest: the parsed manifest
 * @raw: the manifest as it is signed
 * @signature: detached CMS signature of @raw
 * @notes: release notes, may be empty; any bytes, show them escaped only
 * @tables: digest tables of all images, in the manifest's order, one behind
 *	the other, as FWSLOT_IOC_BEGIN takes them
 */
struct pkg_head {
	struct fwslot_manifest manifest;
	struct pkg_blob raw;
	struct pkg_blob signature;
	struct pkg_blob notes;
	struct pkg_blob tables;
};

/**
 * struct pkg_stored - how an image is stored, known once it was reached
 * @known: the fields below are valid
 * @zstd: compressed
 * @size: bytes in the package
 */
struct pkg_stored {
	bool known;
	bool zstd;
	u64 size;
};

/**
 * struct pkg_error - why the last call failed
 * @reason: enum fwslot_reason; FWSLOT_REASON_NONE when the source failed
 * @error: the negative errno that the call returned
 * @text: one line, without a full stop; holds no byte of the package
 */
struct pkg_error {
	u32 reason;
	int error;
	char text[PKG_ERROR_SIZE];
};

struct pkg;

void pkg_source_fd(struct pkg_source *src, int fd);
void pkg_source_memory(struct pkg_source *src, struct pkg_memory *mem);

int pkg_new(const struct pkg_source *src, struct pkg **out);
void pkg_free(struct pkg *pkg);
int pkg_read_manifest(struct pkg *pkg);
int pkg_read_head(struct pkg *pkg);
int pkg_chunk(struct pkg *pkg, u32 image, u32 chunk, void *buf);
int pkg_end(struct pkg *pkg);

const struct pkg_head *pkg_head(const struct pkg *pkg);
const struct pkg_stored *pkg_stored(const struct pkg *pkg, u32 image);
const struct pkg_error *pkg_error(const struct pkg *pkg);

#endif /* FWSLOT_USERSPACE_PKG_H */
