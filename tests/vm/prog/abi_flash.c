// SPDX-License-Identifier: MIT
/*
 * The flash as everybody sees it: mtdchar and the simulator's counters
 *
 * Nothing here goes through fwslot, so that what the module says of itself is
 * never the proof of it.
 */
#include <err.h>
#include <fcntl.h>
#include <mtd/mtd-user.h>
#include <sys/ioctl.h>

#include "abi.h"

#define DEVICE		"flashsim"
#define DRIVER		"/sys/bus/platform/drivers/flashsim"
#define COUNTERS	"/sys/kernel/debug/flashsim"
#define PARAMETERS	"/sys/module/flashsim/parameters"

static const char *const part_names[PARTS] = {
	[FWSLOT_PRIMARY] = "primary",
	[FWSLOT_SECONDARY] = "secondary",
	[FWSLOT_BOOTLOADER] = "bootloader",
};

/* N of /dev/mtdN of a slot, and its size. */
static int find_part(u32 part, u32 *size)
{
	char line[128], name[64];
	int n, found = -1;
	FILE *file;

	file = fopen("/proc/mtd", "r");
	if (!file)
		err(2, "/proc/mtd");
	while (found < 0 && fgets(line, sizeof(line), file))
		if (sscanf(line, "mtd%d: %x %*x \"%63[^\"]\"", &n, size,
			   name) == 3 && !strcmp(name, part_names[part]))
			found = n;
	fclose(file);
	if (found < 0)
		errx(2, "no partition %s", part_names[part]);
	return found;
}

static int open_part(u32 part, int flags, u32 *size)
{
	char path[32];

	snprintf(path, sizeof(path), "/dev/mtd%d", find_part(part, size));
	return open(path, flags);
}

static u64 counter(const char *name)
{
	unsigned long long n;
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), COUNTERS "/%s", name);
	file = fopen(path, "r");
	if (!file || fscanf(file, "%llu", &n) != 1)
		err(2, "%s", path);
	fclose(file);
	return n;
}

static u8 *read_part(u32 part, u32 *size)
{
	u32 done = 0;
	ssize_t n;
	u8 *data;
	int fd;

	fd = open_part(part, O_RDONLY, size);
	if (fd < 0)
		err(2, "%s", part_names[part]);
	data = need(malloc(*size));
	for (; done < *size; done += n) {
		n = read(fd, data + done, *size - done);
		if (n <= 0)
			err(2, "%s", part_names[part]);
	}
	close(fd);
	return data;
}

/**
 * flash_take() - read all slots and the counters
 *
 * Return: the state, to be given back with flash_drop().
 */
struct flash *flash_take(void)
{
	struct flash *f = need(calloc(1, sizeof(*f)));
	u32 i;

	f->erases = counter("erases");
	f->programs = counter("programs");
	for (i = 0; i < PARTS; i++)
		f->data[i] = read_part(i, &f->size[i]);
	return f;
}

/**
 * flash_drop() - give back what flash_take() returned
 * @f: the state
 */
void flash_drop(struct flash *f)
{
	u32 i;

	for (i = 0; i < PARTS; i++)
		free(f->data[i]);
	free(f);
}

/**
 * flash_holds() - ask whether a slot holds an image now
 * @part: enum fwslot_slot
 * @image: the image
 */
bool flash_holds(u32 part, const struct blob *image)
{
	u32 size;
	u8 *data = read_part(part, &size);
	bool yes = size >= image->size && !memcmp(data, image->data,
						  image->size);

	free(data);
	return yes;
}

/**
 * flash_speed() - set a time of the simulated chip
 * @name: parameter of flashsim
 * @value: its value
 */
void flash_speed(const char *name, unsigned int value)
{
	char path[80];
	FILE *file;

	snprintf(path, sizeof(path), PARAMETERS "/%s", name);
	file = fopen(path, "w");
	if (!file || fprintf(file, "%u\n", value) < 0 || fclose(file))
		err(2, "%s", path);
}

static bool part_writable(u32 part)
{
	u32 size;
	int fd = open_part(part, O_RDWR, &size);
	bool refused = fd < 0 && errno == EACCES;

	close(fd);
	return !refused;
}

static void write_part(u32 part, const u8 *data, u32 len)
{
	u32 size;
	int fd = open_part(part, O_RDWR, &size);
	ssize_t n = fd < 0 ? -1 : write(fd, data, len);

	claim(n == (ssize_t)len, "it cannot", "new flash: %s can be written",
	      part_names[part]);
	close(fd);
}

static void drive(const char *what)
{
	char path[80];
	int fd;

	snprintf(path, sizeof(path), DRIVER "/%s", what);
	fd = open(path, O_WRONLY);
	if (fd < 0 || write(fd, DEVICE, strlen(DEVICE)) < 0)
		err(2, "%s", path);
	close(fd);
}

/**
 * flash_renew() - take the chip away, and bring a new one with the same content
 *
 * Without the module everybody may write it then, as after a boot.
 */
void flash_renew(void)
{
	struct flash *old = flash_take();
	u32 i;

	drive("unbind");
	drive("bind");
	for (i = 0; i < PARTS; i++)
		write_part(i, old->data[i], old->size[i]);
	flash_drop(old);
}

/* Nobody may open it for writing, and the chip says that it is locked. */
static const char *part_open(u32 part)
{
	struct erase_info_user range = { 0 };
	int fd, locked;
	u32 size;

	if (part_writable(part))
		return "can be opened for writing";
	fd = open_part(part, O_RDONLY, &size);
	range.length = size;
	locked = ioctl(fd, MEMISLOCKED, &range);
	close(fd);
	return locked == 1 ? NULL : "the chip is not locked";
}

static const char *any_open(char *buf, size_t size)
{
	const char *why = NULL;
	u32 i;

	for (i = 0; i < PARTS && !why; i++)
		why = part_open(i);
	if (why)
		snprintf(buf, size, "%s: %s", part_names[i - 1], why);
	return why ? buf : NULL;
}

/**
 * claim_read_only() - claim that nobody can open a slot for writing
 * @when: after what
 */
void claim_read_only(const char *when)
{
	u32 i;

	for (i = 0; i < PARTS; i++)
		claim(!part_writable(i), "it can be opened for writing",
		      "%s: %s is read-only", when, part_names[i]);
}

/**
 * claim_locked() - claim that all slots are locked and read-only
 * @when: after what
 */
void claim_locked(const char *when)
{
	char buf[80];
	const char *why = any_open(buf, sizeof(buf));

	claim(!why, why, "%s: all slots locked", when);
}

static const char *what_changed(const struct flash *before,
				const struct flash *now, char *buf,
				size_t size)
{
	u32 i;

	if (now->erases != before->erases || now->programs != before->programs) {
		snprintf(buf, size, "%llu erases, %llu programs",
			 (unsigned long long)(now->erases - before->erases),
			 (unsigned long long)(now->programs -
					      before->programs));
		return buf;
	}
	for (i = 0; i < PARTS; i++)
		if (memcmp(now->data[i], before->data[i], now->size[i])) {
			snprintf(buf, size, "%s has changed", part_names[i]);
			return buf;
		}
	return any_open(buf, size);
}

/**
 * claim_untouched() - claim that no block was erased, no byte programmed or
 *		       changed, and all slots are locked
 * @before: the state before; dropped
 * @when: after what
 */
void claim_untouched(struct flash *before, const char *when)
{
	struct flash *now = flash_take();
	char buf[80];
	const char *why = what_changed(before, now, buf, sizeof(buf));

	claim(!why, why, "%s: nothing erased, programmed or left open", when);
	flash_drop(now);
	flash_drop(before);
}

/**
 * claim_part_same() - claim that a range of a slot has not changed
 * @before: the state before
 * @part: enum fwslot_slot
 * @from: offset of its first byte
 * @to: offset behind its last, 0: end of the slot
 * @when: after what
 */
void claim_part_same(const struct flash *before, u32 part, u32 from, u32 to,
		     const char *when)
{
	u32 size;
	u8 *now = read_part(part, &size);

	if (!to)
		to = size;
	claim(!memcmp(now + from, before->data[part] + from, to - from),
	      "it has changed", "%s: %s unchanged from %u", when,
	      part_names[part], from);
	free(now);
}
