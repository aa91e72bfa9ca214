// SPDX-License-Identifier: MIT
/*
 * The ABI of the module, tried from its user's side: claims and the command line
 *
 *   abi FOLDER GROUP...
 *
 * FOLDER/a, b and c hold releases in loose files: manifest, manifest.p7s,
 * tables, system.img, bootloader.img.  The running release is b.  FOLDER/heads
 * holds bad manifests with their signatures and the reasons for which they must
 * be refused.
 */
#include <err.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "abi.h"

#define GROUP_SECONDS	180

struct pkg pkg_a, pkg_b, pkg_c;

static const char *top;

static void all_heads(void)
{
	test_heads(top);
}

static const struct {
	const char *name;
	void (*run)(void);
} groups[] = {
	{ "args", test_args },
	{ "begin", test_begin },
	{ "heads", all_heads },
	{ "protocol", test_protocol },
	{ "chunks", test_chunks },
	{ "stream", test_stream },
	{ "life", test_life },
	{ "idle", test_idle },
	{ "slow", test_slow },
	{ "cred", test_cred },
	{ "netlink", test_netlink },
	{ "events", test_events },
	{ "sweep", test_sweep },
	{ "each-chunk", test_each_chunk },
	{ "faults", test_faults },
	{ "worker-faults", test_worker_faults },
	{ "load-faults", test_load_faults },
	{ "end-faults", test_end_faults },
	{ "storm", test_storm },
	{ "calm", test_calm },
};

static void print_claim(bool good, const char *why, const char *fmt, va_list ap)
{
	fputs(good ? "ok " : "not ok ", stdout);
	vprintf(fmt, ap);
	if (!good)
		printf(" # %s", why);
	putchar('\n');
	fflush(stdout);
}

/**
 * claim() - report one claim
 * @good: it holds
 * @why: what is wrong if it does not
 * @fmt: its name, as printf()
 */
void claim(bool good, const char *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_claim(good, why, fmt, ap);
	va_end(ap);
}

static void print_value(char *buf, size_t size, long value)
{
	const char *name = value < 0 ? strerrorname_np(-value) : NULL;

	if (name)
		snprintf(buf, size, "-%s", name);
	else
		snprintf(buf, size, "%ld", value);
}

/**
 * claim_is() - claim that a number, or a negative errno, is what it must be
 * @got: what it is
 * @want: what it must be
 * @fmt: name of the claim, as printf()
 */
void claim_is(long got, long want, const char *fmt, ...)
{
	char why[80], is[24], must[24];
	va_list ap;

	print_value(is, sizeof(is), got);
	print_value(must, sizeof(must), want);
	snprintf(why, sizeof(why), "got %s, wanted %s", is, must);
	va_start(ap, fmt);
	print_claim(got == want, why, fmt, ap);
	va_end(ap);
}

/**
 * claim_refused() - claim that a call failed for a reason, with its errno
 * @err: what the call returned, 0 or a negative errno
 * @reason: the reason it gave
 * @want: the reason it must give
 * @fmt: name of the claim, as printf()
 */
void claim_refused(int err, u32 reason, u32 want, const char *fmt, ...)
{
	char why[120], is[24], must[24];
	va_list ap;

	print_value(is, sizeof(is), err);
	print_value(must, sizeof(must), fwslot_reason_errno(want));
	snprintf(why, sizeof(why), "got %s %s, wanted %s %s", is,
		 fwslot_reason_word(reason), must, fwslot_reason_word(want));
	va_start(ap, fmt);
	print_claim(err == fwslot_reason_errno(want) && reason == want, why,
		    fmt, ap);
	va_end(ap);
}

/**
 * need() - end the program when there is no memory
 * @memory: what malloc() or mmap() returned
 *
 * Return: @memory.
 */
void *need(void *memory)
{
	if (!memory || memory == MAP_FAILED)
		err(2, "memory");
	return memory;
}

/**
 * page() - memory of whole pages, shared with children
 * @bytes: how much
 *
 * Return: the memory, below 4 GiB, zero.
 */
void *page(size_t bytes)
{
	return need(mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_32BIT, -1, 0));
}

/**
 * load() - read a file whole
 * @dir: its folder
 * @name: its name
 *
 * Return: its content.
 */
struct blob load(const char *dir, const char *name)
{
	struct blob b;
	struct stat st;
	char path[256];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	fd = open(path, O_RDONLY);
	if (fd < 0 || fstat(fd, &st))
		err(2, "%s", path);
	b.size = st.st_size;
	b.data = need(malloc(b.size + 1));
	if (read(fd, b.data, b.size) != (ssize_t)b.size)
		err(2, "%s", path);
	close(fd);
	return b;
}

static void load_pkg(struct pkg *p, const char *folder, const char *name)
{
	char dir[256];
	u32 i;

	snprintf(dir, sizeof(dir), "%s/%s", folder, name);
	p->manifest = load(dir, "manifest");
	p->signature = load(dir, "manifest.p7s");
	p->tables = load(dir, "tables");
	if (fwslot_manifest_parse(p->manifest.data, p->manifest.size, &p->m))
		errx(2, "%s: bad manifest", dir);
	for (i = 0; i < p->m.n_images; i++)
		p->image[i] = load(dir, p->m.images[i].kind ==
				   FWSLOT_IMAGE_SYSTEM ? "system.img" :
							 "bootloader.img");
}

/**
 * in_child() - call a function in a process of its own
 * @fn: the function
 * @arg: passed to it
 *
 * Return: what it returned; -ECHILD when the process died.
 */
int in_child(int (*fn)(void *arg), void *arg)
{
	int *result = page(sizeof(*result));
	int status, ret;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		err(2, "fork");
	if (!pid) {
		*result = fn(arg);
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		err(2, "waitpid");
	ret = status ? -ECHILD : *result;
	munmap(result, sizeof(*result));
	return ret;
}

static void run_group(const char *name)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(groups); i++) {
		if (strcmp(groups[i].name, name))
			continue;
		/* A module that hangs must not take the story with it. */
		alarm(GROUP_SECONDS);
		groups[i].run();
		return;
	}
	errx(2, "%s: no such group", name);
}

int main(int argc, char **argv)
{
	int i;

	if (argc < 3)
		errx(2, "usage: abi FOLDER GROUP...");
	top = argv[1];
	load_pkg(&pkg_a, top, "a");
	load_pkg(&pkg_b, top, "b");
	load_pkg(&pkg_c, top, "c");
	for (i = 2; i < argc; i++)
		run_group(argv[i]);
	return 0;
}
