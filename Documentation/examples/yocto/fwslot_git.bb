# SPDX-License-Identifier: MIT
SUMMARY = "Guarded firmware slots on MTD flash"
LICENSE = "GPL-2.0-only & MIT"
LIC_FILES_CHKSUM = "file://COPYING;md5=08e0d324f616c7e525044d9852050631"

# Where you keep the sources.
SRC_URI = "git:///path/to/fwslot;protocol=file;branch=main"
SRCREV = "${AUTOREV}"
S = "${WORKDIR}/git"

DEPENDS = "curl libmnl zstd"
# Loaded when it is needed, so nobody finds it by looking at the program.
RDEPENDS:${PN} = "kernel-module-fwslot libcurl"

# module-base only finds the kernel; its do_compile and do_install are not ours.
inherit module-base systemd

# Absolute names; with :retired behind a name the key installs nothing any more.
FWSLOT_CERTS ?= ""

SYSTEMD_SERVICE:${PN} = "fwslot-verify.service fwslot-continue.service"

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
    # The lists of all modules are the image's.
    rm -f ${D}${nonarch_base_libdir}/modules/*/modules.*
    install -d ${D}${systemd_system_unitdir}
    install -m 0644 ${S}/userspace/boot/*.service ${D}${systemd_system_unitdir}
}

PACKAGES =+ "kernel-module-fwslot"
FILES:${PN} += "${prefix}/lib/fwslot ${datadir}/bash-completion ${datadir}/zsh"
FILES:kernel-module-fwslot = "${nonarch_base_libdir}/modules"
