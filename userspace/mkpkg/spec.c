// SPDX-License-Identifier: MIT
/*
 * spec.c - what a manifest will say, put together
 *
 * Lists without duplicates, images and release notes.  The rules for single
 * values are in option.c, the bytes in encode.c.
 */
#include "mkpkg.h"

/**
 * spec_init() - begin with nothing
 * @s: gets what a manifest says when no option is given
 */
void spec_init(struct spec *s)
{
	memset(s, 0, sizeof(*s));
	s->images[0].kind = FWSLOT_IMAGE_SYSTEM;
	s->images[0].slots = BIT(FWSLOT_PRIMARY) | BIT(FWSLOT_SECONDARY);
	s->images[0].chunk_size = FWSLOT_CHUNK_MIN;
	s->images[0].fd = -1;
	s->images[1].kind = FWSLOT_IMAGE_BOOTLOADER;
	s->images[1].slots = BIT(FWSLOT_BOOTLOADER);
	s->images[1].chunk_size = FWSLOT_CHUNK_MIN;
	s->images[1].fd = -1;
}

/**
 * spec_free() - close images and give memory back
 * @s: from spec_init()
 */
void spec_free(struct spec *s)
{
	u32 i;

	for (i = 0; i < FWSLOT_IMAGES_MAX; i++)
		image_close(&s->images[i]);
	bytes_free(&s->notes);
}

/**
 * spec_add_product() - add a product
 * @s: what the manifest will say
 * @text: value of the option --product
 *
 * Return: 0, or -EINVAL if it is one too many, malformed or there already.
 */
int spec_add_product(struct spec *s, const char *text)
{
	u32 i;
	int err;

	if (s->n_products == FWSLOT_PRODUCTS_MAX) {
		mkpkg_error("--product: at most %u products", FWSLOT_PRODUCTS_MAX);
		return -EINVAL;
	}
	err = option_product(text, s->products[s->n_products]);
	for (i = 0; i < s->n_products && !err; i++)
		if (!strcmp(s->products[i], text)) {
			mkpkg_error("--product: '%s' is given twice", text);
			err = -EINVAL;
		}
	s->n_products++;
	return err;
}

/**
 * spec_add_bridge() - add a bridge
 * @s: what the manifest will say
 * @text: value of the option --bridge
 *
 * Return: 0, or -EINVAL if it is one too many, malformed or there already.
 */
int spec_add_bridge(struct spec *s, const char *text)
{
	struct spec_bridge *b = &s->bridges[s->n_bridges];
	u32 i;
	int err;

	if (s->n_bridges == FWSLOT_BRIDGES_MAX) {
		mkpkg_error("--bridge: at most %u bridges", FWSLOT_BRIDGES_MAX);
		return -EINVAL;
	}
	err = option_bridge(text, b);
	for (i = 0; i < s->n_bridges && !err; i++)
		if (s->bridges[i].format == b->format &&
		    !memcmp(&s->bridges[i].release, &b->release,
			    sizeof(b->release))) {
			mkpkg_error("--bridge: '%s' is given twice", text);
			err = -EINVAL;
		}
	s->n_bridges++;
	return err;
}

static int load_notes(struct spec *s, const char *path)
{
	int err = file_load(path, FWSLOT_NOTES_MAX, &s->notes);

	if (!err && !s->notes.size) {
		mkpkg_error("%s is empty: leave out --notes", path);
		err = -EINVAL;
	}
	return err;
}

/**
 * spec_open() - read the files that a manifest is about
 * @s: paths of the images are set
 * @notes: file of the release notes, NULL: none
 *
 * Return: 0, -EINVAL if a file has a size that is not allowed, or a negative
 * errno of open(), read() or malloc().
 */
int spec_open(struct spec *s, const char *notes)
{
	u32 i;
	int err = 0;

	if (notes)
		err = load_notes(s, notes);
	for (i = 0; i < FWSLOT_IMAGES_MAX && !err; i++)
		if (s->images[i].path)
			err = image_open(&s->images[i]);
	return err;
}
