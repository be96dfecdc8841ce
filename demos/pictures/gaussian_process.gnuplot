# SPDX-License-Identifier: MIT
set title "Yearly flow of the Nile at Aswan, and the Gaussian process fitted to it"
set xlabel "year"
set ylabel "flow (10^8 m^3)"
plot table index 1 using 1:3:4 with filledcurves ls 1 title "2 standard deviations, noise aside", \
     table index 1 using 1:2 with lines ls 1 title "mean", \
     table index 0 with points ls 4 title "measured"
