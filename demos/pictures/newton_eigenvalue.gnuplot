# SPDX-License-Identifier: MIT
# Every step goes up to p(x) and down along its tangent to the next x.
set title "Newton's method on p(x) = det(xI - A) ends in the largest eigenvalue"
set xlabel "x"
set ylabel "p(x), p'(x)"
set xzeroaxis lw 1 lc rgb "#202020"
set key left top
plot table index 0 using 1:2 with lines ls 1 title "p(x)", \
     table index 0 using 1:3 with lines ls 2 title "p'(x), by autodiff", \
     table index 1 with linespoints ls 4 title "the steps"
