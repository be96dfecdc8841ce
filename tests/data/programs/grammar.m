% SPDX-License-Identifier: MIT
% Statements.
x = 3;
x++;
x
x--
x
++x;
x
x ^= 2
x += 1
x -= 2
x *= 2
x /= 5
a = b = 5
a
c = [1 2 3];
c(2)++;
c
c(end) -= 10
1;
b = true;
b |= false
b &= 0
do
  x--;
until x < 0
x
k = 0;
do
  k++;
  if k == 2, continue, end
  if k > 4, break, end
  printf("%d ", k);
until false
printf("\n");
switch 3
  case 1
    disp('one')
  case {2, 3}
    disp('two or three')
  otherwise
    disp('other')
end
switch 'abc'
  case 'ab'
    disp('ab')
  case {'x', 'abc'}
    disp('abc')
endswitch
switch 7
  case 1
    disp('one')
  otherwise
    disp('otherwise')
endswitch
switch (x < 0)
  case true, disp('negative')
end
switch 4
end
%{
a block comment
  %{
  nested
  %}
x = 1000
%}
#{
another
#}
try
  error('plain');
catch
  disp('caught')
end_try_catch
try
  error('Some:id', 'value %d of %s', 3, 'abc');
catch err
  disp(err.message)
end
try, undefined_thing + 1; catch e, disp('undefined'), end
try
  try
    error('inner');
  catch e
    error(['outer ' e.message]);
  end
catch e2
  disp(e2.message)
end
for k = 1:3
  try
    if k == 2, error('at %d', k); end
    printf("%d fine\n", k);
  catch err
    printf("%s\n", err.message);
    continue
  end
end
while true
  k++;
  if k > 6, break; endif
endwhile
k
if (y = 3) > 2, disp(y), end
while ((k = k - 1) > 3) printf("%d ", k); endwhile
printf("\n");
f = @(varying) varying*2; f(4)
clear f
exist('f')
clear all
exist("k")
close all, clc, more off
format long
pi
format short
pi
A = eye(2); A(1, 2) = 5
warning off
warning('off', 'all');
