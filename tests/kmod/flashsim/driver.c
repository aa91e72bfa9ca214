// SPDX-License-Identifier: GPL-2.0-only
/*
 * A NOR flash chip in memory, for tests
 *
 * The module registers one platform device and its driver, so that a test can
 * take the chip away and bring it back through bind and unbind in sysfs, or by
 * removing the module.  All parameters describe that one chip.  The contents
 * survive only in the backing file; without one each bind makes an erased chip.
 */
#include <linux/debugfs.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "flashsim.h"

static char *chip_name = "flashsim";
module_param_named(name, chip_name, charp, 0444);
MODULE_PARM_DESC(name, "MTD name of the chip");

static char *parts = "";
module_param(parts, charp, 0444);
MODULE_PARM_DESC(parts, "NAME@OFFSET+SIZE;... (default: none)");

static char *backing = "";
module_param(backing, charp, 0444);
MODULE_PARM_DESC(backing, "file or block device that keeps the contents");

static bool lockable;
module_param(lockable, bool, 0444);
MODULE_PARM_DESC(lockable, "the chip has block locks");

static bool otp;
module_param(otp, bool, 0444);
MODULE_PARM_DESC(otp, "the chip has one-time programmable areas");

static unsigned long long size = SZ_16M;
module_param(size, ullong, 0444);
MODULE_PARM_DESC(size, "size in bytes (default: 16 MiB)");

static unsigned int erasesize = SZ_64K;
module_param(erasesize, uint, 0444);
MODULE_PARM_DESC(erasesize, "erase block in bytes (default: 65536)");

static unsigned int writesize = 1;
module_param(writesize, uint, 0444);
MODULE_PARM_DESC(writesize, "write unit in bytes (default: 1)");

static unsigned int writebufsize = 256;
module_param(writebufsize, uint, 0444);
MODULE_PARM_DESC(writebufsize, "page that is programmed at once (default: 256)");

static struct flashsim_times times;
module_param_named(erase_us, times.erase_us, uint, 0644);
MODULE_PARM_DESC(erase_us, "time to erase a block");
module_param_named(program_us, times.program_us, uint, 0644);
MODULE_PARM_DESC(program_us, "time to program a page (writebufsize)");
module_param_named(read_kbps, times.read_kbps, uint, 0644);
MODULE_PARM_DESC(read_kbps, "read speed in KiB/s (default: no delay)");

static struct flashsim_cut_times cut;
module_param_named(cut_at, cut.at, ullong, 0644);
MODULE_PARM_DESC(cut_at, "step that power is lost in (default: 0, never)");
module_param_named(cut_seed, cut.seed, uint, 0644);
MODULE_PARM_DESC(cut_seed, "which of the ways that damage has");

static int set_damage(const char *value, const struct kernel_param *kp)
{
	char word[16];
	int damage;

	if (strscpy(word, value, sizeof(word)) < 0)
		return -EINVAL;
	damage = flashsim_damage_find(strim(word));
	if (damage < 0)
		return damage;
	WRITE_ONCE(cut.damage, damage);
	return 0;
}

static int get_damage(char *buf, const struct kernel_param *kp)
{
	return sysfs_emit(buf, "%s\n",
			  flashsim_damage_word(READ_ONCE(cut.damage)));
}

static const struct kernel_param_ops damage_ops = {
	.set = set_damage,
	.get = get_damage,
};
module_param_cb(cut_damage, &damage_ops, NULL, 0644);
MODULE_PARM_DESC(cut_damage, "what happens to that step (default: cut-before)");

static void put_chip(void *data)
{
	flashsim_put(data);
}

static void unplug_chip(void *data)
{
	struct flashsim *sim = data;

	WARN_ON(mtd_device_unregister(&sim->mtd));
	mutex_lock(&sim->lock);
	sim->gone = true;
	mutex_unlock(&sim->lock);
}

static void close_backing(void *data)
{
	struct flashsim *sim = data;

	mutex_lock(&sim->lock);
	flashsim_backing_close(sim);
	mutex_unlock(&sim->lock);
}

static void remove_debugfs(void *data)
{
	debugfs_remove_recursive(data);
}

static int add_debugfs(struct device *dev, struct flashsim *sim)
{
	struct flashsim_counters *count = &sim->model.count;
	struct dentry *dir = debugfs_create_dir("flashsim", NULL);

	debugfs_create_u64("erases", 0444, dir, &count->erases);
	debugfs_create_u64("programs", 0444, dir, &count->programs);
	debugfs_create_u64("bytes_programmed", 0444, dir,
			   &count->bytes_programmed);
	debugfs_create_u64("reads", 0444, dir, &count->reads);
	debugfs_create_u64("bytes_read", 0444, dir, &count->bytes_read);
	debugfs_create_u64("refused", 0444, dir, &count->refused);
	debugfs_create_u64("failed", 0444, dir, &count->failed);
	debugfs_create_u64("steps", 0444, dir, &sim->model.steps);
	debugfs_create_bool("off", 0444, dir, &sim->model.off);
	debugfs_create_u64("otp_changes", 0444, dir, &sim->otp.changes);
	debugfs_create_u64("busy_us", 0444, dir, &sim->busy_us);
	return devm_add_action_or_reset(dev, remove_debugfs, dir);
}

static int register_chip(struct device *dev, struct flashsim *sim)
{
	struct mtd_partition *table;
	char *text;
	int ret = -ENOMEM;

	table = kcalloc(FLASHSIM_MAX_PARTS, sizeof(*table), GFP_KERNEL);
	if (!table)
		return -ENOMEM;
	text = kstrdup(parts, GFP_KERNEL);
	if (!text)
		goto free_table;
	ret = flashsim_parse_parts(text, table, size);
	if (ret < 0) {
		dev_err(dev, "parts=%s: error %d\n", parts, ret);
		goto free_text;
	}

	sim->mtd.name = chip_name;
	sim->mtd.dev.parent = dev;
	ret = mtd_device_register(&sim->mtd, table, ret);

free_text:
	kfree(text);
free_table:
	kfree(table);
	return ret;
}

static struct flashsim *make_chip(struct device *dev)
{
	struct flashsim_geometry geo = {
		.size = size,
		.erasesize = erasesize,
		.writesize = writesize,
		.writebufsize = writebufsize,
	};
	struct flashsim *sim;
	int err;

	sim = flashsim_create(&geo, lockable, &times, &cut);
	if (IS_ERR(sim)) {
		dev_err(dev, "no such chip: error %ld\n", PTR_ERR(sim));
		return sim;
	}
	if (otp)
		flashsim_otp_add(sim);
	err = devm_add_action_or_reset(dev, put_chip, sim);
	return err ? ERR_PTR(err) : sim;
}

static int flashsim_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct flashsim *sim;
	int err;

	sim = make_chip(dev);
	if (IS_ERR(sim))
		return PTR_ERR(sim);

	if (*backing) {
		err = flashsim_backing_open(sim, backing);
		if (err) {
			dev_err(dev, "backing=%s: error %d\n", backing, err);
			return err;
		}
		err = devm_add_action_or_reset(dev, close_backing, sim);
		if (err)
			return err;
	}
	err = add_debugfs(dev, sim);
	if (err)
		return err;
	err = register_chip(dev, sim);
	if (err)
		return err;
	platform_set_drvdata(pdev, sim);
	return devm_add_action_or_reset(dev, unplug_chip, sim);
}

static struct platform_driver flashsim_driver = {
	.probe = flashsim_probe,
	.driver = {
		.name = "flashsim",
	},
};

static struct platform_device *flashsim_device;

static int __init flashsim_init(void)
{
	int err;

	err = platform_driver_register(&flashsim_driver);
	if (err)
		return err;
	flashsim_device = platform_device_register_simple("flashsim",
							  PLATFORM_DEVID_NONE,
							  NULL, 0);
	if (IS_ERR(flashsim_device)) {
		err = PTR_ERR(flashsim_device);
		goto unregister_driver;
	}
	if (!platform_get_drvdata(flashsim_device)) {
		err = -ENXIO;
		goto unregister_device;
	}
	return 0;

unregister_device:
	platform_device_unregister(flashsim_device);
unregister_driver:
	platform_driver_unregister(&flashsim_driver);
	return err;
}
module_init(flashsim_init);

static void __exit flashsim_exit(void)
{
	platform_device_unregister(flashsim_device);
	platform_driver_unregister(&flashsim_driver);
}
module_exit(flashsim_exit);

MODULE_DESCRIPTION("NOR flash simulator for tests");
MODULE_AUTHOR("fwslot developers");
MODULE_LICENSE("GPL");
