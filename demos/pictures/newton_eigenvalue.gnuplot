# SPDX-License-Identifier: MIT
# Every step goes up to p(x) and down along its tangent to the next x.
set multiplot layout 1,2 title "Newton's method on p(x) = det(xI - A) ends in the largest eigenvalue"
set xlabel "x"
set xtics 1
set xzeroaxis lw 1 lc rgb "#202020"
set ylabel "p(x), p'(x)"
plot [0:5.2] [-40:40] table index 0 using 1:2 with lines ls 1 title "p(x)", \
     table index 0 using 1:3 with lines ls 2 title "p'(x)"
set ylabel "p(x)"
set xtics 0.5
plot [4.5:6.1] table index 1 with linespoints ls 4 title "steps", \
     table index 0 using 1:2 with lines ls 1 title "p(x)"
unset multiplot
