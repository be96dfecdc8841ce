% SPDX-License-Identifier: MIT
% The valley of Rosenbrock's function and the path of Newton's method in it.
clear all; close all; clc; more off
1;
function f = rosen(x, y)
  f = (1 - x).^2 + 100*(y - x.^2).^2;
end
function [g, H] = rosen_derivatives(p)
  x = p(1); y = p(2);
  g = [-2*(1 - x) - 400*x*(y - x^2); 200*(y - x^2)];
  H = [2 - 400*(y - 3*x^2), -400*x; -400*x, 200];
end
p = [-1.2; 1];
path = p;
for k = 1:20
  [g, H] = rosen_derivatives(p);
  if norm(g) < 1e-9, break; end
  p -= H\g;
  path(:, end + 1) = p;
end
printf("%d steps\n", columns(path) - 1);
path(:, 1:3)
xs = linspace(-2, 2, 5);
Z = zeros(3, 5);
for i = 1:3
  for j = 1:5
    Z(i, j) = rosen(xs(j), i);
  end
end
Z
[low, at] = min(Z(:));
[row, column] = find(Z == low);
disp([low at row column]);
