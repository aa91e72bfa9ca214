/* SPDX-License-Identifier: MIT */
/*
 * catalogue.h - the releases that are at hand: a folder of packages, or of
 *		 their manifests
 *
 * What a catalogue says is what somebody put into a folder.  It goes into
 * plans and advice; the kernel checks whatever is installed.
 */
#ifndef FWSLOT_USERSPACE_CATALOGUE_H
#define FWSLOT_USERSPACE_CATALOGUE_H

#include "conf.h"
#include "failure.h"

/* Most releases of a catalogue. */
#define CATALOGUE_MAX	512

#define CATALOGUE_PACKAGE	".pkg"
#define CATALOGUE_MANIFEST	".manifest"

/* Longest name of a catalogue that is shown whole. */
#define CATALOGUE_SHOWN	300

/**
 * struct catalogue_entry - one release
 * @path: its file, or a URI
 * @manifest: its manifest
 */
struct catalogue_entry {
	char *path;
	struct fwslot_manifest manifest;
};

/**
 * struct catalogue - releases, oldest first
 * @entries: the releases
 * @n: how many
 */
struct catalogue {
	struct catalogue_entry *entries;
	u32 n;
};

int catalogue_load(struct catalogue *cat, const char *place,
		   const struct conf *conf, struct failure *f);
void catalogue_free(struct catalogue *cat);
bool catalogue_name(const char *name, const char *suffix);
int catalogue_read_file(int dir, const char *name, struct fwslot_manifest *m);
bool catalogue_only_manifest(const struct catalogue_entry *entry);
const char *catalogue_shown(const char *place, char *buf, size_t size);
const struct fwslot_manifest *catalogue_find(const struct catalogue *cat,
					     const struct fwslot_release *release,
					     const char *product);

#endif /* FWSLOT_USERSPACE_CATALOGUE_H */
