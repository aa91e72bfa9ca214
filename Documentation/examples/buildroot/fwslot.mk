# SPDX-License-Identifier: MIT
#
# fwslot for Buildroot: package/fwslot/fwslot.mk of a BR2_EXTERNAL tree
FWSLOT_VERSION = local
FWSLOT_SITE = $(BR2_EXTERNAL_FWSLOT_PATH)/src
FWSLOT_SITE_METHOD = local
FWSLOT_LICENSE = GPL-2.0-only (module), MIT (tools)
FWSLOT_LICENSE_FILES = COPYING
FWSLOT_DEPENDENCIES = linux libcurl libmnl zstd
FWSLOT_CERTS = $(call qstrip,$(BR2_PACKAGE_FWSLOT_CERTS))

FWSLOT_MAKE_OPTS = \
	KDIR="$(LINUX_DIR)" \
	ARCH="$(KERNEL_ARCH)" \
	CROSS_COMPILE="$(TARGET_CROSS)" \
	CFLAGS="$(TARGET_CFLAGS)" \
	LDFLAGS="$(TARGET_LDFLAGS)" \
	FWSLOT_CERTS="$(FWSLOT_CERTS)"

define FWSLOT_BUILD_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) $(FWSLOT_MAKE_OPTS) modules build/fwslot
endef

define FWSLOT_INSTALL_TARGET_CMDS
	$(TARGET_MAKE_ENV) $(MAKE) -C $(@D) $(FWSLOT_MAKE_OPTS) \
		DESTDIR=$(TARGET_DIR) install-tool modules_install
endef

define FWSLOT_INSTALL_INIT_SYSV
	$(INSTALL) -D -m 0755 $(@D)/userspace/boot/fwslot.init \
		$(TARGET_DIR)/etc/init.d/S10fwslot
endef

# Buildroot enables both.
define FWSLOT_INSTALL_INIT_SYSTEMD
	$(INSTALL) -D -m 0644 $(@D)/userspace/boot/fwslot-verify.service \
		$(TARGET_DIR)/usr/lib/systemd/system/fwslot-verify.service
	$(INSTALL) -D -m 0644 $(@D)/userspace/boot/fwslot-continue.service \
		$(TARGET_DIR)/usr/lib/systemd/system/fwslot-continue.service
endef

$(eval $(generic-package))
