% SPDX-License-Identifier: MIT
s = 'abc'
t = "tab\tand \"quotes\""
u = 'it''s \n'
length(s), numel(s), size(s)
s(2), s(end:-1:1), s([1 1 1])
[s, 'def']
[s; '']
['x' 65 66 'y']
s == 'b'
s == 'abc'
s != 'xbc'
s + 1
s * 2
double(s)
char([72 101 108 108 111])
isempty(''), isempty("a")
strcmp('a', 'a'), strcmp('a', 'b'), strcmp('a', 97), strcmp('ab', 'abc')
strcmpi('ABC', 'abc'), strncmp('abcdef', 'abcxyz', 3), strncmp('ab', 'abc', 3)
upper('abc'), lower('ABC')
strtrim("  a b \n"), strrep('hello world', 'o', '00'), strcat('a ', 'b', 'c')
num2str(pi), num2str(42), num2str([1 2 3]), num2str(1.23456789, 4), num2str(-0.5)
num2str(1e10), num2str(123456.789), num2str(true), num2str('text')
num2str([0.1 0.22 0.333]), num2str(1e-5), num2str(100000.5)
num2str(pi, '%8.3f')
int2str(2.7)
mat2str([1 2; 3 4.5]), mat2str([true false]), mat2str(pi, 4), mat2str([]), mat2str(7)
sprintf('%d', 5), sprintf('%5.2f|', [1 2 3]), sprintf('%s=%g;', 'a', 1, 'b', 2)
x = sprintf('%d, ', [1 2 3]);
x(1:end-2)
disp('text'), disp(pi), disp([1 2; 3 4])
d = disp(3)
fprintf('%s\n', 'abc'); fprintf("%d %s\n", 3, "x"); fprintf(1, 'to output\n');
puts("puts\n"); fputs(stdout, "fputs\n"); fdisp(stdout, [1 2]); fflush(stdout);
if 'abc', disp('true'), end
if '', disp('true'), else disp('false'), end
ischar('a'), ischar(1), isnumeric('a'), islogical(true), isreal(1), is_function_handle(@sin)
isscalar('a'), isvector('abc'), isrow('abc'), iscolumn('abc'), issquare(ones(2)), ismatrix(3)
class('a'), class(1), class(true), class(@sin)
str2double('3.25'), str2double('x'), str2double('1e3'), str2double(' 5 ')
blanks(2), [blanks(2) '|']
repmat('ab', 1, 3), fliplr('abc'), reshape('abcd', 1, 4)
plus(1, 2), minus(5, 3), times([1 2], 3), rdivide(6, 3), mtimes([1 2], [3; 4]), power(2, 3)
eq(1, 1), ne(1, 2), lt(1, 2), ge(1, 2), and(1, 0), or(1, 0), not(1), uminus(3)
bsxfun(@plus, [1 2 3], [10; 20]), bsxfun(@times, [1 2], 3)
z = 'a':'e';
z
for c = 'xyz', printf("[%s]", c); end, printf("\n");
