# SPDX-License-Identifier: MIT
set title "Two species of iris told apart: loss at every step"
set xlabel "step"
set ylabel "loss: negative log-likelihood (nats)"
set logscale x
set yrange [0:75]
plot table index 0 with lines ls 2 title "gradient descent", \
     table index 1 with linespoints ls 1 title "Newton's method"
