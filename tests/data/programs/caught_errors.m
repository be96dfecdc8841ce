% SPDX-License-Identifier: MIT
% Errors that try catches, and what Octave says of them.
try, error('percent %d'), catch e, disp(e.message), end
try, error('100% sure'), catch e, disp(e.message), end
try, error('50%% done'), catch e, disp(e.message), end
try, error("50%% done"), catch e, disp(e.message), end
try, error('a\nb'), catch e, disp(e.message), end
try, error("a\nb"), catch e, disp(e.message), end
try, error('a\tb %d', 1), catch e, disp(e.message), end
try, error('a\n'), catch e, disp(['[' e.message ']']), end
try, error("a\n"), catch e, disp(['[' e.message ']']), end
try, error("a %d\n", 1), catch e, disp(['[' e.message ']']), end
try, error('id:x', 'abc'), catch e, disp(e.message), disp(e.identifier), end
try, error('id:x', 'abc %d', 5), catch e, disp(e.message), disp(e.identifier), end
try, error('id:x %d', 5), catch e, disp(e.message), disp(isempty(e.identifier)), end
try, error('abc: %d', 5), catch e, disp(e.message), disp(isempty(e.identifier)), end
try, error('abc:', 5), catch e, disp(e.message), disp(isempty(e.identifier)), end
try, error('%s', 'abc:def'), catch e, disp(e.message), disp(isempty(e.identifier)), end
try, error('abc', 5), catch e, disp(e.message), end
try, error('abc %s', 'x', 'y'), catch e, disp(e.message), end
try, error(''), disp('not raised'), catch e, disp(e.message), end
try, error([]), disp('not raised'), catch e, disp(e.message), end
try, error("%d%%", 5), catch e, disp(e.message), end
try, error('My:id', 'line1\nline2'), catch e, disp(e.message), end
try, error("My:id", "pct %%"), catch e, disp(e.message), end
try, error('Octave:my-id', 'with %s', "str"), catch e, disp(e.message), disp(e.identifier), end
try, error('a:b:c', 'x'), catch e, disp(e.identifier), end
try, error('Error: bad'), catch e, disp(e.message), end
try, error('Error:bad thing'), catch e, disp(e.message), end
try, error('f: x must be > %g', 3), catch e, disp(e.message), disp(e.identifier), end
try, error('x', 'y'), catch e, disp(e.message), end
try, x = 1; x(3), catch e, disp(e.message), disp(e.identifier), end
try, x = [1 2 3]; x(0), catch e, disp(e.message), disp(e.identifier), end
try, x = [1 2 3]; x(-1), catch e, disp(e.message), end
try, x = [1 2 3]; x(1.5), catch e, disp(e.message), disp(e.identifier), end
try, x = [1 2 3]; x(2,2), catch e, disp(e.message), end
try, x = [1 2 3]; x(1,5), catch e, disp(e.message), end
try, x = [1 2 3]; x(0,1), catch e, disp(e.message), end
try, x = [1 2 3]; x(1,0), catch e, disp(e.message), end
try, x = [1 2 3]; x(1,1.2), catch e, disp(e.message), end
try, x = [1 2 3]; y = x(7) + 1; catch e, disp(e.message), end
try, A = eye(2); A(5), catch e, disp(e.message), end
try, A = ones(2); A(3,1), catch e, disp(e.message), end
try, A = ones(2); A(1,3), catch e, disp(e.message), end
try, A = ones(2); A(0), catch e, disp(e.message), end
try, A = ones(2); A(:,3), catch e, disp(e.message), end
try, A = ones(2); A([1 7]), catch e, disp(e.message), end
try, ones(2)(9), catch e, disp(e.message), end
try, ones(2)(3,1), catch e, disp(e.message), end
try, x = 'abc'; x(9), catch e, disp(e.message), end
try, [1 2] + [1 2 3], catch e, disp(e.message), disp(e.identifier), end
try, [1 2] - [1 2 3], catch e, disp(e.message), end
try, [1 2] .* [1 2 3], catch e, disp(e.message), end
try, [1 2] ./ [1 2 3], catch e, disp(e.message), end
try, [1 2] .^ [1 2 3], catch e, disp(e.message), end
try, [1 2] == [1 2 3], catch e, disp(e.message), end
try, [1 2] < [1 2 3], catch e, disp(e.message), end
try, [1 2] & [1 2 3], catch e, disp(e.message), end
try, [1 2] * [1 2 3], catch e, disp(e.message), disp(e.identifier), end
try, ones(2,3)*ones(2,3), catch e, disp(e.message), end
try, ones(2,3)\ones(3,1), catch e, disp(e.message), end
try, ones(2,3)/ones(3,2), catch e, disp(e.message), end
try, ones(2,3)^2, catch e, disp(e.message), end
try, [1 2; 3], catch e, disp(e.message), end
try, [1 2, [3;4]], catch e, disp(e.message), end
try, [[1 2]; [1 2 3]], catch e, disp(e.message), end
try, foo, catch e, disp(e.message), disp(e.identifier), end
try, foo(3), catch e, disp(e.message), disp(e.identifier), end
try, x = foo + 1; catch e, disp(e.message), end
try, sin(foo), catch e, disp(e.message), end
try, chol([1 2;2 1]), catch e, disp(e.message), end
try, chol([1 2 3]), catch e, disp(e.message), end
try, inv([1 2 3]), catch e, disp(e.message), end
try, det([1 2 3]), catch e, disp(e.message), end
try, x = [1 2 3]; x(5) = [1 2]; catch e, disp(e.message), end
try, x = [1 2 3]; x([1 2]) = [1 2 3]; catch e, disp(e.message), disp(e.identifier), end
try, A = ones(2); A(:,1) = [1 2 3]; catch e, disp(e.message), end
try, A = ones(2); A(1,:) = [1 2 3]; catch e, disp(e.message), end
try, A = ones(2); A(0) = 1; catch e, disp(e.message), end
try, x(0) = 1; catch e, disp(e.message), end
try, x = [1 2 3]; x(1.5) = 1; catch e, disp(e.message), end
try, feval('nope', 1), catch e, disp(e.message), end
try, f = @(x) x; f(1,2), catch e, disp(e.message), end
try, f = @(x) x + y; f(1), catch e, disp(e.message), end
try, if [1 NaN], end, catch e, disp(e.message), end
try, x = disp(1), catch e, disp(e.message), end
try, x = error('a'); catch e, disp(e.message), end
try, zeros(-1), catch e, disp(e.message), end
try, ones(2)*'a', catch e, disp(e.message), end
try, eye(2)(3,3), catch e, disp(e.message), end
try, 'abc' + [1 2], catch e, disp(e.message), end
try, assert(3, 4), catch e, disp('failed'), end
try, error('a'), catch e, disp(lasterr), end
try, error('a'), catch, disp(lasterr), end
try, error('Octave:abc', 'msg\n'), catch e, disp(e.message), end
try, error('abc'), catch e, e2 = e; disp(e2.message), end
try, error('abc'), catch e, disp(class(e)), end
try, error('abc'), catch e, disp(isempty(e)), end
try, error('abc'), catch e, s = sprintf('%s', e.message), end
try, error('abc'), catch e, fprintf('%s\n', e.message), end
try, error('abc'), catch e, fprintf('Error: %s (%d)\n', e.message, length(e.message)), end
try, error('abc'), catch e, x = strcmp(e.message, 'abc'), end
try, error('abc'), catch e, e.message(1), end
try, error('abc'), catch e, e.message, end
try, error('a:b', 'abc'), catch e, switch e.identifier, case 'a:b', disp('ab'), otherwise, disp('other'), end, end
try, error('a:b', 'abc'), catch e, if strcmp(e.identifier, 'a:b'), disp('yes'), end, end
try, error('x'), end, disp('after')
try, error('x'), catch, end, disp('after')
try, error('a'), catch e, try, error(e), catch f, disp(f.message), end, end
try, error('p:q', 'a'), catch e, try, rethrow(e), catch f, disp(f.identifier), end, end
try, error('p:q', 'a'), catch e, try, error(e.identifier, 'more: %s', e.message), catch f, disp(f.message), disp(f.identifier), end, end
try, error('a %s'), catch e, try, error(e.message), catch f, disp(f.message), end, end
try, error('a %s b', 'x%dy'), catch e, disp(e.message), end
try, x = [1 2]; x += [1 2 3], catch e, disp(e.message), end
try, A = ones(2); A(:) = [1 2 3]; catch e, disp(e.message), end
try, A = ones(2,3); A(3,:) = [1 2]; catch e, disp(e.message), end
try, [1 2; 3 4; 5], catch e, disp(e.message), end
try, [[1;2], [1;2], 3], catch e, disp(e.message), end
try, x = [ones(2,2), ones(3,1)], catch e, disp(e.message), end
try, x = [ones(2,2); ones(1,3)], catch e, disp(e.message), end
try, [1 2]', [1 2]*[3 4 5]', catch e, disp(e.message), end
try, x = 'abc' * [1 2]; catch e, disp(e.message), end
try, x = 1:3; x(10), catch e, disp(e.message), end
try, x = 1:3; x(2.5), catch e, disp(e.message), end
try, x = 1:3; x(end+1), catch e, disp(e.message), end
try, x = 3; x(2), catch e, disp(e.message), end
try, x = (1:3)'; x(4), catch e, disp(e.message), end
try, x = []; x(1), catch e, disp(e.message), end
try, x = true; x(3), catch e, disp(e.message), end
try, x = ones(2,2); x(3,3), catch e, disp(e.message), end
try, x = ones(2,2); x(:,-1), catch e, disp(e.message), end
try, f = @(x) x(5); f([1 2]), catch e, disp(e.message), end
try, str = 'hi'; str(10), catch e, disp(e.message), end
try, ones(2,3)*ones(2,2), catch e, disp(e.message), end
try, if [1 2] == [1 2 3], end, catch e, disp(e.message), end
try, while undefinedthing, end, catch e, disp(e.message), end
try, zeros(2)\ones(3,1), catch e, disp(e.message), end
try, 1:3 + [1;2], catch e, disp(e.message), end
try, !NaN, catch e, disp(e.message), end
try, NaN && 1, catch e, disp(e.message), end
try, if NaN, disp(1), else, disp(0), end, catch e, disp(e.message), end
try, [] && 1, catch e, disp(e.message), end
try, [1 2] && 1, catch e, disp(e.message), end
try, eye(-1), catch e, disp(e.message), end
try, [1 2 3](4), catch e, disp(e.message), end
try, error('Octave:some-id', 'abc'), catch e, disp(e.message), end
try, x = 1; x(), catch e, disp(e.message), end
try, max([1 2], [1 2 3]), catch e, disp(e.message), end
try, atan2([1 2],[1 2 3]), catch e, disp(e.message), end
try, hypot([1 2],[1 2 3]), catch e, disp(e.message), end
try, mod([1 2],[1 2 3]), catch e, disp(e.message), end
try, plus([1 2],[1 2 3]), catch e, disp(e.message), end
try, interp1(), catch e, disp('x'), end
try, chol(ones(2,3)), catch e, disp(e.message), end
try, ones(2,3)^-1, catch e, disp(e.message), end
try, 2^ones(2,3), catch e, disp(e.message), end
clear f
% Calls with too many arguments or results, and results without a value.
function r = f(x)
  r = x;
end
function g(x)
  disp(x);
end
function r = h(x)
end
function [a, b] = two(x)
  a = x;
end
try, f(1, 2), catch e, disp(e.message), end
try, [a, b] = f(1), catch e, disp(e.message), end
try, x = g(1), catch e, disp(e.message), end
try, x = h(1), catch e, disp(e.message), end
try, h(1), disp('fine'), catch e, disp(e.message), end
try, [a, b] = two(1), catch e, disp(e.message), end
try, f(), catch e, disp(e.message), end
try, 1 + g(1), catch e, disp(e.message), end
try, 1 + h(1), catch e, disp(e.message), end
try, feval(@f, 1, 2), catch e, disp(e.message), end
try, k = @f; k(1, 2), catch e, disp(e.message), end
