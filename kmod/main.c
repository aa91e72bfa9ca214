// SPDX-License-Identifier: GPL-2.0-only
/*
 * main.c - load and unload, nothing else
 *
 * Units exist before the notifier runs, the notifier before anybody can ask
 * for a session.  A step that fails takes back the ones before it.
 */
#include <linux/module.h>
#include <net/genetlink.h>
#include "fwslot.h"

static int __init fwslot_init(void)
{
	int err;

	fwslot_devs_init();
	err = fwslot_params_init();
	if (err)
		return err;
	err = fwslot_keys_init();
	if (err)
		return err;
	err = fwslot_session_init();
	if (err)
		goto free_keys;
	err = fwslot_power_init();
	if (err)
		goto free_session;
	err = fwslot_netlink_init();
	if (err)
		goto free_power;
	err = fwslot_bind_init();
	if (err)
		goto free_netlink;
	err = fwslot_chardev_init();
	if (err)
		goto unbind;
	if (fwslot_param_seal())
		fwslot_seal();
	return 0;

unbind:
	fwslot_bind_exit();
	fwslot_devs_exit();
free_netlink:
	fwslot_netlink_exit();
free_power:
	fwslot_power_exit();
free_session:
	fwslot_session_exit();
free_keys:
	fwslot_keys_exit();
	return err;
}

static void __exit fwslot_exit(void)
{
	fwslot_chardev_exit();
	fwslot_bind_exit();
	fwslot_devs_exit();
	fwslot_netlink_exit();
	fwslot_power_exit();
	fwslot_session_exit();
	fwslot_running_exit();
	fwslot_keys_exit();
}

module_init(fwslot_init);
module_exit(fwslot_exit);

MODULE_DESCRIPTION("Guarded programming of firmware slots on MTD flash");
MODULE_AUTHOR("The fwslot developers");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1");
MODULE_ALIAS_GENL_FAMILY(FWSLOT_GENL_NAME);
