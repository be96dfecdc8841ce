/* SPDX-License-Identifier: MIT */
/* Plot commands: what is collected, the script that gnuplot gets, and the files. */
#define _POSIX_C_SOURCE 200809L

#include "tests/script_program.h"
#include "tests/suite.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARGUMENTS(...) ((const char *const[]){__VA_ARGS__, NULL})
#define COUNT(array) (sizeof(array) / sizeof *(array))

/* bin/gnuplot is first in PATH, pictures go to out. */
static char folder[] = "/tmp/script-plot-XXXXXX";
static char out[64];
static char *whole_path;

static void set_gnuplot(const char *commands)
{
    char text[400];
    snprintf(text, sizeof text, "#!/bin/sh\n%s\n", commands);
    write_in(folder, "bin/gnuplot", text);
    ck_assert_int_eq(chmod(path_in(folder, "bin/gnuplot"), 0700), 0);
}

static void start(void)
{
    static char path[4096];
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(out, sizeof out, "%s/out", folder);
    ck_assert_int_eq(mkdir(path_in(folder, "bin"), 0700), 0);
    whole_path = getenv("PATH");
    snprintf(path, sizeof path, "%s/bin:%s", folder, whole_path);
    setenv("PATH", path, 1);
    set_gnuplot("exec cat"); /* the picture is the script */
}

/* Empties a folder of files, and removes it; tells how many there were. */
static size_t empty(const char *path)
{
    char file[400];
    size_t count = 0;
    DIR *stream = opendir(path);
    if (!stream) return 0;
    for (struct dirent *entry; (entry = readdir(stream));) {
        if (entry->d_name[0] == '.') continue;
        snprintf(file, sizeof file, "%s/%s", path, entry->d_name);
        count++;
        remove(file);
    }
    closedir(stream);
    rmdir(path);
    return count;
}

static void finish(void)
{
    empty(out);
    empty(path_in(folder, "bin"));
    empty(folder);
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
}

static void ends(const char *const *arguments, int status, const char *errors)
{
    struct script_outcome outcome = script_program("", 0, arguments);
    ck_assert_msg(outcome.status == status, "status %d\n%s", outcome.status, outcome.errors);
    ck_assert_str_eq(outcome.output, "");
    const bool silent = *errors == '\0';
    ck_assert_msg(silent ? !*outcome.errors : strstr(outcome.errors, errors) != NULL, "%s",
                  outcome.errors);
    script_outcome_free(&outcome);
}

/* What gnuplot gets of the code's only figure; free() it. */
static char *script_of(const char *code)
{
    ends(ARGUMENTS("--plots", out, "-e", code), 0, "");
    char *text = script_file(path_in(folder, "out/plot-1.svg"));
    ck_assert_msg(empty(out) == 1, "%s", code);
    return text;
}

static void draws(const char *code, const char *part)
{
    char *text = script_of(code);
    ck_assert_msg(strstr(text, part) != NULL, "%s\nhas no\n%s\nin\n%s", code, part, text);
    free(text);
}

static void draws_no(const char *code, const char *part)
{
    char *text = script_of(code);
    ck_assert_msg(!strstr(text, part), "%s\nhas\n%s\nin\n%s", code, part, text);
    free(text);
}

static const char every_command[] =
    "x = 1:5; Z = (1:5)'*x; h = figure(3); subplot(2, 2, 1), plot(x), hold on\n"
    "p = plot(x, x.^2, '--or', x, 2*x, \"linewidth\", 2, \"color\", [0 0.5 0]); hold off, clf\n"
    "subplot(221); semilogx(x, x), subplot(2, 2, 2); semilogy(x, x, ':k;y;')\n"
    "subplot(2, 2, 3); loglog(x, x), grid on, grid off, grid, grid minor\n"
    "subplot(2, 2, 4); scatter(x, x, 10, 'filled'), axis equal, axis([0 6 -1 6]), axis off\n"
    "figure, bar(x), bar(x, [x; 2*x]'), bar(x, x, 0.5, 'g'), hist(x), hist(x, 3), hist(x, x, 1)\n"
    "figure, contour(Z), contour(x, x, Z), contour(x, x, Z, 3), contour(x, x, Z, [2 2]), hold\n"
    "mesh(Z), mesh(x, x, Z), surf(x, x, Z), meshc(Z), surfc(Z), surf(Z, Z, Z, Z), zlabel z\n"
    "xlabel('x'), ylabel y, title('t', 'fontsize', 14), text(1, 2, 'here'), xlim([0 6])\n"
    "ylim([-Inf 9]), zlim([0 30]), legend('a', 'b', 'location', 'southwest'), legend show\n"
    "legend off, legend boxoff, legend(p, 'c'), colorbar, colormap gray, shading interp\n"
    "stairs(x), stem(x), scatter3(x, x, x), grid on minor, area(x, [x; x]'), fill([0 1 1], [0 0 "
    "1], 'r'), errorbar(x, x, x), errorbar(x, x, "
    "'.')\n"
    "hold on, line([1 2], [3 4]), plot3(x, x, x), set(gca, 'fontsize', 12), box('on')\n"
    "view(3), drawnow, axis tight, axis('square'), plot(NaN), plot([]), plot([], [])\n"
    "figure(h); close(3), close 3, close, close(99), figure; title('alone');";

START_TEST(commands_are_accepted_and_one_line_tells_of_pictures)
{
    ends(ARGUMENTS("-e", every_command), 0,
         "autodiff: 4 plots were skipped; --plots FOLDER draws them with gnuplot\n");
    struct script_outcome outcome = script_run(every_command);
    ck_assert_msg(outcome.status == 0, "%s", outcome.errors);
    script_outcome_free(&outcome);
    ends(ARGUMENTS("-e", "plot(1)"), 0,
         "autodiff: 1 plot was skipped; --plots FOLDER draws it with gnuplot\n");
    ends(ARGUMENTS("-e", "figure; close all; clf"), 0, "");
    ends(ARGUMENTS("--stats", "-e", "plot(1), title('t')"), 0, "nodes 0,"); /* none is left */
    script_prints("figure(4); plot(1); figure(2); h = gcf, close(gcf), h = gcf", "h = 2\nh = 4\n");
    script_prints("h = figure, g = figure, figure(h); k = figure, p = plot(1)",
                  "h = 1\ng = 2\nk = 3\np = 1\n");
}
END_TEST

START_TEST(lines)
{
    draws("plot([3 1 2])", "$data1 << END\n1 3 0\n2 1 0\n3 2 0\nEND\n");
    draws("plot([1; 2], [0.1; -2e-9])", "\n1 0.1 0\n2 -2e-09 0\nEND\n");
    draws("plot([1 2; 3 4])", "$data2 << END\n1 2 0\n2 4 0\nEND\n");
    draws("plot([7 8 9], [1 2 3; 4 5 6])", "$data2 << END\n7 4 0\n8 5 0\n9 6 0\nEND\n");
    draws("plot([1 2; 3 4], [5 6; 7 8])", "$data2 << END\n2 6 0\n4 8 0\nEND\n");
    draws("plot([1 2 3], [1 NaN Inf])", "1 1 0\nNaN NaN NaN\nNaN NaN NaN\nEND\n");
    draws("semilogy([0 1], [0 2])", "NaN NaN NaN\n1 2 0\nEND\n");
    draws("semilogy([0 1], [0 2])", "set logscale y\nplot $data1 using 1:2 with lines");
    draws("semilogx(1:2)", "\nset logscale x\nplot");
    draws("loglog(1:2)", "set logscale x\nset logscale y\nplot");
    draws("plot(NaN)", "set xrange [1:10]\nset yrange [1:10]\nplot NaN notitle\n");
    ends(ARGUMENTS("--plots", out, "-e", "plot([]), plot([], [])"), 0, "");
    ck_assert_int_ne(access(out, F_OK), 0);
    draws("plot(NaN), hold on, plot(2)", "plot $data2 using");
    draws("plot(1:2)", "with lines lw 1 lc rgb '#0072b2' dt 1 notitle\n");
    draws("plot(1:2, 1:2, 1:2, 3:4)", "with lines lw 1 lc rgb '#d55e00' dt 2 notitle\n");
    draws("plot(1:2, '--')", "with lines lw 1 lc rgb '#0072b2' dt 2 ");
    draws("plot(1:2, '-.r')", "with lines lw 1 lc rgb '#d62728' dt 4 ");
    draws("plot(1:2, 'o')", "with points lw 1 lc rgb '#0072b2' pt 6 ps 1 ");
    draws("plot(1:2, 'k:x;it''s;')",
          "with linespoints lw 1 lc rgb '#000000' dt 3 pt 2 ps 1 title 'it''s'");
    draws("plot(1:2, 'LineWidth', 3)", "lw 3 ");
    draws("plot(1:2, 'color', 'blue', 'tag', 5)", "rgb '#1f5fd0'");
    draws("plot(1:2, 'color', 'black')", "rgb '#000000'");
    draws("plot(1:2, 'color', [1 0.5 -3])", "rgb '#ff7f00'");
    draws("plot(1:2, 'linestyle', 'none', 'marker', 's')",
          "with points lw 1 lc rgb '#0072b2' pt 4");
    draws("plot(1:2, 'marker', 's', 'displayname', 'd')",
          "with linespoints lw 1 lc rgb '#0072b2' dt 1 pt 4 ps 1 title 'd'");
    draws("scatter(1:2, 3:4, 9, 'filled')", "with points lw 1 lc rgb '#0072b2' pt 7");
    draws("x = 3; y = x^2; plot(x, grad(y, x))", "\n3 6 0\n");
}
END_TEST

START_TEST(bars_areas_and_lines_in_space)
{
    draws("bar([5 6])", "\n1 5 0.8\n2 6 0.8\nEND\n");
    draws("stairs(1:2, 3:4)", "using 1:2 with steps lw 1 lc rgb '#0072b2' dt 1 ");
    draws("stem(1:2)", "with impulses lw 1 lc rgb '#0072b2' dt 1 notitle, '' using 1:2 with points "
                       "lc rgb '#0072b2' pt 6 ps 1 notitle\n");
    draws("plot([1 3], 5)", "\n1 5 0\n3 5 0\nEND\n");
    draws("plot(5, [1 3])", "\n5 1 0\n5 3 0\nEND\n");
    draws("area([1 2; 3 4])", "$data2 << END\n1 3 1\n2 7 3\nEND\n");
    draws("area([1 2; 3 4])", "using 1:2:3 with filledcurves fs solid 0.8 border -1 lc rgb");
    draws("fill([0 1 1], [0 0 1], 'r')", "$data1 << END\n0 0 0\n1 0 0\n1 1 0\n0 0 0\nEND\n");
    draws("fill([0 1 1], [0 0 1], 'r')",
          "using 1:2 with filledcurves closed fs solid 0.8 border -1 ");
    draws("errorbar([5 6], [1 2])", "\n1 5 1\n2 6 2\nEND\n");
    draws("errorbar([3 4], [5 6], [1 2])",
          "using 1:2:3 with yerrorlines lw 1 lc rgb '#0072b2' dt 1");
    draws("errorbar([3 4], [5 6], [1 2], 'o')", "with yerrorbars lw 1 lc rgb '#0072b2' pt 6 ");
    draws("plot3([1 2], [3 4], [5 6])", "\n1 3 5\n2 4 6\nEND\n");
    draws("plot3([1 2], [3 4], [5 6])", "splot $data1 using 1:2:3 with lines lw 1 ");
    draws("plot(1), line([1 2], [3 4])", "$data2 << END\n1 3 0\n2 4 0\nEND\n");
    draws("bar([5 6], 1)", "\n1 5 1\n2 6 1\nEND\n");
    draws("bar([0 2], [5 6], 0.5, 'r')", "\n0 5 1\n2 6 1\nEND\n");
    draws("bar([0 2], [5 6], 0.5, 'r')", "set yrange [*<0:0<*]\nplot $data1 using 1:2:3 with boxes "
                                         "fs solid 0.8 border -1 lc rgb '#d62728' notitle");
    draws("bar([1 2; 3 4], 1)", "$data2 << END\n1.25 2 0.5\n2.25 4 0.5\nEND\n");
    draws("fplot(@(x) x^2, [0 199])", "\n0 0 0\n1 1 0\n2 4 0\n");
    draws("ezplot(@cos)", "-6.28318530718 1 0\n");
    draws("hist([1 2 2 5], 2)", "\n2 3 2\n4 1 2\nEND\n");
}
END_TEST

START_TEST(grids)
{
    draws("mesh([1 2; 3 4])", "\n1 1 1\n2 1 2\n\n1 2 3\n2 2 4\nEND\n");
    draws("mesh([5 6], [7; 8], [1 2; 3 4])", "\n5 7 1\n6 7 2\n\n5 8 3\n6 8 4\nEND\n");
    draws("X = [5 6; 5 6]; mesh(X, X', [1 NaN; 3 4])",
          "\n5 5 1\nNaN NaN NaN\n\n5 6 3\n6 6 4\nEND\n");
    draws("mesh(eye(2))",
          "splot $data1 using 1:2:3 with lines lw 1 lc palette nocontour notitle\n");
    draws("mesh(eye(2), 'r')", "with lines lw 1 lc rgb '#d62728'");
    draws("surf(eye(2))", "splot $data1 using 1:2:3 with pm3d nocontour notitle\n");
    draws("mesh(eye(2)), hold on, plot([1 2], [1 2])", ", $data2 using 1:2:3 with lines");
    draws("surf(eye(2), 'linewidth', 2)", "\n1 1 1\n2 1 0\n\n1 2 0\n2 2 1\nEND\n");
    draws("surfc(eye(2))",
          "set contour base\nunset clabel\nset cntrparam levels auto 10\nsplot $data1 "
          "using 1:2:3 with pm3d nocontour notitle, $data2 using 1:2:3 with lines "
          "lw 1 lc palette nosurface notitle\n");
    draws("contour(eye(2))", "set cntrparam levels auto 10\nset table $lines1\nsplot $data1\n");
    draws("contour(eye(2))", "plot $data1 using 1:2 with dots lc bgnd notitle, $lines1 using 1:2:3 "
                             "with lines lw 1 lc palette notitle\n");
    draws("contour(1:2, 1:2, eye(2), 4)", "set cntrparam levels auto 4\n");
    draws("contour(1:2, 1:2, eye(2), [0.5 Inf 2])", "set cntrparam levels discrete 0.5,2\n");
    draws("contour(eye(2)), hold on, plot(1:2, 'r')", ", $data2 using 1:2 with lines");
}
END_TEST

START_TEST(axes_and_what_is_written_on_them)
{
    draws("xlabel time, ylabel('a b'), title(\"x_1\")",
          "set xlabel 'time'\nset ylabel 'a b'\nset title 'x_1'\n");
    draws("plot(1), plot(2)", "$data1 << END\n1 2 0\nEND\n");
    draws_no("title('old'), plot(1)", "old");
    draws_no("plot(1), plot(2)", "$data2");
    draws("plot(1), hold on, plot(2), hold off", "$data2 << END\n1 2 0\n");
    draws("hold on, plot(1), hold off, plot(2)", "$data1 << END\n1 2 0\n");
    draws("plot(1), grid on", "set grid\nplot");
    draws_no("plot(1), grid on, grid", "set grid");
    draws("plot(1), axis([0 1 -2 Inf])", "set xrange [0:1]\nset yrange [-2:*]\n");
    draws("plot(1), ylim([1e-3 2])", "set yrange [0.001:2]\n");
    draws("plot(1), axis equal", "set size ratio -1\n");
    draws("plot(1), text(2, 3, 'p')", "set label 'p' at 2,3\n");
    draws("plot(1:2, 1:2, 1:2, 1:2), legend('a', 'b', 'c')", "title 'a', $data2");
    draws("plot(1:2, 1:2, 1:2, 1:2), legend('Interpreter', 'latex', 'a', 'FontSize', 9, 'b')",
          "title 'a', $data2");
    draws("plot(1), legend('a', 'Location', 'SouthEast')", "set key inside bottom right\n");
    draws("plot(1:2, ';a;'), legend('b')", "title 'b'\n");
    draws("plot(1), legend('a', 'location', 'northwestoutside')", "set key outside top left\n");
    draws("plot(1), legend off", "unset key\n");
    draws("subplot(2, 2, 3), plot(1)", "set origin 0,0\nset size 0.5,0.5\n");
    draws("subplot(212), plot(1), subplot(2, 2, 1), plot(2)",
          "set origin 0,0.5\nset size 0.5,0.5\n");
    draws("subplot(2, 2, [2 4]), plot(1)", "set origin 0.5,0\nset size 0.5,1\n");
    draws_no("subplot(2, 1, 1), plot(1), subplot(1, 1, 1), plot(2)", "set size 1,0.5");
    draws("subplot(2, 1, 1), plot(1), subplot(2, 1, 2), plot(2), subplot(2, 1, 1), title('again')",
          "set title 'again'\nplot $data2 using");
    draws("plot(1)",
          "set terminal svg size 800,600 noenhanced background rgb 'white'\nset multiplot\n");
}
END_TEST

/* Text that would run a command if it were read as anything but text. */
static const char attack[] =
    "title(\"'\\n! touch %s/bad\\n`touch %s/bad`\\\\\"), xlabel('@x'';!touch %s/bad'),\n"
    "plot(1, ';a'' `touch %s/bad`;'), legend('\" . system(\"touch %s/bad\") . \"'),\n"
    "text(1, 1, \"\\n!touch %s/bad\\n\")";

START_TEST(text_is_never_a_command)
{
    char code[2000];
    draws("plot(1), title(\"it's\\n`date` \\\\\")", "set title 'it''s'.\"\\n\".'`date` \\'\n");
    draws("plot(1), title(\"a\\0b\")", "set title 'a b'\n");
    draws("plot(1), legend(\"a\\nb\")", "title 'a'.\"\\n\".'b'\n");
    setenv("PATH", whole_path, 1); /* the true one, if it is installed */
    snprintf(code, sizeof code, attack, folder, folder, folder, folder, folder, folder);
    struct script_outcome outcome = script_program("", 0, ARGUMENTS("--plots", out, "-e", code));
    ck_assert_msg(outcome.status == 0 || strstr(outcome.errors, "gnuplot-nox"), "%s",
                  outcome.errors);
    ck_assert_int_ne(access(path_in(folder, "bad"), F_OK), 0);
    script_outcome_free(&outcome);
}
END_TEST

START_TEST(each_figure_is_a_file)
{
    ends(ARGUMENTS("--plots", out, "-e", "figure; plot(1); figure; figure; plot(2)"), 0, "");
    ck_assert_uint_eq(empty(out), 2);
    ends(ARGUMENTS("--plots", out, "-e", "plot(1); close; close; plot(2); close all; plot(3)"), 0,
         "");
    char *text = script_file(path_in(folder, "out/plot-2.svg"));
    ck_assert_ptr_nonnull(strstr(text, "\n1 2 0\n"));
    free(text);
    ck_assert_uint_eq(empty(out), 3);
    ends(ARGUMENTS("--plots", out, "-e",
                   "figure(2); plot(1); figure(1); plot(2); figure(2); hold on; plot(3)"),
         0, "");
    ck_assert_uint_eq(empty(out), 2);
    write_in(folder, "a.b.ad", "plot(1)\nfunction f(), plot(2), close, end\nf()");
    write_in(folder, "c.ad", "x = 1;");
    ends(ARGUMENTS("--plots", out, path_in(folder, "a.b.ad"), path_in(folder, "c.ad")), 0, "");
    ck_assert_int_eq(access(path_in(folder, "out/a.b-1.svg"), F_OK), 0);
    ck_assert_uint_eq(empty(out), 1);
    ends(ARGUMENTS("--plots", out, "-e", "plot(1), error('oh')"), 2, "oh");
    ck_assert_uint_eq(empty(out), 1); /* what came before the error */
    ends(ARGUMENTS("--plots", out, "-e", "x = 1;"), 0, "");
    ck_assert_int_ne(access(out, F_OK), 0); /* no folder for nothing */
}
END_TEST

START_TEST(print_draws_at_once)
{
    write_in(folder, "p.ad",
             "plot(1)\nprint('p.png')\nprint -dpdf -r300 \"p.pdf\"\nprint(1, 'q.eps')\n"
             "saveas(gcf, 's.png')");
    ends(ARGUMENTS(path_in(folder, "p.ad")), 0, "");
    static const char *const files[][2] = {{"p.png", "pngcairo"},
                                           {"p.pdf", "pdfcairo"},
                                           {"q.eps", "postscript eps"},
                                           {"s.png", "pngcairo"}};
    for (size_t k = 0; k < COUNT(files); k++) {
        char *text = script_file(path_in(folder, files[k][0]));
        ck_assert_ptr_nonnull(strstr(text, files[k][1]));
        free(text);
    }
    write_in(folder, "p.ad", "plot(1)\nprint('p.svg')\nplot(2)");
    ends(ARGUMENTS(path_in(folder, "p.ad")), 0, "1 plot was skipped"); /* the second one */
}
END_TEST

START_TEST(what_goes_wrong_is_told)
{
    set_gnuplot("cat >/dev/null; echo 'half a picture'; echo >&2; echo '   line 3: no such thing' "
                ">&2; exit 1");
    ends(ARGUMENTS("--plots", out, "-e", "plot(1)"), 2,
         "out/plot-1.svg: gnuplot failed: line 3: no such thing\n");
    ck_assert_uint_eq(empty(out), 0);
    set_gnuplot("exit 3");
    ends(ARGUMENTS("--plots", out, "-e", "plot(1), close"), 2, "1:10: error: close: ");
    write_in(folder, "p.ad", "plot(1)\nprint('p.svg')");
    ends(ARGUMENTS(path_in(folder, "p.ad")), 2, "p.svg: gnuplot failed\n");
    set_gnuplot("kill -9 $$");
    write_in(folder, "p.svg", "drawn before");
    ends(ARGUMENTS(path_in(folder, "p.ad")), 2, "p.svg: gnuplot failed\n");
    char *kept = script_file(path_in(folder, "p.svg"));
    ck_assert_str_eq(kept, "drawn before");
    free(kept);
    set_gnuplot("echo picture");
    write_in(folder, "p.ad", "plot(1)\nprint('no/such/folder/p.svg')");
    ends(ARGUMENTS(path_in(folder, "p.ad")), 2, "No such file or directory");
    ends(ARGUMENTS("--plots", "/dev/null/x", "-e", "plot(1)"), 2, "/dev/null/x: Not a directory");
    ends(ARGUMENTS("--plots"), 2, "--plots: an argument is missing");
}
END_TEST

START_TEST(a_missing_gnuplot_is_named_with_its_package)
{
    char expected[200];
    setenv("PATH", "/no/such/folder", 1);
    ends(ARGUMENTS("--plots", out, "-e", "plot(1)"), 2,
         "gnuplot could not be run; it is part of the package gnuplot-nox");
    write_in(folder, "p.ad", "plot(1)\nprint('p.png')");
    snprintf(expected, sizeof expected,
             "print: %s/p.png: gnuplot could not be run; it is part of the package gnuplot-nox",
             folder);
    ends(ARGUMENTS(path_in(folder, "p.ad")), 2, expected);
}
END_TEST

START_TEST(gnuplot_draws_every_command)
{
    setenv("PATH", whole_path, 1);
    if (system("command -v gnuplot >/dev/null") != 0) return;
    char text[2000];
    ends(ARGUMENTS("--plots", out, "-e", every_command), 0, "");
    char *picture = script_file(path_in(folder, "out/plot-1.svg"));
    ck_assert_ptr_nonnull(strstr(picture, "<svg"));
    free(picture);
    ck_assert_uint_eq(empty(out), 4);
    static const char *const codes[] = {"plot(NaN)",
                                        "loglog([0 1])",
                                        "contour(ones(3))",
                                        "surf([1 2; 3 NaN])",
                                        "bar([1 NaN; 2 3])",
                                        "contour([1 2; 3 4]), hold on, plot(1:2), title(\"a\\nb\")",
                                        "semilogy(1:3), ylim([1 Inf])",
                                        "mesh(eye(3)), hold on, contour(eye(3)), plot(1:3, 'rx')",
                                        "hist([1 1 1])",
                                        "contour([1 2; 3 4]), hold on, bar(1:2)",
                                        "plot(1, 1)",
                                        "text(1, 1, 'a')"};
    for (size_t k = 0; k < COUNT(codes); k++) {
        ends(ARGUMENTS("--plots", out, "-e", codes[k]), 0, "");
        ck_assert_msg(empty(out) == 1, "%s", codes[k]);
    }
    static const char *const starts[][2] = {
        {"p.png", "\x89PNG"}, {"p.pdf", "%PDF"}, {"p.eps", "%!PS"}};
    for (size_t k = 0; k < COUNT(starts); k++) {
        snprintf(text, sizeof text, "plot(1:3), print('%s')", path_in(folder, starts[k][0]));
        ends(ARGUMENTS("-e", text), 0, "");
        picture = script_file(path_in(folder, starts[k][0]));
        ck_assert_msg(strncmp(picture, starts[k][1], 4) == 0, "%s", starts[k][0]);
        free(picture);
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script plot");
    TCase *cases = tcase_create("plot");
    tcase_add_checked_fixture(cases, start, finish);
    tcase_set_timeout(cases, 120);
    tcase_add_test(cases, commands_are_accepted_and_one_line_tells_of_pictures);
    tcase_add_test(cases, lines);
    tcase_add_test(cases, bars_areas_and_lines_in_space);
    tcase_add_test(cases, grids);
    tcase_add_test(cases, axes_and_what_is_written_on_them);
    tcase_add_test(cases, text_is_never_a_command);
    tcase_add_test(cases, each_figure_is_a_file);
    tcase_add_test(cases, print_draws_at_once);
    tcase_add_test(cases, what_goes_wrong_is_told);
    tcase_add_test(cases, a_missing_gnuplot_is_named_with_its_package);
    tcase_add_test(cases, gnuplot_draws_every_command);
    suite_add_tcase(s, cases);
    return s;
}
