/* SPDX-License-Identifier: MIT */
/*
 * uri_lib.h - libcurl, loaded when it is needed
 */
#ifndef FWSLOT_USERSPACE_URI_LIB_H
#define FWSLOT_USERSPACE_URI_LIB_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/**
 * struct uri_lib - the functions of libcurl that are used, by their names
 * without "curl_"
 * @global_init: prepares the library
 * @easy_init: a new transfer
 * @easy_cleanup: gives it back
 * @easy_setopt: sets an option
 * @easy_getinfo: asks for a result
 * @easy_header: asks for a header of the answer
 * @easy_pause: goes on after a pause
 * @easy_strerror: a sentence for a result
 * @multi_init: a new set of transfers
 * @multi_cleanup: gives it back
 * @multi_add_handle: starts a transfer
 * @multi_remove_handle: ends it
 * @multi_perform: does what can be done now
 * @multi_poll: waits until there is something to do
 * @multi_info_read: says which transfer has ended
 */
struct uri_lib {
	__typeof__(curl_global_init) *global_init;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_setopt) *easy_setopt;
	__typeof__(curl_easy_getinfo) *easy_getinfo;
	__typeof__(curl_easy_header) *easy_header;
	__typeof__(curl_easy_pause) *easy_pause;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_multi_init) *multi_init;
	__typeof__(curl_multi_cleanup) *multi_cleanup;
	__typeof__(curl_multi_add_handle) *multi_add_handle;
	__typeof__(curl_multi_remove_handle) *multi_remove_handle;
	__typeof__(curl_multi_perform) *multi_perform;
	__typeof__(curl_multi_poll) *multi_poll;
	__typeof__(curl_multi_info_read) *multi_info_read;
};

const struct uri_lib *uri_lib_load(const char **why);
void uri_lib_options(const struct uri_lib *lib, CURL *easy, int timeout_s,
		     const char *ca);

#endif /* FWSLOT_USERSPACE_URI_LIB_H */
