// SPDX-License-Identifier: MIT
/*
 * uri_file.c - what a server says of the file that it sends
 *
 * Used to take up a broken connection at the right place, and to notice that
 * the file is another one now.
 */
#include <limits.h>
#include <stdio.h>
#include <strings.h>

#include "uri_file.h"

static const char *file_header(const struct uri_request *r, const char *name)
{
	struct curl_header *h;

	if (r->lib->easy_header(r->easy, name, 0, CURLH_HEADER, -1, &h))
		return "";
	return h->value;
}

/* "bytes 5-9/100", or a star for a size that the server does not know. */
static bool file_range(const char *value, unsigned long long *from, s64 *total)
{
	unsigned long long size;
	int n = 0;

	*total = -1;
	if (sscanf(value, "bytes %llu-%*u/%n", from, &n) != 1)
		return false;
	if (!strcmp(value + n, "*"))
		return true;
	if (sscanf(value + n, "%llu", &size) != 1 || size > LLONG_MAX)
		return false;
	*total = size;
	return true;
}

static bool file_ask_http(const struct uri_request *r, struct uri_file *file,
			  u64 *drop)
{
	unsigned long long from;
	long code = 0;

	r->lib->easy_getinfo(r->easy, CURLINFO_RESPONSE_CODE, &code);
	file->ranges = code == 206 ||
		       !strcasecmp(file_header(r, "Accept-Ranges"), "bytes");
	snprintf(file->tag, sizeof(file->tag), "%s", file_header(r, "ETag"));
	if (code != 206) {
		*drop = r->pos;
		return true;
	}
	return file_range(file_header(r, "Content-Range"), &from,
			  &file->total) && from == r->pos;
}

/**
 * uri_file_ask() - look at the head of an answer
 * @r: the request
 * @file: what the server says of the file
 * @drop: bytes of the answer that are before @r->pos
 *
 * Return: false when it is no answer to the request.
 */
bool uri_file_ask(const struct uri_request *r, struct uri_file *file,
		  u64 *drop)
{
	curl_off_t left = -1, time = -1;

	memset(file, 0, sizeof(*file));
	*drop = 0;
	r->lib->easy_getinfo(r->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T,
			     &left);
	r->lib->easy_getinfo(r->easy, CURLINFO_FILETIME_T, &time);
	file->known = true;
	file->total = left;
	file->time = time;
	if (!strncmp(r->uri, "http", 4))
		return file_ask_http(r, file, drop);
	if (!strncmp(r->uri, "tftp", 4)) {
		*drop = r->pos;
		return true;
	}
	file->ranges = true;
	if (left >= 0)
		file->total = r->pos + left;
	return true;
}

/**
 * uri_file_same() - ask whether two answers may be of the same file
 * @a: one
 * @b: the other
 *
 * Return: false when something that both say differs.
 */
bool uri_file_same(const struct uri_file *a, const struct uri_file *b)
{
	if (a->total >= 0 && b->total >= 0 && a->total != b->total)
		return false;
	if (a->time >= 0 && b->time >= 0 && a->time != b->time)
		return false;
	return !*a->tag || !*b->tag || !strcmp(a->tag, b->tag);
}
