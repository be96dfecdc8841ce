# SPDX-License-Identifier: MIT
# The relative error of p'(x), p(x) = det(xI - S), against the distance of x from an eigenvalue.
# docs/accuracy.txt is written by tests/test_accuracy.c.
set logscale xy
set format x "10^{%T}"
set format y "10^{%T}"
set xrange [1:1e-16]
set yrange [1e-17:10]
set xlabel "distance of x from an eigenvalue"
set ylabel "relative error of p'(x)"
set key left top
set grid
plot "docs/accuracy.txt" using 1:4 with linespoints pt 7 lc rgb "#c0392b" \
         title "p(x) tr((xI - S)^{-1}), the formula", \
     "" using 1:5 with linespoints pt 5 lc rgb "#e0a030" title "central differences", \
     "" using 1:2 with linespoints pt 9 lc rgb "#2060a0" title "ad\\_charpoly, differentiated", \
     "" using 1:3 with linespoints pt 11 lc rgb "#208050" title "ad\\_det(xI - S), differentiated"
