/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * reason.h - why something was refused or failed, once for everybody
 *
 * Kernel log, ioctl replies, netlink, tool, JSON and documentation use these
 * codes, words and sentences.  Codes are ABI: never renumber, only append.
 *
 *	X(code, NAME, "word", class, errno, "sentence")
 *
 * class decides the tool's exit status: PKG (4: bad package or signature),
 * POLICY (3: refused by policy), BUSY (5), DEVICE (8: no module or device),
 * USE (2: the caller broke the protocol), IO (1 after something was written,
 * else 9), STATE (how a slot is, not a failure of a request).
 */
#ifndef FWSLOT_REASON_H
#define FWSLOT_REASON_H

#define FWSLOT_REASONS(X) \
	X(0, NONE, "ok", STATE, 0, \
	  "nothing is wrong") \
	X(1, BAD_PACKAGE, "bad-package", PKG, EBADMSG, \
	  "the package is not laid out as a fwslot package") \
	X(2, TRUNCATED, "truncated", PKG, EBADMSG, \
	  "the package ends too early") \
	X(3, BAD_MANIFEST, "bad-manifest", PKG, EBADMSG, \
	  "the manifest is malformed") \
	X(4, MANIFEST_VERSION, "manifest-version", PKG, EBADMSG, \
	  "the manifest has a version that this release cannot read") \
	X(5, BAD_SIGNATURE_FORM, "bad-signature-form", PKG, EBADMSG, \
	  "the signature is not one detached CMS signature of a supported kind") \
	X(6, BAD_SIGNATURE, "bad-signature", PKG, EKEYREJECTED, \
	  "the signature does not match the manifest") \
	X(7, UNKNOWN_KEY, "unknown-key", PKG, ENOKEY, \
	  "the manifest is not signed by a trusted key") \
	X(8, RETIRED_KEY, "retired-key", PKG, EKEYREVOKED, \
	  "the manifest is signed by a key that is retired and installs nothing") \
	X(9, BAD_TABLE, "bad-digest-table", PKG, EBADMSG, \
	  "a digest table does not match the manifest") \
	X(10, BAD_CHUNK, "bad-chunk", PKG, EBADMSG, \
	  "image data does not match its digest in the signed package") \
	X(11, NO_IMAGE, "no-image", PKG, ENOENT, \
	  "the package has no image for a requested slot") \
	X(12, WRONG_PRODUCT, "wrong-product", POLICY, EPERM, \
	  "the package is for another product") \
	X(13, NO_PRODUCT, "no-product", POLICY, EPERM, \
	  "no product name is configured for this device") \
	X(14, BELOW_MINIMUM, "below-minimum", POLICY, EPERM, \
	  "the release is older than the lowest that this device accepts") \
	X(15, NEEDS_ALL, "needs-all", POLICY, EPERM, \
	  "a change of image format must replace all slots in one step") \
	X(16, NO_BRIDGE, "no-bridge", POLICY, EPERM, \
	  "the release cannot be reached from the running one in one step") \
	X(17, VERSION_UNKNOWN, "version-unknown", POLICY, EPERM, \
	  "the running release is not known, so its image format cannot be left") \
	X(18, FORMAT_UNKNOWN, "format-unknown", POLICY, EPERM, \
	  "neither running release nor image format is known") \
	X(19, BOOTED_UNKNOWN, "booted-unknown", POLICY, EPERM, \
	  "the bootloader did not say which slot was booted") \
	X(20, NOTHING_BOOTABLE, "nothing-bootable", POLICY, EPERM, \
	  "the write would leave nothing that the bootloader can start") \
	X(21, REBOOT_PENDING, "reboot-pending", POLICY, EPERM, \
	  "another release is installed and waits for a reboot") \
	X(22, NO_FORCE, "force-not-allowed", POLICY, EPERM, \
	  "this module does not allow force") \
	X(23, CONTENT_DIFFERS, "content-differs", POLICY, EPERM, \
	  "the slot does not hold the image of the package") \
	X(24, TOO_LARGE, "image-too-large", POLICY, EFBIG, \
	  "image and record do not fit into the slot") \
	X(25, NO_KEYS, "no-keys", POLICY, ENOKEY, \
	  "the module has no usable key and installs nothing") \
	X(26, SLOT_ABSENT, "slot-absent", DEVICE, ENODEV, \
	  "a slot is not present") \
	X(27, SLOT_AMBIGUOUS, "slot-ambiguous", DEVICE, ENODEV, \
	  "more than one flash partition answers to the slot's name") \
	X(28, SLOT_UNALIGNED, "slot-unaligned", DEVICE, ENODEV, \
	  "the slot does not begin and end on erase blocks") \
	X(29, SLOT_UNSUPPORTED, "slot-unsupported", DEVICE, ENODEV, \
	  "the slot is on a kind of flash that is not supported") \
	X(30, SLOT_MOVED, "slot-moved", DEVICE, ENODEV, \
	  "the slot's name came back at another place") \
	X(31, SLOT_GONE, "slot-gone", DEVICE, ENODEV, \
	  "the flash device went away") \
	X(32, BUSY, "busy", BUSY, EBUSY, \
	  "another session is open") \
	X(33, WRONG_STATE, "wrong-state", USE, EINVAL, \
	  "the request does not fit the state of the session") \
	X(34, TOO_MUCH_DATA, "too-much-data", USE, EFBIG, \
	  "more image data came than the manifest announces") \
	X(35, FLASH_IO, "flash-error", IO, EIO, \
	  "the flash reported an error") \
	X(36, READ_BACK, "read-back-differs", IO, EIO, \
	  "the flash does not hold what was programmed") \
	X(37, LOCK_FAILED, "lock-failed", IO, EIO, \
	  "the flash could not be unlocked or locked again") \
	X(38, TWIN_CORRUPT, "twin-corrupt", IO, EIO, \
	  "the image could not be copied from the other slot") \
	X(39, NO_MEMORY, "no-memory", IO, ENOMEM, \
	  "not enough memory") \
	X(40, ABORTED, "aborted", IO, ECANCELED, \
	  "the session was closed before it was complete") \
	X(41, IDLE_TIMEOUT, "idle-timeout", IO, ETIMEDOUT, \
	  "no data came for too long") \
	X(42, NO_RECORD, "no-record", STATE, ENODATA, \
	  "the slot has no record") \
	X(43, BAD_RECORD, "bad-record", STATE, EBADMSG, \
	  "the slot's record is damaged or not signed by a known key") \
	X(44, CORRUPT, "corrupt", STATE, EBADMSG, \
	  "the slot's content does not match its record") \
	X(45, NEEDS_BOOTLOADER, "needs-bootloader", POLICY, EPERM, \
	  "no bootloader is known to be good: the bootloader must be written too") \
	X(46, IN_USE, "in-use", BUSY, EBUSY, \
	  "a slot to be written is mounted or attached") \
	X(47, SLOT_OVERLAPS, "slot-overlaps", DEVICE, ENODEV, \
	  "the slot lies over another slot or its record") \
	X(48, NO_LAYOUT, "no-layout", DEVICE, ENODEV, \
	  "the slot is on NAND, and slots= does not name its layout") \
	X(49, BAD_BLOCKS, "bad-blocks", DEVICE, ENODEV, \
	  "the slot has too few good blocks, or none where it begins")

#define FWSLOT_REASON_ENUM(code, name, word, class, err, text) \
	FWSLOT_REASON_##name = code,

/* Reason codes as in FWSLOT_REASONS; the last is one more than the highest. */
enum fwslot_reason {
	FWSLOT_REASONS(FWSLOT_REASON_ENUM)
	FWSLOT_REASON_MAX
};

/**
 * enum fwslot_class - what kind of thing a reason is
 * @FWSLOT_CLASS_STATE: the state of a slot
 * @FWSLOT_CLASS_PKG: bad package or signature
 * @FWSLOT_CLASS_POLICY: refused by policy
 * @FWSLOT_CLASS_DEVICE: no usable device
 * @FWSLOT_CLASS_BUSY: somebody else is at it
 * @FWSLOT_CLASS_USE: protocol error of the caller
 * @FWSLOT_CLASS_IO: something failed on the way
 */
enum fwslot_class {
	FWSLOT_CLASS_STATE,
	FWSLOT_CLASS_PKG,
	FWSLOT_CLASS_POLICY,
	FWSLOT_CLASS_DEVICE,
	FWSLOT_CLASS_BUSY,
	FWSLOT_CLASS_USE,
	FWSLOT_CLASS_IO,
};

#endif /* FWSLOT_REASON_H */
