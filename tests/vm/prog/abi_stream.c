// SPDX-License-Identifier: MIT
/*
 * write(2) in all sizes, with holes in the memory behind it, and with data
 * that changes while it is being taken
 */
#include <err.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "abi.h"

#define PAGE	4096U

/* Write [from, to) of the first input, @step bytes at a time. */
static int send_steps(struct session *s, u32 from, u32 to, u32 step)
{
	int ret = 0;

	for (; from < to && !ret; from += step)
		ret = session_send(s, 0, from,
				   step > to - from ? to - from : step);
	return ret;
}

static void claim_installed(struct session *s, const char *when)
{
	const struct pkg *pkg = s->pkg;

	claim_is(session_finish_all(s), 0, "%s: FINISH", when);
	claim_is(session_commit(s), 0, "%s: COMMIT", when);
	session_end(s);
	claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]), "it is not",
	      "%s: the image is there", when);
	claim_locked(when);
}

/* One byte at a time for the first chunk, then odd sizes, then a vector. */
static void try_sizes(void)
{
	struct session *s = session_new(other_pkg(), SECONDARY, 0);
	const struct blob *img = session_image(s, 0);
	u32 chunk = s->pkg->m.images[0].chunk_size;
	struct iovec iov[3];

	claim_is(write(s->fd, "", 0), 0, "sizes: no byte");
	claim_is(send_steps(s, 0, chunk, 1), 0,
		 "sizes: the first chunk byte by byte");
	claim_is(send_steps(s, chunk, 3 * chunk, 50021), 0,
		 "sizes: pieces over the ends of chunks");
	iov[0].iov_base = img->data + 3 * chunk;
	iov[0].iov_len = 7;
	iov[1].iov_base = img->data + 3 * chunk + 7;
	iov[1].iov_len = 0;
	iov[2].iov_base = img->data + 3 * chunk + 7;
	iov[2].iov_len = chunk;
	claim_is(writev(s->fd, iov, 3), chunk + 7, "sizes: writev(2)");
	claim_is(session_send(s, 0, 4 * chunk + 7, UINT32_MAX), 0,
		 "sizes: all the rest at once");
	claim_installed(s, "sizes");
}

/* Memory that ends in the middle: nothing is lost and nothing taken twice. */
static void try_holes(void)
{
	struct session *s = session_new(other_pkg(), SECONDARY, 0);
	const struct blob *img = session_image(s, 0);
	u32 chunk = s->pkg->m.images[0].chunk_size;
	u8 *buf = page(chunk + PAGE);
	ssize_t n;

	memcpy(buf, img->data, chunk);
	munmap(buf + chunk - PAGE, 2 * (size_t)PAGE);
	claim_is(write(s->fd, NULL, chunk) < 0 ? -errno : 0, -EFAULT,
		 "holes: NULL");
	claim_is(write(s->fd, (void *)0xffff888000000000, chunk) < 0 ? -errno :
		 0, -EFAULT, "holes: kernel address");
	claim_is(session_send(s, 0, 0, 1000), 0, "holes: some good bytes");
	n = write(s->fd, buf + 1000, chunk);
	claim_is(n < 0 ? -errno : n, -EFAULT,
		 "holes: memory that ends within a chunk");
	claim_is(session_send(s, 0, 1000, 2 * chunk - 2000), 0,
		 "holes: it goes on where it was");
	munmap(buf, chunk - PAGE);
	claim_is(session_send(s, 0, 2 * chunk - 1000, UINT32_MAX), 0,
		 "holes: to the end");
	claim_installed(s, "holes");
}

/* Flip a bit of the first chunk and back, for ever. */
static pid_t start_flipper(u8 *byte)
{
	pid_t pid = fork();

	if (pid < 0)
		err(2, "fork");
	while (!pid) {
		__atomic_xor_fetch(byte, 1, __ATOMIC_RELAXED);
		__atomic_xor_fetch(byte, 1, __ATOMIC_RELAXED);
	}
	return pid;
}

/*
 * The kernel takes one copy, authenticates that copy and programs that copy:
 * data that changes under it is refused or was right.
 */
static void try_changing(void)
{
	const struct pkg *pkg = other_pkg();
	struct pkg p = *pkg;
	u8 *data = page(p.image[0].size);
	struct session *s;
	int i, ret = 0;
	bool good = true;
	pid_t pid;

	memcpy(data, p.image[0].data, p.image[0].size);
	p.image[0].data = data;
	fflush(stdout);
	pid = start_flipper(data + p.m.images[0].chunk_size / 2);
	for (i = 0; i < 8 && good; i++) {
		s = session_new(&p, SECONDARY, 0);
		ret = session_feed(s);
		if (!ret)
			ret = session_finish_all(s);
		session_end(s);
		good = ret == 0 || ret == -EBADMSG;
	}
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	claim(good, "another error", "changing data: refused or right");
	if (!ret)
		claim(flash_holds(FWSLOT_SECONDARY, &pkg->image[0]),
		      "it does not",
		      "changing data: the flash holds what was signed");
	claim_locked("changing data");
	munmap(data, p.image[0].size);
}

/**
 * test_stream() - how data is taken
 */
void test_stream(void)
{
	try_sizes();
	try_holes();
	try_changing();
	claim_good("stream");
}
