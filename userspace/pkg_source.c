// SPDX-License-Identifier: MIT
/*
 * pkg_source.c - where the bytes of a package come from
 *
 * A file descriptor (regular file or pipe) or memory (tests, fuzzer).  Other
 * sources belong into files of their own.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkg.h"

static int source_fd(void *ctx)
{
	return (intptr_t)ctx;
}

/* A signal ends the read: who reads wants to know about it. */
static ssize_t source_fd_read(void *ctx, void *buf, size_t len)
{
	ssize_t n = read(source_fd(ctx), buf, len);

	return n < 0 ? -errno : n;
}

static int source_fd_skip(void *ctx, u64 len)
{
	return lseek(source_fd(ctx), len, SEEK_CUR) < 0 ? -errno : 0;
}

/**
 * pkg_source_fd() - a package behind a file descriptor
 * @src: filled in
 * @fd: open for reading, stays the caller's; skips if it is a regular file
 */
void pkg_source_fd(struct pkg_source *src, int fd)
{
	struct stat st;

	src->ctx = (void *)(intptr_t)fd;
	src->read = source_fd_read;
	src->skip = NULL;
	src->why = NULL;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode))
		src->skip = source_fd_skip;
}

static ssize_t source_memory_read(void *ctx, void *buf, size_t len)
{
	struct pkg_memory *mem = ctx;
	size_t n = min_t(size_t, len, mem->size - mem->pos);

	memcpy(buf, mem->data + mem->pos, n);
	mem->pos += n;
	return n;
}

static int source_memory_skip(void *ctx, u64 len)
{
	struct pkg_memory *mem = ctx;

	mem->pos += min_t(u64, len, mem->size - mem->pos);
	return 0;
}

/**
 * pkg_source_memory() - a package in memory
 * @src: filled in
 * @mem: the memory, @pos set; set @src->skip to NULL to read it as a pipe
 */
void pkg_source_memory(struct pkg_source *src, struct pkg_memory *mem)
{
	src->ctx = mem;
	src->read = source_memory_read;
	src->skip = source_memory_skip;
	src->why = NULL;
}
