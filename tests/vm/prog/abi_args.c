// SPDX-License-Identifier: MIT
/*
 * Arguments of every ioctl: sizes, pointers, numbers that do not exist
 *
 * All of it is tried while another file has a session without data, so that
 * each call has an answer of its own by which a good argument is known.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>

#include "abi.h"

#define PAGE		4096U
#define SYS_IOCTL_32	54	/* of the 32-bit ABI of x86 */

/**
 * struct call - an ioctl and what it answers to a good argument
 * @name: its name
 * @cmd: its number
 * @size: bytes of its argument
 * @answer: what it returns here
 * @other: to be called on a file without session
 */
struct call {
	const char *name;
	unsigned long cmd;
	u32 size;
	int answer;
	bool other;
};

static const struct call calls[] = {
	{ "INFO", FWSLOT_IOC_INFO, sizeof(struct fwslot_info), 0, false },
	{ "BEGIN", FWSLOT_IOC_BEGIN, sizeof(struct fwslot_begin), -EBUSY,
	  true },
	{ "FINISH", FWSLOT_IOC_FINISH, sizeof(struct fwslot_finish), -ETIME,
	  false },
	{ "COMMIT", FWSLOT_IOC_COMMIT, sizeof(struct fwslot_progress), -EBUSY,
	  false },
	{ "PROGRESS", FWSLOT_IOC_PROGRESS, sizeof(struct fwslot_progress), 0,
	  false },
	{ "VERIFY", FWSLOT_IOC_VERIFY, sizeof(struct fwslot_verify), -EBUSY,
	  true },
};

/* An argument that is good in every field. */
static void fill(const struct call *c, void *buf)
{
	struct fwslot_begin begin;
	struct fwslot_finish finish = { .timeout_ms = 1 };
	u32 size = c->size;

	memset(buf, 0, c->size);
	if (c->cmd == FWSLOT_IOC_BEGIN) {
		begin_fill(&begin, &pkg_a, SECONDARY, FWSLOT_BEGIN_CHECK);
		memcpy(buf, &begin, sizeof(begin));
	}
	if (c->cmd == FWSLOT_IOC_FINISH)
		memcpy(buf, &finish, sizeof(finish));
	memcpy(buf, &size, sizeof(size));
}

static int try_size(int fd, const struct call *c, u8 *buf, u32 size)
{
	memcpy(buf, &size, sizeof(size));
	return dev_call(fd, c->cmd, buf);
}

static void sizes(int fd, const struct call *c)
{
	u8 *buf = page(2 * (size_t)PAGE);

	fill(c, buf);
	claim_is(try_size(fd, c, buf, c->size), c->answer, "%s: right size",
		 c->name);
	fill(c, buf);
	claim_is(try_size(fd, c, buf, c->size + 8), c->answer,
		 "%s: larger, the rest zero", c->name);
	fill(c, buf);
	claim_is(try_size(fd, c, buf, PAGE), c->answer,
		 "%s: a page, the rest zero", c->name);
	fill(c, buf);
	buf[c->size + 7] = 1;
	claim_is(try_size(fd, c, buf, c->size + 8), -E2BIG,
		 "%s: larger, the rest not zero", c->name);
	buf[c->size + 7] = 0;
	claim_is(try_size(fd, c, buf, c->size - 1), -EINVAL,
		 "%s: a byte too small", c->name);
	claim_is(try_size(fd, c, buf, 4), -EINVAL, "%s: only its size",
		 c->name);
	claim_is(try_size(fd, c, buf, 0), -EINVAL, "%s: size 0", c->name);
	claim_is(try_size(fd, c, buf, PAGE + 1), -EINVAL,
		 "%s: larger than a page", c->name);
	claim_is(try_size(fd, c, buf, UINT32_MAX), -EINVAL,
		 "%s: size of 4 GiB", c->name);
	munmap(buf, 2 * (size_t)PAGE);
}

static void pointers(int fd, const struct call *c)
{
	static const struct {
		const char *name;
		u64 address;
	} bad[] = {
		{ "NULL", 0 },
		{ "8", 8 },
		{ "kernel address", 0xffff888000000000 },
		{ "end of the address space", 0xfffffffffffffff0 },
		{ "no address at all", 0x8000000000000000 },
	};
	u8 *buf = page(2 * (size_t)PAGE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		claim_is(dev_call(fd, c->cmd, (void *)(uintptr_t)bad[i].address), -EFAULT,
			 "%s: %s", c->name, bad[i].name);
	fill(c, buf);
	need(mprotect(buf, PAGE, PROT_READ) ? NULL : buf);
	claim_is(dev_call(fd, c->cmd, buf), -EFAULT, "%s: read-only memory",
		 c->name);
	mprotect(buf, PAGE, PROT_READ | PROT_WRITE);
	memcpy(buf + PAGE - 4, &c->size, sizeof(c->size));
	munmap(buf + PAGE, PAGE);
	claim_is(dev_call(fd, c->cmd, buf + PAGE - 4), -EFAULT,
		 "%s: runs out of its memory", c->name);
	munmap(buf, PAGE);
}

static void numbers(int fd)
{
	static const struct {
		const char *name;
		u32 cmd;
	} bad[] = {
		{ "number behind the last", _IO(FWSLOT_IOC_MAGIC, 0x07) },
		{ "number 0xff", _IO(FWSLOT_IOC_MAGIC, 0xff) },
		{ "BEGIN without direction", _IO(FWSLOT_IOC_MAGIC, 0x01) },
		{ "SEAL with a direction", _IOW(FWSLOT_IOC_MAGIC, 0x06, u32) },
		{ "another magic", _IO(0xfa, 0x06) },
		{ "0", 0 },
		{ "all ones", 0xffffffff },
	};
	struct fwslot_begin arg;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		begin_fill(&arg, &pkg_a, SECONDARY, 0);
		claim_is(dev_call(fd, bad[i].cmd, &arg), -ENOTTY, "ioctl: %s",
			 bad[i].name);
	}
	/* The size in the number is only what the caller was built with. */
	begin_fill(&arg, &pkg_a, SECONDARY, 0);
	claim_is(dev_call(fd, _IOWR(FWSLOT_IOC_MAGIC, 0x01, u32), &arg), -EBUSY,
		 "ioctl: BEGIN with another size in its number");
}

/* What the device is not: a file that can be read, mapped or positioned. */
static void other_calls(int fd)
{
	u8 byte = 0;
	void *map;
	int in;

	claim_is(read(fd, &byte, 1) < 0 ? -errno : 0, -EINVAL, "read(2)");
	claim_is(pwrite(fd, &byte, 1, 0) < 0 ? -errno : 0, -ESPIPE,
		 "pwrite(2)");
	claim_is(lseek(fd, 0, SEEK_END) < 0 ? -errno : 0, -ESPIPE, "lseek(2)");
	map = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	claim_is(map == MAP_FAILED ? -errno : 0, -ENODEV, "mmap(2)");
	in = open("/proc/self/exe", O_RDONLY);
	claim(sendfile(fd, in, NULL, PAGE) < 0, "it took data", "sendfile(2)");
	close(in);
}

#ifdef __x86_64__
/* The argument is below 4 GiB, see page(). */
static int call_32(int fd, u32 cmd, void *arg)
{
	long ret = SYS_IOCTL_32;

	asm volatile("int $0x80" : "+a"(ret)
		     : "b"((long)fd), "c"((long)cmd), "d"(arg)
		     : "memory", "r8", "r9", "r10", "r11");
	return ret;
}

/* All structures are the same for a 32-bit caller. */
static void calls_32(int fd, int other)
{
	u8 *buf = page(PAGE);
	size_t i;

	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		fill(&calls[i], buf);
		claim_is(call_32(calls[i].other ? other : fd, calls[i].cmd,
				 buf), calls[i].answer, "%s: 32-bit caller",
			 calls[i].name);
	}
	claim_is(call_32(fd, _IO(FWSLOT_IOC_MAGIC, 0x07), buf), -ENOTTY,
		 "ioctl: unknown number, 32-bit caller");
	munmap(buf, PAGE);
}
#else
static void calls_32(int fd, int other)
{
	(void)fd;
	(void)other;
}
#endif

static void info(int fd)
{
	struct fwslot_info arg = {
		.size = sizeof(arg), .abi = 77, .begin_flags = 77,
		.reserved = 77,
	};

	claim_is(dev_call(fd, FWSLOT_IOC_INFO, &arg), 0, "INFO");
	claim_is(arg.abi, FWSLOT_ABI_VERSION, "INFO: version of the ABI");
	claim_is(arg.begin_flags, FWSLOT_BEGIN_FLAGS, "INFO: flags of BEGIN");
	claim_is(arg.reserved, 0, "INFO: reserved");
}

/**
 * test_args() - arguments of all ioctls
 */
void test_args(void)
{
	struct flash *before;
	struct fwslot_progress p;
	struct session *s;
	int other = dev_open();
	size_t i;
	int fd;

	need_b();
	before = flash_take();
	info(other);
	s = session_new(&pkg_a, SECONDARY, 0);
	for (i = 0; i < ARRAY_SIZE(calls); i++) {
		fd = calls[i].other ? other : s->fd;
		sizes(fd, &calls[i]);
		pointers(fd, &calls[i]);
	}
	numbers(other);
	other_calls(other);
	other_calls(s->fd);
	calls_32(s->fd, other);
	claim_is(session_progress(s, &p), 0, "the session has survived");
	claim_is(p.reason, FWSLOT_REASON_NONE, "it has not failed");
	claim_is(p.written, 0, "it has written nothing");
	session_end(s);
	close(other);
	claim_untouched(before, "arguments");
	claim_good("arguments");
}
