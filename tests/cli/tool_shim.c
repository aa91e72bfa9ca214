// SPDX-License-Identifier: MIT
/*
 * tool_shim.c - a libcurl with fewer schemes than the one that is installed
 *
 * To be built as libcurl.so.4, found before the real one, $SHIM_REAL, with which
 * it must be linked: all the other functions are found there.  Lists of schemes
 * are refused if one of them is not among the words of $SHIM_SCHEMES, as libcurl
 * refuses what is not built in.
 */
#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

#undef curl_easy_setopt

static int shim_has(const char *scheme, size_t len)
{
	const char *all = getenv("SHIM_SCHEMES");
	size_t n;

	for (; *all; all += n + (all[n] == ' ')) {
		n = strcspn(all, " ");
		if (n == len && !memcmp(all, scheme, n))
			return 1;
	}
	return 0;
}

static int shim_refuses(const char *list)
{
	size_t n;

	for (; *list; list += n + (list[n] == ',')) {
		n = strcspn(list, ",");
		if (!shim_has(list, n))
			return 1;
	}
	return 0;
}

CURLcode curl_easy_setopt(CURL *easy, CURLoption option, ...)
{
	__typeof__(curl_easy_setopt) *real;
	void *value;
	va_list ap;

	va_start(ap, option);
	value = va_arg(ap, void *);
	va_end(ap);
	if ((option == CURLOPT_PROTOCOLS_STR ||
	     option == CURLOPT_REDIR_PROTOCOLS_STR) && shim_refuses(value))
		return CURLE_UNSUPPORTED_PROTOCOL;
	real = (__typeof__(real))dlsym(dlopen(getenv("SHIM_REAL"), RTLD_NOW),
				       "curl_easy_setopt");
	return real(easy, option, value);
}
