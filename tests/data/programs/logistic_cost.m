% SPDX-License-Identifier: MIT
% Logistic regression with its gradient checked by differences.
1;

function g = sigmoid_of(z)
  g = 1 ./ (1 + exp(-z));
end

function [J, grad_] = cost_function(theta, X, y, lambda)
  m = length(y);
  h = sigmoid_of(X*theta);
  reg = theta;
  reg(1) = 0;
  J = -(y'*log(h) + (1 - y)'*log(1 - h))/m + lambda/(2*m)*sum(reg.^2);
  grad_ = (X'*(h - y) + lambda*reg)/m;
end

function numgrad = numerical_gradient(J, theta)
  numgrad = zeros(size(theta));
  perturb = zeros(size(theta));
  e = 1e-4;
  for p = 1:numel(theta)
    perturb(p) = e;
    loss1 = J(theta - perturb);
    loss2 = J(theta + perturb);
    numgrad(p) = (loss2 - loss1)/(2*e);
    perturb(p) = 0;
  end
end

x1 = [34.6; 30.3; 60.2; 79.0; 45.1; 75.0; 76.1; 84.4; 95.9; 52.1]/100;
x2 = [78.0; 43.9; 86.3; 75.3; 56.3; 46.6; 87.4; 43.5; 38.2; 60.4]/100;
y = [0; 0; 1; 1; 0; 1; 1; 1; 1; 0];
[m, n] = size([x1 x2]);
X = [ones(m, 1) x1 x2];
theta = zeros(n + 1, 1);
[J, g] = cost_function(theta, X, y, 1);
fprintf('Cost at initial theta (zeros): %f\n', J);
fprintf('Gradient at initial theta (zeros): \n');
fprintf(' %f \n', g);
theta = [-1; 2; 0.5];
costFunc = @(p) cost_function(p, X, y, 1);
[J, g] = costFunc(theta);
numgrad = numerical_gradient(costFunc, theta);
disp(abs(numgrad - g) < 1e-8);
alpha = 1;
J_history = zeros(400, 1);
for iter = 1:400
  [J_history(iter), g] = costFunc(theta);
  theta = theta - alpha*g;
end
fprintf('Theta found by gradient descent: ');
fprintf('%.4f %.4f %.4f\n', theta(1), theta(2), theta(3));
p = sigmoid_of(X*theta) >= 0.5;
fprintf('Train Accuracy: %.1f\n', mean(double(p == y))*100);
J_history([1 10 100 400])
