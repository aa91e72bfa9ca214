// SPDX-License-Identifier: GPL-2.0-only
/*
 * params.c - module parameters, read once at load
 *
 * All are 0444: what protects the slots is not changed at run time.  On the
 * kernel command line write fwslot.NAME=VALUE; modprobe passes it on.  slots,
 * product and booted may come from the device tree instead (/chosen, properties
 * "fwslot,slots", "fwslot,product" and "fwslot,booted"); a parameter wins.
 *
 * slots= is a list of SLOT=MTD[,KEY=VALUE]... separated by semicolons:
 *
 *	primary=kernel;secondary=kernel2,master=spi0.0;
 *	bootloader=u-boot,record=records@0x10000;bootloader=u-boot2
 *
 * SLOT is primary, secondary or bootloader; the bootloader may be given twice,
 * in the order in which the boot ROM tries them.  Keys: master=NAME,
 * offset=BYTES and size=BYTES (in the master), record=MTD@OFFSET[:SIZE],
 * layout=linear or layout=skip-bad (NAND).
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/of.h>
#include <linux/slab.h>
#include "fwslot.h"

#define SLOTS_DEFAULT \
	"primary=primary;secondary=secondary;bootloader=bootloader"

#define IDLE_TIMEOUT	300U
#define IDLE_TIMEOUT_MAX	86400U

struct fwslot_config fwslot_config;

static char *slots;
module_param(slots, charp, 0444);
MODULE_PARM_DESC(slots, "slots and their MTD devices (default " SLOTS_DEFAULT ")");

static char *product;
module_param(product, charp, 0444);
MODULE_PARM_DESC(product, "product name that a package must be made for");

static char *booted;
module_param(booted, charp, 0444);
MODULE_PARM_DESC(booted, "what the bootloader started: primary, secondary or other");

static char *min_version;
module_param(min_version, charp, 0444);
MODULE_PARM_DESC(min_version, "lowest release that is installed, MAJOR.MINOR.PATCH");

static unsigned int idle_timeout = IDLE_TIMEOUT;
module_param(idle_timeout, uint, 0444);
MODULE_PARM_DESC(idle_timeout, "seconds without progress until a session is aborted (default 300)");

static bool seal;
module_param(seal, bool, 0444);
MODULE_PARM_DESC(seal, "seal at load: protect masters too, pin the module");

static bool allow_force;
module_param(allow_force, bool, 0444);
MODULE_PARM_DESC(allow_force, "accept force, in a module built for it");

/**
 * fwslot_param_seal() - was seal=1 given
 */
bool fwslot_param_seal(void)
{
	return seal;
}

static int bad(const char *what, const char *value, const char *so)
{
	pr_err("parameter %s: cannot use \"%s\": %s\n", what, value, so);
	return -EINVAL;
}

static int parse_bytes(const char *text, u64 *out, char end, const char **rest)
{
	char *p;

	if (*text < '0' || *text > '9')
		return -EINVAL;
	*out = memparse(text, &p);
	if (*p && *p != end)
		return -EINVAL;
	if (rest)
		*rest = *p ? p + 1 : NULL;
	return 0;
}

static int copy_name(char *out, const char *text)
{
	return *text && strscpy(out, text, FWSLOT_NAME_MAX) > 0 ? 0 : -EINVAL;
}

static int parse_record(struct fwslot_place *place, char *text)
{
	char *at = strchr(text, '@');
	const char *size;
	int err;

	if (!at || place->name[0])
		return -EINVAL;
	*at++ = '\0';
	err = parse_bytes(at, &place->offset, ':', &size);
	if (!err && size)
		err = parse_bytes(size, &place->size, '\0', NULL);
	/* Nobody but fwslot reads it. */
	place->layout = FWSLOT_LAYOUT_SKIP_BAD;
	return err ?: copy_name(place->name, text);
}

static int parse_layout(struct fwslot_place *place, const char *text)
{
	if (place->layout)
		return -EINVAL;
	if (!strcmp(text, "linear"))
		place->layout = FWSLOT_LAYOUT_LINEAR;
	else if (!strcmp(text, "skip-bad"))
		place->layout = FWSLOT_LAYOUT_SKIP_BAD;
	return place->layout ? 0 : -EINVAL;
}

static int parse_key(struct fwslot_dev *dev, char *item)
{
	struct fwslot_place *place = &dev->slot.place;
	char *value = strchr(item, '=');

	if (!value)
		return -EINVAL;
	*value++ = '\0';
	if (!strcmp(item, "master"))
		return copy_name(place->master, value);
	if (!strcmp(item, "record"))
		return parse_record(&dev->record.place, value);
	if (!strcmp(item, "layout"))
		return parse_layout(place, value);
	if (!strcmp(item, "offset")) {
		place->has_offset = true;
		return parse_bytes(value, &place->offset, '\0', NULL);
	}
	if (!strcmp(item, "size")) {
		place->has_size = true;
		return parse_bytes(value, &place->size, '\0', NULL);
	}
	return -EINVAL;
}

static struct fwslot_dev *free_dev(const char *slot)
{
	u32 unit = FWSLOT_UNITS;

	if (!strcmp(slot, "primary"))
		unit = FWSLOT_UNIT_PRIMARY;
	else if (!strcmp(slot, "secondary"))
		unit = FWSLOT_UNIT_SECONDARY;
	else if (!strcmp(slot, "bootloader"))
		unit = fwslot_dev_configured(&fwslot_devs[FWSLOT_UNIT_BOOT0]) ?
			FWSLOT_UNIT_BOOT1 : FWSLOT_UNIT_BOOT0;
	if (unit == FWSLOT_UNITS || fwslot_dev_configured(&fwslot_devs[unit]))
		return NULL;
	return &fwslot_devs[unit];
}

static int parse_slot(char *text)
{
	char *item = strsep(&text, ",");
	char *name = strchr(item, '=');
	struct fwslot_dev *dev;
	int err;

	if (!name)
		return -EINVAL;
	*name++ = '\0';
	dev = free_dev(item);
	if (!dev)
		return -EINVAL;
	err = copy_name(dev->slot.place.name, name);
	while (!err && (item = strsep(&text, ",")))
		err = parse_key(dev, item);
	return err;
}

static int parse_slots(void)
{
	char *copy = kstrdup(slots, GFP_KERNEL);
	char *rest = copy;
	char *item;
	int err = 0;

	if (!copy)
		return -ENOMEM;
	while (!err && (item = strsep(&rest, ";")))
		if (*item)
			err = parse_slot(item);
	kfree(copy);
	if (err || !(fwslot_configured() & BIT(FWSLOT_UNIT_BOOT0)))
		return bad("slots", slots, "not loaded");
	return 0;
}

static const char *from_chosen(const char *param, const char *property)
{
	const char *value = param;

	if (!param && IS_ENABLED(CONFIG_OF))
		of_property_read_string(of_chosen, property, &value);
	return value;
}

static void parse_booted(const char *text)
{
	u32 i;

	if (!text)
		return;
	for (i = FWSLOT_BOOTED_PRIMARY; i <= FWSLOT_BOOTED_OTHER; i++)
		if (!strcmp(text, fwslot_booted_word(i)))
			fwslot_config.booted = i;
	if (!fwslot_config.booted)
		bad("booted", text, "taken as not given");
}

static void parse_product(const char *text)
{
	if (!text || strscpy(fwslot_config.product, text,
			     sizeof(fwslot_config.product)) >= 0)
		return;
	fwslot_config.product[0] = '\0';
	bad("product", text, "taken as not given, nothing can be installed");
}

static void parse_floor(const char *text)
{
	static const struct fwslot_release highest = {
		.major = U16_MAX, .minor = U16_MAX, .patch = U16_MAX,
	};

	if (!text)
		return;
	fwslot_config.has_floor = true;
	if (!fwslot_release_parse(text, &fwslot_config.floor))
		return;
	fwslot_config.floor = highest;
	bad("min_version", text, "nothing can be installed");
}

static void parse_timeout(void)
{
	fwslot_config.idle_timeout = idle_timeout;
	if (idle_timeout && idle_timeout <= IDLE_TIMEOUT_MAX)
		return;
	idle_timeout = IDLE_TIMEOUT;
	fwslot_config.idle_timeout = idle_timeout;
	pr_err("parameter idle_timeout: 1 to %u seconds: using %u\n",
	       IDLE_TIMEOUT_MAX, IDLE_TIMEOUT);
}

/**
 * fwslot_params_init() - check the parameters and fill in fwslot_config
 *
 * A value that cannot be used is reported, and what it governs is refused
 * later: a module that is not loaded protects nothing.  Only without knowing
 * the slots there is nothing to protect.
 *
 * Return: 0, -EINVAL when slots= cannot be used, or -ENOMEM.
 */
int __init fwslot_params_init(void)
{
	parse_product(from_chosen(product, "fwslot,product"));
	parse_booted(from_chosen(booted, "fwslot,booted"));
	parse_floor(min_version);
	parse_timeout();
	fwslot_config.force = IS_ENABLED(CONFIG_FWSLOT_ALLOW_FORCE) &&
			      allow_force;
	/* What is in force is seen in sysfs; the tool looks for records there. */
	slots = (char *)(from_chosen(slots, "fwslot,slots") ?: SLOTS_DEFAULT);
	return parse_slots();
}
