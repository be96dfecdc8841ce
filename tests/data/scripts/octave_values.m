% SPDX-License-Identifier: MIT
% Writes octave_values.txt: the value Octave gives to y at the end of each script of
% octave_list.txt. To be run in this folder:
%
%     octave-cli octave_values.m > octave_values.txt
%
% A record is the script as it stands in the list, where \n is a newline; a line with how to
% compare (exact, relative, largest: see the list), the name y, rows, columns, and the elements
% down the columns with 17 digits; and an empty line.

1;

function y = value_of(code)
  evalc(code);  % evaluates, and keeps what it prints from the output
  y = double(y);
end

comparison = "";
list = fopen("octave_list.txt", "r");
while ischar(line = fgetl(list))
  heading = regexp(line, '^%% (\w+)', "tokens");
  if !isempty(heading)
    comparison = heading{1}{1};
  elseif !isempty(line) && line(1) != "%"
    try
      y = value_of(strrep(line, '\n', "\n"));
    catch problem
      fprintf(stderr, "%s\n  %s\n", line, problem.message);
      continue;
    end
    if iscomplex(y)
      fprintf(stderr, "%s\n  is complex\n", line);
      continue;
    end
    printf("%s\n%s y %d %d", line, comparison, rows(y), columns(y));
    if !isempty(y)
      printf(" %.17g", y(:));
    end
    printf("\n\n");
  end
end
fclose(list);
