# SPDX-License-Identifier: GPL-2.0-only
# A row for each source, the earliest on top: every sample as a circle, a box from p10 to p90, a thick bar at
# p50, and crosses behind the axis for what was missed. Black on white. latency/plot.c puts in front of it:
#
#	format, caption, machine	texts
#	rows, episodes			numbers
#	low, high			the axis, as exponents of ten, in seconds
#	missed				1: somebody has missed something
#	$told, $missed			a sample a line: seconds (not if missed), and its row
#	$rows				name, count, row, and p50, p10, p90 in seconds or "never"
set encoding utf8
width = 960
height = 170 + 46 * (rows > 0 ? rows : 1)
if (format eq 'svg') {
	set terminal svg noenhanced size width,height font 'sans,12' background rgb 'white'
} else {
	set terminal pngcairo noenhanced size width,height font 'sans,12' background rgb 'white'
}
set title caption."\n".machine

half_row = 0.32
# Longer than the box is high, so that it shows among many samples.
half_bar = 0.44
end = 10.0 ** high
beyond = 1.8 * end
seconds(c) = strcol(c) eq 'never' ? beyond : column(c)

set logscale x
set xrange [10.0 ** low : end * (missed ? 3.2 : 1)]
set yrange [0.4 : rows + 0.6]
set y2range [0.4 : rows + 0.6]
set ytics scale 0
set y2tics scale 0
set xtics ()
unit(n) = n / 3 > 3 ? 3 : n / 3
do for [exponent = low : high] {
	n = exponent + 9
	set xtics add (sprintf('%d %s', 10 ** (n - 3 * unit(n)), word('ns µs ms s', unit(n) + 1)) 10.0 ** exponent)
}
set xlabel 'time from zero, logarithmic'
set grid xtics linetype 1 linecolor rgb '#b0b0b0' linewidth 0.5
set key below horizontal
set style fill empty
if (missed) {
	set arrow from end, graph 0 to end, graph 1 nohead dashtype 2
	set label 'missed' at beyond, graph 1.02 center
}

# gnuplot complains of empty lists of points.
crosses = missed ? "$missed using (beyond):1 with points pointtype 2 pointsize 0.9 " \
		."linecolor rgb 'black' title 'missed'," : ''
if (rows == 0) {
	plot NaN notitle
} else {
	plot $rows using (seconds(4)):3:(seconds(5)):(seconds(6)):($3 - half_row):($3 + half_row) \
			:yticlabel(1):y2ticlabel(2) \
			with boxxyerror linecolor rgb 'black' linewidth 1 title 'p10 to p90', \
		$told using 1:2 with points pointtype 6 pointsize (episodes > 50 ? 0.5 : 0.7) \
			linecolor rgb 'black' title 'sample', \
		@crosses \
		$rows using (seconds(4)):($3 - half_bar):(0):(2 * half_bar) \
			with vectors nohead linecolor rgb 'black' linewidth 4 title 'p50'
}
