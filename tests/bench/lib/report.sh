# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# From what was measured to a table

# report_csv RAW: print case,tool,metric,unit,median,min,max, in the order of RAW
report_csv() {
	echo case,tool,metric,unit,median,min,max
	awk '{ print NR, $0 }' "$1" | sort -k 2,5 -k 6,6g | awk '
	function row(    middle) {
		if (!n)
			return
		middle = int((n + 1) / 2)
		printf "%d %s,%s,%s,%s\n", first, key,
			n % 2 ? v[middle] : (v[middle] + v[middle + 1]) / 2,
			v[1], v[n]
	}
	{
		if ($2 "," $3 "," $4 "," $5 != key) {
			row()
			key = $2 "," $3 "," $4 "," $5
			n = 0
			first = $1
		}
		v[++n] = $6
		first = $1 < first ? $1 : first
	}
	END { row() }' | sort -n | cut -d' ' -f2-
}

# report_table CSV: print it for people; the last column says how many times as
# much as fwslot in that case
report_table() {
	awk -F, '
	NR == FNR {
		if ($2 == "fwslot")
			base[$1 "," $3] = $5
		next
	}
	FNR == 1 {
		printf "%-10s %-13s %-16s %-6s %12s %12s %12s %8s\n",
			$1, $2, $3, $4, $5, $6, $7, "/fwslot"
		next
	}
	{
		own = base[$1 "," $3]
		times = own > 0 ? sprintf("%.2f", $5 / own) : "-"
		printf "%-10s %-13s %-16s %-6s %12s %12s %12s %8s\n",
			$1, $2, $3, $4, $5, $6, $7, times
	}' "$1" "$1"
}
