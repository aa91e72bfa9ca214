// SPDX-License-Identifier: GPL-2.0-only
/*
 * faulty.c - does one thing that is wrong when it is loaded
 *
 * It shows that the sanitizers of the test kernel are awake and that the harness
 * hears them: tests/uml/selftest.sh.
 */
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "leak, freed, behind, shift, order, warn");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static unsigned int amount = 8;
static int seen;

static void lose(void)
{
	kfree(kmalloc(100, GFP_KERNEL));
	if (!kmalloc(100, GFP_KERNEL))
		pr_info("faulty: nothing to leak\n");
}

static void use_freed(void)
{
	char *p = kzalloc(32, GFP_KERNEL);

	kfree(p);
	if (p)
		seen = READ_ONCE(p[3]);
}

static void read_behind(void)
{
	char *p = kzalloc(30, GFP_KERNEL);

	if (p)
		seen = READ_ONCE(p[22 + amount]);
	kfree(p);
}

static void shift_too_far(void)
{
	WRITE_ONCE(seen, 1 << (amount * 5));
}

static void two_orders(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
}

static int __init faulty_init(void)
{
	if (!strcmp(what, "leak"))
		lose();
	else if (!strcmp(what, "freed"))
		use_freed();
	else if (!strcmp(what, "behind"))
		read_behind();
	else if (!strcmp(what, "shift"))
		shift_too_far();
	else if (!strcmp(what, "order"))
		two_orders();
	else
		WARN(!strcmp(what, "warn"), "asked for\n");
	return 0;
}
module_init(faulty_init);

static void __exit faulty_exit(void)
{
}
module_exit(faulty_exit);

MODULE_DESCRIPTION("Faults on purpose");
MODULE_AUTHOR("fwslot developers");
MODULE_LICENSE("GPL");
