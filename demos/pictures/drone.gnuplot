# SPDX-License-Identifier: MIT
set title "The speed of a drone and its derivative"
set xlabel "t (s)"
set ylabel "speed (m/s), acceleration (m/s^2)"
plot table using 1:5 with lines ls 2 title "8t/(1 + 4t^2)^{1/2}, as printed: wrong", \
     table using 1:2 with lines ls 3 title "speed ||(1, 2t)||", \
     table using 1:3 with lines ls 1 title "its derivative, by autodiff", \
     table using 1:4 every 2 with points ls 4 title "its derivative, by differences"
