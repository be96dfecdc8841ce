% SPDX-License-Identifier: MIT
% BFGS with the function passed by name.
1;
function [f, g] = rosenbrock(x)
  f = 100*(x(2) - x(1)^2)^2 + (1 - x(1))^2;
  if nargout == 2
    g = [-400*x(1)*(x(2) - x(1)^2) - 2*(1 - x(1)); 200*(x(2) - x(1)^2)];
  end
end
function alpha = line_search(fname, x, d, f, g)
  alpha = 1;
  c = 1e-4;
  while feval(fname, x + alpha*d) > f + c*alpha*(g'*d)
    alpha /= 2;
    if alpha < 1e-10
      warning('line search failed');
      break
    end
  end
end
function [x, f, it, status] = bfgs(fname, x0, tol, maxit)
  if nargin < 3, tol = 1e-6; end
  if nargin < 4, maxit = 100; end
  n = length(x0);
  x = x0;
  H = eye(n);
  [f, g] = feval(fname, x);
  it = 0;
  status = 'maximum of iterations';
  while it < maxit
    if norm(g) < tol
      status = 'converged';
      return
    endif
    d = -H*g;
    alpha = line_search(fname, x, d, f, g);
    s = alpha*d;
    x_new = x + s;
    [f_new, g_new] = feval(fname, x_new);
    y = g_new - g;
    if y'*s > 1e-12
      rho = 1/(y'*s);
      I = eye(n);
      H = (I - rho*s*y')*H*(I - rho*y*s') + rho*(s*s');
    end
    x = x_new; f = f_new; g = g_new;
    it++;
  endwhile
end
[x, f, it, status] = bfgs('rosenbrock', [-1.2; 1]);
printf("x = (%.6f, %.6f), f = %.1e\n", x, round(f*1e20)/1e20 < 1e-12);
printf("%s: fewer than 60 steps: %d\n", status, it < 60);
[x, f, it, status] = bfgs(@rosenbrock, [-1.2; 1], 1e-6, 3);
printf("%s after %d\n", status, it);
x
q = @(x) deal2(x);
function [f, g] = deal2(x)
  A = [3 1; 1 2]; b = [1; -1];
  f = 0.5*x'*A*x - b'*x;
  g = A*x - b;
end
[x, f] = bfgs(q, [0; 0], 1e-10);
printf("%.8f %.8f %.8f\n", x, f);
