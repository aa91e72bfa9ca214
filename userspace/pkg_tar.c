// SPDX-License-Identifier: MIT
/*
 * pkg_tar.c - strict ustar members for the package reader
 *
 * One header at a time, strictly forward.  A header is believed only if every
 * field that could change its meaning has the one value that a package may
 * have; mode, owner and time are ignored.  To accept more of ustar here means
 * to accept it in every program that reads packages, so do not.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "pkg_tar.h"

/* Zero bytes that may follow the archive: blocking of any sane tar. */
#define PKG_TAR_TAIL_MAX	(1024U * 1024)

struct tar_header {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char chksum[8];
	char typeflag;
	char linkname[100];
	char magic[8];
	char uname[32];
	char gname[32];
	char devmajor[8];
	char devminor[8];
	char prefix[155];
	char pad[12];
};

static_assert(sizeof(struct tar_header) == PKG_TAR_BLOCK);

static void pkg_tar_note(struct pkg_tar *tar, int err, u32 reason,
			 const char *fmt, va_list ap)
{
	tar->error.reason = reason;
	tar->error.error = err;
	vsnprintf(tar->error.text, sizeof(tar->error.text), fmt, ap);
}

/**
 * pkg_tar_fail() - note why a call failed
 * @tar: the archive
 * @err: negative errno
 * @reason: enum fwslot_reason
 * @fmt: one line of text, as printf()
 *
 * Return: @err.
 */
int pkg_tar_fail(struct pkg_tar *tar, int err, u32 reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	pkg_tar_note(tar, err, reason, fmt, ap);
	va_end(ap);
	return err;
}

/**
 * pkg_tar_refuse() - note why a package is refused
 * @tar: the archive
 * @reason: enum fwslot_reason
 * @fmt: one line of text, as printf()
 *
 * Return: -EBADMSG, always.
 */
int pkg_tar_refuse(struct pkg_tar *tar, u32 reason, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	pkg_tar_note(tar, -EBADMSG, reason, fmt, ap);
	va_end(ap);
	return -EBADMSG;
}

static int pkg_tar_io_error(struct pkg_tar *tar, int err)
{
	const char *why = tar->src.why ? tar->src.why(tar->src.ctx) : NULL;

	return pkg_tar_fail(tar, err, FWSLOT_REASON_NONE,
			    "the package cannot be read: %s",
			    why ? why : strerror(-err));
}

static int pkg_tar_truncated(struct pkg_tar *tar)
{
	return pkg_tar_refuse(tar, FWSLOT_REASON_TRUNCATED,
			      "the package ends too early, after %llu bytes",
			      (unsigned long long)tar->pos);
}

/* All of @len bytes, wherever in the archive. */
static int pkg_tar_bytes(struct pkg_tar *tar, void *buf, size_t len)
{
	u8 *to = buf;
	ssize_t n;

	while (len) {
		n = tar->src.read(tar->src.ctx, to, len);
		if (n < 0)
			return pkg_tar_io_error(tar, n);
		if (!n)
			return pkg_tar_truncated(tar);
		to += n;
		len -= n;
		tar->pos += n;
	}
	return 0;
}

static bool pkg_tar_octal(const char *field, size_t digits, u64 *value)
{
	size_t i;

	*value = 0;
	for (i = 0; i < digits; i++) {
		if (field[i] < '0' || field[i] > '7')
			return false;
		*value = *value << 3 | (u64)(field[i] - '0');
	}
	return field[digits] == '\0' || field[digits] == ' ';
}

/* The checksum does not cover its own end, which all writers of ustar agree on. */
static bool pkg_tar_sum_good(const struct tar_header *h)
{
	const u8 *bytes = (const u8 *)h;
	const size_t from = offsetof(struct tar_header, chksum);
	u64 want, sum = 0;
	size_t i;

	for (i = 0; i < sizeof(*h); i++)
		sum += i >= from && i < from + sizeof(h->chksum) ? ' ' :
								   bytes[i];
	return pkg_tar_octal(h->chksum, 6, &want) && want == sum &&
	       !h->chksum[6] && h->chksum[7] == ' ';
}

static bool pkg_tar_name_good(const struct tar_header *h)
{
	size_t len = strnlen(h->name, sizeof(h->name));

	return len && !memchr_inv(h->name + len, 0, sizeof(h->name) - len);
}

/* What is wrong with a header, NULL: nothing. */
static const char *pkg_tar_fault(const struct tar_header *h, u64 *size)
{
	if (memcmp(h->magic, "ustar\00000", sizeof(h->magic)))
		return "there is no ustar header";
	if (!pkg_tar_sum_good(h))
		return "there is a header with a bad checksum";
	if (h->typeflag != '0' ||
	    memchr_inv(h->linkname, 0, sizeof(h->linkname)))
		return "there is a member that is not a plain file";
	if (!pkg_tar_name_good(h) ||
	    memchr_inv(h->prefix, 0, sizeof(h->prefix)))
		return "there is a member with a bad name";
	if (!pkg_tar_octal(h->size, 11, size) ||
	    memchr_inv(h->pad, 0, sizeof(h->pad)))
		return "there is a malformed header";
	return NULL;
}

/**
 * pkg_tar_next() - read the header of the next member
 * @tar: the archive; the member before it must have been left
 *
 * At the end of the archive the name is empty and one of its two zero blocks
 * has been read.
 *
 * Return: 0; -EBADMSG when there is no good header; or the source's errno.
 */
int pkg_tar_next(struct pkg_tar *tar)
{
	struct tar_header h;
	const char *fault;
	int ret;

	memset(tar->name, 0, sizeof(tar->name));
	tar->size = 0;
	tar->left = 0;
	ret = pkg_tar_bytes(tar, &h, sizeof(h));
	if (ret)
		return ret;
	if (!memchr_inv(&h, 0, sizeof(h)))
		return 0;
	fault = pkg_tar_fault(&h, &tar->size);
	if (fault)
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "%s at offset %llu", fault,
				      (unsigned long long)tar->pos - sizeof(h));
	memcpy(tar->name, h.name, sizeof(h.name));
	tar->left = tar->size;
	return 0;
}

/**
 * pkg_tar_read() - read bytes of the current member
 * @tar: the archive
 * @buf: where to
 * @len: how many, all of them or none
 *
 * Return: 0; -EBADMSG when the member or the archive is shorter than that; or
 * the source's errno.
 */
int pkg_tar_read(struct pkg_tar *tar, void *buf, size_t len)
{
	if (len > tar->left)
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "member \"%s\" is too short", tar->name);
	tar->left -= len;
	return pkg_tar_bytes(tar, buf, len);
}

/**
 * pkg_tar_skip() - leave out bytes of the current member
 * @tar: the archive
 * @len: how many, at most what is left of it
 *
 * Return: as pkg_tar_read().
 */
int pkg_tar_skip(struct pkg_tar *tar, u64 len)
{
	u8 drop[16384];
	size_t n;
	int ret;

	if (len > tar->left)
		return pkg_tar_read(tar, NULL, len);
	if (tar->src.skip && len) {
		ret = tar->src.skip(tar->src.ctx, len);
		if (ret)
			return pkg_tar_io_error(tar, ret);
		tar->pos += len;
		tar->left -= len;
		return 0;
	}
	for (; len; len -= n) {
		n = min_t(u64, len, sizeof(drop));
		ret = pkg_tar_read(tar, drop, n);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * pkg_tar_leave() - go to the end of the current member
 * @tar: the archive
 *
 * Return: as pkg_tar_read(), and -EBADMSG when its padding is not zero.
 */
int pkg_tar_leave(struct pkg_tar *tar)
{
	u8 pad[PKG_TAR_BLOCK];
	size_t len = -tar->size % PKG_TAR_BLOCK;
	int ret;

	ret = pkg_tar_skip(tar, tar->left);
	if (ret)
		return ret;
	ret = pkg_tar_bytes(tar, pad, len);
	if (ret)
		return ret;
	if (memchr_inv(pad, 0, len))
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "member \"%s\" is not padded with zeros",
				      tar->name);
	return 0;
}

/**
 * pkg_tar_expect() - go to the next member, which must have a certain name
 * @tar: the archive
 * @base: first part of the name
 * @suffix: the rest of it
 *
 * Return: as pkg_tar_next(), and -EBADMSG when it has another name.
 */
int pkg_tar_expect(struct pkg_tar *tar, const char *base, const char *suffix)
{
	int ret = pkg_tar_next(tar);

	if (ret || pkg_tar_named(tar, base, suffix))
		return ret;
	return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
			      "%s where \"%s%s\" must be",
			      tar->name[0] ? "another member is" : "the end is",
			      base, suffix);
}

/**
 * pkg_tar_named() - ask for the name of the current member
 * @tar: the archive
 * @base: first part of the name
 * @suffix: the rest of it
 *
 * Return: true when that is its name.
 */
bool pkg_tar_named(const struct pkg_tar *tar, const char *base,
		   const char *suffix)
{
	size_t len = strlen(base);

	return !strncmp(tar->name, base, len) &&
	       !strcmp(tar->name + len, suffix);
}

/**
 * pkg_tar_content() - read the current member whole
 * @tar: the archive
 * @min: least bytes it must have
 * @max: most bytes it may have
 * @buf: its content, in memory that the caller frees, also after an error
 *
 * Return: as pkg_tar_leave(); -EBADMSG when it has another size; -ENOMEM.
 */
int pkg_tar_content(struct pkg_tar *tar, u64 min, u64 max, u8 **buf)
{
	int ret;

	if (tar->size < min || tar->size > max)
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "member \"%s\" has %llu bytes instead of %llu%s",
				      tar->name, (unsigned long long)tar->size,
				      (unsigned long long)max,
				      min == max ? "" : " at most");
	*buf = malloc(tar->size);
	if (!*buf)
		return pkg_tar_no_memory(tar);
	ret = pkg_tar_read(tar, *buf, tar->size);
	return ret ? ret : pkg_tar_leave(tar);
}

/**
 * pkg_tar_no_memory() - note that there is not enough memory
 * @tar: the archive
 *
 * Return: -ENOMEM, always.
 */
int pkg_tar_no_memory(struct pkg_tar *tar)
{
	return pkg_tar_fail(tar, -ENOMEM, FWSLOT_REASON_NO_MEMORY,
			    "not enough memory to read the package");
}

/* What follows the two zero blocks: zero bytes, not too many, or nothing. */
static int pkg_tar_tail(struct pkg_tar *tar)
{
	u8 buf[4096];
	u64 tail = 0;
	ssize_t n;

	while ((n = tar->src.read(tar->src.ctx, buf, sizeof(buf))) > 0) {
		tail += n;
		if (memchr_inv(buf, 0, n) || tail > PKG_TAR_TAIL_MAX)
			return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
					      "data follows the end of the package");
	}
	return n < 0 ? pkg_tar_io_error(tar, n) : 0;
}

/**
 * pkg_tar_end() - check that the archive ends here
 * @tar: the archive; its last member must have been left
 *
 * Return: 0; -EBADMSG when there is another member, no end mark, or anything
 * behind it; or the source's errno.
 */
int pkg_tar_end(struct pkg_tar *tar)
{
	u8 block[PKG_TAR_BLOCK];
	int ret;

	ret = pkg_tar_next(tar);
	if (ret)
		return ret;
	if (tar->name[0])
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "there is a member too many");
	ret = pkg_tar_bytes(tar, block, sizeof(block));
	if (ret)
		return ret;
	if (memchr_inv(block, 0, sizeof(block)))
		return pkg_tar_refuse(tar, FWSLOT_REASON_BAD_PACKAGE,
				      "the end of the package is malformed");
	return pkg_tar_tail(tar);
}
