# SPDX-License-Identifier: MIT
set title "Boiling point and pressure (Forbes 1857), by gradient descent"
set xlabel "step"
set ylabel "loss: (1/2) ||Xw - log p||^2"
set logscale y
set format y "10^{%T}"
plot table using 1:2 with lines ls 1 notitle
