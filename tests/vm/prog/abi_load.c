// SPDX-License-Identifier: MIT
/*
 * Allocations that fail while the module comes and goes: see abi_inject.c
 *
 * In its init tests/kmod/failinit counts, so that the loader's own are not
 * among them.  Before each load the flash is new and can be written by
 * everybody.  An init that fails leaves no device behind; one that does not
 * protects all slots.  Then the module is loaded undisturbed.
 */
#include <err.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "abi_inject.h"

#define PARAMETERS	"product=viper-3000 booted=primary"
#define COUNT		"/sys/module/failinit/parameters/nth"
#define LOAD_ROUNDS	2
#define MODULE		"/sys/module/fwslot"

static int device;
static int load_result;
static u32 refused, lesser;

static int load_module(void)
{
	static int fd = -1;
	struct utsname uts;
	char path[256];

	if (fd < 0) {
		uname(&uts);
		snprintf(path, sizeof(path), "/lib/modules/%s/extra/fwslot.ko",
			 uts.release);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0)
			err(2, "%s", path);
	}
	return syscall(SYS_finit_module, fd, PARAMETERS, 0) ? -errno : 0;
}

static int unload_module(void)
{
	return syscall(SYS_delete_module, "fwslot", O_NONBLOCK) ? -errno : 0;
}

static void be_loaded(void)
{
	int ret = load_module();

	claim(!ret || ret == -EEXIST, "it cannot", "the module is loaded");
}

static void be_new(void)
{
	claim_is(unload_module(), 0, "the module is gone");
	flash_renew();
}

static int run_load(void)
{
	load_result = load_module();
	return load_result;
}

/* What came of a load, and one that nothing disturbs. */
static void load_again(void)
{
	if (load_result) {
		refused++;
		claim_is(load_result, -ENOMEM, "load: it says why not");
		claim(access("/dev/" FWSLOT_DEVICE, F_OK) &&
		      access(MODULE, F_OK), "there is something",
		      "load: nothing is left of one that fails");
	} else {
		lesser++;
		claim_read_only("load: the module is there");
		claim_is(unload_module(), 0, "load: it goes");
	}
	be_loaded();
}

static const struct path loading = {
	"load", be_new, run_load, load_again, 0, NULL,
};

/* VERIFY waits for the scan of the load, and finds what that could not read. */
static int run_scan(void)
{
	struct fwslot_verify v = { .size = sizeof(v) };
	int ret = load_module();
	int fd = dev_open();

	for (; !ret && v.unit <= FWSLOT_UNIT_BOOT0; v.unit++) {
		ret = dev_call(fd, FWSLOT_IOC_VERIFY, &v);
		claim_is(v.state, FWSLOT_STATE_VERIFIED,
			 "scan: unit %u can be verified after it", v.unit);
	}
	close(fd);
	return ret;
}

static const struct path scanning = {
	"scan", be_new, run_scan, be_loaded, 0, NULL,
};

static const struct path unloading = {
	"unload", be_loaded, unload_module, be_loaded, 0, NULL,
};

static void be_open(void)
{
	device = dev_open();
}

static int run_seal(void)
{
	return dev_call(device, FWSLOT_IOC_SEAL, NULL);
}

static void be_closed(void)
{
	close(device);
}

static void be_other(void)
{
	device = open("/dev/null", O_RDWR | O_CLOEXEC);
}

static const struct path other_ioctl = {
	"ioctl of another file", be_other, run_seal, be_closed, -ENOTTY, NULL,
};

static const struct path sealing = {
	"SEAL", be_open, run_seal, be_closed, 0, &other_ioctl,
};

/**
 * test_load_faults() - the module comes
 */
void test_load_faults(void)
{
	int count = open(COUNT, O_RDWR | O_CLOEXEC);
	u32 round;

	if (count < 0)
		err(2, COUNT);
	begin_faults();
	/* A slab that is full is one more in between, and moves what is hit. */
	for (round = 0; round < LOAD_ROUNDS; round++)
		sweep(&loading, count);
	printf("# load: %u refused, %u loaded all the same\n", refused,
	       lesser);
	close(count);
	sweep_worker(&scanning);
}

/**
 * test_end_faults() - the module goes, comes back, and is sealed at last
 */
void test_end_faults(void)
{
	begin_faults();
	sweep(&unloading, -1);
	sweep(&sealing, -1);
}
