// SPDX-License-Identifier: MIT
/*
 * uri_none.c - no packages over the network: a build with CURL=0
 */
#include <stddef.h>

#include "uri.h"

/**
 * uri_new() - see uri_curl.c
 * @how: not used
 * @why: why it cannot be done
 *
 * Return: NULL, always.
 */
struct uri *uri_new(const struct uri_how *how, const char **why)
{
	(void)how;
	*why = "this tool was built without libcurl and takes only files";
	return NULL;
}

/**
 * uri_source() - see uri_curl.c
 * @uri: not used
 * @src: not used
 */
void uri_source(struct uri *uri, struct pkg_source *src)
{
	(void)uri;
	(void)src;
}

/**
 * uri_from() - see uri_curl.c
 * @uri: not used
 *
 * Return: an empty string, always.
 */
const char *uri_from(const struct uri *uri)
{
	(void)uri;
	return "";
}

/**
 * uri_free() - see uri_curl.c
 * @uri: NULL
 */
void uri_free(struct uri *uri)
{
	(void)uri;
}
