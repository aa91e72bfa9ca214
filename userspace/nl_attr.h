/* SPDX-License-Identifier: MIT */
/*
 * nl_attr.h - netlink attributes to structures
 *
 * Private to nl.c.
 */
#ifndef FWSLOT_USERSPACE_NL_ATTR_H
#define FWSLOT_USERSPACE_NL_ATTR_H

#include <linux/netlink.h>

#include "nl.h"

int nl_attr_family(const struct nlmsghdr *nlh, u16 *family, u32 *group);
int nl_attr_device(const struct nlmsghdr *nlh, struct nl_device *dev);
int nl_attr_unit(const struct nlmsghdr *nlh, struct nl_unit *unit);
int nl_attr_event(const struct nlmsghdr *nlh, struct nl_event *event);
void nl_attr_extack(const struct nlmsghdr *nlh, size_t ofs, char *buf,
		    size_t size);

#endif /* FWSLOT_USERSPACE_NL_ATTR_H */
