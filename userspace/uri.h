/* SPDX-License-Identifier: MIT */
/*
 * uri.h - packages that come over the network
 */
#ifndef FWSLOT_USERSPACE_URI_H
#define FWSLOT_USERSPACE_URI_H

#include "pkg.h"

#define URI_SIZE	1024
#define URI_TRIES	2	/* places where a package may be */
#define URI_RETRIES	4	/* after failures without progress in between */

/**
 * struct uri_how - how to fetch
 * @uri: where the package is; those behind the first are tried in turn when
 *	nothing came from those before
 * @n: how many places
 * @timeout_s: seconds without data after which a server counts as gone
 * @patient: try again, too, where a server is there but its first answer does
 *	not come
 * @ca: file with the certificates to trust, empty: those of the system
 * @stop: says whether a signal asked to stop
 */
struct uri_how {
	const char *uri[URI_TRIES];
	int n;
	int timeout_s;
	bool patient;
	const char *ca;
	bool (*stop)(void);
};

struct uri;

/* uri.c */
bool uri_is(const char *word);
bool uri_known(const char *word);
bool uri_has_file(const char *uri);
void uri_shown(const char *uri, char *buf, size_t size);
bool uri_address(const char *word, bool dotted, size_t *len);
int uri_make(char *buf, size_t size, const char *scheme, const char *address,
	     size_t len, const char *file);

/* uri_curl.c, or uri_none.c in a build without libcurl */
struct uri *uri_new(const struct uri_how *how, const char **why);
void uri_source(struct uri *uri, struct pkg_source *src);
const char *uri_from(const struct uri *uri);
void uri_free(struct uri *uri);

#endif /* FWSLOT_USERSPACE_URI_H */
