% SPDX-License-Identifier: MIT
% A network of two layers that learns exclusive or, by back propagation.
1;
function [J, grad_] = nn_cost(params, hidden, X, y, lambda)
  n = columns(X);
  T1 = reshape(params(1:hidden*(n + 1)), hidden, n + 1);
  T2 = reshape(params(hidden*(n + 1) + 1:end), 1, hidden + 1);
  m = rows(X);
  a1 = [ones(m, 1) X];
  z2 = a1*T1';
  a2 = [ones(m, 1) tanh(z2)];
  h = 1./(1 + exp(-a2*T2'));
  J = sum(-y.*log(h) - (1 - y).*log(1 - h))/m;
  J = J + lambda/(2*m)*(sum(sum(T1(:, 2:end).^2)) + sum(sum(T2(:, 2:end).^2)));
  d3 = h - y;
  d2 = (d3*T2(:, 2:end)).*(1 - tanh(z2).^2);
  T1_grad = d2'*a1/m;
  T2_grad = d3'*a2/m;
  T1_grad(:, 2:end) += lambda/m*T1(:, 2:end);
  T2_grad(:, 2:end) += lambda/m*T2(:, 2:end);
  grad_ = [T1_grad(:); T2_grad(:)];
end
X = [0 0; 0 1; 1 0; 1 1];
y = [0; 1; 1; 0];
hidden = 3;
w = sin((1:hidden*3 + hidden + 1)'*1.7);
f = @(p) nn_cost(p, hidden, X, y, 0.001);
[J, g] = f(w);
printf("%d weights, J = %.6f\n", numel(w), J);
numerical = arrayfun(@(k) (f(w + 1e-5*((1:numel(w))' == k)) - f(w - 1e-5*((1:numel(w))' == k)))/2e-5, (1:numel(w))');
if max(abs(numerical - g)) < 1e-8
  disp('gradient checked');
else
  error('the gradient is wrong');
end
for epoch = 1:600
  [J, g] = f(w);
  w -= 0.8*g;
  if rem(epoch, 200) == 0
    disp(['epoch ' num2str(epoch) ': J = ' sprintf('%.4f', J)]);
  end
end
T1 = reshape(w(1:hidden*3), hidden, 3);
T2 = reshape(w(hidden*3 + 1:end), 1, hidden + 1);
h = 1./(1 + exp(-[ones(4, 1) tanh([ones(4, 1) X]*T1')]*T2'));
prediction = (h > 0.5)'
