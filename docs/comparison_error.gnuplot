# SPDX-License-Identifier: MIT
# The relative errors of p'(x) and p''(x), p(x) = det(xI - A), n = 10, against the distance of x from
# an eigenvalue. docs/comparison_error.txt is written by tests/compare/compare.py.
set logscale xy
set format y "10^{%T}"
set xrange [2:5e-17]
set xtics ("1" 1, "10^{-4}" 1e-4, "10^{-8}" 1e-8, "10^{-12}" 1e-12, "0" 1e-16)
set yrange [3e-17:1e4]
set xlabel "distance of x from an eigenvalue"
set ylabel "relative error"
set key left top
set grid
file = "docs/comparison_error.txt"
plot file using 1:6 with linespoints pt 7 ps 1.2 lw 2 lc rgb "#c0392b" title "p'', PyTorch", \
     "" using 1:7 with linespoints pt 9 lw 2 lc rgb "#208050" title "p'', ad\\_det(xI - A)", \
     "" using 1:8 with linespoints pt 5 lw 2 lc rgb "#2060a0" title "p'', ad\\_charpoly", \
     "" using 1:2 with linespoints pt 6 dt 2 lc rgb "#c0392b" title "p', PyTorch", \
     "" using 1:3 with linespoints pt 2 dt 2 lc rgb "#e0a030" title "p', p(x) tr((xI - A)^{-1}) in PyTorch", \
     "" using 1:4 with linespoints pt 8 dt 2 lc rgb "#208050" title "p', ad\\_det(xI - A)", \
     "" using 1:5 with linespoints pt 4 dt 2 lc rgb "#2060a0" title "p', ad\\_charpoly"
