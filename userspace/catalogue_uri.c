// SPDX-License-Identifier: MIT
/*
 * catalogue_uri.c - the releases on a server
 *
 * A server cannot be asked by all schemes what it has, so there is an index: a
 * file name a line, as "ls *.pkg" prints them; # begins a comment.  The URI is
 * that of the index; one that ends in a slash is a folder, whose index is the
 * file "catalogue" in it.  Names stay in the index's folder, and each file is
 * fetched up to its manifest only.
 */
#include <stdio.h>
#include <stdlib.h>

#include "catalogue_uri.h"
#include "fwslot.h"
#include "input.h"
#include "session.h"

#define INDEX_NAME	"catalogue"
#define INDEX_SIZE	(CATALOGUE_MAX * 128U)

/**
 * struct index - an index that is being read
 * @cat: what it adds to
 * @conf: the configuration
 * @folder: what names are relative to, with a slash at its end
 * @n: how many files were asked for
 */
struct index {
	struct catalogue *cat;
	const struct conf *conf;
	char *folder;
	u32 n;
};

static int index_stopped(struct failure *f)
{
	f->interrupted = true;
	return failure_plain(f, TOOL_EARLY, "stopped by a signal");
}

/* A file that was not read.  Return: 0 when that is certain to be no release. */
static int index_unread(const char *uri, int err, const char *why,
			struct failure *f)
{
	char shown[CATALOGUE_SHOWN], what[2 * CATALOGUE_SHOWN];

	if (stop_wanted())
		return index_stopped(f);
	catalogue_shown(uri, shown, sizeof(shown));
	snprintf(what, sizeof(what), "%s: %s", shown,
		 err == -EBADMSG ? CATALOGUE_NO_RELEASE : strerror(-err));
	if (err != -EBADMSG && err != -ENOENT)
		return failure_plain(f, TOOL_EARLY, "%s", why ? why : what);
	catalogue_passed_over(why ? why : what);
	return 0;
}

/*
 * One file.  Whoever put it into the list may have taken it away, but what is
 * there and does not come leaves a hole in the catalogue, and the way that is
 * found around it may be a longer one, or none.
 */
static int index_file(struct index *x, const char *uri, struct failure *f)
{
	struct input in = { .patient = true };
	struct fwslot_manifest m;
	struct pkg_source src;
	int ret;

	if (input_open(&in, uri, NULL, x->conf, f))
		return -1;
	input_source(&in, &src);
	ret = catalogue_read(uri, &src, &m);
	ret = ret ? index_unread(uri, ret, src.why(src.ctx), f) :
		    catalogue_add(x->cat, uri, &m, f);
	input_close(&in);
	return ret;
}

static int index_line(struct index *x, char *line, struct failure *f)
{
	char shown[CATALOGUE_SHOWN];
	char *uri;
	int ret;

	line[strcspn(line, "\r")] = '\0';
	if (!*line || *line == '#')
		return 0;
	if (!catalogue_name(line, CATALOGUE_PACKAGE) &&
	    !catalogue_name(line, CATALOGUE_MANIFEST))
		return failure_plain(f, TOOL_EARLY,
				     "%s: this is no catalogue: a line is not NAME.pkg or NAME.manifest",
				     catalogue_shown(x->folder, shown, sizeof(shown)));
	if (x->n++ == CATALOGUE_MAX)
		return failure_plain(f, TOOL_EARLY,
				     "a catalogue of more than %u names",
				     CATALOGUE_MAX);
	if (asprintf(&uri, "%s%s", x->folder, line) < 0)
		return failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "catalogue");
	ret = index_file(x, uri, f);
	free(uri);
	return ret;
}

static int index_lines(struct index *x, char *text, struct failure *f)
{
	char *line, *end;

	for (line = text; *line; line = end) {
		end = line + strcspn(line, "\n");
		if (*end)
			*end++ = '\0';
		if (index_line(x, line, f))
			return -1;
	}
	return 0;
}

/* The index as one string, to be given back with free(); or NULL. */
static char *index_text(const struct pkg_source *src, const char *uri,
			struct failure *f)
{
	char *text = malloc(INDEX_SIZE + 1);
	char shown[CATALOGUE_SHOWN];
	const char *why;
	ssize_t n;

	if (!text) {
		failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "catalogue");
		return NULL;
	}
	n = catalogue_bytes(src, text, INDEX_SIZE + 1);
	why = n < 0 ? src->why(src->ctx) : NULL;
	if (n >= 0 && n <= INDEX_SIZE && !memchr(text, '\0', n)) {
		text[n] = '\0';
		return text;
	}
	if (n < 0 && stop_wanted())
		index_stopped(f);
	else if (n < 0)
		failure_plain(f, TOOL_EARLY, "%s", why ? why : strerror(-n));
	else
		failure_plain(f, TOOL_EARLY, "%s: this is no catalogue",
			      catalogue_shown(uri, shown, sizeof(shown)));
	free(text);
	return NULL;
}

/* The index itself, and then what it names. */
static int index_fetch(struct index *x, const char *uri, struct failure *f)
{
	struct input in = { 0 };
	struct pkg_source src;
	char *text;
	int ret;

	if (input_open(&in, uri, NULL, x->conf, f))
		return -1;
	input_source(&in, &src);
	text = index_text(&src, uri, f);
	input_close(&in);
	ret = text ? index_lines(x, text, f) : -1;
	free(text);
	return ret;
}

/**
 * catalogue_uri() - read a catalogue from a server
 * @cat: gets the releases
 * @uri: of its index, or of the index's folder when it ends in a slash
 * @conf: the configuration
 * @f: why it could not be read
 *
 * Return: 0, also when some of the files are not there or no release; or -1.
 */
int catalogue_uri(struct catalogue *cat, const char *uri,
		  const struct conf *conf, struct failure *f)
{
	const char *host = strstr(uri, "://") + 3;
	size_t len = strcspn(host, "?#");
	const char *slash = memrchr(host, '/', len);
	bool is_folder = slash && !slash[1];
	struct index x = { .cat = cat, .conf = conf };
	char *index = NULL;
	int ret = -1;

	len = slash ? (size_t)(slash - uri) : host - uri + len;
	if (asprintf(&x.folder, "%.*s/", (int)len, uri) < 0)
		x.folder = NULL;
	if (asprintf(&index, "%s%s", uri, is_folder ? INDEX_NAME : "") < 0)
		index = NULL;
	if (x.folder && index)
		ret = index_fetch(&x, index, f);
	else
		failure_set(f, FWSLOT_REASON_NO_MEMORY, 0, "catalogue");
	free(index);
	free(x.folder);
	return ret;
}
