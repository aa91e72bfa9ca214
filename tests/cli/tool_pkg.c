// SPDX-License-Identifier: MIT
/*
 * tool_pkg.c - drives the package reader from memory
 *
 * usage: tool_pkg whole|pipe|sparse|cuts|flips|headers PACKAGE
 *
 * whole, pipe: writes all images to stdout, read with or without skipping.
 * sparse: reads every third chunk only.  cuts: reads the package cut at many
 * places, all must be refused.  flips: reads it with each byte of its headers
 * changed in turn; nothing is asked but that it ends without a fault of memory.
 * headers: the same with each byte of the archive's own headers, padding and end,
 * and all must be refused.
 * Exit status: 0, or 4 with "word: text" on stderr when the package is refused.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pkg.h"

#define CUT_STEP	97

/**
 * struct drive - how a package is read
 * @seek: the source can skip
 * @step: distance of the chunks that are read
 * @out: where they are written to, NULL: nowhere
 * @error: why it was refused
 */
struct drive {
	bool seek;
	u32 step;
	FILE *out;
	struct pkg_error error;
};

static int drive_image(struct pkg *pkg, const struct drive *d, u32 image)
{
	const struct fwslot_image *img = &pkg_head(pkg)->manifest.images[image];
	u8 *buf = malloc(img->chunk_size);
	int ret = buf ? 0 : -ENOMEM;
	u32 i;

	for (i = 0; i < img->chunks && !ret; i += d->step) {
		ret = pkg_chunk(pkg, image, i, buf);
		if (!ret && d->out)
			fwrite(buf, 1, fwslot_chunk_len(img, i), d->out);
	}
	free(buf);
	return ret;
}

static int drive(const u8 *data, size_t size, struct drive *d)
{
	struct pkg_memory mem = { .data = data, .size = size };
	struct pkg_source src;
	struct pkg *pkg;
	u32 i;
	int ret;

	pkg_source_memory(&src, &mem);
	if (!d->seek)
		src.skip = NULL;
	ret = pkg_new(&src, &pkg);
	if (!ret)
		ret = pkg_read_head(pkg);
	for (i = 0; !ret && i < pkg_head(pkg)->manifest.n_images; i++)
		ret = drive_image(pkg, d,
				  pkg_head(pkg)->manifest.n_images - 1 - i);
	if (!ret)
		ret = pkg_end(pkg);
	if (ret)
		d->error = *pkg_error(pkg);
	pkg_free(pkg);
	return ret;
}

static int drive_cuts(const u8 *data, size_t size)
{
	struct drive d = { .step = 1 };
	size_t cut;
	u8 *copy;
	int ret;

	for (cut = 0; cut < size; cut += cut % 512 ? 1 : CUT_STEP) {
		if (cut % 512 > 1 && cut % 512 < 511)
			cut += 510 - cut % 512;
		if (cut >= size)
			break;
		/* A block of its own, so that reading beyond it is noticed. */
		copy = malloc(cut ? cut : 1);
		if (!copy)
			return 1;
		memcpy(copy, data, cut);
		d.seek = cut & 1;
		ret = drive(copy, cut, &d);
		free(copy);
		if (!ret || !d.error.text[0]) {
			fprintf(stderr, "cut at %zu is accepted\n", cut);
			return 1;
		}
	}
	return 0;
}

static int drive_flips(u8 *data, size_t size)
{
	static const u8 values[] = { 0x00, 0x01, 0x30, 0x80, 0xff };
	struct drive d = { .step = 1, .seek = true };
	size_t i, v;
	u8 old;

	for (i = 0; i < size; i += i % 65536 < 8192 ? 1 : 997) {
		old = data[i];
		for (v = 0; v < sizeof(values); v++) {
			data[i] = old ^ values[v];
			drive(data, size, &d);
		}
		data[i] = old;
	}
	return drive(data, size, &d) ? 1 : 0;
}

static u64 member_size(const u8 *header)
{
	u64 size = 0;
	u32 i;

	for (i = 0; i < 11; i++)
		size = size << 3 | (header[124 + i] & 7);
	return size;
}

/* Bytes of [@from, @to) that are accepted with other values. */
static u32 accept_bytes(u8 *data, size_t size, size_t from, size_t to)
{
	struct drive d = { .step = 1, .seek = true };
	u32 accepted = 0;
	size_t i, v;

	for (i = from; i < to; i++) {
		const u8 old = data[i];
		const u8 values[] = { old ^ 0x01, old ^ 0x80, 0x00, 0xff };

		for (v = 0; v < sizeof(values); v++) {
			data[i] = values[v];
			if (values[v] == old || drive(data, size, &d))
				continue;
			fprintf(stderr, "byte %zu may be %02x\n", i, values[v]);
			accepted++;
		}
		data[i] = old;
	}
	return accepted;
}

static int drive_headers(u8 *data, size_t size)
{
	size_t pos = 0, end;
	u32 accepted = 0;

	while (pos + 512 <= size && data[pos]) {
		accepted += accept_bytes(data, size, pos, pos + 512);
		pos += 512;
		end = pos + member_size(data + pos - 512);
		pos = (end + 511) / 512 * 512;
		accepted += accept_bytes(data, size, end, pos);
	}
	accepted += accept_bytes(data, size, pos, size);
	return accepted ? 1 : 0;
}

static u8 *load(const char *path, size_t *size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	u8 *data = NULL;

	if (fd < 0 || fstat(fd, &st))
		goto close_file;
	*size = st.st_size;
	data = malloc(*size ? *size : 1);
	if (data && read(fd, data, *size) != (ssize_t)*size) {
		free(data);
		data = NULL;
	}
close_file:
	if (fd >= 0)
		close(fd);
	return data;
}

static int run(const char *mode, u8 *data, size_t size)
{
	struct drive d = { .step = 1, .out = stdout };

	if (!strcmp(mode, "cuts"))
		return drive_cuts(data, size);
	if (!strcmp(mode, "flips"))
		return drive_flips(data, size);
	if (!strcmp(mode, "headers"))
		return drive_headers(data, size);
	d.seek = strcmp(mode, "pipe");
	if (!strcmp(mode, "sparse")) {
		d.step = 3;
		d.out = NULL;
	}
	if (!drive(data, size, &d))
		return 0;
	fprintf(stderr, "%s: %s\n", fwslot_reason_word(d.error.reason),
		d.error.text);
	return 4;
}

int main(int argc, char **argv)
{
	size_t size;
	u8 *data;
	int ret;

	if (argc != 3)
		return 2;
	data = load(argv[2], &size);
	if (!data)
		return 9;
	ret = run(argv[1], data, size);
	free(data);
	return ret;
}
