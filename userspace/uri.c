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

/**
 * uri_address() - ask whether a word begins with ADDRESS[:PORT]
 * @word: what the user typed
 * @dotted: a name without a dot is none
 * @len: length of the address with its port
 *
 * An address is a name or a number, or an IPv6 address in brackets, at the end
 * of the word or before a slash.
 *
 * Return: true when it does.
 */
bool uri_address(const char *word, bool dotted, size_t *len)
{
	size_t host, port = 0;

	if (word[0] == '[') {
		host = strcspn(word, "]");
		if (!word[host] ||
		    strspn(word + 1, "0123456789abcdefABCDEF:.%") != host - 1)
			return false;
		host++;
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

/**
 * uri_make() - a URI from address and file
 * @buf: where to put it
 * @size: room there
 * @scheme: its scheme
 * @address: ADDRESS[:PORT]
 * @len: how much of @address counts
 * @file: the file; bytes with a meaning of their own are escaped
 *
 * Return: 0, or -1 when there is not enough room.
 */
int uri_make(char *buf, size_t size, const char *scheme, const char *address,
	     size_t len, const char *file)
{
	size_t used = snprintf(buf, size, "%s://%.*s/", scheme, (int)len,
			       address);

	for (; *file && used + 4 <= size; file++) {
		if (isalnum((unsigned char)*file) || strchr("/-._~", *file))
			used += sprintf(buf + used, "%c", *file);
		else
			used += sprintf(buf + used, "%%%02X",
					(unsigned char)*file);
	}
	return *file || used >= size ? -1 : 0;
}
