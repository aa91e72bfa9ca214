// SPDX-License-Identifier: MIT
/*
 * tool_memory.c - how much memory of its own reading a package takes
 *
 * usage: tool_memory PACKAGE
 *
 * Reads a file or URI as a session of the tool does, every chunk of it, and
 * prints the RssAnon of the process in KiB while all of that is still held.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pkg.h"
#include "uri.h"

static bool never(void)
{
	return false;
}

static bool source(const char *name, struct pkg_source *src)
{
	struct uri_how how = {
		.uri = { name }, .n = 1, .timeout_s = 60, .ca = "",
		.stop = never,
	};
	struct uri *uri;
	const char *why;
	int fd;

	if (!uri_is(name)) {
		fd = open(name, O_RDONLY | O_CLOEXEC);
		pkg_source_fd(src, fd);
		return fd >= 0;
	}
	uri = uri_new(&how, &why);
	if (uri)
		uri_source(uri, src);
	return uri;
}

static int read_image(struct pkg *pkg, u32 image, u8 *buf)
{
	const struct fwslot_image *img = &pkg_head(pkg)->manifest.images[image];
	int ret = 0;
	u32 i;

	for (i = 0; i < img->chunks && !ret; i++)
		ret = pkg_chunk(pkg, image, i, buf);
	return ret;
}

static int read_all(struct pkg *pkg, u8 *buf)
{
	u32 i;
	int ret;

	ret = pkg_read_head(pkg);
	for (i = ret ? 0 : pkg_head(pkg)->manifest.n_images; i && !ret; i--)
		ret = read_image(pkg, i - 1, buf);
	return ret ? ret : pkg_end(pkg);
}

static int show_memory(void)
{
	FILE *file = fopen("/proc/self/status", "re");
	unsigned long kib = 0;
	char line[128];

	while (file && !kib && fgets(line, sizeof(line), file))
		if (sscanf(line, "RssAnon: %lu kB", &kib) != 1)
			kib = 0;
	if (!kib)
		return 1;
	printf("%lu\n", kib);
	return 0;
}

int main(int argc, char **argv)
{
	u8 *buf = malloc(FWSLOT_CHUNK_MAX);
	struct pkg_source src;
	struct pkg *pkg;

	if (argc != 2 || !buf || !source(argv[1], &src) || pkg_new(&src, &pkg))
		return 2;
	if (read_all(pkg, buf)) {
		fprintf(stderr, "%s\n", pkg_error(pkg)->text);
		return 9;
	}
	return show_memory();
}
