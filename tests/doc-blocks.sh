#!/bin/bash
# SPDX-License-Identifier: MIT
#
# Blocks of the documentation that say how they are tested
#
#   doc-blocks.sh FILE.rst KIND   print the blocks that are marked ".. run: KIND";
#                                 one marked "KIND fails N" becomes lines that
#                                 succeed if it ends with N
#   doc-blocks.sh FILE.rst        print "LINE KIND" of every shell block, "-" for
#                                 one without a mark
#   doc-blocks.sh FILE.1|8        print the examples of a manual page
#
# A block of KIND begins with the line "#@ LINE".
set -euo pipefail

rst() {
	awk -v kind="${2-}" -v list="$([[ $# -gt 1 ]] || echo 1)" '
	/^\.\. run: / { mark = substr($0, 9); next }
	/^\.\. code-block:: / {
		if (list && ($3 == "sh" || mark))
			print FNR, mark ? mark : "-"
		split(mark, word, " fails ")
		leave()
		on = !list && word[1] == kind
		fails = word[2]
		if (on)
			print "#@ " FNR (fails ? "\nstatus=0\n{" : "")
		mark = ""
		next
	}
	/^[^ \t]/ { leave(); mark = "" }
	on { sub(/^   /, ""); print }
	END { leave() }
	function leave() {
		if (on && fails)
			print "} || status=$?\ntest $status -eq " fails
		on = 0
	}' "$1"
}

# The roff that examples are written in: \- \e, .EX or .nf and .RS around them.
man() {
	awk '
	/^\.(EX|nf)/ { on = 1; print "#@ " FNR; next }
	/^\.(EE|fi)/ { on = 0; next }
	/^\.[A-Z]/ { next }
	on { gsub(/\\-/, "-"); gsub(/\\e/, "\\"); print }' "$1"
}

case $1 in
*.rst) rst "$@" ;;
*) man "$1" ;;
esac
