/* SPDX-License-Identifier: MIT */
/*
 * conf.h - the configuration file
 */
#ifndef FWSLOT_USERSPACE_CONF_H
#define FWSLOT_USERSPACE_CONF_H

#define CONF_DEFAULT	"/etc/fwslot.conf"
#define CONF_VALUE_SIZE	256

/**
 * struct conf - what the file says
 * @reboot: command line that reboots the device
 * @before: command line that says whether slots may be written now, may be
 *	empty
 * @support: whom to ask when the tool knows no way out, may be empty
 * @target: file that keeps the release of an upgrade across reboots
 * @ca: certificates of servers to trust, empty: those of the system
 * @block_ms: milliseconds that an erase block takes, 0: not measured
 * @timeout: seconds without data after which a server counts as gone
 */
struct conf {
	char reboot[CONF_VALUE_SIZE];
	char before[CONF_VALUE_SIZE];
	char support[CONF_VALUE_SIZE];
	char target[CONF_VALUE_SIZE];
	char ca[CONF_VALUE_SIZE];
	int block_ms;
	int timeout;
};

int conf_load(const char *path, struct conf *conf);

#endif /* FWSLOT_USERSPACE_CONF_H */
