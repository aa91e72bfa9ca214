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
#include <linux/spinlock.h>
#include <linux/workqueue.h>

static char *what = "nothing";
module_param(what, charp, 0444);
MODULE_PARM_DESC(what, "leak, freed, behind, shift, order, warn, atomic, race");

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);
static DEFINE_SPINLOCK(spin);
static unsigned int amount = 8;
static int seen;
static unsigned int counter;

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

static void sleep_in_atomic(void)
{
	spin_lock(&spin);
	kfree(kmalloc(100, GFP_KERNEL));
	spin_unlock(&spin);
}

static void count(struct work_struct *work)
{
	unsigned int i;

	for (i = 0; i < 1000000; i++) {
		counter++;
		barrier();
	}
}

static DECLARE_WORK(one, count);
static DECLARE_WORK(other, count);

static void count_twice_at_once(void)
{
	queue_work(system_unbound_wq, &one);
	queue_work(system_unbound_wq, &other);
	flush_work(&one);
	flush_work(&other);
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
	else if (!strcmp(what, "atomic"))
		sleep_in_atomic();
	else if (!strcmp(what, "race"))
		count_twice_at_once();
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
