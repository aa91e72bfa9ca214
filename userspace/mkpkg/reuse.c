// SPDX-License-Identifier: MIT
/*
 * reuse.c - packages for a manifest that exists already
 *
 * A manifest that was signed once can be packed again, with other compression
 * or after the package was lost.  What it says is taken from the core's
 * parser; then the builder makes the manifest anew from that and the given
 * images, and the result must be the same byte for byte.
 */
#include "mkpkg.h"

#include <stdlib.h>

static void take_release(const struct fwslot_release *r,
			 struct spec_release *s)
{
	memset(s, 0, sizeof(*s));
	s->number[0] = r->major;
	s->number[1] = r->minor;
	s->number[2] = r->patch;
	memcpy(s->label, r->label, strlen(r->label));
}

static void take_lists(const struct fwslot_manifest *m, struct spec *spec)
{
	u32 i;

	spec->n_products = m->n_products;
	for (i = 0; i < m->n_products; i++)
		memcpy(spec->products[i], m->products[i],
		       strlen(m->products[i]));
	spec->n_bridges = m->n_bridges;
	for (i = 0; i < m->n_bridges; i++) {
		spec->bridges[i].format = m->bridges[i].format;
		take_release(&m->bridges[i].release,
			     &spec->bridges[i].release);
	}
}

static int take_images(const char *path, const struct fwslot_manifest *m,
		       struct spec *spec)
{
	const struct fwslot_image *from;
	struct image *img;
	u32 i, j;

	for (i = 0; i < FWSLOT_IMAGES_MAX; i++) {
		img = &spec->images[i];
		from = NULL;
		for (j = 0; j < m->n_images; j++)
			if (m->images[j].kind == img->kind)
				from = &m->images[j];
		if (!img->path != !from) {
			mkpkg_error("%s %s a %s image: %s --%s", path,
				    from ? "has" : "does not have",
				    image_name(img->kind),
				    from ? "give it with" : "leave out",
				    image_name(img->kind));
			return -EINVAL;
		}
		if (!from)
			continue;
		img->slots = from->slots;
		img->chunk_size = from->chunk_size;
	}
	return 0;
}

/**
 * reuse_manifest() - read a manifest and take over what it says
 * @path: file with the manifest
 * @spec: its images have path and kind; all that the manifest says but the
 *	content of images and notes is filled in
 * @bytes: gets the manifest; free it with bytes_free()
 *
 * Return: 0, -EINVAL if other images are given than it has, -EBADMSG if it is
 * malformed, or a negative errno of open(), read() or malloc().
 */
int reuse_manifest(const char *path, struct spec *spec, struct bytes *bytes)
{
	struct fwslot_manifest *m;
	u32 reason;
	int err;

	err = file_load(path, FWSLOT_MANIFEST_MAX, bytes);
	if (err)
		return err;
	m = malloc(sizeof(*m));
	if (!m) {
		mkpkg_error("not enough memory");
		return -ENOMEM;
	}
	reason = fwslot_manifest_parse(bytes->data, bytes->size, m);
	if (reason) {
		mkpkg_error("%s: %s", path, fwslot_reason_text(reason));
		err = -EBADMSG;
		goto free_manifest;
	}
	spec->format = m->format;
	take_release(&m->release, &spec->release);
	take_lists(m, spec);
	err = take_images(path, m, spec);
free_manifest:
	free(m);
	return err;
}

/**
 * reuse_compare() - is the manifest made anew the one that was given
 * @path: file of the given one
 * @reused: its bytes
 * @made: the one made from its statements and the given images and notes
 *
 * Return: 0, or -EINVAL if they differ.
 */
int reuse_compare(const char *path, const struct bytes *reused,
		  const struct bytes *made)
{
	if (reused->size == made->size &&
	    !memcmp(reused->data, made->data, made->size))
		return 0;
	mkpkg_error("%s is for other images or release notes than those given",
		    path);
	return -EINVAL;
}
