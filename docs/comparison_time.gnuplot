# SPDX-License-Identifier: MIT
# Time of a gradient against the order of the matrix. docs/comparison_time.txt is written by
# tests/compare/compare.py.
set logscale xy
set format y "10^{%T}"
set xrange [1.7:1200]
set xtics (2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
set xlabel "n, the order of A"
set ylabel "seconds, one thread"
set key left top
set grid
file = "docs/comparison_time.txt"
plot file using 1:2 with linespoints pt 7 lc rgb "#c0392b" title "det and its gradient, PyTorch", \
     "" using 1:4 with linespoints pt 6 dt 2 lc rgb "#c0392b" title "log|det| and its gradient, PyTorch", \
     "" using 1:3 with linespoints pt 9 lc rgb "#2060a0" title "det and its gradient, autodiff", \
     "" using 1:5 with linespoints pt 8 dt 2 lc rgb "#2060a0" title "log|det| and its gradient, autodiff"
