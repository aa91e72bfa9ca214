// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Make a firmware image for the tests
 *
 *   mkimage --kind system|bootloader --format N --version V --size BYTES
 *           --seed S [--differ OFFSET]... OUT
 *
 * The body is pseudo-random and depends on nothing but its arguments; the byte at
 * each OFFSET is another than without it.  --size counts the header.  The digest
 * is libcrypto's and thereby checks the one of the boot model.
 */
#include <endian.h>
#include <err.h>
#include <getopt.h>
#include <openssl/sha.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "testimage.h"

#define MAX_SIZE	0x40000000UL
#define MAX_DIFFER	16
#define MAX_VERSION	sizeof(((struct testimage_header *)NULL)->version)

/**
 * struct request - the command line
 * @kind: TESTIMAGE_SYSTEM or TESTIMAGE_BOOTLOADER, 0 if not given
 * @format: image format, 0 if not given
 * @size: bytes with the header, 0 if not given
 * @seed: of the body
 * @version: text
 * @differ: offsets of bytes that are changed
 * @n_differ: how many
 */
struct request {
	unsigned long kind;
	unsigned long format;
	unsigned long size;
	unsigned long seed;
	const char *version;
	unsigned long differ[MAX_DIFFER];
	unsigned int n_differ;
};

static const struct option options[] = {
	{ "kind", required_argument, NULL, 'k' },
	{ "format", required_argument, NULL, 'f' },
	{ "version", required_argument, NULL, 'v' },
	{ "size", required_argument, NULL, 'n' },
	{ "seed", required_argument, NULL, 's' },
	{ "differ", required_argument, NULL, 'd' },
	{ NULL, 0, NULL, 0 },
};

static void print_usage(void)
{
	fputs("usage: mkimage --kind system|bootloader --format N --version V\n"
	      "               --size BYTES --seed S [--differ OFFSET]... OUT\n",
	      stderr);
	exit(2);
}

static unsigned long parse_number(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 0);

	if (end == text || *end)
		errx(2, "%s: not a number", text);
	return n;
}

static void parse_option(struct request *req, int option)
{
	switch (option) {
	case 'k':
		if (!strcmp(optarg, "system"))
			req->kind = TESTIMAGE_SYSTEM;
		else if (!strcmp(optarg, "bootloader"))
			req->kind = TESTIMAGE_BOOTLOADER;
		break;
	case 'f':
		req->format = parse_number(optarg);
		break;
	case 'v':
		req->version = optarg;
		break;
	case 'n':
		req->size = parse_number(optarg);
		break;
	case 's':
		req->seed = parse_number(optarg);
		break;
	case 'd':
		if (req->n_differ == MAX_DIFFER)
			print_usage();
		req->differ[req->n_differ++] = parse_number(optarg);
		break;
	default:
		print_usage();
	}
}

static bool complete(const struct request *req)
{
	unsigned int i;

	for (i = 0; i < req->n_differ; i++)
		if (req->differ[i] < sizeof(struct testimage_header) ||
		    req->differ[i] >= req->size)
			return false;
	return req->kind && req->format && req->version &&
	       strlen(req->version) < MAX_VERSION &&
	       req->size >= TESTIMAGE_MIN_LENGTH && req->size <= MAX_SIZE;
}

/* splitmix64, by Vigna; public domain */
static uint64_t next_random(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

static void fill_body(uint8_t *body, size_t len, uint64_t seed)
{
	uint64_t random = 0;
	size_t i;

	for (i = 0; i < len; i++) {
		if (!(i & 7))
			random = next_random(&seed);
		body[i] = random >> 8 * (i & 7);
	}
}

static uint8_t *make_image(const struct request *req)
{
	struct testimage_header h = {
		.kind = htole32(req->kind),
		.format = htole32(req->format),
		.length = htole64(req->size),
	};
	uint8_t *image = malloc(req->size);
	uint8_t *body = image + sizeof(h);
	size_t len = req->size - sizeof(h);
	unsigned int i;

	if (!image)
		err(1, NULL);
	fill_body(body, len, req->seed);
	for (i = 0; i < req->n_differ; i++)
		image[req->differ[i]] ^= 1;
	memcpy(h.magic, TESTIMAGE_MAGIC, sizeof(h.magic));
	memcpy(h.version, req->version, strlen(req->version));
	SHA256(body, len, h.sha256);
	SHA256((const uint8_t *)&h, TESTIMAGE_HEAD, h.head_sha256);
	memcpy(image, &h, sizeof(h));
	return image;
}

static void write_file(const char *path, const uint8_t *data, size_t len)
{
	FILE *f = fopen(path, "wb");

	if (!f)
		err(1, "%s", path);
	if (fwrite(data, 1, len, f) != len || fclose(f))
		err(1, "%s", path);
}

int main(int argc, char **argv)
{
	struct request req = { 0 };
	uint8_t *image;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		parse_option(&req, option);
	if (optind + 1 != argc || !complete(&req))
		print_usage();

	image = make_image(&req);
	write_file(argv[optind], image, req.size);
	free(image);
	return 0;
}
