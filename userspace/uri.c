// SPDX-License-Identifier: MIT
/*
 * uri.c - addresses of packages: what is one, and how it is written
 *
 * Nothing here touches the network.
 */
#include <ctype.h>
#include <stdio.h>

#include "uri.h"

/* How many characters are letters and digits, or one of @more. */
static size_t uri_span(const char *s, const char *more)
{
	size_t n = 0;

	while (s[n] && (isalnum((unsigned char)s[n]) || strchr(more, s[n])))
		n++;
	return n;
}

/**
 * uri_is() - ask whether a word is a URI
 * @word: what the user typed
 *
 * Return: true when it is one, whatever its scheme.
 */
bool uri_is(const char *word)
{
	size_t len = uri_span(word, "+.-");

	return len && !strncmp(word + len, "://", 3);
}

/**
 * uri_known() - ask whether a URI has a scheme that packages may come by
 * @word: a URI
 *
 * Return: true when it has.
 */
bool uri_known(const char *word)
{
	static const char *const schemes[] = {
		"http://", "https://", "ftp://", "tftp://", "sftp://",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(schemes); i++)
		if (!strncmp(word, schemes[i], strlen(schemes[i])))
			return true;
	return false;
}

/**
 * uri_has_file() - ask whether a URI names a file
 * @uri: a URI
 *
 * Return: false when its path is empty or that of a folder, and no query follows.
 */
bool uri_has_file(const char *uri)
{
	const char *path = strstr(uri, "://") + 3;
	size_t len = strcspn(path, "?#");

	return path[len] == '?' ||
	       (memchr(path, '/', len) && path[len - 1] != '/');
}

/**
 * uri_shown() - a URI as it may be shown and logged
 * @uri: the URI
 * @buf: where to put it, without user, password and query
 * @size: room there
 */
void uri_shown(const char *uri, char *buf, size_t size)
{
	const char *host = strstr(uri, "://");
	const char *user;

	host = host ? host + 3 : uri;
	user = memrchr(host, '@', strcspn(host, "/?#"));
	snprintf(buf, size, "%.*s%s", (int)(host - uri), uri,
		 user ? user + 1 : host);
	buf[strcspn(buf, "?#")] = '\0';
	for (; *buf; buf++)
		if (!isgraph((unsigned char)*buf))
			*buf = '?';
}

static bool uri_digits(const char *s, size_t len)
{
	return len && strspn(s, "0123456789") >= len;
}

/* "[2001:db8::1]", or "[fe80::1%eth0]" with its zone.  Return: length, or 0. */
static size_t uri_brackets(const char *word)
{
	size_t len = 1 + strspn(word + 1, "0123456789abcdefABCDEF:.");
	size_t zone = word[len] == '%' ? uri_span(word + len + 1, "-._~") : 0;

	if (len > 1 && zone)
		len += 1 + zone;
	return len > 1 && word[len] == ']' ? len + 1 : 0;
}

/**
 * uri_address() - ask whether a word begins with ADDRESS[:PORT]
 * @word: what the user typed
 * @dotted: a name without a dot is none
 * @len: length of the address with its port
 *
 * An address is a name or a number, or an IPv6 address in brackets, with its
 * zone if it needs one, at the end of the word or before a slash.
 *
 * Return: true when it does.
 */
bool uri_address(const char *word, bool dotted, size_t *len)
{
	size_t host, port = 0;

	if (word[0] == '[') {
		host = uri_brackets(word);
		if (!host)
			return false;
	} else {
		host = uri_span(word, ".-");
		if (!isalnum((unsigned char)word[0]) ||
		    (dotted && !memchr(word, '.', host)))
			return false;
	}
	if (word[host] == ':') {
		port = strcspn(word + host + 1, "/");
		if (port > 5 || !uri_digits(word + host + 1, port))
			return false;
		port++;
	}
	*len = host + port;
	return word[*len] == '/' || !word[*len];
}

/*
 * Append a character, escaped unless it is one of @plain.  Return: the length
 * then, which is more than there is room for if it did not fit.
 */
static size_t uri_put(char *buf, size_t size, size_t used, char c,
		      const char *plain)
{
	unsigned char u = c;

	if (used >= size)
		return used;
	return used + snprintf(buf + used, size - used,
			       isalnum(u) || strchr(plain, c) ? "%c" : "%%%02X",
			       u);
}

/**
 * uri_make() - a URI from address and file
 * @buf: where to put it
 * @size: room there
 * @scheme: its scheme
 * @address: ADDRESS[:PORT], see uri_address()
 * @len: how much of @address counts
 * @file: the file; bytes with a meaning of their own are escaped
 *
 * Return: 0, or -1 when there is not enough room.
 */
int uri_make(char *buf, size_t size, const char *scheme, const char *address,
	     size_t len, const char *file)
{
	size_t used = snprintf(buf, size, "%s://", scheme);

	for (; len; address++, len--)
		used = uri_put(buf, size, used, *address, "[]:-._~");
	used = uri_put(buf, size, used, '/', "/");
	for (; *file; file++)
		used = uri_put(buf, size, used, *file, "/-._~");
	return used >= size ? -1 : 0;
}
