% SPDX-License-Identifier: MIT
% Text: its elements, what functions make of it, and the templates that take it.
x = sort('hello')
[s, i] = sort('hello')
x = unique('hello')
x = flipud('abc')
x = strncmp('abc', 'abd', 2), x = strncmp('abc', 'ab', 3), x = strncmp('abc','abc',5), x = strncmp('abc', 'abcd', 5), x = strncmp('abc', 'abcd', 3)
x = strcmp('abc', 'abcd'), x = strcmp('abc', 'abc'), x = strcmpi('ABC', 'abc')
puts("a\n"), fputs(stdout, "b\n"), fflush(stdout)
puts("a\n"); fputs(stdout, "b\n"); fflush(stdout);
x = 3; display(x)
x = [1 2]; display(x)
display(5)
x = 'a'; display(x)
[a, b] = deal(1, 2)
[q, r] = deal(7)
a = 1; b = 2; [a, b] = deal(b, a)
x = 'abc'; x(2) = 'X'
x = 'abc'; x(2) = 65
x = 'abc'; x(5) = 'e'; double(x)
x = 'abc'; x(end+1) = 'd'
x = 'abc'; x([1 3]) = 'z'
x = 'abc'; x(2) = []
x = 'abc'; x(end) = []
x = 'abc'; x(1:2) = 'xy'
x = []; x(1) = 'a'
x = ''; x(end+1) = 'a'
x = 'hello'; x(x == 'l') = 'L'
x = 'abc'; x(:) = 'z'
x = 'abc'; x(end:-1:1) = x
x = ''; for k = 1:3, x(k) = 'a' + k; end, x
x = ''; for k = 'abc', x(end+1) = k; end, x
x = 'abc'; x(2) = 65.5
x = 'abc'; x(1) = upper(x(1))
x = 'abc'; x(2) += 1
x = 'abc'; x(2)++; x
x = 'abcdef'; x(2:3) = []; x
x = repmat('a', 1, 3); x(2) = 'b'
x = zeros(1, 3); x(2) = 'b'
x = blanks(3); x(2) = 'b'; ['[' x ']']
x = num2str(-0), x = num2str([1 -0]), int2str(-0.4), num2str(1e10), num2str([1 2 3]), num2str([10 -200]), num2str([NaN 1 Inf]), num2str(true), num2str(123456789)
s = sprintf('%s', 'ab', [67 68], 3.5, 'e'), sprintf('%s-', 'x', 65, 66), sprintf('%d %s\n', 1, 'ab', 2, 'cd'), sprintf('%s', [72 105])
x = sprintf('\z\q\ '), y = "a\z"
y = true(1, 30)
(1:40) > 20
x = (1:40) > 20
x = 'abc'; x(2) = 65.5
for k = 'abc', k, end
for c = 'hi', disp(c), end
for c = '', disp(c), end
for c = "xy", printf("%d ", c); end
x = false(2, 40), y = zeros(2, 30)
x = sprintf('%s|', [3.5 65])
x = sprintf('%s|', [65 3.5])
x = sprintf('%s|', [65 300])
x = sprintf('%s %d|', [65 300])
x = sprintf('%s %d|', [65 66 67])
x = sprintf('%s %s|', [65 66 67])
x = sprintf('%d %s|', [65 66 67])
x = sprintf('%d %s|', [65 66.5 67])
x = sprintf('%s', NaN)
x = sprintf('%s', Inf)
x = sprintf('%s', [65 NaN])
x = sprintf('%s', 0) + 0
x = sprintf('%s', 200) + 0
x = sprintf('%s', 127.5)
x = sprintf('[%s]', 5.5, 'a')
x = sprintf('[%s] %d ', 5.5, 3)
x = sprintf('%s', true) + 0
x = sprintf('%s: %d|', 'abc', 5, 7)
x = sprintf('%s: %d|', 'abc', 5, 70, 8)
x = sprintf('%s', 1e5)
x = sprintf('%s', 1000)
x = sprintf('%s\n', [1 2;3 4]) + 0
x = sprintf('Value: %s', 42)
x = sprintf('Value: %s', -3)
x = sprintf('%d: %s', 1, "a\nb")
x = sprintf('%s %g|', 'ab', 'cd')
x = sprintf('%g %s|', 5, 'cd', 6, 'ef')
x = sprintf('%s', 'abc', 100)
