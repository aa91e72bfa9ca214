# SPDX-License-Identifier: MIT
# shellcheck shell=bash
#
# Plots of the table, by gnuplot

# plot OUT CASE-PREFIX METRIC TITLE: the metric over the number in the case's name
plot() {
	local data=$1.dat tool lines=()

	rm -f "$data"
	while read -r tool; do
		lines+=("'$data' index ${#lines[@]} title '$tool' with linespoints")
		awk -F, -v tool="$tool" -v prefix="$2" -v metric="$3" '
		$2 == tool && $3 == metric && index($1, prefix) == 1 {
			print substr($1, length(prefix) + 1), $5
		}
		END { printf "\n\n" }' "$csv" >>"$data"
	done < <(awk -F, -v prefix="$2" \
		'index($1, prefix) == 1 { print $2 }' "$csv" | sort -u)
	[[ ${#lines[@]} -gt 0 ]] || return 0
	(
		IFS=,
		printf '%s\n' "set terminal svg size 640,400" "set output '$1'" \
			"set title '$4'" "set ylabel '$5'" "set xlabel '$6'" \
			"set key left top" "plot ${lines[*]}"
	) | gnuplot
	rm -f "$data"
}

# plots DIR: of DIR/bench.csv
plots() {
	local csv=$1/bench.csv

	if ! command -v gnuplot >/dev/null; then
		echo "no plots: gnuplot is not there"
		return
	fi
	plot "$1/image.svg" image- wall "larger images" seconds "MiB of the image"
	plot "$1/slot.svg" slot- wall "larger slots" seconds "MiB of the slot"
	plot "$1/changed.svg" changed- erases "some blocks changed" erases "percent"
}
