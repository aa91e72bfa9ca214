// SPDX-License-Identifier: MIT
/*
 * text.c - small files of text, as the kernel shows them
 */
#include <errno.h>
#include <stdio.h>

#include "text.h"

/**
 * text_read() - read a file
 * @path: its name
 * @buf: where to put it, terminated
 * @size: room there; what does not fit is left out
 *
 * Return: how many bytes came, or a negative errno.
 */
int text_read(const char *path, char *buf, size_t size)
{
	FILE *file = fopen(path, "re");
	size_t n;
	int ret;

	if (!file)
		return -errno;
	n = fread(buf, 1, size - 1, file);
	ret = ferror(file) ? -errno : (int)n;
	buf[n] = '\0';
	fclose(file);
	return ret;
}
