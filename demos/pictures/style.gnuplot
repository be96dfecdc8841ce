# SPDX-License-Identifier: MIT
# What the pictures share: told apart in grey by dashes and points.
set terminal svg size 760,520 font "sans,14" background "white"
set output system('printf %s "$picture"')
table = system('printf %s "$table"')
set style line 1 lw 2 lc rgb "#2060a0" dt 1 pt 7 ps 0.7
set style line 2 lw 2 lc rgb "#c0392b" dt 2 pt 5 ps 0.7
set style line 3 lw 2 lc rgb "#208050" dt 4 pt 9 ps 0.8
set style line 4 lw 1 lc rgb "#202020" dt 1 pt 6 ps 0.7
set style fill solid 0.25 noborder
set grid lc rgb "#b0b0b0" dt 1 lw 0.5
set key outside top center horizontal Left reverse samplen 3 maxcols 2
