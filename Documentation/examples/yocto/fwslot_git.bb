# SPDX-License-Identifier: MIT
SUMMARY = "Guarded firmware slots on MTD flash"
LICENSE = "GPL-2.0-only & MIT"
LIC_FILES_CHKSUM = "file://COPYING;md5=08e0d324f616c7e525044d9852050631"

# Where you keep the sources.
SRC_URI = "git:///path/to/fwslot;protocol=file;branch=main"
SRCREV = "${AUTOREV}"
S = "${WORKDIR}/git"

DEPENDS = "libmnl zstd"

# module-base only finds the kernel; its do_compile and do_install are not ours.
inherit module-base systemd

# Absolute names; with :retired behind a name the key installs nothing any more.
FWSLOT_CERTS ?= ""

SYSTEMD_SERVICE:${PN} = "fwslot-verify.service"

EXTRA_OEMAKE = " \
    KDIR='${STAGING_KERNEL_BUILDDIR}' \
    FWSLOT_CERTS='${FWSLOT_CERTS}' \
"

do_compile() {
    oe_runmake build/fwslot CC="${CC}" CFLAGS="${CFLAGS}" LDFLAGS="${LDFLAGS}"
    unset CFLAGS CPPFLAGS CXXFLAGS LDFLAGS
    oe_runmake modules ARCH="${ARCH}" CROSS_COMPILE="${TARGET_PREFIX}"
}

do_install() {
    oe_runmake install-tool CC="${CC}" DESTDIR="${D}"
    oe_runmake modules_install ARCH="${ARCH}" DESTDIR="${D}"
    install -D -m 0644 ${S}/userspace/boot/fwslot-verify.service \
        ${D}${systemd_system_unitdir}/fwslot-verify.service
}

PACKAGES =+ "kernel-module-fwslot"
FILES:kernel-module-fwslot = "${nonarch_base_libdir}/modules"
