% SPDX-License-Identifier: MIT
% Newton's method for a system of equations, and where it fails.
1;
function [F, J] = equations(v)
  x = v(1); y = v(2);
  F = [x^2 + y^2 - 4; exp(x) + y - 1];
  J = [2*x, 2*y; exp(x), 1];
end
function [v, steps, message] = newton(f, v, tol, most)
  message = '';
  for steps = 1:most
    [F, J] = f(v);
    if norm(F, inf) < tol
      message = 'converged';
      return
    end
    if abs(det(J)) < 1e-14
      error('newton:singular', 'singular Jacobian at step %d', steps);
    end
    dv = -J\F;
    v = v + dv;
    fprintf('%2d  %12.8f  %12.8f  %8.1e\n', steps, v(1), v(2), max(norm(dv), 1e-9));
  end
  message = 'no convergence';
end
[v, steps, message] = newton(@equations, [1; -1], 1e-10, 50);
disp(message)
v
try
  newton(@equations, [0; 0], 1e-10, 50);
catch err
  disp(['error: ' err.message])
end
starts = [1 -1; -2 1; -1.5 0.5]';
for s = starts
  [v, steps, message] = newton(@equations, s, 1e-8, 20);
  switch message
    case 'converged'
      printf("from (%g, %g) to (%.6f, %.6f)\n", s, v);
    otherwise
      disp(message);
  end
end
