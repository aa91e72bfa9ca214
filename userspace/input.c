// SPDX-License-Identifier: MIT
/*
 * input.c - a package as the user names it: a file, "-" or a URI
 *
 * Only a regular file can be read twice.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fwslot.h"
#include "input.h"
#include "session.h"
#include "text.h"
#include "uri.h"

#define INPUT_IDLE	"/sys/module/" FWSLOT_DEVICE "/parameters/idle_timeout"

static int input_open_uri(struct input *in, const char *other,
			  const struct conf *conf, struct failure *f)
{
	struct uri_how how = {
		.uri = { in->path, other },
		.n = other ? 2 : 1,
		.timeout_s = input_timeout(conf),
		.patient = in->patient,
		.ca = conf->ca,
		.stop = stop_wanted,
	};
	char shown[100];
	const char *why;

	uri_shown(in->path, shown, sizeof(shown));
	if (!uri_known(in->path))
		return failure_plain(f, TOOL_USAGE,
				     "%s: packages come by http, https, ftp, tftp or sftp only",
				     shown);
	if (!uri_has_file(in->path))
		return failure_plain(f, TOOL_USAGE,
				     "%s: the name of a file is missing",
				     shown);
	in->uri = uri_new(&how, &why);
	if (in->uri)
		return 0;
	return failure_plain(f, TOOL_EARLY, "%s: %s", shown, why);
}

/**
 * input_open() - open a package
 * @in: none is open; patient or not
 * @path: a file, "-" for stdin, or a URI, which is not connected to yet
 * @other: where to look when a URI gives nothing at all, or NULL
 * @conf: the configuration
 * @f: why it cannot be opened
 *
 * Return: 0, or -1.
 */
int input_open(struct input *in, const char *path, const char *other,
	       const struct conf *conf, struct failure *f)
{
	in->path = path;
	in->uri = NULL;
	in->fd = STDIN_FILENO;
	if (uri_is(path))
		return input_open_uri(in, other, conf, f);
	if (!strcmp(path, "-"))
		return 0;
	in->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (in->fd >= 0)
		return 0;
	in->fd = STDIN_FILENO;
	return failure_plain(f, TOOL_EARLY, "%s: %s", path, strerror(errno));
}

/**
 * input_shown() - a package's name as it may be shown and logged
 * @in: a package that input_open() was called for
 * @buf: where to put it; of a URI the one that answered, without its secrets
 * @size: room there
 */
void input_shown(const struct input *in, char *buf, size_t size)
{
	if (uri_is(in->path))
		uri_shown(in->uri ? uri_from(in->uri) : in->path, buf, size);
	else
		snprintf(buf, size, "%s", in->path);
}

/**
 * input_timeout() - when a server counts as gone
 * @conf: the configuration
 *
 * The module ends a session that gets nothing for idle_timeout=.  The tries to
 * take a connection up again fit in there, unless it is but a few seconds.
 *
 * Return: seconds.
 */
int input_timeout(const struct conf *conf)
{
	char text[16];
	int most;

	if (text_read(INPUT_IDLE, text, sizeof(text)) <= 0)
		return conf->timeout;
	most = atoi(text) / (1 + URI_RETRIES + 1);
	return min_t(int, conf->timeout, most > 0 ? most : 1);
}

/**
 * input_is_file() - ask whether a package can be read twice
 * @in: an open package
 *
 * Return: true for a regular file.
 */
bool input_is_file(const struct input *in)
{
	struct stat st;

	return !in->uri && !fstat(in->fd, &st) && S_ISREG(st.st_mode);
}

/**
 * input_source() - a package for the reader
 * @in: an open package
 * @src: filled in
 */
void input_source(struct input *in, struct pkg_source *src)
{
	if (in->uri)
		uri_source(in->uri, src);
	else
		pkg_source_fd(src, in->fd);
}

/**
 * input_rewind() - back to the start of a file
 * @in: an open package for which input_is_file() is true
 * @f: why it failed
 *
 * Return: 0, or -1.
 */
int input_rewind(struct input *in, struct failure *f)
{
	if (!lseek(in->fd, 0, SEEK_SET))
		return 0;
	return failure_plain(f, TOOL_EARLY, "%s: %s", in->path,
			     strerror(errno));
}

/**
 * input_close() - close a package
 * @in: the package; nothing happens when it is closed already
 */
void input_close(struct input *in)
{
	uri_free(in->uri);
	in->uri = NULL;
	if (in->fd > STDIN_FILENO)
		close(in->fd);
	in->fd = STDIN_FILENO;
}
