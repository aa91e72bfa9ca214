// SPDX-License-Identifier: MIT
/*
 * text.c - small files of text, as the kernel shows them; words for a shell
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

#define TEXT_PLAIN \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./:@%+=,-"

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

/**
 * text_shell() - a word as it may be pasted into a shell
 * @word: any word
 * @buf: where to put it: as it is, or in single quotes
 * @size: room there, at least TEXT_SHELL() of its length: else it is left out
 *
 * Return: @buf.
 */
const char *text_shell(const char *word, char *buf, size_t size)
{
	size_t used = 0;

	if (size < TEXT_SHELL(strlen(word))) {
		snprintf(buf, size, "...");
		return buf;
	}
	if (*word && !word[strspn(word, TEXT_PLAIN)])
		return strcpy(buf, word);
	buf[used++] = '\'';
	for (; *word; word++)
		used += snprintf(buf + used, size - used, "%s%c",
				 *word == '\'' ? "'\\'" : "", *word);
	strcpy(buf + used, "'");
	return buf;
}
