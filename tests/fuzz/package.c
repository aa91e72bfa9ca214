// SPDX-License-Identifier: MIT
/*
 * package.c - fuzz target: the package reader
 *
 * Reads each input three times: as a file, as a pipe, and as a file of which
 * only every third chunk is wanted.  File and pipe must come to the same end
 * with the same bytes, and what is good whole is good in parts.  Every refusal
 * has a reason and a text without control characters.
 *
 * The checksum of an archive's header would keep the fuzzer out, so its
 * changes are followed by a repair of all checksums.
 */
#include "fuzz.h"
#include "pkg.h"

#define HEADER		512
#define SUM_OFFSET	148
#define SUM_SIZE	8
#define SIZE_OFFSET	124
#define SIZE_DIGITS	11

/**
 * struct drive - one way to read a package
 * @seek: the source can skip
 * @step: distance of the chunks that are read
 * @ret: how it ended
 * @sum: of all bytes that were read
 */
struct drive {
	bool seek;
	u32 step;
	int ret;
	u64 sum;
};

static u8 chunk[FWSLOT_CHUNK_MAX];

/* By words, because images are large; behind @len there are zeros. */
static void add(struct drive *d, u32 len)
{
	u64 word;
	u32 i;

	for (i = 0; i < len; i += sizeof(word)) {
		memcpy(&word, chunk + i, sizeof(word));
		d->sum = d->sum * 31 + word;
	}
	memset(chunk, 0, len);
}

static int read_image(struct pkg *pkg, struct drive *d, u32 image)
{
	const struct fwslot_image *img = &pkg_head(pkg)->manifest.images[image];
	u32 i;
	int ret;

	for (i = 0; i < img->chunks; i += d->step) {
		ret = pkg_chunk(pkg, image, i, chunk);
		if (ret)
			return ret;
		add(d, fwslot_chunk_len(img, i));
	}
	return 0;
}

static int read_all(struct pkg *pkg, struct drive *d)
{
	u32 i, n;
	int ret;

	ret = pkg_read_head(pkg);
	if (ret)
		return ret;
	n = pkg_head(pkg)->manifest.n_images;
	for (i = 0; i < n; i++) {
		ret = read_image(pkg, d, n - 1 - i);
		if (ret)
			return ret;
	}
	return pkg_end(pkg);
}

static void check_error(const struct pkg *pkg, int ret)
{
	const struct pkg_error *e = pkg_error(pkg);
	const char *c;

	fuzz_check(e->error == ret);
	fuzz_check(ret == -EBADMSG && e->reason != FWSLOT_REASON_NONE);
	fuzz_check(*e->text);
	for (c = e->text; *c; c++)
		fuzz_check(*c >= ' ' && *c <= '~');
}

static void drive(const u8 *data, size_t size, struct drive *d)
{
	struct pkg_memory mem = { .data = data, .size = size };
	struct pkg_source src;
	struct pkg *pkg;

	pkg_source_memory(&src, &mem);
	if (!d->seek)
		src.skip = NULL;
	fuzz_check(!pkg_new(&src, &pkg));
	d->ret = read_all(pkg, d);
	if (d->ret)
		check_error(pkg, d->ret);
	pkg_free(pkg);
}

static u64 octal(const u8 *field, u32 digits)
{
	u64 value = 0;

	while (digits--)
		value = value << 3 | (*field++ & 7);
	return value;
}

/* Make the checksum of each header right that the sizes lead to. */
static void repair(u8 *data, size_t size)
{
	u64 pos = 0;
	u32 i, sum;

	while (pos + HEADER <= size) {
		u8 *h = data + pos;
		char text[SUM_SIZE];

		memset(h + SUM_OFFSET, ' ', SUM_SIZE);
		for (i = 0, sum = 0; i < HEADER; i++)
			sum += h[i];
		if (sum == ' ' * SUM_SIZE) {
			memset(h + SUM_OFFSET, 0, SUM_SIZE);
			return;
		}
		snprintf(text, sizeof(text), "%06o", sum);
		memcpy(h + SUM_OFFSET, text, SUM_SIZE - 1);
		pos += HEADER + (octal(h + SIZE_OFFSET, SIZE_DIGITS) +
				 HEADER - 1) / HEADER * HEADER;
	}
}

size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed)
{
	size = LLVMFuzzerMutate(data, size, max);
	if (seed % 16)
		repair(data, size);
	return size;
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct drive file = { .seek = true, .step = 1 };
	struct drive pipe = { .seek = false, .step = 1 };
	struct drive some = { .seek = true, .step = 3 };

	drive(data, size, &file);
	drive(data, size, &pipe);
	drive(data, size, &some);
	fuzz_check(file.ret == pipe.ret && file.sum == pipe.sum);
	fuzz_check(file.ret || !some.ret);
	return 0;
}
