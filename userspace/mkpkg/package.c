// SPDX-License-Identifier: MIT
/*
 * package.c - a package that is read, every digest compared
 *
 * The package reader checks structure only.  Here its result is compared with
 * the digests of the manifest: notes, digest tables, every chunk.  Who signed
 * the manifest is the caller's question.
 */
#include "mkpkg.h"
#include "../pkg.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/**
 * struct splice - a placeholder for a missing signature
 * @fd: the unsigned package
 * @before: bytes of the package that still come before it
 * @pos: bytes of it that were read
 * @member: the placeholder, header and data
 *
 * The reader knows no unsigned packages, and should not.
 */
struct splice {
	int fd;
	u64 before;
	size_t pos;
	u8 member[2 * USTAR_BLOCK];
};

static ssize_t splice_read(void *ctx, void *buf, size_t len)
{
	struct splice *s = ctx;
	ssize_t n;

	if (!s->before && s->pos < sizeof(s->member)) {
		n = min_t(size_t, len, sizeof(s->member) - s->pos);
		memcpy(buf, s->member + s->pos, n);
		s->pos += n;
		return n;
	}
	if (s->before)
		len = min_t(u64, len, s->before);
	n = read(s->fd, buf, len);
	if (n < 0)
		return -errno;
	if (s->before)
		s->before -= n;
	return n;
}

static int make_source(struct package *p, u64 unsigned_at,
		       struct pkg_source *src)
{
	pkg_source_fd(src, p->fd);
	if (!unsigned_at)
		return 0;
	p->splice = calloc(1, sizeof(*p->splice));
	if (!p->splice) {
		mkpkg_error("not enough memory");
		return -ENOMEM;
	}
	p->splice->fd = p->fd;
	p->splice->before = unsigned_at;
	ustar_header(p->splice->member, FWSLOT_PKG_SIGNATURE, 1, 0);
	src->ctx = p->splice;
	src->read = splice_read;
	src->skip = NULL;
	return 0;
}

static int reader_error(const struct package *p, int err)
{
	mkpkg_error("%s: %s", p->name, pkg_error(p->pkg)->text);
	return err;
}

static int compare(const struct package *p, const char *what, const void *data,
		   size_t size, const u8 expect[FWSLOT_DIGEST_SIZE])
{
	u8 digest[FWSLOT_DIGEST_SIZE];
	int err = sha256(data, size, digest);

	if (err || !memcmp(digest, expect, sizeof(digest)))
		return err;
	mkpkg_error("%s: %s do not match the manifest", p->name, what);
	return -EBADMSG;
}

static int compare_head(struct package *p)
{
	const struct pkg_head *head = pkg_head(p->pkg);
	const struct fwslot_manifest *m = &head->manifest;
	u32 i;
	int err = 0;

	if (m->notes_size)
		err = compare(p, "the release notes", head->notes.data,
			      head->notes.size, m->notes_digest);
	for (i = 0; i < m->n_images && !err; i++)
		err = compare(p, "the digests", head->tables.data +
			      fwslot_table_offset(m, i),
			      fwslot_table_size(&m->images[i]),
			      m->images[i].table_digest);
	return err;
}

static int read_head(struct package *p, u64 unsigned_at)
{
	struct pkg_source src;
	int err;

	err = make_source(p, unsigned_at, &src);
	if (err)
		return err;
	err = pkg_new(&src, &p->pkg);
	if (err) {
		mkpkg_error("not enough memory");
		return err;
	}
	err = pkg_read_head(p->pkg);
	if (err)
		return reader_error(p, err);
	err = compare_head(p);
	return err ? err : bytes_alloc(&p->chunk, FWSLOT_CHUNK_MAX);
}

/**
 * package_open() - open a package and check all that is before the images
 * @p: the package; close it with package_close() if 0 is returned
 * @path: its file
 * @name: what to call it in error lines
 * @unsigned_at: 0, or where the signature would be in an unsigned package
 *
 * Return: 0, -EBADMSG if it is malformed or does not match its manifest, or a
 * negative errno of open(), read() or malloc().
 */
int package_open(struct package *p, const char *path, const char *name,
		 u64 unsigned_at)
{
	int err;

	memset(p, 0, sizeof(*p));
	p->name = name;
	p->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (p->fd < 0) {
		err = -errno;
		mkpkg_error("cannot open %s: %s", name, strerror(-err));
		return err;
	}
	err = read_head(p, unsigned_at);
	if (err)
		package_close(p);
	return err;
}

/**
 * package_close() - close a package
 * @p: the package
 */
void package_close(struct package *p)
{
	bytes_free(&p->chunk);
	pkg_free(p->pkg);
	free(p->splice);
	close(p->fd);
}

/**
 * package_chunk() - read a chunk into @p->chunk
 * @p: the package
 * @image: index of the image; in the order of the package
 * @chunk: number of the chunk; ascending
 * @len: gets its bytes
 *
 * Return: 0, -EBADMSG if it is malformed or its digest is wrong, or a
 * negative errno of read() or malloc().
 */
int package_chunk(struct package *p, u32 image, u32 chunk, u32 *len)
{
	const struct pkg_head *head = pkg_head(p->pkg);
	const struct fwslot_manifest *m = &head->manifest;
	const u8 *expect = head->tables.data + fwslot_table_offset(m, image) +
			   chunk * FWSLOT_DIGEST_SIZE;
	int err;

	err = pkg_chunk(p->pkg, image, chunk, p->chunk.data);
	if (err)
		return reader_error(p, err);
	*len = fwslot_chunk_len(&m->images[image], chunk);
	return compare(p, "image data", p->chunk.data, *len, expect);
}

/**
 * package_end() - skip what is left and check that the package ends well
 * @p: the package, its head read
 *
 * Return: 0, -EBADMSG if it is malformed, or a negative errno of read() or
 * malloc().
 */
int package_end(struct package *p)
{
	const int err = pkg_end(p->pkg);

	return err ? reader_error(p, err) : 0;
}

/**
 * package_rest() - read and check all images and the end of a package
 * @p: the package, its head read
 *
 * Return: 0, -EBADMSG if anything is wrong, or a negative errno of read() or
 * malloc().
 */
int package_rest(struct package *p)
{
	const struct fwslot_manifest *m = &pkg_head(p->pkg)->manifest;
	u32 image = m->n_images, chunk, len;
	int err = 0;

	while (image-- && !err)
		for (chunk = 0; chunk < m->images[image].chunks && !err; chunk++)
			err = package_chunk(p, image, chunk, &len);
	return err ? err : package_end(p);
}

/**
 * package_signature() - check the signature of a package
 * @p: the package, its head read
 * @cert: certificate to verify it with, NULL: check its form only
 *
 * Return: 0, -EKEYREJECTED if it is not good, or a negative errno as of
 * cms_verify().
 */
int package_signature(const struct package *p, const char *cert)
{
	const struct pkg_head *head = pkg_head(p->pkg);
	char name[512];
	int err;

	snprintf(name, sizeof(name), "%s: the signature", p->name);
	err = cms_check(name, head->signature.data, head->signature.size);
	if (err || !cert)
		return err;
	return cms_verify(name, head->signature.data, head->signature.size,
			  cert, head->raw.data, head->raw.size);
}
