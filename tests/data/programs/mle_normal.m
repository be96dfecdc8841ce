% SPDX-License-Identifier: MIT
% Maximum likelihood of a line with normal errors, by scoring.
1;
function [ll, g] = loglik(p, x, y)
  n = numel(y);
  s2 = exp(p(3));
  r = y - p(1) - p(2)*x;
  ll = -n/2*log(2*pi*s2) - sum(r.^2)/(2*s2);
  g = [sum(r)/s2; sum(r.*x)/s2; -n/2 + sum(r.^2)/(2*s2)];
end
function se = standard_errors(p, x)
  s2 = exp(p(3));
  I = [numel(x) sum(x); sum(x) sum(x.^2)]/s2;
  se = sqrt(diag(inv(I)));
endfunction
x = (1:12)';
y = [2.1; 3.9; 6.2; 7.8; 10.1; 12.2; 13.8; 16.1; 18.0; 20.2; 21.9; 24.1];
start = [ones(12, 1) x]\y;
p = [start; log(var(y - [ones(12, 1) x]*start))];
for k = 1:20
  [ll, g] = loglik(p, x, y);
  p(3) = p(3) + g(3)/(numel(y)/2);
  if abs(g(3)) < 1e-10, break, end
end
se = standard_errors(p, x);
printf("%-10s %9s %9s\n", 'parameter', 'estimate', 'error');
for k = 1:2
  if k == 1, name = 'intercept'; else name = 'slope'; end
  printf("%-10s %9.5f %9.5f\n", name, p(k), se(k));
end
printf("%-10s %9.5f\n", 'variance', exp(p(3)));
printf("log likelihood %.6f\n", ll);
disp(mat2str(round(p*1e4)/1e4));
