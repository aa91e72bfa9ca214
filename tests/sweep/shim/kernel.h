/* SPDX-License-Identifier: MIT */
/*
 * kernel.h - as much of the kernel as the module's sources use, for userspace
 *
 * There is one thread.  Work that is queued runs at once, in place, so that a
 * session runs from survey to commit inside its begin; whoever waits finds
 * what he waits for, or the test has found a bug.  Locks are there to see that
 * they are balanced.  All that is allocated belongs to the machine that is
 * switched on (machine.c) and is gone when its power is.
 *
 * What is added here must do what the kernel does, or stop the test.
 */
#ifndef SWEEP_KERNEL_H
#define SWEEP_KERNEL_H

#include <stdio.h>
#include <sys/types.h>
#include "core/env.h"

/* compiler, types, errors */

#define __user
#define __init
#define __exit

#ifndef ENOTSUPP
#define ENOTSUPP	524
#endif
#define ERESTARTSYS	512
#define MAX_ERRNO	4095

#define READ_ONCE(x)	(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, v) (*(volatile typeof(x) *)&(x) = (v))

#define container_of(ptr, type, member) \
	((type *)((char *)(ptr) - offsetof(type, member)))
#define struct_size(p, member, n) \
	(offsetof(typeof(*(p)), member) + (n) * sizeof((p)->member[0]))

static inline void *ERR_PTR(long err)
{
	return (void *)err;
}

static inline long PTR_ERR(const void *p)
{
	return (long)p;
}

static inline bool IS_ERR(const void *p)
{
	return (unsigned long)p >= (unsigned long)-MAX_ERRNO;
}

/* shim.c: prints where, and what the test was doing, and ends it. */
void __attribute__((noreturn)) shim_bug(const char *file, int line,
					const char *what);

#define must_not(cond) \
	((cond) ? shim_bug(__FILE__, __LINE__, #cond) : (void)0)

#define WARN_ON(cond) ({ must_not(cond); false; })
#define WARN_ON_ONCE(cond) WARN_ON(cond)

/* strings and numbers */

/* Not checked as printf: the kernel has other ideas of u64 and of %p. */
int scnprintf(char *buf, size_t size, const char *fmt, ...);

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t len = strnlen(from, size);

	must_not(!size);
	memcpy(to, from, len < size ? len : size - 1);
	to[len < size ? len : size - 1] = '\0';
	return len < size ? (ssize_t)len : -E2BIG;
}

#define min(a, b)	((a) < (b) ? (a) : (b))
#define max(a, b)	((a) > (b) ? (a) : (b))

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

static inline u64 div_u64(u64 n, u32 by)
{
	return n / by;
}

static inline u32 ilog2(u32 n)
{
	return 31 - __builtin_clz(n);
}

/* memory */

typedef unsigned int gfp_t;

#define GFP_KERNEL		0
#define GFP_KERNEL_ACCOUNT	0

void *shim_alloc(size_t size, bool zero);
void shim_free(const void *p);

#define kmalloc(size, gfp)	((void)(gfp), shim_alloc(size, false))
#define kzalloc(size, gfp)	((void)(gfp), shim_alloc(size, true))
#define kvmalloc(size, gfp)	kmalloc(size, gfp)
#define kvzalloc(size, gfp)	kzalloc(size, gfp)
#define kcalloc(n, size, gfp)	kzalloc((size_t)(n) * (size), gfp)
#define kvcalloc(n, size, gfp)	kcalloc(n, size, gfp)
#define kmalloc_array(n, size, gfp) kmalloc((size_t)(n) * (size), gfp)
#define vmalloc(size)		shim_alloc(size, false)
#define vzalloc(size)		shim_alloc(size, true)
#define kfree(p)		shim_free(p)
#define kvfree(p)		shim_free(p)
#define vfree(p)		shim_free(p)

/* What a caller in user space hands over lies in the test's memory. */
#define u64_to_user_ptr(x)	((void *)(uintptr_t)(x))

static inline void *vmemdup_user(const void *from, size_t len)
{
	return memcpy(shim_alloc(len, false), from, len);
}

/* lists */

struct list_head {
	struct list_head *next, *prev;
};

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

static inline void list_add(struct list_head *node, struct list_head *head)
{
	node->next = head->next;
	node->prev = head;
	head->next->prev = node;
	head->next = node;
}

static inline void list_del(struct list_head *node)
{
	node->prev->next = node->next;
	node->next->prev = node->prev;
}

#define list_next(pos, member) \
	container_of((pos)->member.next, typeof(*(pos)), member)
#define list_for_each_entry(pos, head, member) \
	for (pos = container_of((head)->next, typeof(*pos), member); \
	     &pos->member != (head); pos = list_next(pos, member))
#define list_for_each_entry_safe(pos, n, head, member) \
	for (pos = container_of((head)->next, typeof(*pos), member), \
	     n = list_next(pos, member); &pos->member != (head); \
	     pos = n, n = list_next(n, member))

/* references */

struct kref {
	u32 count;
};

static inline void kref_init(struct kref *ref)
{
	ref->count = 1;
}

static inline void kref_get(struct kref *ref)
{
	must_not(!ref->count);
	ref->count++;
}

static inline void kref_put(struct kref *ref, void (*release)(struct kref *))
{
	must_not(!ref->count);
	if (!--ref->count)
		release(ref);
}

/* locks */

struct mutex {
	bool held;
};

typedef struct mutex spinlock_t;

#define DEFINE_MUTEX(name)	struct mutex name
#define DEFINE_SPINLOCK(name)	spinlock_t name
#define mutex_init(m)		((void)((m)->held = false))
#define mutex_lock(m)		(must_not((m)->held), (void)((m)->held = true))
#define mutex_unlock(m)		(must_not(!(m)->held), (void)((m)->held = false))
#define spin_lock_init(l)	mutex_init(l)
#define spin_lock(l)		mutex_lock(l)
#define spin_unlock(l)		mutex_unlock(l)
#define lockdep_assert_held(m)	must_not(!(m)->held)
#define lockdep_assert_not_held(m)	must_not((m)->held)

typedef struct {
	s64 counter;
} atomic64_t;

#define ATOMIC64_INIT(n)	{ n }
#define atomic64_inc(a)		((void)(a)->counter++)
#define atomic64_read(a)	((u64)(a)->counter)

/* waiting: whatever it is, it has happened */

typedef struct {
	char unused;
} wait_queue_head_t;

struct completion {
	bool done;
};

#define HZ			100
#define MAX_SCHEDULE_TIMEOUT	LONG_MAX
#define LONG_MAX		__LONG_MAX__
#define msecs_to_jiffies(ms)	((ms) / 10)

#define init_waitqueue_head(wq)	((void)(wq))
#define wake_up_all(wq)		((void)(wq))
#define wait_event(wq, cond)	((void)(wq), must_not(!(cond)))
#define wait_event_killable(wq, cond) (wait_event(wq, cond), 0)
#define wait_event_interruptible_timeout(wq, cond, timeout) \
	((void)(timeout), wait_event(wq, cond), 1L)

#define init_completion(c)	((void)((c)->done = false))
#define complete_all(c)		((void)((c)->done = true))
#define wait_for_completion_killable(c) (must_not(!(c)->done), 0)

/* work */

struct work_struct {
	void (*func)(struct work_struct *work);
	bool pending;
};

struct workqueue_struct;

#define WQ_UNBOUND		0
#define system_unbound_wq	NULL
#define alloc_workqueue(name, flags, max) \
	((struct workqueue_struct *)shim_alloc(1, true))
#define destroy_workqueue(wq)	shim_free(wq)
#define INIT_WORK(work, f)	((void)((work)->func = (f)))
#define cancel_work_sync(work)	((void)((work)->pending = false))

/* What is waited for runs as late as it may: when it is waited for. */
static inline void queue_work(struct workqueue_struct *wq,
			      struct work_struct *work)
{
	if (wq)
		work->func(work);
	else
		work->pending = true;
}

static inline void flush_work(struct work_struct *work)
{
	if (!work->pending)
		return;
	work->pending = false;
	work->func(work);
}

/* tasks, time, module */

struct task_struct;

#define current			((struct task_struct *)1)
#define task_tgid_nr(task)	((void)(task), 1)
#define signal_pending(task)	((void)(task), false)
#define fatal_signal_pending(task) signal_pending(task)
#define cond_resched()		((void)0)

typedef s64 ktime_t;

#define NSEC_PER_MSEC		1000000L
#define ktime_get()		((ktime_t)0)
#define ktime_sub(a, b)		((a) - (b))
#define ktime_to_ns(t)		((u64)(t))

#define THIS_MODULE		NULL
#define __module_get(module)	((void)(module))
#define module_put(module)	((void)(module))

#endif /* SWEEP_KERNEL_H */
