/* SPDX-License-Identifier: MIT */
/*
 * input.h - a package as the user names it: a file, "-" or a URI
 */
#ifndef FWSLOT_USERSPACE_INPUT_H
#define FWSLOT_USERSPACE_INPUT_H

#include "conf.h"
#include "failure.h"
#include "pkg.h"

struct uri;

/**
 * struct input - a package that is open; none is: all zero, but @patient
 * @path: its name
 * @fd: a file or pipe, if @uri is NULL
 * @uri: fetched from there
 * @patient: try again, too, where the first answer of a server does not come;
 *	set by who opens it
 */
struct input {
	const char *path;
	int fd;
	struct uri *uri;
	bool patient;
};

int input_open(struct input *in, const char *path, const char *other,
	       const struct conf *conf, struct failure *f);
void input_shown(const struct input *in, char *buf, size_t size);
int input_timeout(const struct conf *conf);
bool input_is_file(const struct input *in);
void input_source(struct input *in, struct pkg_source *src);
int input_rewind(struct input *in, struct failure *f);
void input_close(struct input *in);

#endif /* FWSLOT_USERSPACE_INPUT_H */
