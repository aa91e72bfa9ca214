// SPDX-License-Identifier: MIT
/*
 * Sessions on /dev/fwslot, the way that the UAPI header describes them
 *
 * All calls return 0 or a negative errno.
 */
#include <err.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "abi.h"

#define POLL_MS	20

/**
 * dev_open() - open the device
 *
 * Return: the file.
 */
int dev_open(void)
{
	int fd = open("/dev/" FWSLOT_DEVICE, O_RDWR | O_CLOEXEC);

	if (fd < 0)
		err(2, "/dev/" FWSLOT_DEVICE);
	return fd;
}

/**
 * dev_call() - an ioctl
 * @fd: the file
 * @cmd: the ioctl
 * @arg: its argument
 *
 * Return: 0 or a negative errno.
 */
int dev_call(int fd, unsigned long cmd, void *arg)
{
	return ioctl(fd, cmd, arg) ? -errno : 0;
}

/**
 * begin_fill() - fill in the argument of FWSLOT_IOC_BEGIN
 * @b: the argument
 * @p: the release
 * @slots: mask of slots
 * @flags: FWSLOT_BEGIN_*
 */
void begin_fill(struct fwslot_begin *b, const struct pkg *p, u32 slots,
		u32 flags)
{
	memset(b, 0, sizeof(*b));
	b->size = sizeof(*b);
	b->flags = flags;
	b->slots = slots;
	b->manifest = (uintptr_t)p->manifest.data;
	b->manifest_size = p->manifest.size;
	b->signature = (uintptr_t)p->signature.data;
	b->signature_size = p->signature.size;
	b->tables = (uintptr_t)p->tables.data;
	b->tables_size = p->tables.size;
}

/**
 * session_begin() - begin a session
 * @s: the session
 * @fd: an open file
 * @p: the release
 * @slots: mask of slots
 * @flags: FWSLOT_BEGIN_*
 */
int session_begin(struct session *s, int fd, const struct pkg *p, u32 slots,
		  u32 flags)
{
	s->fd = fd;
	s->pkg = p;
	begin_fill(&s->begin, p, slots, flags);
	return dev_call(fd, FWSLOT_IOC_BEGIN, &s->begin);
}

/**
 * session_new() - begin a session that must begin
 * @p: the release
 * @slots: mask of slots
 * @flags: FWSLOT_BEGIN_*
 *
 * Return: the session; session_end() frees it.
 */
struct session *session_new(const struct pkg *p, u32 slots, u32 flags)
{
	struct session *s = need(calloc(1, sizeof(*s)));
	int ret = session_begin(s, dev_open(), p, slots, flags);

	if (ret)
		claim_is(ret, 0, "a session begins, slots %x flags %x (%s)",
			 slots, flags, fwslot_reason_word(s->begin.reason));
	return s;
}

/**
 * session_image() - what an input of the plan wants
 * @s: the session
 * @input: index of the input
 */
const struct blob *session_image(const struct session *s, u32 input)
{
	return &s->pkg->image[s->begin.inputs[input].image % FWSLOT_IMAGES_MAX];
}

/**
 * session_send() - write bytes of an image
 * @s: the session
 * @input: index of the input
 * @from: offset in the image
 * @len: how many, cut at the image's end
 */
int session_send(struct session *s, u32 input, u32 from, u32 len)
{
	const struct blob *img = session_image(s, input);
	u32 end = len > img->size - from ? img->size : from + len;
	ssize_t n;

	for (; from < end; from += n) {
		n = write(s->fd, img->data + from, end - from);
		if (n < 0)
			return -errno;
		if (!n)
			return -EIO;
	}
	return 0;
}

/**
 * session_feed() - write all that the plan wants
 * @s: the session
 */
int session_feed(struct session *s)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < s->begin.n_inputs && !ret; i++)
		ret = session_send(s, i, 0, UINT32_MAX);
	return ret;
}

/**
 * session_finish() - wait for a step
 * @s: the session
 * @step: index of the step
 * @timeout_ms: how long, 0: until it ends
 * @p: how far the session is, or NULL
 */
int session_finish(struct session *s, u32 step, u32 timeout_ms,
		   struct fwslot_progress *p)
{
	struct fwslot_finish arg = {
		.size = sizeof(arg), .step = step, .timeout_ms = timeout_ms,
	};
	int ret = dev_call(s->fd, FWSLOT_IOC_FINISH, &arg);

	if (p)
		*p = arg.progress;
	return ret;
}

/**
 * session_finish_all() - wait for all steps
 * @s: the session
 */
int session_finish_all(struct session *s)
{
	int ret = 0;
	u32 i;

	for (i = 0; i < s->begin.n_steps && !ret; i++)
		ret = session_finish(s, i, 0, NULL);
	return ret;
}

/**
 * session_commit() - end a session
 * @s: the session
 */
int session_commit(struct session *s)
{
	struct fwslot_progress p = { .size = sizeof(p) };

	return dev_call(s->fd, FWSLOT_IOC_COMMIT, &p);
}

/**
 * session_progress() - ask how far a session is
 * @s: the session
 * @p: the answer
 */
int session_progress(struct session *s, struct fwslot_progress *p)
{
	memset(p, 0, sizeof(*p));
	p->size = sizeof(*p);
	return dev_call(s->fd, FWSLOT_IOC_PROGRESS, p);
}

/**
 * session_end() - close the file
 * @s: the session of session_new(); freed
 */
void session_end(struct session *s)
{
	close(s->fd);
	free(s);
}

/**
 * install() - a good session from start to end
 * @p: the release
 * @slots: mask of slots
 * @commit: end it with COMMIT; without it no reboot is pending afterwards
 */
int install(const struct pkg *p, u32 slots, bool commit)
{
	struct session s;
	int ret;

	ret = session_begin(&s, dev_open(), p, slots, 0);
	if (!ret)
		ret = session_feed(&s);
	if (!ret)
		ret = session_finish_all(&s);
	if (!ret && commit)
		ret = session_commit(&s);
	close(s.fd);
	return ret;
}

/**
 * wait_free() - wait until a session can begin
 * @seconds: how long
 *
 * Return: 0; or what BEGIN said last, -EBUSY as a rule.
 */
int wait_free(unsigned int seconds)
{
	unsigned int i = seconds * 1000 / POLL_MS;
	struct session s;
	int ret;

	do {
		ret = session_begin(&s, dev_open(), &pkg_a, SECONDARY,
				    FWSLOT_BEGIN_CHECK);
		close(s.fd);
		if (ret == -EBUSY)
			poll(NULL, 0, POLL_MS);
	} while (ret == -EBUSY && i--);
	return ret;
}

/**
 * other_pkg() - a release that neither primary nor secondary hold now
 */
const struct pkg *other_pkg(void)
{
	return flash_holds(FWSLOT_SECONDARY, &pkg_a.image[0]) ? &pkg_c : &pkg_a;
}

/**
 * need_b() - make sure that pkg_a is new to the secondary
 */
void need_b(void)
{
	if (flash_holds(FWSLOT_SECONDARY, &pkg_a.image[0]) &&
	    install(&pkg_b, SECONDARY, true))
		claim(false, "it cannot be installed", "release B for a start");
}

/**
 * claim_good() - claim that a good release can be installed right now
 * @when: after what
 */
void claim_good(const char *when)
{
	const struct pkg *p = other_pkg();
	int ret = install(p, SECONDARY, true);

	claim_is(ret, 0, "%s: a good package installs", when);
	if (!ret && !flash_holds(FWSLOT_SECONDARY, &p->image[0]))
		claim(false, "the slot holds something else",
		      "%s: what was installed is there", when);
	claim_locked(when);
}
