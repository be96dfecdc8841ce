# SPDX-License-Identifier: MIT
# The level curves are gnuplot's own, of the formula; the path is the demo's.
set title "Newton's path on f(x) = (1 - x_1)^2 + 100(x_2 - x_1^2)^2"
set xlabel "x_1"
set ylabel "x_2"
set xrange [-1.8:1.8]
set yrange [-3.5:2.5]
set samples 241
set isosamples 241
set contour
set cntrparam levels discrete 1, 10, 100, 500
unset surface
set table $levels
splot (1 - x)**2 + 100*(y - x**2)**2
unset table
set label 1 "start" at -1.2, 1 right offset -1, 0
set label 2 "minimum" at 1, 1 left offset 1.5, -0.3
set label 3 "1" at -0.1, 0
set label 4 "10" at 0.2, -0.47
set label 5 "100" at 0.2, -1.17
set label 6 "500" at -0.4, -2.3
plot $levels with lines ls 4 lc rgb "#808080" title "level curves of f", \
     table using 1:2 with linespoints ls 1 title "Newton's steps"
