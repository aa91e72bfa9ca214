/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - what the fuzz targets share
 *
 * A target is one file with LLVMFuzzerTestOneInput().  It does more than wait
 * for a crash: fuzz_check() states what must hold for every input.
 */
#ifndef FWSLOT_FUZZ_H
#define FWSLOT_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "core.h"

#define fuzz_check(cond) do { \
	if (!(cond)) { \
		fprintf(stderr, "%s:%d: wrong: %s\n", __FILE__, __LINE__, \
			#cond); \
		abort(); \
	} \
} while (0)

/* Names that libFuzzer gives; the last is its own. */
int LLVMFuzzerTestOneInput(const u8 *data, size_t size);
size_t LLVMFuzzerCustomMutator(u8 *data, size_t size, size_t max,
			       unsigned int seed);
size_t LLVMFuzzerMutate(u8 *data, size_t size, size_t max);

/* tests/unit/sha256.c */
void test_sha256(const void *data, u32 len, u8 *digest);

#endif /* FWSLOT_FUZZ_H */
