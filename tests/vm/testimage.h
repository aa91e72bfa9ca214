/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Header of the firmware images that the tests install
 *
 * The images carry what a boot ROM and a bootloader would check by themselves:
 * kind, format, length, and digests of the header and of everything after it.
 * fwslot knows nothing of this header; to it an image is a row of bytes.  All
 * numbers are little endian.
 */
#ifndef TESTIMAGE_H
#define TESTIMAGE_H

#include <assert.h>
#include <stddef.h>
#include <stdint.h>

#define TESTIMAGE_MAGIC		"FWTESTIM"
#define TESTIMAGE_SYSTEM	1
#define TESTIMAGE_BOOTLOADER	2
#define TESTIMAGE_MIN_LENGTH	(2 * sizeof(struct testimage_header))

/**
 * struct testimage_header - the first 128 bytes of an image
 * @magic: TESTIMAGE_MAGIC without its NUL
 * @kind: TESTIMAGE_SYSTEM or TESTIMAGE_BOOTLOADER
 * @format: image format, from 1
 * @length: bytes, header included
 * @version: text, NUL padded
 * @sha256: digest of the @length - 128 bytes that follow the header
 * @head_sha256: digest of the header's bytes before this one
 * @reserved: zero
 */
struct testimage_header {
	char magic[8];
	uint32_t kind;
	uint32_t format;
	uint64_t length;
	char version[32];
	uint8_t sha256[32];
	uint8_t head_sha256[32];
	uint8_t reserved[8];
};

#define TESTIMAGE_HEAD		offsetof(struct testimage_header, head_sha256)

static_assert(sizeof(struct testimage_header) == 128, "size of the header");

#endif /* TESTIMAGE_H */
