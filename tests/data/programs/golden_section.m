% SPDX-License-Identifier: MIT
% Search on a line with a function handle, by golden section and by bisection.
1;
function [x, fx, n] = golden(f, a, b, tol)
  r = (sqrt(5) - 1)/2;
  c = b - r*(b - a); d = a + r*(b - a);
  fc = f(c); fd = f(d);
  n = 2;
  while b - a > tol
    if fc < fd
      b = d; d = c; fd = fc;
      c = b - r*(b - a); fc = f(c);
    else
      a = c; c = d; fc = fd;
      d = a + r*(b - a); fd = f(d);
    end
    n++;
  end
  x = (a + b)/2;
  fx = f(x);
end
function r = bisect(f, lo, hi)
  if f(lo)*f(hi) > 0
    error('no change of sign between %g and %g', lo, hi);
  end
  do
    mid = (lo + hi)/2;
    if sign(f(mid)) == sign(f(lo)), lo = mid; else hi = mid; end
  until abs(hi - lo) < 1e-10
  r = (lo + hi)/2;
end
f = @(x) (x - 2)^2 + sin(3*x);
[x, fx, n] = golden(f, 0, 4, 1e-6);
printf("minimum %.5f at %.4f after %d evaluations\n", fx, x, n);
printf("root of cos x - x: %.9f\n", bisect(@(x) cos(x) - x, 0, 1));
try
  bisect(@(x) x^2 + 1, -1, 1);
catch e
  disp(e.message);
end
names = 'fgh';
