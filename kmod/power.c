// SPDX-License-Identifier: GPL-2.0-only
/*
 * power.c - reboot and suspend wait for the flash, not the flash for them
 *
 * reboot(2) cannot be refused, only held up: the session is stopped, and a
 * bootloader that is being written is finished first.  Suspend is refused
 * while there is a session.  Power cuts, panics and hardware watchdogs ask
 * nobody; against those only the order of the writes helps.
 */
#include <linux/reboot.h>
#include <linux/suspend.h>
#include "fwslot.h"

static int on_reboot(struct notifier_block *nb, unsigned long action,
		     void *data)
{
	fwslot_session_stop();
	return NOTIFY_DONE;
}

/* Before MTD's own notifier, which suspends NAND for good. */
static struct notifier_block reboot_notifier = {
	.notifier_call = on_reboot,
	.priority = 100,
};

static int on_pm(struct notifier_block *nb, unsigned long action, void *data)
{
	switch (action) {
	case PM_SUSPEND_PREPARE:
	case PM_HIBERNATION_PREPARE:
	case PM_RESTORE_PREPARE:
		return notifier_from_errno(fwslot_session_suspend(true));
	case PM_POST_SUSPEND:
	case PM_POST_HIBERNATION:
	case PM_POST_RESTORE:
		fwslot_session_suspend(false);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block pm_notifier = {
	.notifier_call = on_pm,
};

/**
 * fwslot_power_init() - register for reboot and suspend
 *
 * Return: 0 or why a notifier cannot be registered.
 */
int __init fwslot_power_init(void)
{
	int err;

	err = register_reboot_notifier(&reboot_notifier);
	if (err)
		return err;
	err = register_pm_notifier(&pm_notifier);
	if (err)
		unregister_reboot_notifier(&reboot_notifier);
	return err;
}

/**
 * fwslot_power_exit() - undo fwslot_power_init()
 */
void fwslot_power_exit(void)
{
	unregister_pm_notifier(&pm_notifier);
	unregister_reboot_notifier(&reboot_notifier);
}
