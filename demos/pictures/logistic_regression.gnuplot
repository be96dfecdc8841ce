# SPDX-License-Identifier: MIT
set title "Logistic regression of two species of iris"
set xlabel "step"
set ylabel "loss: negative log-likelihood (nats)"
set logscale xy
set key left bottom
plot table index 0 with lines ls 2 title "gradient descent", \
     table index 1 with linespoints ls 1 title "Newton's method"
