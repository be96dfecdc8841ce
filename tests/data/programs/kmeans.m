% SPDX-License-Identifier: MIT
% k-means clustering.
1;
function idx = closest(X, centroids)
  K = size(centroids, 1);
  idx = zeros(size(X, 1), 1);
  for i = 1:size(X, 1)
    best = inf;
    for k = 1:K
      d = sum((X(i, :) - centroids(k, :)).^2);
      if d < best
        best = d;
        idx(i) = k;
      end
    end
  end
end
function centroids = centres(X, idx, K)
  [m n] = size(X);
  centroids = zeros(K, n);
  for k = 1:K
    members = X(idx == k, :);
    if isempty(members)
      continue;
    end
    centroids(k, :) = mean(members, 1);
  end
end
X = [1 1; 1.5 2; 3 4; 5 7; 3.5 5; 4.5 5; 3.5 4.5];
K = 2;
centroids = X([1 4], :);
previous = zeros(size(centroids));
iter = 0;
while norm(centroids - previous, 'fro') > 1e-12 && iter < 20
  iter++;
  previous = centroids;
  idx = closest(X, centroids);
  centroids = centres(X, idx, K);
  fprintf('Iteration %d: moved %.4f\n', iter, norm(centroids - previous, 'fro'));
end
idx'
centroids
for k = 1:K
  fprintf('cluster %d has %d points\n', k, sum(idx == k));
end
J = 0;
for i = 1:rows(X), J += norm(X(i, :) - centroids(idx(i), :))^2; end
printf("distortion %.4f\n", J/rows(X));
