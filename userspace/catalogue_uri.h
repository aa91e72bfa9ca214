/* SPDX-License-Identifier: MIT */
/*
 * catalogue_uri.h - what folders and servers of releases share
 */
#ifndef FWSLOT_USERSPACE_CATALOGUE_URI_H
#define FWSLOT_USERSPACE_CATALOGUE_URI_H

#include "catalogue.h"
#include "pkg.h"

#define CATALOGUE_NO_NAME	"the name has other characters than letters, digits and ._+-, or begins with . or -"
#define CATALOGUE_NO_RELEASE	"not a file that is what its name says"

/* catalogue.c */
void catalogue_passed_over(const char *what);
ssize_t catalogue_bytes(const struct pkg_source *src, void *buf, size_t size);
int catalogue_read(const char *name, const struct pkg_source *src,
		   struct fwslot_manifest *m);
int catalogue_add(struct catalogue *cat, const char *path,
		  const struct fwslot_manifest *m, struct failure *f);

/* catalogue_uri.c */
int catalogue_uri(struct catalogue *cat, const char *uri,
		  const struct conf *conf, struct failure *f);

#endif /* FWSLOT_USERSPACE_CATALOGUE_URI_H */
