// SPDX-License-Identifier: MIT
/*
 * tool_fetch.c - reads from a URI as the package reader does
 *
 * usage: tool_fetch whole|sparse TIMEOUT CA URI [URI]
 *
 * whole: writes all of it to stdout.  sparse: passes over a mebibyte and a half
 * after every 100,000 bytes.  Exit status: 0, or 9 with the reason on stderr.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "uri.h"

#define PIECE	100000
#define GAP	(1536U * 1024)

static bool never(void)
{
	return false;
}

/* Return: bytes that came, less than a piece at the end, or a negative errno */
static ssize_t piece(struct pkg_source *src, char *buf)
{
	size_t got = 0;
	ssize_t n = 1;

	while (got < PIECE && n > 0) {
		n = src->read(src->ctx, buf + got, PIECE - got);
		if (n > 0)
			got += n;
	}
	return n < 0 ? n : (ssize_t)got;
}

static int fetch(struct pkg_source *src, bool sparse)
{
	static char buf[PIECE];
	const char *why;
	ssize_t n;

	do {
		n = piece(src, buf);
		if (n > 0)
			fwrite(buf, 1, n, stdout);
		if (n > 0 && sparse)
			src->skip(src->ctx, GAP);
	} while (n == PIECE);
	if (n >= 0)
		return fflush(stdout) ? 1 : 0;
	why = src->why(src->ctx);
	fprintf(stderr, "%s\n", why ? why : strerror(-n));
	return 9;
}

int main(int argc, char **argv)
{
	struct uri_how how = { .stop = never };
	struct pkg_source src;
	struct uri *uri;
	const char *why;
	int ret;

	if (argc < 5 || argc > 6)
		return 2;
	how.timeout_s = atoi(argv[2]);
	how.ca = argv[3];
	how.uri[0] = argv[4];
	how.uri[1] = argv[5];
	how.n = argc - 4;
	uri = uri_new(&how, &why);
	if (!uri) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	uri_source(uri, &src);
	ret = fetch(&src, !strcmp(argv[1], "sparse"));
	uri_free(uri);
	return ret;
}
