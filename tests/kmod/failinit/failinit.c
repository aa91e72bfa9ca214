// SPDX-License-Identifier: GPL-2.0-only
/*
 * failinit.c - lets an allocation of another module's init fail
 *
 * fail-nth of the task that loads a module would count what the loader
 * allocates, too, before init and after it.  So init is replaced when the
 * loader announces the module, which is after it was linked, by one that counts
 * from the first line of the real one to its last.
 */
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/sched.h>

static char *target = "fwslot";
module_param(target, charp, 0444);
MODULE_PARM_DESC(target, "name of the module (default: fwslot)");

static unsigned int nth;
module_param(nth, uint, 0644);
MODULE_PARM_DESC(nth, "what fails, from 1 on; then how far it still had to go");

/* One module is loaded at a time. */
static int (*real_init)(void);

static int counted_init(void)
{
	int err;

	current->fail_nth = nth;
	err = real_init();
	nth = current->fail_nth;
	current->fail_nth = 0;
	return err;
}

static int notice(struct notifier_block *nb, unsigned long state, void *data)
{
	struct module *mod = data;

	if (state == MODULE_STATE_COMING && !strcmp(mod->name, target)) {
		real_init = mod->init;
		mod->init = counted_init;
	}
	return NOTIFY_DONE;
}

static struct notifier_block notifier = {
	.notifier_call = notice,
};

static int __init failinit_init(void)
{
	return register_module_notifier(&notifier);
}
module_init(failinit_init);

static void __exit failinit_exit(void)
{
	unregister_module_notifier(&notifier);
}
module_exit(failinit_exit);

MODULE_DESCRIPTION("Failing allocations for the init of a module");
MODULE_AUTHOR("fwslot developers");
MODULE_LICENSE("GPL");
