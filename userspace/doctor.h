/* SPDX-License-Identifier: MIT */
/*
 * doctor.h - what the files of fwslot doctor share
 */
#ifndef FWSLOT_USERSPACE_DOCTOR_H
#define FWSLOT_USERSPACE_DOCTOR_H

/**
 * enum doctor_level - how bad a finding is
 * @DOCTOR_GOOD: it is as it should be
 * @DOCTOR_NOTE: worth knowing
 * @DOCTOR_WARN: somebody could get around the module
 */
enum doctor_level {
	DOCTOR_GOOD,
	DOCTOR_NOTE,
	DOCTOR_WARN,
};

struct doctor;

/* cmd_doctor.c */
void doctor_tell(struct doctor *d, enum doctor_level level, const char *check,
		 const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* doctor.c */
void doctor_kernel(struct doctor *d);
void doctor_boot(struct doctor *d);

#endif /* FWSLOT_USERSPACE_DOCTOR_H */
