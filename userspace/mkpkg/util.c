// SPDX-License-Identifier: MIT
/*
 * util.c - error lines, memory, integers, digests and input files
 *
 * Small helpers that know nothing of packages.  Functions that fail print one
 * line, what is wrong and with which file, and return a negative errno; their
 * callers print nothing more.
 */
#include "mkpkg.h"

#include <fcntl.h>
#include <openssl/evp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/**
 * mkpkg_error() - print one error line
 * @fmt: what is wrong, and what to do about it
 */
void mkpkg_error(const char *fmt, ...)
{
	va_list ap;

	fputs("fwslot-mkpkg: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}

/**
 * mkpkg_status() - exit status for the result of a command
 * @err: 0 or a negative errno
 *
 * Return: enum mkpkg_exit; -EINVAL is bad usage, -EBADMSG and -EKEYREJECTED
 * are a bad package, manifest or signature.
 */
int mkpkg_status(int err)
{
	switch (err) {
	case 0:
		return MKPKG_OK;
	case -EINVAL:
		return MKPKG_USAGE;
	case -EBADMSG:
	case -EKEYREJECTED:
		return MKPKG_BAD;
	default:
		return MKPKG_FAILED;
	}
}

/**
 * bytes_alloc() - get zeroed memory
 * @b: gets it; free it with bytes_free()
 * @size: bytes, may be 0
 *
 * Return: 0 or -ENOMEM.
 */
int bytes_alloc(struct bytes *b, size_t size)
{
	b->size = size;
	b->data = calloc(1, size ? size : 1);
	if (b->data)
		return 0;
	b->size = 0;
	mkpkg_error("not enough memory for %zu bytes", size);
	return -ENOMEM;
}

/**
 * bytes_free() - give memory back
 * @b: memory of bytes_alloc(), or zeroes
 */
void bytes_free(struct bytes *b)
{
	free(b->data);
	b->data = NULL;
	b->size = 0;
}

/**
 * put_le() - write an integer, least significant byte first
 * @p: where
 * @value: the integer
 * @size: bytes of it
 */
void put_le(u8 *p, u64 value, int size)
{
	for (; size; size--, value >>= 8)
		*p++ = value & 0xff;
}

/**
 * sha256() - digest of a piece of memory
 * @data: its address
 * @size: its length
 * @digest: the result
 *
 * Return: 0, or -EIO if libcrypto fails.
 */
int sha256(const void *data, size_t size, u8 digest[FWSLOT_DIGEST_SIZE])
{
	if (EVP_Digest(data, size, digest, NULL, EVP_sha256(), NULL) == 1)
		return 0;
	mkpkg_error("libcrypto cannot compute SHA-256");
	return -EIO;
}

/**
 * read_full() - read from a file, all or nothing
 * @fd: open file
 * @path: its name, for the error line
 * @ofs: where
 * @buf: room for the data
 * @size: bytes
 *
 * Return: 0, -EIO if the file ends early, or what pread() said.
 */
int read_full(int fd, const char *path, u64 ofs, void *buf, size_t size)
{
	ssize_t n;
	u8 *p = buf;

	while (size) {
		n = pread(fd, p, size, ofs);
		if (n < 0) {
			n = -errno;
			mkpkg_error("cannot read %s: %s", path,
				    strerror(errno));
			return n;
		}
		if (!n) {
			mkpkg_error("%s ended while it was read", path);
			return -EIO;
		}
		p += n;
		ofs += n;
		size -= n;
	}
	return 0;
}

static int regular_size(int fd, const char *path, size_t max, size_t *size)
{
	struct stat st;

	if (fstat(fd, &st)) {
		mkpkg_error("cannot stat %s: %s", path, strerror(errno));
		return -EIO;
	}
	if (!S_ISREG(st.st_mode)) {
		mkpkg_error("%s is not a regular file", path);
		return -EINVAL;
	}
	if ((u64)st.st_size > max) {
		mkpkg_error("%s has %lld bytes, at most %zu are allowed", path,
			    (long long)st.st_size, max);
		return -EINVAL;
	}
	*size = st.st_size;
	return 0;
}

/**
 * file_load() - read a whole file
 * @path: its name
 * @max: most bytes that it may have
 * @out: gets its content; free it with bytes_free()
 *
 * Return: 0, -EINVAL if it is not a regular file or too large, or a negative
 * errno of open() or read().
 */
int file_load(const char *path, size_t max, struct bytes *out)
{
	size_t size;
	int fd, err;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		err = -errno;
		mkpkg_error("cannot open %s: %s", path, strerror(errno));
		return err;
	}
	err = regular_size(fd, path, max, &size);
	if (err)
		goto close_file;
	err = bytes_alloc(out, size);
	if (err)
		goto close_file;
	err = read_full(fd, path, 0, out->data, size);
	if (err)
		bytes_free(out);
close_file:
	close(fd);
	return err;
}
