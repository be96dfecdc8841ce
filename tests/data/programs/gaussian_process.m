% SPDX-License-Identifier: MIT
% Gaussian-process regression.
1;
function K = kernel(a, b, ell, sf)
  D = zeros(length(a), length(b));
  for i = 1:length(a)
    for j = 1:length(b)
      D(i, j) = (a(i) - b(j))^2;
    end
  end
  K = sf^2*exp(-D/(2*ell^2));
end
function [nll, alpha, L] = likelihood(p, x, y)
  ell = exp(p(1)); sf = exp(p(2)); sn = exp(p(3));
  n = numel(x);
  K = kernel(x, x, ell, sf) + sn^2*eye(n);
  L = chol(K)';
  alpha = L'\(L\y);
  nll = 0.5*y'*alpha + sum(log(diag(L))) + n/2*log(2*pi);
end
x = [-3; -2; -1; 0; 1; 2.5; 3];
y = [0.1; -0.9; -0.8; 0.05; 0.85; 0.6; 0.15];
p = [0; 0; -2];
[nll, alpha, L] = likelihood(p, x, y);
printf('negative log likelihood: %.6f\n', nll);
xs = linspace(-4, 4, 9)';
Ks = kernel(x, xs, exp(p(1)), exp(p(2)));
mu = Ks'*alpha;
v = L\Ks;
s2 = exp(2*p(2)) - sum(v.^2, 1)';
disp([xs mu sqrt(s2)]);
best = inf;
for l = -1:0.5:1
  for s = -1:0.5:0.5
    value = likelihood([l; s; -2], x, y);
    if value < best
      best = value; where = [l s];
    end
  end
end
where
fprintf('%.4f at length %.3f and scale %.3f\n', best, exp(where));
