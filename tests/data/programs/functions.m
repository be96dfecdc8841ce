% SPDX-License-Identifier: MIT
% Functions: parameters, results, defaults, recursion, handles, scopes.
1;
function r = fact(n)
  if n <= 1
    r = 1; return
  end
  r = n*fact(n - 1);
end
function show()
  printf("%d arguments\n", nargin);
endfunction
function r = first_above(n, limit)
  if nargin < 2
    limit = 10;
  end
  r = 0;
  for k = 1:n
    r += k;
    if r > limit, return; end
  end
end
function [J, g] = cost(theta, X, y)
  J = sum((X*theta - y).^2)/2;
  if nargout > 1
    g = X'*(X*theta - y);
  end
end
function [m, s, n] = stats(x)
  m = mean(x); s = std(x); n = numel(x);
end
function r = sq(x) r = x^2; end
function noret(), disp('no result'), end
function r = with_default(a, b)
  if ~exist('b', 'var')
    b = 5;
  endif
  r = a + b;
end
function [] = empty_brackets(x)
  x
end
function r = ignore(~, b)
  r = b;
end
function r = apply(f, varying)
  r = feval(f, varying) + 1;
end
function r = even(n)
  if n == 0, r = true; else r = odd(n - 1); end
end
function r = odd(n)
  if n == 0, r = false; else r = even(n - 1); end
end
fact(5)
show
show();
first_above(3)
first_above(100)
first_above(100, 30)
X = [1 2; 3 4; 5 6]; y = [1; 2; 3];
t = [0.5; -0.5];
[J, g] = cost(t, X, y)
J = cost(t, X, y)
f = @(p) cost(p, X, y);
f(t)
h = @cost
h(t, X, y)
[J, g] = h(t, X, y);
g'
[m, s] = stats([1 2 3 4])
[~, ~, n] = stats(1:7)
try
  fact(1, 2)
catch
  disp('too many arguments')
end
try
  [a, b] = sq(3)
catch err
  disp('too many results')
end
try
  x = noret();
catch err
  disp('no value')
end
sq(3)
sq(3) + sq(4)
noret
noret();
with_default(1)
with_default(1, 2)
empty_brackets(7)
ignore(1, 2)
apply(@sq, 4)
apply('sq', 5)
apply(@(z) z/2, 5)
apply(@sin, 0)
even(10)
odd(10)
x = 10;
function r = shadow(x)
  x = x + 1;
  y = 100;
  r = x;
end
shadow(x)
x
y'
function r = sq(x) r = -x^2; end
sq(3)
compose = @(f, g) @(x) f(g(x));
k = compose(@sq, @(x) x + 1);
k(2)
arrayfun(@sq, [1 2; 3 4])
arrayfun(@(a, b) a - b, [1 2 3], [3 2 1])
[q, w] = arrayfun(@(t) max([t, 2]), [1 2 3])
func2str(k), func2str(@sq)
function varying
  disp("called")
end
varying
ans = 3;
sq(2);
ans
