// SPDX-License-Identifier: MIT
/*
 * doctor.c - what fwslot doctor looks at: the kernel, and how it is started
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "doctor.h"
#include "fwslot.h"
#include "text.h"

#define DOCTOR_MODULE	"fwslot"
#define DOCTOR_MTD_WRITEABLE	0x400	/* MTD_WRITEABLE of mtd-abi.h */

/* A switch of the kernel that should be 1. */
static void doctor_switch(struct doctor *d, const char *check, const char *path,
			  const char *on, const char *off)
{
	char buf[16];

	if (text_read(path, buf, sizeof(buf)) <= 0)
		doctor_tell(d, DOCTOR_NOTE, check, "this kernel has no such switch");
	else if (atoi(buf))
		doctor_tell(d, DOCTOR_GOOD, check, "%s", on);
	else
		doctor_tell(d, DOCTOR_WARN, check, "%s", off);
}

/**
 * doctor_kernel() - who else may run code in the kernel
 * @d: the doctor
 */
void doctor_kernel(struct doctor *d)
{
	char buf[64];

	if (text_read("/sys/kernel/security/lockdown", buf, sizeof(buf)) <= 0)
		doctor_tell(d, DOCTOR_WARN, "lockdown",
			    "not there: root may write to kernel memory");
	else if (strstr(buf, "[none]"))
		doctor_tell(d, DOCTOR_WARN, "lockdown",
			    "none: root may write to kernel memory");
	else
		doctor_tell(d, DOCTOR_GOOD, "lockdown", "%s",
			    strstr(buf, "[integrity]") ? "integrity" :
							 "confidentiality");
	doctor_switch(d, "modules", "/proc/sys/kernel/modules_disabled",
		      "no more modules can be loaded",
		      "modules can be loaded (kernel.modules_disabled=0)");
	doctor_switch(d, "kexec", "/proc/sys/kernel/kexec_load_disabled",
		      "no other kernel can be started",
		      "another kernel can be started (kernel.kexec_load_disabled=0)");
}

static bool doctor_read_only(const char *path)
{
	struct statvfs fs;

	return !statvfs(path, &fs) && fs.f_flag & ST_RDONLY;
}

/* Does a file of modprobe.d have a line for the module? */
static bool doctor_has_option(const char *path)
{
	FILE *file = fopen(path, "re");
	char line[1024], word[64], name[64];
	bool found = false;

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, " %63s %63s", word, name) == 2 &&
			word[0] != '#' && !strcmp(name, DOCTOR_MODULE);
	if (file)
		fclose(file);
	return found;
}

static void doctor_modprobe_file(struct doctor *d, const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return;
	if (st.st_uid || st.st_mode & 0022)
		doctor_tell(d, DOCTOR_WARN, "modprobe.d",
			    "others than root may write to %s", path);
	else if (!doctor_has_option(path))
		return;
	else if (doctor_read_only(path))
		doctor_tell(d, DOCTOR_NOTE, "modprobe.d", "%s sets options",
			    path);
	else
		doctor_tell(d, DOCTOR_WARN, "modprobe.d",
			    "%s sets options, and root may change them", path);
}

/* Which files modprobe reads, whatever it reads in them. */
static bool doctor_is_modprobe(const char *name)
{
	const char *end = strrchr(name, '.');

	return name[0] != '.' && end &&
	       (!strcmp(end, ".conf") || !strcmp(end, ".alias"));
}

static void doctor_folder(struct doctor *d, const char *folder,
			  const struct stat *st)
{
	struct dirent *entry;
	DIR *dir = opendir(folder);
	char path[300];

	if (!dir)
		return;
	if (st->st_uid || st->st_mode & 0022)
		doctor_tell(d, DOCTOR_WARN, "modprobe.d",
			    "others than root may write to %s", folder);
	else if (!doctor_read_only(folder))
		doctor_tell(d, DOCTOR_WARN, "modprobe.d",
			    "root may write to %s", folder);
	while ((entry = readdir(dir))) {
		if (!doctor_is_modprobe(entry->d_name))
			continue;
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		doctor_modprobe_file(d, path);
	}
	closedir(dir);
}

/* All folders of modprobe; /lib may be a link to /usr/lib. */
static void doctor_modprobe(struct doctor *d)
{
	static const char *const folders[] = {
		"/etc/modprobe.d", "/run/modprobe.d",
		"/usr/local/lib/modprobe.d", "/usr/lib/modprobe.d",
		"/lib/modprobe.d",
	};
	struct stat st, last = { 0 };
	size_t i;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		if (stat(folders[i], &st) ||
		    (st.st_dev == last.st_dev && st.st_ino == last.st_ino))
			continue;
		doctor_folder(d, folders[i], &st);
		last = st;
	}
}

/* The command line is the bootloader's; who may change that one's words? */
static void doctor_cmdline(struct doctor *d)
{
	char buf[4096];
	char *word, *rest;

	if (text_read("/proc/cmdline", buf, sizeof(buf)) <= 0)
		return;
	for (word = strtok_r(buf, "\n ", &rest); word;
	     word = strtok_r(NULL, "\n ", &rest)) {
		if (strncmp(word, DOCTOR_MODULE ".",
			    sizeof(DOCTOR_MODULE ".") - 1))
			continue;
		doctor_tell(d, strncmp(word, DOCTOR_MODULE ".booted=", 14) ?
			    DOCTOR_WARN : DOCTOR_NOTE, "cmdline", "%s", word);
	}
}

static bool doctor_is_env(const char *name)
{
	return strcasestr(name, "env") || strcasestr(name, "bootargs");
}

/* MTD devices that look like the bootloader's environment. */
static void doctor_env(struct doctor *d)
{
	DIR *dir = opendir("/sys/class/mtd");
	struct dirent *entry;
	char path[300], name[64], flags[32];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "/sys/class/mtd/%s/name",
			 entry->d_name);
		if (strstr(entry->d_name, "ro") ||
		    text_read(path, name, sizeof(name)) <= 0 ||
		    !doctor_is_env(name))
			continue;
		name[strcspn(name, "\n")] = '\0';
		snprintf(path, sizeof(path), "/sys/class/mtd/%s/flags",
			 entry->d_name);
		if (text_read(path, flags, sizeof(flags)) <= 0)
			continue;
		if (strtoul(flags, NULL, 0) & DOCTOR_MTD_WRITEABLE)
			doctor_tell(d, DOCTOR_WARN, "bootargs",
				    "%s (\"%s\") can be written: what the bootloader tells the kernel may be changed there",
				    entry->d_name, name);
		else
			doctor_tell(d, DOCTOR_GOOD, "bootargs",
				    "%s (\"%s\") is read-only", entry->d_name,
				    name);
	}
	if (dir)
		closedir(dir);
}

/**
 * doctor_boot() - who may change what the module is told at boot
 * @d: the doctor
 */
void doctor_boot(struct doctor *d)
{
	doctor_cmdline(d);
	doctor_env(d);
	doctor_modprobe(d);
}
