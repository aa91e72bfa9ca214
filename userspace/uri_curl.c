// SPDX-License-Identifier: MIT
/*
 * uri_curl.c - packages that come over the network
 *
 * The reader pulls: the network is looked at only when there is nothing left to
 * hand out, so that no more than one buffer is kept here and the server waits
 * while the flash is busy.  A connection that breaks is taken up again where it
 * was, by a range, or, from a server without ranges, by reading up to there
 * once more; size, time and tag must be those of the first answer.  That is for
 * clear messages only: what comes is authenticated by the kernel in any case.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "uri.h"
#include "uri_file.h"
#include "uri_lib.h"

#define URI_BUFFER	(64U * 1024)
#define URI_JUMP	(1024U * 1024)	/* skipped by a new request */
#define URI_PROGRESS	(64U * 1024)	/* what makes a retry worth it */
#define URI_RETRY_MS	250		/* before the first, then doubled */
#define URI_POLL_MS	200
#define URI_RATE_MIN	100		/* bytes a second */

/**
 * struct uri - a package that is being fetched
 * @lib: libcurl
 * @how: what was asked for
 * @place: index in @how.uri
 * @multi: the set that the transfer is in
 * @easy: the transfer
 * @running: it is in the set
 * @paused: it waits for room in @buf
 * @answered: the first byte of its answer has come
 * @ended: the file's end was reached
 * @file: the file, by the first answer
 * @pos: place in the file of the next byte that is handed out
 * @drop: bytes that are still to come before that
 * @good: @pos when the last failure was forgotten
 * @tries: failures since then
 * @retry_ms: do not connect before this time
 * @waited_ms: time spent waiting since the rate was looked at
 * @came: bytes that came since then
 * @buf: bytes that came and were not handed out
 * @from: first of them
 * @len: how many
 * @error: libcurl's words for a failure
 * @text: why there is no more data
 */
struct uri {
	const struct uri_lib *lib;
	struct uri_how how;
	int place;
	CURLM *multi;
	CURL *easy;
	bool running;
	bool paused;
	bool answered;
	bool ended;
	struct uri_file file;
	u64 pos;
	u64 drop;
	u64 good;
	int tries;
	u64 retry_ms;
	u64 waited_ms;
	u64 came;
	u8 *buf;
	size_t from;
	size_t len;
	char error[CURL_ERROR_SIZE];
	char text[PKG_ERROR_SIZE];
};

static const char *uri_name(const struct uri *u)
{
	return u->how.uri[u->place];
}

static bool uri_scheme(const struct uri *u, const char *scheme)
{
	return !strncmp(uri_name(u), scheme, strlen(scheme));
}

/* No more data, for the reason given.  Servers choose some of its bytes. */
static int uri_fail(struct uri *u, const char *what)
{
	char shown[80];
	char *p;

	uri_shown(uri_name(u), shown, sizeof(shown));
	snprintf(u->text, sizeof(u->text), "%s: %s", shown, what);
	for (p = u->text; *p; p++)
		if (*p < ' ' || *p > '~')
			*p = '?';
	return -EIO;
}

static void uri_stop(struct uri *u)
{
	if (u->running)
		u->lib->multi_remove_handle(u->multi, u->easy);
	u->running = false;
	u->paused = false;
}

/* The first byte has come: is it of the file, and from where in it? */
static bool uri_answer(struct uri *u)
{
	const struct uri_request request = {
		.lib = u->lib, .easy = u->easy, .uri = uri_name(u),
		.pos = u->pos,
	};
	struct uri_file file;

	if (!uri_file_ask(&request, &file, &u->drop)) {
		uri_fail(u, "the server sends another part than it was asked for");
		return false;
	}
	if (u->file.known && !uri_file_same(&u->file, &file)) {
		uri_fail(u, "the file on the server has changed meanwhile");
		return false;
	}
	if (!u->file.known)
		u->file = file;
	u->answered = true;
	return true;
}

static size_t uri_receive(char *data, size_t size, size_t n, void *ctx)
{
	struct uri *u = ctx;
	size_t all = size * n;
	size_t drop, used;

	if (!u->answered && !uri_answer(u))
		return 0;
	drop = min_t(u64, u->drop, all);
	if (!u->len)
		u->from = 0;
	used = u->from + u->len;
	if (all - drop > URI_BUFFER - used) {
		u->paused = true;
		return CURL_WRITEFUNC_PAUSE;
	}
	memcpy(u->buf + used, data + drop, all - drop);
	u->drop -= drop;
	u->len += all - drop;
	u->came += all;
	return all;
}

/* A list with a scheme that is not built in is refused by libcurl. */
static bool uri_allow(struct uri *u, const char *schemes, bool redirects)
{
	return !u->lib->easy_setopt(u->easy, CURLOPT_PROTOCOLS_STR, schemes) &&
	       (!redirects ||
		!u->lib->easy_setopt(u->easy, CURLOPT_REDIR_PROTOCOLS_STR,
				     schemes));
}

static bool uri_set_schemes(struct uri *u)
{
	char scheme[16];

	if (uri_scheme(u, "http:"))
		return uri_allow(u, "http,https", true) ||
		       uri_allow(u, "http", true);
	snprintf(scheme, sizeof(scheme), "%.*s",
		 (int)strcspn(uri_name(u), ":"), uri_name(u));
	return uri_allow(u, scheme, uri_scheme(u, "https:"));
}

static bool uri_worth_retry(const struct uri *u, CURLcode result)
{
	long code = 0;

	switch (result) {
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_COULDNT_CONNECT:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_PARTIAL_FILE:
	case CURLE_GOT_NOTHING:
	case CURLE_RECV_ERROR:
	case CURLE_SEND_ERROR:
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSH:
		return true;
	case CURLE_HTTP_RETURNED_ERROR:
		u->lib->easy_getinfo(u->easy, CURLINFO_RESPONSE_CODE, &code);
		return code >= 500;
	default:
		return uri_scheme(u, "tftp") || uri_scheme(u, "ftp");
	}
}

/*
 * The server has answered, and has no such file, or none for us: some say 403
 * for what is not there.
 */
static bool uri_not_there(const struct uri *u, CURLcode result)
{
	long code = 0;

	if (result != CURLE_HTTP_RETURNED_ERROR)
		return result == CURLE_REMOTE_FILE_NOT_FOUND ||
		       result == CURLE_TFTP_NOTFOUND;
	u->lib->easy_getinfo(u->easy, CURLINFO_RESPONSE_CODE, &code);
	return code == 403 || code == 404 || code == 410;
}

/* What libcurl 7.88 says of refusals by TFTP is wrong. */
static const char *uri_words(const struct uri *u, CURLcode result)
{
	if (u->error[0] && (result < CURLE_TFTP_NOTFOUND ||
			    result > CURLE_TFTP_NOSUCHUSER))
		return u->error;
	return u->lib->easy_strerror(result);
}

/*
 * Nothing came from this place.  Return: 0 to go on with the next one, -ENOENT
 * when there is none and the last one has no such file, or -EIO.
 */
static int uri_nothing(struct uri *u, CURLcode result)
{
	if (u->place + 1 < u->how.n) {
		u->place++;
		return 0;
	}
	uri_fail(u, uri_words(u, result));
	return uri_not_there(u, result) ? -ENOENT : -EIO;
}

/*
 * One of many files, from a server that has given others.  One that was silent
 * until now was waited for long enough.
 */
static bool uri_wait_for_first(const struct uri *u, CURLcode result)
{
	return u->how.patient && u->tries < URI_RETRIES &&
	       result != CURLE_OPERATION_TIMEDOUT &&
	       !uri_not_there(u, result) && uri_worth_retry(u, result);
}

static int uri_again(struct uri *u)
{
	u->good = u->pos;
	u->retry_ms = clock_ms() + (URI_RETRY_MS << u->tries++);
	return 0;
}

/* A transfer has failed.  Return: 0 to go on with another one, or an errno. */
static int uri_broken(struct uri *u, CURLcode result)
{
	const char *error = uri_words(u, result);
	char what[CURL_ERROR_SIZE + 64];

	uri_stop(u);
	if (u->text[0])
		return -EIO;
	if (!u->file.known)
		return uri_wait_for_first(u, result) ? uri_again(u) :
						       uri_nothing(u, result);
	if (u->pos >= u->good + URI_PROGRESS)
		u->tries = 0;
	if (!uri_worth_retry(u, result) || u->tries == URI_RETRIES) {
		snprintf(what, sizeof(what), "broken off after %llu bytes: %s",
			 (unsigned long long)u->pos, error);
		return uri_fail(u, what);
	}
	return uri_again(u);
}

static int uri_start(struct uri *u)
{
	char range[24];

	u->error[0] = '\0';
	if (!uri_set_schemes(u)) {
		strcpy(u->error, "this libcurl does not know the scheme");
		return uri_broken(u, CURLE_UNSUPPORTED_PROTOCOL);
	}
	snprintf(range, sizeof(range), "%llu-", (unsigned long long)u->pos);
	u->lib->easy_setopt(u->easy, CURLOPT_URL, uri_name(u));
	u->lib->easy_setopt(u->easy, CURLOPT_RANGE,
			    u->pos && !uri_scheme(u, "tftp") ? range : NULL);
	u->answered = false;
	u->drop = 0;
	u->waited_ms = 0;
	u->came = 0;
	u->running = !u->lib->multi_add_handle(u->multi, u->easy);
	return u->running ? 0 : uri_fail(u, "not enough memory");
}

static int uri_finished(struct uri *u)
{
	CURLMsg *msg;
	int left;

	msg = u->lib->multi_info_read(u->multi, &left);
	if (!msg || msg->msg != CURLMSG_DONE)
		return 0;
	if (msg->data.result)
		return uri_broken(u, msg->data.result);
	uri_stop(u);
	if (u->file.total >= 0 && u->pos + u->len < (u64)u->file.total)
		return uri_broken(u, CURLE_PARTIAL_FILE);
	u->ended = true;
	return 0;
}

/* Servers that send nothing, or next to nothing, are as good as gone. */
static int uri_check_rate(struct uri *u, u64 waited)
{
	u->waited_ms += waited;
	if (u->waited_ms < u->how.timeout_s * 1000ULL)
		return 0;
	if (u->came < (u64)u->how.timeout_s * URI_RATE_MIN) {
		snprintf(u->error, sizeof(u->error),
			 "the server sent %llu bytes in %d seconds",
			 (unsigned long long)u->came, u->how.timeout_s);
		return uri_broken(u, CURLE_OPERATION_TIMEDOUT);
	}
	u->waited_ms = 0;
	u->came = 0;
	return 0;
}

/* Let the network do something, for a moment. */
static int uri_step(struct uri *u)
{
	u64 begin = clock_ms();
	int busy, ret;

	if (u->how.stop())
		return -EINTR;
	if (!u->running && begin < u->retry_ms) {
		poll(NULL, 0, min_t(u64, URI_POLL_MS, u->retry_ms - begin));
		return 0;
	}
	if (!u->running) {
		ret = uri_start(u);
		if (ret)
			return ret;
	}
	if (u->paused) {
		u->paused = false;
		u->lib->easy_pause(u->easy, CURLPAUSE_CONT);
	}
	if (!u->len)
		u->lib->multi_perform(u->multi, &busy);
	ret = uri_finished(u);
	if (ret || u->len || !u->running)
		return ret;
	u->lib->multi_poll(u->multi, NULL, 0, URI_POLL_MS, NULL);
	return uri_check_rate(u, clock_ms() - begin);
}

static ssize_t uri_read(void *ctx, void *buf, size_t len)
{
	struct uri *u = ctx;
	int ret;

	while (!u->len) {
		if (u->ended || (u->file.total >= 0 && u->file.known &&
				 u->pos >= (u64)u->file.total))
			return 0;
		ret = uri_step(u);
		if (ret)
			return ret;
	}
	len = min_t(size_t, len, u->len);
	memcpy(buf, u->buf + u->from, len);
	u->from += len;
	u->len -= len;
	u->pos += len;
	return len;
}

static int uri_skip(void *ctx, u64 len)
{
	struct uri *u = ctx;
	size_t here = min_t(u64, len, u->len);

	u->from += here;
	u->len -= here;
	u->pos += len;
	len -= here;
	if (!u->answered || (u->file.ranges && len >= URI_JUMP))
		uri_stop(u);
	else if (u->running)
		u->drop += len;
	return 0;
}

static const char *uri_why(void *ctx)
{
	struct uri *u = ctx;

	return u->text[0] ? u->text : NULL;
}

/**
 * uri_source() - a package on a server for the reader
 * @uri: where it is
 * @src: filled in; reading fails with -ENOENT when the server says that it has
 *	no such file
 */
void uri_source(struct uri *uri, struct pkg_source *src)
{
	src->ctx = uri;
	src->read = uri_read;
	src->skip = uri_skip;
	src->why = uri_why;
}

/**
 * uri_from() - where a package comes from
 * @uri: where it may be
 *
 * Return: the URI, of all that were given, that is being tried or has answered.
 */
const char *uri_from(const struct uri *uri)
{
	return uri_name(uri);
}

/**
 * uri_new() - prepare to fetch a package; nothing is connected to yet
 * @how: where and how; its strings must stay
 * @why: why it cannot be done
 *
 * Return: to be given back with uri_free(), or NULL.
 */
struct uri *uri_new(const struct uri_how *how, const char **why)
{
	const struct uri_lib *lib = uri_lib_load(why);
	struct uri *u;

	if (!lib)
		return NULL;
	*why = "not enough memory";
	u = calloc(1, sizeof(*u));
	if (!u)
		return NULL;
	u->lib = lib;
	u->how = *how;
	u->buf = malloc(URI_BUFFER);
	u->multi = lib->multi_init();
	u->easy = lib->easy_init();
	if (u->buf && u->multi && u->easy) {
		uri_lib_options(lib, u->easy, how->timeout_s, how->ca);
		lib->easy_setopt(u->easy, CURLOPT_ERRORBUFFER, u->error);
		lib->easy_setopt(u->easy, CURLOPT_WRITEFUNCTION, uri_receive);
		lib->easy_setopt(u->easy, CURLOPT_WRITEDATA, u);
		return u;
	}
	uri_free(u);
	return NULL;
}

/**
 * uri_free() - end a transfer
 * @u: what uri_new() returned, or NULL
 */
void uri_free(struct uri *u)
{
	if (!u)
		return;
	uri_stop(u);
	if (u->easy)
		u->lib->easy_cleanup(u->easy);
	if (u->multi)
		u->lib->multi_cleanup(u->multi);
	free(u->buf);
	free(u);
}
