# SPDX-License-Identifier: MIT
# The relative error of p'(x), p(x) = det(xI - A), where x is an eigenvalue to the last bit, against
# n. docs/comparison_error.txt is written by tests/compare/compare.py.
set logscale xy
set format y "10^{%T}"
set xrange [1.7:240]
set xtics (2, 5, 10, 50, 100, 200)
set yrange [3e-17:30]
set xlabel "n, the order of A"
set ylabel "relative error of p'(x), x an eigenvalue (10^{-16}: none to 10^{-16})"
set key right top
set grid
at(distance) = sprintf("< awk '$2 == \"%s\"' docs/comparison_error.txt", distance)
right(e) = e == e && e < 10 ? e : 10
plot at("0") using 1:(right($3)) with linespoints pt 7 ps 1.2 lc rgb "#c0392b" title "PyTorch", \
     "" using 1:(stringcolumn(4) eq "nan" ? 10 : $4) with points pt 2 ps 1.5 lc rgb "#000000" \
         title "p(x) tr((xI - A)^{-1}) in PyTorch (10: no answer)", \
     "" using 1:5 with linespoints pt 9 dt 2 lc rgb "#208050" title "ad\\_det(xI - A), differentiated", \
     "" using 1:6 with linespoints pt 5 dt 3 lc rgb "#2060a0" title "ad\\_charpoly, differentiated"
