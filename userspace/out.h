/* SPDX-License-Identifier: MIT */
/*
 * out.h - text and JSON for stdout
 *
 * Bytes that come from a package, from flash or from the kernel are printed
 * through these functions only: control characters become visible, and JSON
 * stays valid whatever the bytes are.
 */
#ifndef FWSLOT_USERSPACE_OUT_H
#define FWSLOT_USERSPACE_OUT_H

#include <stdio.h>

#include "core.h"

#define JSON_DEPTH	8

/*
 * Goes up when a key is renamed, removed or changes its meaning, never for new
 * keys.  Documentation/fwslot-json.schema.json has all of them.
 */
#define JSON_SCHEMA	1

/**
 * struct json - a JSON text that is being written
 * @file: where to
 * @depth: open objects and arrays
 * @close: the character that closes each of them
 * @more: each of them has a member already
 */
struct json {
	FILE *file;
	int depth;
	char close[JSON_DEPTH];
	bool more[JSON_DEPTH];
};

void json_object(struct json *j, const char *key);
void json_array(struct json *j, const char *key);
void json_end(struct json *j);
void json_begin(struct json *j);
void json_result(struct json *j, const char *command, const char *result,
		 int status);
void json_string(struct json *j, const char *key, const char *s);
void json_text(struct json *j, const char *key, const void *data, size_t len);
void json_number(struct json *j, const char *key, long long n);
void json_u64(struct json *j, const char *key, u64 n);
void json_bool(struct json *j, const char *key, bool b);
void json_null(struct json *j, const char *key);
void json_hex(struct json *j, const char *key, const u8 *data, size_t len);
void json_units(struct json *j, const char *key, u32 units);

void out_visible(FILE *file, const void *data, size_t len, const char *indent);
int out_finish(int status);

#endif /* FWSLOT_USERSPACE_OUT_H */
