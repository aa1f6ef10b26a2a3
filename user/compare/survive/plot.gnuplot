# SPDX-License-Identifier: GPL-2.0-only
# A panel without swap, one with: the share that survived at each rate. survive/plot.c puts in front of it:
#
#	format			'svg' or 'png'
#	panels			how many there are; of each a text in panel[] and its first and last line
#	rates			words
#	lines			how many there are; of each name[], number[] (of its source) and width[]
#	$lines			a block a line: the number of a rate, and survivors in percent
set encoding utf8
picture_width = 960
picture_height = 420 * (panels > 0 ? panels : 1)
if (format eq 'svg') {
	set terminal svg noenhanced size picture_width,picture_height font 'sans,12' background rgb 'white'
} else {
	set terminal pngcairo noenhanced size picture_width,picture_height font 'sans,12' background rgb 'white'
}
# In percent of survivors: lines that would lie on each other are a little apart, so that all can be seen.
apart = 0.9

set multiplot layout (panels > 0 ? panels : 1),1
set ylabel 'survivors, %'
set yrange [-12:103]
set ytics 0,20,100
set grid y
set xlabel 'growth, MB/s'
set key outside right
set xtics ()
do for [i = 1 : words(rates)] {
	set xtics add (word(rates, i) i - 1)
}
set xrange [-0.2 : words(rates) - 0.8]
if (panels == 0) {
	set title 'nothing was measured'
	plot 0 notitle
}
do for [p = 1 : panels] {
	set title panel[p]
	plot for [i = first[p] : last[p]] $lines index i - 1 using 1:($2 - apart * number[i]) \
		with linespoints linewidth width[i] pointtype number[i] + 1 title name[i]
}
unset multiplot
