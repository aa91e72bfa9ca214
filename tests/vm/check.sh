#!/bin/bash
# SPDX-License-Identifier: MIT
#
# All stories on one kernel, one after the other
#
#   check.sh --kernel 6.1|6.12 [STORY...]
#
# Prints the TAP of every story.  Exit status 0: all of them passed.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
[[ ${1-} == --kernel && -n ${2-} ]] || { sed -n '4,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
kernel=$2
shift 2

# Stories of the harness itself; all others have fwslot in the machine.
plain=" boot flashsim "
stories=("$@")
if [[ ${#stories[@]} -eq 0 ]]; then
	for file in "$here"/stories/*.sh; do
		name=${file##*/}
		stories+=("${name%.sh}")
	done
fi

status=0
for story in "${stories[@]}"; do
	runner=fwslot.sh
	[[ $plain != *" $story "* ]] || runner=run.sh
	echo "# story $story"
	start=$SECONDS
	"$here/$runner" --kernel "$kernel" \
		--story "$here/stories/$story.sh" || {
		echo "not ok - story $story failed"
		status=1
	}
	echo "# story $story: $((SECONDS - start)) s"
done
exit "$status"
