/* SPDX-License-Identifier: MIT */
/*
 * pkg_tar.h - strict ustar members for the package reader
 *
 * Private to the package reader (pkg.c).  Knows nothing of packages but the
 * shape of their archive: regular files only, no prefix, no links, plain octal
 * numbers, zero padding.  Everything else is refused, not skipped.
 */
#ifndef FWSLOT_USERSPACE_PKG_TAR_H
#define FWSLOT_USERSPACE_PKG_TAR_H

#include "pkg.h"

#define PKG_TAR_BLOCK	512U
#define PKG_TAR_NAME_SIZE	100

/**
 * struct pkg_tar - an archive that is being read
 * @src: where it comes from
 * @pos: bytes read or skipped so far
 * @name: name of the current member; empty at the end of the archive
 * @size: bytes of the current member
 * @left: bytes of it that were not read yet
 * @error: why the last call failed
 */
struct pkg_tar {
	struct pkg_source src;
	u64 pos;
	char name[PKG_TAR_NAME_SIZE + 1];
	u64 size;
	u64 left;
	struct pkg_error error;
};

int pkg_tar_fail(struct pkg_tar *tar, int err, u32 reason, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int pkg_tar_refuse(struct pkg_tar *tar, u32 reason, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int pkg_tar_next(struct pkg_tar *tar);
int pkg_tar_read(struct pkg_tar *tar, void *buf, size_t len);
int pkg_tar_skip(struct pkg_tar *tar, u64 len);
int pkg_tar_leave(struct pkg_tar *tar);
int pkg_tar_expect(struct pkg_tar *tar, const char *base, const char *suffix);
bool pkg_tar_named(const struct pkg_tar *tar, const char *base,
		   const char *suffix);
int pkg_tar_content(struct pkg_tar *tar, u64 min, u64 max, u8 **buf);
int pkg_tar_no_memory(struct pkg_tar *tar);
int pkg_tar_end(struct pkg_tar *tar);

#endif /* FWSLOT_USERSPACE_PKG_TAR_H */
