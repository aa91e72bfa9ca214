# SPDX-License-Identifier: GPL-2.0-only
#
# fwslot: kernel module, tool and package builder.  "make help" lists targets
# and variables.  Everything that is built goes to $(BUILD).

BUILD	?= build
# Rules know each other by one name only: inside the tree a relative one, so that
# "make build/fwslot" is a target, whatever BUILD= looks like.
override BUILD := $(patsubst $(CURDIR)/%,%,$(abspath $(BUILD)))
# "make clean" removes it, as a whole.
ifneq ($(if $(BUILD),$(filter $(patsubst %/,%,$(abspath $(BUILD)))/%,$(CURDIR)/),none),)
$(error BUILD has to be a folder of its own, not one that the tree is in)
endif
PREFIX	?= /usr
CFLAGS	?= -O2 -g
DEVKEY_DIR ?= $(BUILD)/devkey
Q	:= $(if $(filter 1,$(V)),,@)

ifneq ($(filter-out 0,$(LLVM)),)
CC	:= clang$(filter -%,$(LLVM))
HOSTCC	:= $(CC)
# Debian's kernel headers set CC themselves, so LLVM=1 alone is not enough.
KARGS_CC := CC=$(CC)
else
ifeq ($(origin CC),default)
CC	:= $(CROSS_COMPILE)gcc
endif
HOSTCC	?= gcc
endif

# ---------------------------------------------------------------------------
# module: sources are mirrored by symlinks to a folder for each kernel, so that
# several kernels and compilers can be built for at the same time

KDIR	?= $(or $(wildcard /lib/modules/$(shell uname -r)/build),$(lastword \
	$(shell ls -d /usr/src/linux-headers-*-amd64 2>/dev/null | sort -V)))
UTS	:= include/generated/utsrelease.h
KREL	= $(or $(shell sed -n 's/.*UTS_RELEASE "\(.*\)".*/\1/p' \
	$(KDIR)/$(UTS) 2>/dev/null),$(error no kernel build tree here: KDIR=$(KDIR)))
KOUT	= $(abspath $(BUILD))/kmod-$(KREL)
KARGS	= -C $(KDIR) M=$(KOUT) $(KARGS_CC) FWSLOT_CERTS="$(abspath $(FWSLOT_CERTS))" \
	DEVKEY=$(DEVKEY) DEVKEY_DIR=$(abspath $(DEVKEY_DIR)) \
	FWSLOT_ALLOW_FORCE=$(FWSLOT_ALLOW_FORCE)

all: modules userspace

modules:
	$(Q)mkdir -p $(KOUT)
	$(Q)cd $(KOUT) && cp -rsf $(CURDIR)/Kbuild $(CURDIR)/kmod $(CURDIR)/include . && \
		find . -xtype l -delete
	$(Q)$(MAKE) $(KARGS) modules
	$(Q)cp $(KOUT)/fwslot.ko $(BUILD)/fwslot.ko

modules_install:
	$(Q)$(MAKE) $(KARGS) modules_install INSTALL_MOD_PATH=$(abspath $(DESTDIR))
	$(Q)depmod $(if $(DESTDIR),-b $(DESTDIR)) $(KREL)

# ---------------------------------------------------------------------------
# userspace: the tool is built with CC for the device, the builder with HOSTCC
# for this machine

INC	:= -Iuserspace -Ikmod/core -Iinclude -Iinclude/uapi
WARN	:= -Wall -Wextra -Wshadow -Wvla -Wmissing-prototypes -Wstrict-prototypes
FLAGS	= -std=gnu11 $(WARN) -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 $(INC) -MMD -MP
CORE	:= $(wildcard kmod/core/*.c)
SHARED	:= $(CORE) $(wildcard userspace/pkg*.c) userspace/out.c
# Packages over the network: libcurl is loaded when it is needed, not linked.
CURL	?= 1
URI_OUT	:= $(if $(filter 0,$(CURL)),uri_curl uri_file uri_lib,uri_none)
TOOL	:= $(CORE) $(filter-out $(URI_OUT:%=userspace/%.c),$(wildcard userspace/*.c))
MKPKG	:= $(SHARED) $(wildcard userspace/mkpkg/*.c)
TOOL_O	:= $(TOOL:%.c=$(BUILD)/tool/%.o)
MKPKG_O	:= $(MKPKG:%.c=$(BUILD)/host/%.o)

userspace: $(BUILD)/fwslot $(BUILD)/fwslot-mkpkg

$(BUILD)/fwslot: $(TOOL_O)
	@echo "  LD      $@"
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lmnl -lzstd -ldl

$(BUILD)/fwslot-mkpkg: $(MKPKG_O)
	@echo "  HOSTLD  $@"
	$(Q)$(HOSTCC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcrypto -lzstd

$(BUILD)/tool/%.o: %.c Makefile
	@echo "  CC      $@"
	@mkdir -p $(@D)
	$(Q)$(CC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(BUILD)/host/%.o: %.c Makefile
	@echo "  HOSTCC  $@"
	@mkdir -p $(@D)
	$(Q)$(HOSTCC) $(FLAGS) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

-include $(TOOL_O:.o=.d) $(MKPKG_O:.o=.d)

# ---------------------------------------------------------------------------
# install: the builder only when it is for the machine that is installed to

MAN	= $(wildcard Documentation/*.$(1))
INSTALL	= install -D -m
TO	= $(DESTDIR)$(PREFIX)
DOCDIR	= $(TO)/share/doc/fwslot

install: install-tool $(if $(CROSS_COMPILE),,install-mkpkg)

install-tool: $(BUILD)/fwslot
	$(INSTALL) 755 $(BUILD)/fwslot $(TO)/sbin/fwslot
	ln -sf fwslot $(TO)/sbin/upgrade
	$(if $(call MAN,8),$(INSTALL) 644 -t $(TO)/share/man/man8 $(call MAN,8))
	$(if $(call MAN,5),$(INSTALL) 644 -t $(TO)/share/man/man5 $(call MAN,5))
	$(INSTALL) 644 userspace/fwslot.conf.example $(DOCDIR)/fwslot.conf
	$(INSTALL) 644 -t $(DOCDIR) Documentation/fwslot-json.schema.json
	$(INSTALL) 644 kmod/fwslot.modprobe.conf.example $(DOCDIR)/modprobe.d/fwslot.conf
	$(INSTALL) 644 kmod/fwslot.modules-load.example $(DOCDIR)/modules-load.d/fwslot.conf
	$(INSTALL) 755 userspace/boot/boot-check $(TO)/lib/fwslot/boot-check
	$(INSTALL) 644 -t $(DOCDIR)/systemd $(wildcard userspace/boot/*.service)
	$(INSTALL) 755 userspace/boot/fwslot.init $(DOCDIR)/init.d/fwslot
	$(INSTALL) 755 userspace/boot/initramfs-hook $(DOCDIR)/initramfs-tools/hooks/fwslot
	$(INSTALL) 755 userspace/boot/initramfs-premount \
		$(DOCDIR)/initramfs-tools/scripts/init-premount/fwslot

	$(INSTALL) 644 userspace/completion/fwslot.bash \
		$(TO)/share/bash-completion/completions/fwslot
	ln -sf fwslot $(TO)/share/bash-completion/completions/fwslot-mkpkg
	ln -sf fwslot $(TO)/share/bash-completion/completions/upgrade
	$(INSTALL) 644 userspace/completion/_fwslot \
		$(TO)/share/zsh/vendor-completions/_fwslot

install-mkpkg: $(BUILD)/fwslot-mkpkg
	$(INSTALL) 755 $(BUILD)/fwslot-mkpkg $(TO)/bin/fwslot-mkpkg
	$(if $(call MAN,1),$(INSTALL) 644 -t $(TO)/share/man/man1 $(call MAN,1))

# ---------------------------------------------------------------------------
# tests: tests/run-tests.sh installs what it needs when it is run by root

export BUILD

check:
	$(Q)tests/run-tests.sh

check-long:
	$(Q)FWSLOT_LONG=1 tests/run-tests.sh

style unit cli kunit uml vm:
	$(Q)tests/run-tests.sh $@

docs:
	$(Q)$(MAKE) -C tests/unit/draw BUILD=$(abspath $(BUILD))

sweep:
	$(Q)$(MAKE) -s -C tests/sweep run BUILD=$(abspath $(BUILD))

sweep-long:
	$(Q)$(MAKE) -s -C tests/sweep two BUILD=$(abspath $(BUILD))
	$(Q)$(MAKE) -s -C tests/sweep three BUILD=$(abspath $(BUILD))

fuzz:
	$(Q)$(MAKE) -s -C tests/fuzz run BUILD=$(abspath $(BUILD)) $(if $(SECONDS),SECONDS=$(SECONDS))

bench:
	$(Q)tests/deps.sh
	$(Q)tests/bench/run.sh

demo:
	$(Q)tests/deps.sh
	$(Q)for story in weos raw; do \
		tests/vm/fwslot.sh --kernel 6.1 --echo \
			--story tests/vm/stories/$$story.sh || exit; \
	done

# Who is asked by the whole name knows the short one.
ifneq ($(abspath $(BUILD)),$(BUILD))
$(abspath $(BUILD))/%: $(BUILD)/%
	@:
endif

clean:
	rm -rf -- '$(BUILD)'

help:
	@sed -n 's/^# *| \{0,1\}//p' Makefile
# | all              modules and userspace
# | modules          fwslot.ko for one kernel, in build/ and build/kmod-RELEASE/
# | userspace        build/fwslot (the tool) and build/fwslot-mkpkg (the builder)
# | modules_install  install fwslot.ko and run depmod
# | install          install tool, builder, manual pages, examples
# | check            all tests; installs the packages it needs when run by root
# | check-long       the same with the long variants
# | kunit            the suites in a kernel with sanitizers, which it builds
# | uml              stories in that kernel, allocations that fail
# | style unit cli vm  parts of check; tests/run-tests.sh --help knows them all
# | docs             drawings and tables of power-cut.rst, in build/doc/
# | sweep            cut the power at every flash step of every command
# | sweep-long       the same with two and three cuts in one history
# | fuzz SECONDS=60  run the fuzz targets, each for so many seconds
# | bench            compare with flashcp, RAUC, SWUpdate; see performance.rst
# | demo             the whole story in a virtual machine
# | clean            remove build/
# |
# | FWSLOT_CERTS="A.pem B.der:retired"  certificates of trusted signers
# | DEVKEY=1         trust a development key, made in build/devkey/; never ship it
# | FWSLOT_ALLOW_FORCE=1  a module that can be told to take unsigned packages
# | CURL=0           a tool that takes only files, built without libcurl's headers
# | KDIR=DIR         kernel build tree (default: that of the running kernel)
# | ARCH= CROSS_COMPILE= LLVM=1 CC=  as in the kernel's own build
# | BUILD=DIR PREFIX=/usr DESTDIR=DIR CFLAGS= LDFLAGS= V=1

.PHONY: all modules modules_install userspace install install-tool install-mkpkg \
	check check-long style unit cli kunit uml vm sweep sweep-long fuzz docs \
	bench demo clean help
