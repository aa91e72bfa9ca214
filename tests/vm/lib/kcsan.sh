# SPDX-License-Identifier: MIT
# shellcheck shell=bash disable=SC2034
#
# A kernel with KCSAN in QEMU, with two processors whatever the story wants

# kcsan_use: let machine_run() and judge() know
kcsan_use() {
	kernel_log_filter=kcsan_log_filter
	STORY_CPUS=2
	STORY_TIMEOUT=$((STORY_TIMEOUT * 3))
}

# kcsan_log_filter FILE...: kernel logs without races of the kernel with itself
#
# A report lies between two lines of =, and names both who raced and how they came
# there.  It is left out if no function of ours is among them, that is, none that
# has the name of our module behind it.
kcsan_log_filter() {
	awk '
	/\] =====*\r?$/ {
		report = !report
		held = held $0 "\n"
		if (report)
			next
		if (held !~ /BUG: KCSAN:/ || held ~ /\[(fwslot|flashsim|faulty)\]/)
			printf "%s", held
		held = ""
		next
	}
	report { held = held $0 "\n"; next }
	{ print }
	END { printf "%s", held }' "$@"
}
