/* SPDX-License-Identifier: MIT */
/*
 * uri_file.h - what a server says of the file that it sends
 */
#ifndef FWSLOT_USERSPACE_URI_FILE_H
#define FWSLOT_USERSPACE_URI_FILE_H

#include "core.h"
#include "uri_lib.h"

/**
 * struct uri_request - a request that was answered
 * @lib: libcurl
 * @easy: the transfer
 * @uri: what was asked for
 * @pos: place in the file from which on it was asked for
 */
struct uri_request {
	const struct uri_lib *lib;
	CURL *easy;
	const char *uri;
	u64 pos;
};

/**
 * struct uri_file - what a server says of the file
 * @known: it said something
 * @ranges: it can send a part of it
 * @total: its size, -1: not said
 * @time: when it was changed, -1: not said
 * @tag: entity tag, empty: none
 */
struct uri_file {
	bool known;
	bool ranges;
	s64 total;
	s64 time;
	char tag[128];
};

bool uri_file_ask(const struct uri_request *r, struct uri_file *file,
		  u64 *drop);
bool uri_file_same(const struct uri_file *a, const struct uri_file *b);

#endif /* FWSLOT_USERSPACE_URI_FILE_H */
