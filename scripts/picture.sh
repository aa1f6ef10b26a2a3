#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Draws docs/watch.svg, or the file that is named: `oom-notify watch` in a terminal of 80 columns, while a
# program in a box meets its limit twice. `make picture` calls it.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1

bin=${OOM_NOTIFY:?make picture sets it}
terminal=${OUTPUT:?make picture sets it}/tests/live/pty
picture=${1:-docs/watch.svg}
rows=24

[ "$(id -u)" -eq 0 ] || { echo "picture: needs root, to watch and to make memory pressure: sudo make picture" >&2; exit 1; }
raw=$(mktemp)
watch=
finish() {
	[ -z "$watch" ] || { kill "$watch" && wait "$watch"; } 2>/dev/null
	rm -f "$raw" "$picture.new"
}
trap finish EXIT
trap 'exit 130' INT TERM

# Its messages would be in the picture, and are about this machine.
"$terminal" 80x$rows sh -c 'exec "$0" watch 2>/dev/null' "$bin" >"$raw" &
watch=$!
for _ in {1..200}; do
	! grep -q CGROUP "$raw" || break
	sleep 0.1
done
grep -q CGROUP "$raw" || { echo "picture: watch does not get ready: see '$bin check'" >&2; exit 1; }
echo "picture: making memory pressure, 10 s"
"$bin" pressure --limit 64M --use 128M --episodes 2 --gap 3s >/dev/null || exit 1
sleep 3 # until the level has fallen
kill "$watch"
wait "$watch" 2>/dev/null
watch=

# What a terminal shows of its input: of a line that was drawn again, the last. Colours are kept.
awk -v rows=$rows '
	function escaped(s) { gsub(/&/, "\\&amp;", s); gsub(/</, "\\&lt;", s); gsub(/>/, "\\&gt;", s); return s }
	function span(s) { return s == "" ? "" : "<tspan fill=\"" colour "\">" escaped(s) "</tspan>" }
	BEGIN {
		plain = "#d0d0d0"
		split("31 #ff6b68 32 #8ae234 33 #e5c07b 35 #c678dd 36 #56b6c2", pairs, " ")
		for (i = 1; i in pairs; i += 2) palette[pairs[i]] = pairs[i + 1]
		colour = plain
	}
	/^EVENT +COUNTED/ { exit }
	{
		sub(/\r$/, "")
		sub(/.*\r/, "")
		gsub(/\033\[[0-9]*K/, "")
		if (n == rows) exit
		line = ""
		while (match($0, /\033\[[0-9;]*m/)) {
			line = line span(substr($0, 1, RSTART - 1))
			code = substr($0, RSTART + 2, RLENGTH - 3)
			colour = code in palette ? palette[code] : plain
			$0 = substr($0, RSTART + RLENGTH)
		}
		text[++n] = line span($0)
	}
	END {
		while (n && text[n] == "") n--
		height = n * 18 + 24
		printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"680\" height=\"%d\" viewBox=\"0 0 680 %d\">\n", height, height
		print "<title>oom-notify watch</title>"
		print "<rect width=\"100%\" height=\"100%\" rx=\"6\" fill=\"#1e1e1e\"/>"
		print "<g font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"13.5\" xml:space=\"preserve\">"
		for (i = 1; i <= n; i++)
			printf "<text x=\"14\" y=\"%d\" textLength=\"%.1f\">%s</text>\n", i * 18 + 10, width(text[i]) * 8.13, text[i]
		print "</g>\n</svg>"
	}
	# Characters that are seen, each of one column.
	function width(s) {
		gsub(/<[^>]*>/, "", s)
		gsub(/&(amp|lt|gt);/, "x", s)
		gsub(/[\200-\277]/, "", s)
		return length(s)
	}
' "$raw" >"$picture.new" && [ -s "$picture.new" ] && mv "$picture.new" "$picture" || exit 1
echo "picture: $picture, $(grep -c '<text' "$picture") rows"
