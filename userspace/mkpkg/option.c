// SPDX-License-Identifier: MIT
/*
 * option.c - values of command line options
 *
 * Every rule of format.h for numbers and strings is enforced here, with one
 * line that names the option, the value and what would be right.  Versions
 * are read with code of the builder's own, see mkpkg.h.
 */
#include "mkpkg.h"

#include <stdlib.h>

/* Times that a ustar header can hold. */
#define TIME_MAX	((1ULL << 33) - 1)

static const char name_chars[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";

static bool plain_number(const char **text, u64 max, u64 *out)
{
	const char *p = *text;
	u64 value = 0;

	if (*p < '0' || *p > '9' || (*p == '0' && p[1] >= '0' && p[1] <= '9'))
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		value = value * 10 + (*p - '0');
		if (value > max)
			return false;
	}
	*text = p;
	*out = value;
	return true;
}

/**
 * option_number() - read a decimal number
 * @what: the option, for the error line
 * @text: its value
 * @min: least number
 * @max: greatest number, less than 2^60
 * @out: the number
 *
 * Return: 0 or -EINVAL.
 */
int option_number(const char *what, const char *text, u64 min, u64 max,
		  u64 *out)
{
	const char *p = text;

	if (plain_number(&p, max, out) && !*p && *out >= min)
		return 0;
	mkpkg_error("%s: '%s' is not a number from %llu to %llu", what, text,
		    (unsigned long long)min, (unsigned long long)max);
	return -EINVAL;
}

static int unit_shift(const char *p)
{
	switch (*p) {
	case '\0':
		return 0;
	case 'K':
		return p[1] ? -1 : 10;
	case 'M':
		return p[1] ? -1 : 20;
	case 'G':
		return p[1] ? -1 : 30;
	default:
		return -1;
	}
}

/**
 * option_size() - read a size, with K, M or G for powers of 1024
 * @what: the option, for the error line
 * @text: its value
 * @min: least size
 * @max: greatest size, less than 2^60
 * @out: the size in bytes
 *
 * Return: 0 or -EINVAL.
 */
int option_size(const char *what, const char *text, u64 min, u64 max,
		u64 *out)
{
	const char *p = text;
	int shift;

	if (plain_number(&p, max, out)) {
		shift = unit_shift(p);
		if (shift >= 0 && *out <= max >> shift && *out << shift >= min) {
			*out <<= shift;
			return 0;
		}
	}
	mkpkg_error("%s: '%s' is not a size from %llu to %llu (K, M and G are known)",
		    what, text, (unsigned long long)min,
		    (unsigned long long)max);
	return -EINVAL;
}

static int check_name(const char *what, const char *text, size_t max)
{
	if (!*text) {
		mkpkg_error("%s: empty name", what);
		return -EINVAL;
	}
	if (strlen(text) > max) {
		mkpkg_error("%s: '%s' is longer than %zu characters", what,
			    text, max);
		return -EINVAL;
	}
	if (text[strspn(text, name_chars)]) {
		mkpkg_error("%s: '%s': only letters, digits and . _ + - are allowed",
			    what, text);
		return -EINVAL;
	}
	return 0;
}

/**
 * option_release() - read MAJOR.MINOR.PATCH or MAJOR.MINOR.PATCH-LABEL
 * @what: the option, for the error line
 * @text: its value
 * @out: the version
 *
 * Return: 0 or -EINVAL.
 */
int option_release(const char *what, const char *text,
		   struct spec_release *out)
{
	const char *p = text;
	u64 value;
	int i, err;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < 3; i++) {
		if (i && *p++ != '.')
			goto bad;
		if (!plain_number(&p, UINT16_MAX, &value))
			goto bad;
		out->number[i] = value;
	}
	if (!*p)
		return 0;
	if (*p++ != '-')
		goto bad;
	err = check_name(what, p, FWSLOT_LABEL_SIZE);
	if (!err)
		memcpy(out->label, p, strlen(p));
	return err;
bad:
	mkpkg_error("%s: '%s' is not MAJOR.MINOR.PATCH[-LABEL], numbers up to 65535",
		    what, text);
	return -EINVAL;
}

/**
 * option_bridge() - read FORMAT:VERSION
 * @text: value of the option --bridge
 * @out: the bridge
 *
 * Return: 0 or -EINVAL.
 */
int option_bridge(const char *text, struct spec_bridge *out)
{
	const char *p = text;
	u64 value;

	if (!plain_number(&p, UINT32_MAX, &value) || !value || *p != ':') {
		mkpkg_error("--bridge: '%s' is not FORMAT:VERSION, for example 1:5.21.2",
			    text);
		return -EINVAL;
	}
	out->format = value;
	return option_release("--bridge", p + 1, &out->release);
}

/**
 * option_product() - read the name of a product
 * @text: value of the option --product
 * @out: the name, NUL padded
 *
 * Return: 0 or -EINVAL.
 */
int option_product(const char *text, char out[FWSLOT_PRODUCT_SIZE + 1])
{
	int err = check_name("--product", text, FWSLOT_PRODUCT_SIZE);

	if (err)
		return err;
	memset(out, 0, FWSLOT_PRODUCT_SIZE + 1);
	memcpy(out, text, strlen(text));
	return 0;
}

/**
 * option_slots() - read a list of image slots
 * @text: value of the option --system-slots
 * @out: mask of the slots
 *
 * Return: 0 or -EINVAL.
 */
int option_slots(const char *text, u32 *out)
{
	static const char *const lists[] = {
		NULL, "primary", "secondary", "primary,secondary",
	};
	u32 i;

	/* The index is the mask of the slots. */
	static_assert(FWSLOT_PRIMARY == 0 && FWSLOT_SECONDARY == 1);
	for (i = 1; i < ARRAY_SIZE(lists); i++) {
		if (!strcmp(text, lists[i])) {
			*out = i;
			return 0;
		}
	}
	mkpkg_error("--system-slots: '%s' is not primary, secondary or primary,secondary",
		    text);
	return -EINVAL;
}

/**
 * slot_name() - name of a slot
 * @slot: enum fwslot_slot
 */
const char *slot_name(u32 slot)
{
	static const char *const names[FWSLOT_SLOTS] = {
		[FWSLOT_PRIMARY] = "primary",
		[FWSLOT_SECONDARY] = "secondary",
		[FWSLOT_BOOTLOADER] = "bootloader",
	};

	return names[slot];
}

/**
 * option_slot() - read the name of a slot
 * @text: value of the option --slot
 * @out: enum fwslot_slot
 *
 * Return: 0 or -EINVAL.
 */
int option_slot(const char *text, u32 *out)
{
	u32 slot;

	for (slot = 0; slot < FWSLOT_SLOTS; slot++) {
		if (!strcmp(text, slot_name(slot))) {
			*out = slot;
			return 0;
		}
	}
	mkpkg_error("--slot: '%s' is not primary, secondary or bootloader",
		    text);
	return -EINVAL;
}

/**
 * option_compress() - read zstd, zstd:LEVEL or none
 * @text: value of the option --compress
 * @level: LEVEL_PLAIN, or a level of zstd
 *
 * Return: 0 or -EINVAL.
 */
int option_compress(const char *text, int *level)
{
	u64 value;
	int err;

	if (!strcmp(text, "none")) {
		*level = LEVEL_PLAIN;
		return 0;
	}
	if (!strcmp(text, "zstd")) {
		*level = LEVEL_DEFAULT;
		return 0;
	}
	if (strncmp(text, "zstd:", 5)) {
		mkpkg_error("--compress: '%s' is not zstd, zstd:LEVEL or none",
			    text);
		return -EINVAL;
	}
	err = option_number("--compress zstd", text + 5, 1, LEVEL_MAX, &value);
	if (!err)
		*level = value;
	return err;
}

/**
 * option_time() - read the environment variable SOURCE_DATE_EPOCH
 * @mtime: seconds since 1970, 0 if it is not set
 *
 * Return: 0 or -EINVAL.
 */
int option_time(u64 *mtime)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");

	*mtime = 0;
	if (!text || !*text)
		return 0;
	return option_number("SOURCE_DATE_EPOCH", text, 0, TIME_MAX, mtime);
}

/**
 * option_unknown() - refuse an option; opterr is 0, so getopt is silent
 * @command: name of the command
 * @arg: the option
 *
 * Return: -EINVAL.
 */
int option_unknown(const char *command, const char *arg)
{
	mkpkg_error("%s: '%s' is unknown or lacks its value, see fwslot-mkpkg %s --help",
		    command, arg, command);
	return -EINVAL;
}
