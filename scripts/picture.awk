# SPDX-License-Identifier: GPL-2.0-only
# What a terminal of so many columns was sent, as a picture of that terminal: an SVG of text. Knows what
# oom-notify writes: carriage return, erasing to the end of the line, and colours. Rows are cells, so that
# what was written over is gone; a byte that continues a character belongs to the cell before.
#   awk -v columns=80 -v title=TITLE -v prompt=COMMAND -f picture.awk RECORDING

function newline() {
	rows++
	column = 0
	used[rows] = 0
}

function put(char) {
	if (char >= "\200" && char < "\300") {
		cell[rows, column - 1] = cell[rows, column - 1] char
		return
	}
	if (column == columns)
		newline()
	cell[rows, column] = char
	style[rows, column] = current
	column++
	if (column > used[rows])
		used[rows] = column
}

function escape(sequence) {
	if (sequence ~ /K$/)
		used[rows] = column
	else if (sequence ~ /m$/)
		current = sequence
}

function print_out(text,	i, end) {
	for (i = 1; i <= length(text); i++) {
		if (substr(text, i, 1) == "\r") {
			column = 0
		} else if (substr(text, i, 1) == "\033") {
			end = match(substr(text, i), /[A-Za-z]/)
			escape(substr(text, i + 1, end - 1))
			i += end - 1
		} else {
			put(substr(text, i, 1))
		}
	}
}

function attributes(sequence,	code) {
	code = sequence
	gsub(/[^0-9;]/, "", code)
	return (code ~ /(^|;)1(;|$)/ ? " font-weight=\"bold\"" : "") \
		(match(code, /3[0-7]/) ? " fill=\"" colour[substr(code, RSTART, 2)] "\"" : "")
}

# One run of cells that look alike. Its length is given, so that columns stand below each other in any font.
function run(row, from, to,	i, text) {
	for (i = from; i < to; i++)
		text = text cell[row, i]
	gsub(/&/, "\\&amp;", text)
	gsub(/</, "\\&lt;", text)
	gsub(/>/, "\\&gt;", text)
	printf "<text x=\"%.1f\" y=\"%d\" textLength=\"%.1f\"%s>%s</text>\n", MARGIN + from * WIDE,
		TOP + row * HIGH, (to - from) * WIDE, attributes(style[row, from]), text
}

# Two blanks in a row end a run, as does a change of looks: not every program that shows SVG keeps blanks.
function ends_run(row, column) {
	return column >= used[row] || style[row, column] != style[row, column - 1] ||
		(cell[row, column] == " " && (column + 1 >= used[row] || cell[row, column + 1] == " " ||
		style[row, column + 1] != style[row, column]))
}

function draw_row(row,	from, to) {
	for (from = 0; from < used[row]; from = to) {
		to = from + 1
		if (cell[row, from] == " ")
			continue
		while (!ends_run(row, to))
			to++
		run(row, from, to)
	}
}

BEGIN {
	WIDE = 8.4
	HIGH = 18
	MARGIN = 14
	TOP = 38
	colour["31"] = "#ff6b6b"
	colour["32"] = "#7bd88f"
	colour["33"] = "#f2cc60"
	colour["35"] = "#d2a8ff"
	newline()
	if (prompt != "") {
		print_out("# " prompt)
		newline()
	}
}

{
	if (NR > 1)
		newline()
	sub(/\r$/, "")
	print_out($0)
}

END {
	if (used[rows] == 0)
		rows--
	width = 2 * MARGIN + columns * WIDE
	height = TOP + rows * HIGH + MARGIN
	printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n",
		width, height, width, height
	printf "<title>%s</title>\n", title
	printf "<rect width=\"%d\" height=\"%d\" rx=\"8\" fill=\"#1b1f24\"/>\n", width, height
	printf "<path d=\"M0 28V8a8 8 0 0 1 8-8H%da8 8 0 0 1 8 8v20z\" fill=\"#30363d\"/>\n", width - 8
	print "<g font-family=\"DejaVu Sans Mono,Liberation Mono,Menlo,Consolas,monospace\" font-size=\"14\" " \
		"fill=\"#e6edf3\">"
	printf "<text x=\"%d\" y=\"19\" text-anchor=\"middle\" fill=\"#9da7b3\">%s</text>\n", width / 2, title
	for (row = 1; row <= rows; row++)
		draw_row(row)
	print "</g>"
	print "</svg>"
}
