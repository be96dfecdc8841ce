% SPDX-License-Identifier: MIT
% A Kalman filter for position and velocity.
1;
function [x, P] = predict(x, P, F, Q)
  x = F*x;
  P = F*P*F' + Q;
end
function [x, P, ll] = update(x, P, z, H, R)
  v = z - H*x;
  S = H*P*H' + R;
  K = P*H'/S;
  x = x + K*v;
  P = (eye(size(P)) - K*H)*P;
  ll = -0.5*(log(2*pi*S) + v^2/S);
endfunction
dt = 0.5;
F = [1 dt; 0 1];
H = [1 0];
Q = 0.1*[dt^3/3 dt^2/2; dt^2/2 dt];
R = 0.25;
z = [0.39 0.50 0.48 0.29 0.25 0.32 0.34 0.48 0.41 0.45];
N = length(z);
x = [0; 0];
P = eye(2);
xs = zeros(2, N);
total = 0;
for k = 1:N
  [x, P] = predict(x, P, F, Q);
  [x, P, ll] = update(x, P, z(k), H, R);
  xs(:, k) = x;
  total += ll;
  if mod(k, 5) == 0
    printf("step %2d: position %7.4f velocity %7.4f\n", k, x(1), x(2));
  end
end
disp(xs(1, :));
P
printf("log likelihood %.6f\n", total);
err = z - xs(1, :);
rmse = sqrt(mean(err.^2))
