# SPDX-License-Identifier: MIT
# shellcheck shell=dash disable=SC2154
#
# Runs the program abi in the guest, and what it claims becomes tests
#
# A story's host_setup copies this file to $FILES and the story reads it from
# there.

# by_subject: claims that begin with the same "SUBJECT: " in one line, because
# a line of the verdict costs more than most of the claims
by_subject() {
	awk '
	/^# / { next }
	{
		bad = sub(/^not ok /, "")
		if (!bad && !sub(/^ok /, ""))
			bad = 1
		name = $0
		sub(/ # .*/, "", name)
		sub(/: .*/, "", name)
		if (!(name in claims))
			names[++n] = name
		claims[name]++
		if (bad)
			failed[name] = failed[name] "; " $0
	}
	END {
		for (i = 1; i <= n; i++)
			print names[i] " (" claims[names[i]] " claims)" \
				"|" substr(failed[names[i]], 3)
	}' "$@"
}

# claims_of PROGRAM NAME GROUP: run a group; what it claims are tests
claims_of() {
	"$1" /files "$3" >/run/claims 2>/run/claims.err
	status=$?
	by_subject /run/claims >/run/subjects
	grep '^# ' /run/claims >&8
	while IFS='|' read -r subject failed; do
		is "$2: $subject" "$failed" ""
	done </run/subjects
	is "$2: comes to its end" "$status $(cat /run/claims.err)" "0 "
}
