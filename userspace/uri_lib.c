// SPDX-License-Identifier: MIT
/*
 * uri_lib.c - libcurl, loaded when it is needed
 *
 * The library brings thirty others along.  A tool that is linked with it would
 * load them all for every "fwslot verify" of a boot script, and an initramfs
 * would have to hold them; so it is loaded when the first URI is given.
 */
#include <dlfcn.h>
#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "fwslot.h"
#include "uri_lib.h"

#define URI_LIB_NAME	"libcurl.so.4"
#define URI_AGENT	"fwslot/" TOOL_VERSION
#define URI_REDIRECTS	5L
#define URI_TFTP_BLOCK	1428L	/* fits into an Ethernet frame */

#define URI_LIB_SYMBOL(name) \
	{ "curl_" #name, offsetof(struct uri_lib, name) }

static const struct {
	const char *name;
	size_t offset;
} uri_lib_symbols[] = {
	URI_LIB_SYMBOL(global_init),
	URI_LIB_SYMBOL(easy_init),
	URI_LIB_SYMBOL(easy_cleanup),
	URI_LIB_SYMBOL(easy_setopt),
	URI_LIB_SYMBOL(easy_getinfo),
	URI_LIB_SYMBOL(easy_header),
	URI_LIB_SYMBOL(easy_pause),
	URI_LIB_SYMBOL(easy_strerror),
	URI_LIB_SYMBOL(multi_init),
	URI_LIB_SYMBOL(multi_cleanup),
	URI_LIB_SYMBOL(multi_add_handle),
	URI_LIB_SYMBOL(multi_remove_handle),
	URI_LIB_SYMBOL(multi_perform),
	URI_LIB_SYMBOL(multi_poll),
	URI_LIB_SYMBOL(multi_info_read),
};

/**
 * uri_lib_load() - load libcurl; it stays loaded
 * @why: why it cannot be done
 *
 * Return: its functions, or NULL.
 */
const struct uri_lib *uri_lib_load(const char **why)
{
	static struct uri_lib lib;
	void *handle, *symbol;
	size_t i;

	*why = URI_LIB_NAME " is not installed, only files can be taken";
	handle = dlopen(URI_LIB_NAME, RTLD_NOW);
	if (!handle)
		return NULL;
	*why = URI_LIB_NAME " is too old, 7.85 is the oldest that will do";
	for (i = 0; i < ARRAY_SIZE(uri_lib_symbols); i++) {
		symbol = dlsym(handle, uri_lib_symbols[i].name);
		if (!symbol)
			return NULL;
		memcpy((char *)&lib + uri_lib_symbols[i].offset, &symbol,
		       sizeof(symbol));
	}
	*why = URI_LIB_NAME " does not work";
	return lib.global_init(CURL_GLOBAL_DEFAULT) ? NULL : &lib;
}

/**
 * uri_lib_options() - options that every transfer has
 * @lib: libcurl
 * @easy: the transfer
 * @timeout_s: seconds that connecting may take
 * @ca: file with the certificates to trust, empty: those of the system
 */
void uri_lib_options(const struct uri_lib *lib, CURL *easy, int timeout_s,
		     const char *ca)
{
	static const struct {
		CURLoption option;
		long value;
	} options[] = {
		{ CURLOPT_NOSIGNAL, 1 },
		{ CURLOPT_FAILONERROR, 1 },
		{ CURLOPT_FILETIME, 1 },
		{ CURLOPT_FOLLOWLOCATION, 1 },
		{ CURLOPT_MAXREDIRS, URI_REDIRECTS },
		{ CURLOPT_SSL_VERIFYPEER, 1 },
		{ CURLOPT_SSL_VERIFYHOST, 2 },
		{ CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1 },
		{ CURLOPT_TFTP_BLKSIZE, URI_TFTP_BLOCK },
	};
	const char *home = getenv("HOME");
	char hosts[PATH_MAX];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		lib->easy_setopt(easy, options[i].option, options[i].value);
	lib->easy_setopt(easy, CURLOPT_CONNECTTIMEOUT, (long)timeout_s);
	lib->easy_setopt(easy, CURLOPT_USERAGENT, URI_AGENT);
	if (ca[0])
		lib->easy_setopt(easy, CURLOPT_CAINFO, ca);
	/* Without a list of hosts, any host would do. */
	snprintf(hosts, sizeof(hosts), "%s/.ssh/known_hosts",
		 home ? home : "/root");
	lib->easy_setopt(easy, CURLOPT_SSH_KNOWNHOSTS, hosts);
}
