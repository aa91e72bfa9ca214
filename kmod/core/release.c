// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * release.c - release versions: compare, read and print
 *
 * Bridges compare numbers and label exactly.  Order, and with it the floor,
 * looks at the numbers only: labels have no order that everybody agrees on.
 */
#include "core.h"

/**
 * fwslot_release_equal() - are two releases the same
 * @a: one
 * @b: the other
 *
 * Return: true if numbers and label are equal.
 */
bool fwslot_release_equal(const struct fwslot_release *a,
			  const struct fwslot_release *b)
{
	return fwslot_release_order(a, b) == 0 && strcmp(a->label, b->label) == 0;
}

/**
 * fwslot_release_order() - order of two releases by their numbers
 * @a: one
 * @b: the other
 *
 * Return: less than, equal to or greater than 0 as @a is older than, as old
 * as or newer than @b.
 */
int fwslot_release_order(const struct fwslot_release *a,
			 const struct fwslot_release *b)
{
	if (a->major != b->major)
		return a->major < b->major ? -1 : 1;
	if (a->minor != b->minor)
		return a->minor < b->minor ? -1 : 1;
	if (a->patch != b->patch)
		return a->patch < b->patch ? -1 : 1;
	return 0;
}

static const char *number(const char *p, char end, u16 *out)
{
	const char *start = p;
	u32 v = 0;

	for (; *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (*p - '0');
		if (v > 0xffff)
			return NULL;
	}
	if (p == start || (*start == '0' && p - start > 1))
		return NULL;
	if (end && *p != end)
		return NULL;
	*out = v;
	return end ? p + 1 : p;
}

static bool label_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '+' ||
	       c == '-';
}

/**
 * fwslot_release_parse() - read MAJOR.MINOR.PATCH or MAJOR.MINOR.PATCH-LABEL
 * @text: what to read
 * @out: the release
 *
 * Return: 0, or -EINVAL if @text is not exactly that.
 */
int fwslot_release_parse(const char *text, struct fwslot_release *out)
{
	size_t n;

	memset(out, 0, sizeof(*out));
	text = number(text, '.', &out->major);
	if (text)
		text = number(text, '.', &out->minor);
	if (text)
		text = number(text, 0, &out->patch);
	if (!text || (*text && *text != '-'))
		return -EINVAL;
	if (!*text)
		return 0;
	n = strlen(++text);
	if (!n || n > FWSLOT_LABEL_SIZE)
		return -EINVAL;
	memcpy(out->label, text, n);
	for (; *text; text++)
		if (!label_char(*text))
			return -EINVAL;
	return 0;
}

static char *print_number(char *p, u16 v, char end)
{
	char digits[5];
	int n = 0;

	do {
		digits[n++] = '0' + v % 10;
		v /= 10;
	} while (v);
	while (n)
		*p++ = digits[--n];
	*p++ = end;
	return p;
}

/**
 * fwslot_release_print() - write a release as text
 * @r: the release
 * @buf: room for it
 *
 * Return: @buf.
 */
char *fwslot_release_print(const struct fwslot_release *r,
			   char buf[FWSLOT_RELEASE_STR])
{
	char *p = buf;
	size_t n = strlen(r->label);

	p = print_number(p, r->major, '.');
	p = print_number(p, r->minor, '.');
	p = print_number(p, r->patch, n ? '-' : '\0');
	if (n)
		memcpy(p, r->label, n + 1);
	return buf;
}
