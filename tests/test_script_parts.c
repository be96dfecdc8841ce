/* SPDX-License-Identifier: MIT */
/* Parts of the script runner by themselves: names near a misspelt one, random numbers, files of
 * numbers, escapes, lengths of ranges, places in a text, the prelude, memory that ends. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"
#include "autodiff/script/run/interpreter.h"
#include "tests/suite.h"

#include <string.h>

START_TEST(edit_distance_counts_a_swap_as_one)
{
    ck_assert_uint_eq(edit_distance("", ""), 0);
    ck_assert_uint_eq(edit_distance("", "abc"), 3);
    ck_assert_uint_eq(edit_distance("abc", "abc"), 0);
    ck_assert_uint_eq(edit_distance("lgo", "log"), 1);
    ck_assert_uint_eq(edit_distance("sinn", "sin"), 1);
    ck_assert_uint_eq(edit_distance("kitten", "sitting"), 3);
    ck_assert_uint_eq(edit_distance("abcd", "badc"), 2);
    ck_assert_uint_eq(edit_distance("jacobain", "jacobian"), 1);
}
END_TEST

START_TEST(all_nearest_names_are_offered_in_order)
{
    text_buffer text = {0};
    const char *names[] = {"sinh", "cos", "sin", "sign", "sum"}, *other = "other";
    suggest(&text, "sinn", names, 5);
    ck_assert_str_eq(text.data, "; did you mean sign, sin or sinh?");
    text_free(&text);
    suggest(&text, "completely", &other, 1);
    ck_assert_uint_eq(text.length, 0);
}
END_TEST

START_TEST(random_numbers_are_these_on_every_machine)
{
    static const double uniform[] = {0.8116121588818848, 0.7471047161582187, 0.10015090353378381};
    static const double normal[] = {1.5649292044086927, 0.9683545070773341, -0.05205650787247266};
    random_generator generator;
    generator_seed(&generator, 1);
    for (int k = 0; k < 3; k++) {
        ck_assert_double_eq(generator_uniform(&generator), uniform[k]);
    }
    generator_seed(&generator, 2);
    for (int k = 0; k < 3; k++) {
        ck_assert_double_eq(generator_normal(&generator), normal[k]);
    }
}
END_TEST

static bool read_csv(const char *bytes, csv_table *csv, text_buffer *why)
{
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    fputs(bytes, file);
    rewind(file);
    bool good = csv_read(file, csv, why);
    fclose(file);
    return good;
}

START_TEST(csv_takes_commas_blanks_and_a_header)
{
    static const struct {
        const char *text;
        size_t rows, cols;
        double last;
    } files[] = {
        {"1,2\n3,4\n", 2, 2, 4},
        {"1 2\n3\t4", 2, 2, 4},
        {"a,b\n1 , 2\r\n", 1, 2, 2},
        {"\n\n5\n\n6\n", 2, 1, 6},
        {"x x1\n1 2\n3 -4e-1\n", 2, 2, -0.4},
        {"NaN,Inf,-Inf\n", 1, 3, -1},
        {"\xEF\xBB\xBF"
         "1,2\r\n3,4",
         2, 2, 4},
        {"\xEF\xBB\xBF\n7", 1, 1, 7},
        {"1,2\r3,4\r\r5,6\r", 3, 2, 6},
        {"a,b\r1,2\n3,4\r\n5,6", 3, 2, 6},
        {"gr\xC3\xB6\xC3\x9F"
         "e,\n1,2\n",
         1, 2, 2},
        {"\xE6\xB8\xA9 \xE5\xBA\xA6\n1 2\n", 1, 2, 2},
        {"\n\n a\n5\n", 1, 1, 5},
        {"1,2\r\n", 1, 2, 2},
        {"0.5000000000000000000000000000000000000000000000000000000000000000000000000", 1, 1, 0.5},
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        csv_table csv;
        text_buffer why = {0};
        ck_assert_msg(read_csv(files[k].text, &csv, &why), "%zu: %s", k, why.data);
        ck_assert_uint_eq(csv.rows, files[k].rows);
        ck_assert_uint_eq(csv.cols, files[k].cols);
        double last = csv.values[csv.rows * csv.cols - 1];
        ck_assert(k == 5 ? last < -1e308 : last == files[k].last);
        release(csv.values);
    }
}
END_TEST

START_TEST(csv_names_the_line_and_field_that_is_wrong)
{
    static const char *const files[][2] = {
        {"1,2\n3,x\n", "line 2, field 2: \"x\" is not a number"},
        {"a,b\nc,d\n", "line 2, field 1: \"c\" is not a number"},
        {"1,2\n3\n", "line 2 has 1 fields, line 1 has 2"},
        {"h,h\n1,2\n1,2,3\n", "line 3 has 3 fields, line 2 has 2"},
        {"h,h,h\n1,2,3\n3,,4\n", "line 3, field 2 is empty"},
        {"1,,2\n1,2,3\n3,,4\n", "line 1, field 2 is empty"},
        {"1,2x\n3,4\n", "line 1, field 2: \"2x\" is not a number"},
        {"x 1\n1 2\n", "line 1, field 1: \"x\" is not a number"},
        {",1\n2,3\n", "line 1, field 1 is empty"},
        {"1,\n2,3\n", "line 1, field 2 is empty"},
        {"-,-\n2,3\n", "line 1, field 1: \"-\" is not a number"},
        {",\n2,3\n", "line 1, field 1 is empty"},
        {"1,0x10\n", "line 1, field 2: \"0x10\" is not a number"},
        {"1,nan(1)\n", "line 1, field 2: \"nan(1)\" is not a number"},
        {"1;2\n3;4\n", "line 1, field 1: \"1;2\" is not a number"},
        {"1,2\r3,x\r\n", "line 2, field 2: \"x\" is not a number"},
        {"1,2\r\n\r\n3\r\n", "line 3 has 1 fields, line 1 has 2"},
        {"1\n2\033[31m\n", "line 2, field 1: \"2?[31m\" is not a number"},
        {"1,2\n3,\n", "line 2, field 2 is empty"},
        {"1,2\n3,4 5x\n", "line 2, field 3: \"5x\" is not a number"},
        {"", "no numbers in it"},
        {"only,a,header\n", "no numbers in it"},
    };
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        csv_table csv;
        text_buffer why = {0};
        ck_assert_msg(!read_csv(files[k][0], &csv, &why), "%zu is read", k);
        ck_assert_str_eq(why.data, files[k][1]);
        text_free(&why);
    }
}
END_TEST

/* A line end, a mark and a field that lie across the reader's blocks are read as elsewhere. */
START_TEST(csv_reads_on_across_its_blocks)
{
    for (int ends = 0; ends < 3; ends++) {
        static const char *const line_ends[] = {"\n", "\r", "\r\n"};
        text_buffer text = {0}, why = {0};
        csv_table csv;
        for (size_t k = 0; k < 30000; k++) {
            text_print(&text, "%zu,%zu%s", k, 2 * k, line_ends[ends]);
        }
        ck_assert_msg(read_csv(text.data, &csv, &why), "%s", why.data);
        ck_assert_uint_eq(csv.rows, 30000);
        for (size_t k = 0; k < 30000; k++) {
            ck_assert(csv.values[2 * k] == (double)k && csv.values[2 * k + 1] == (double)(2 * k));
        }
        release(csv.values);
        text_free(&text);
    }
}
END_TEST

START_TEST(csv_stops_at_the_limit_of_files)
{
    csv_table csv;
    text_buffer why = {0};
    size_t before = file_limit;
    file_limit = 8;
    ck_assert(read_csv("1,2\n3,4\n", &csv, &why));
    release(csv.values);
    ck_assert(!read_csv("1,2\n3,4\n5", &csv, &why));
    ck_assert_str_eq(why.data, "is larger than 8 bytes, the limit");
    why.length = 0;
    FILE *endless = fopen("/dev/zero", "rb");
    ck_assert_ptr_nonnull(endless);
    ck_assert(!csv_read(endless, &csv, &why));
    ck_assert_str_eq(why.data, "is larger than 8 bytes, the limit");
    fclose(endless);
    file_limit = before;
    text_free(&why);
}
END_TEST

START_TEST(escapes_are_resolved)
{
    text_buffer text = {0};
    text_append(&text, "a\\tb\\n\\\\\\\"\\101\\x41\\q", 21);
    text_unescape(&text);
    ck_assert_str_eq(text.data, "a\tb\n\\\"AAq");
    text_free(&text);
}
END_TEST

START_TEST(places_count_lines_and_bytes_from_one)
{
    source_text *source = source_new("s", "ab\ncd\n\nx", 8);
    static const size_t offsets[] = {0, 1, 2, 3, 6, 7, 100};
    static const line_place places[] = {{1, 1}, {1, 2}, {1, 3}, {2, 1}, {3, 1}, {4, 1}, {4, 2}};
    for (size_t k = 0; k < 7; k++) {
        line_place place = source_place(source, offsets[k]);
        ck_assert_uint_eq(place.line, places[k].line);
        ck_assert_uint_eq(place.column, places[k].column);
    }
    source_free(source);
}
END_TEST

/* ---- Ranges -------------------------------------------------------------------------------- */

/* a/10^k : b/10^k : c/10^k, whose exact length is that of a:b:c. */
static void range_has_its_length(interpreter *in, long a, long b, long c, double scale)
{
    size_t count, exact = (size_t)((c - a) / b + 1);
    ck_assert(range_count(in, (double)a / scale, (double)b / scale, (double)c / scale, &count));
    ck_assert_msg(count == exact, "%.10g:%.10g:%.10g has %zu elements, not %zu", (double)a / scale,
                  (double)b / scale, (double)c / scale, count, exact);
}

/* Decimal ranges, up and down, that end at the limit, one digit before it and one after it. */
START_TEST(ranges_have_the_lengths_of_exact_arithmetic)
{
    static const long starts[] = {0, 1, 2, 3, 7, 10, 99, 100, 102, 200, 1000, 1001, 12345, 100000};
    static const long steps[] = {1, 2, 3, 5, 7, 10, 11, 25, 99, 125};
    static const long counts[] = {1, 2, 3, 4, 7, 10, 29, 100, 1000, 9999};
    interpreter *in = interpreter_new(stdout, NULL);
    int ranges = 0;
    for (int sign = -1; sign <= 1; sign += 2) {
        for (size_t k = 0; k < 14 * 10 * 10; k++) {
            long a = sign * starts[k % 14], b = steps[k / 14 % 10], length = counts[k / 140] * b;
            for (double scale = 1; scale <= 1e6; scale *= 10, ranges += 4) {
                range_has_its_length(in, a, b, a + length, scale);
                range_has_its_length(in, a, b, a + length - 1, scale);
                range_has_its_length(in, a, b, a + length + 1, scale);
                range_has_its_length(in, a, -b, a - length, scale);
            }
        }
    }
    ck_assert_int_gt(ranges, 10000);
    interpreter_free(in);
}
END_TEST

/* ---- Memory that ends ---------------------------------------------------------------------- */

struct budget {
    size_t calls;
    size_t fail_at;  /* the number of the call that fails */
    bool fail_after; /* and all later ones */
    size_t live;     /* blocks given out and not released */
};

static void *allocate_some(size_t bytes, void *context)
{
    struct budget *budget = context;
    size_t call = budget->calls++;
    if (call == budget->fail_at || (budget->fail_after && call > budget->fail_at)) {
        return NULL;
    }
    void *memory = malloc(bytes);
    budget->live += memory != NULL;
    return memory;
}

static void release_some(void *memory, void *context)
{
    struct budget *budget = context;
    budget->live -= memory != NULL;
    free(memory);
}

/* Every kind of statement: each may be the one that finds no memory left. */
static const char long_script[] =
    "data = load(\"demos/data/iris.csv\");\n"
    "X = data(:, 1:4); y = data(:, 5) > 1;\n"
    "A = [4 1; 1 3];\n"
    "for k = 1:300\n"
    "  A = [A(:, 1), A(:, 2) + k/1000];\n"
    "  x = A \\ [k; 1];\n"
    "end\n"
    "w = zeros(4, 1);\n"
    "loss = @(w) sum(softplus(X*w)) - y'*(X*w);\n"
    "for step = 1:3\n"
    "  L = loss(w);\n"
    "  w = detach(w - hessian(L + w'*w, w) \\ grad(L + w'*w, w));\n"
    "end\n"
    "w\n"
    "B = ones(60)*ones(60);\n"
    "B(2, :) = []; B(:, end + 1) = 1; B(B > 60) = 2;\n"
    "g = grad(sum(x.^2) + logdet(A), A)\n"
    "J = jacobian(kron(A, A), A);\n"
    "H = hessian(det(A)^2, A);\n"
    "h = hvp(norm(A), A, ones(2));\n"
    "t = 2; s = t; n = 0;\n"
    "while n < 50, n += 1; s = s*t - sin(s)/n; end\n"
    "d = grad(s, t);\n"
    "for c = [1 2; 3 4], A(:, 1) += c; end\n"
    "if all(all(isnan(A))) == 0, r = 10:-1.5:1, end\n"
    "[m, i] = max(cumsum(r)); z = linspace(t, 3, 5); f = mod(z, 0.7);\n"
    "R = chol(A'*A + eye(2)); q = [R(:)', 1:3]; repmat(q, 2, 2);\n"
    "tril(B, -1); diag(q, 1); reshape(q, [], 1); v = B(end, [1 3 2]);\n"
    "printf(\"%g %s\\n\", m, \"text\"); disp(q), charpoly(A, t)\n"
    "check(grad(t^3, t), 3*t^2), gradcheck(sin(t)*t, t)\n"
    "e = 1; for k = 1:300, e(end+1) = e(k)/2; end, f = @(k) e(k) + t; e(3, 305) = 2;\n"
    "e(:, 4) = []; e(1) += f(2), sum(e(:));\n"
    "Z = ones(400); for k = 1:30, Z = Z*0.5 + 0.5; end, sum(Z(:)) == 160000\n" /* collects */
    "function [a, b] = fit(p, n)\n"
    "  for k = 1:n, p = 0.5*p + 1; a(k) = p; end, b = ['s' num2str(p)];\n"
    "end\n"
    "[a, b] = fit(t, 30), [q(1), b] = fit(t, 1); u = arrayfun(@(s) s^2, q); h = @fit; h(t, 3);\n"
    "switch b(1), case {'r', 's'}, u++; end, do, u--; until u < 0\n"
    "c = ['text ' b 65]; c(1:2), c + 1; sprintf(\"%s\", c); mat2str(q); l = feval(@plus, t, q);\n"
    "clear w x, who\n";

/* Runs the script with an allocator that fails; true if it came to its end all the same. */
static bool run_with(struct budget *budget, FILE *nowhere)
{
    ad_allocator allocator = {allocate_some, release_some, budget};
    interpreter *in = interpreter_new(nowhere, &allocator);
    bool good = false;
    if (in) {
        good = run_source(in, source_new("s", long_script, sizeof long_script - 1), NULL);
        const char *message = in->failure.message.data;
        ck_assert_msg(good || strstr(message, "out of memory"), "%zu: %s", budget->fail_at,
                      message);
        ck_assert(!good || !in->check_failed);
        if (!good) {
            report_failure(in, nowhere);
        }
    }
    interpreter_free(in);
    ck_assert_msg(budget->live == 0, "%zu: %zu blocks are lost", budget->fail_at, budget->live);
    return good;
}

/* Whichever allocation of the tape fails, alone or with all later ones, the script ends with its
 * result or with an error that tells, and gives back what it has. */
START_TEST(failed_allocations_are_errors_of_the_script)
{
    FILE *nowhere = fopen("/dev/null", "w");
    ck_assert_ptr_nonnull(nowhere);
    struct budget budget = {.fail_at = SIZE_MAX};
    ck_assert(run_with(&budget, nowhere));
    size_t calls = budget.calls, failed = 0;
    ck_assert_uint_gt(calls, 20);
    for (size_t k = 0; k < calls; k++) {
        budget = (struct budget){.fail_at = k, .fail_after = _i};
        failed += !run_with(&budget, nowhere);
    }
    fclose(nowhere);
    ck_assert_uint_gt(failed, 3);
}
END_TEST

/* A row that says so has a definition in the prelude, with as many parameters and results, and no
 * other row has. */
START_TEST(rows_and_definitions_of_the_prelude_agree)
{
    interpreter *in = interpreter_new(stdout, NULL);
    ck_assert_ptr_nonnull(in);
    ck_assert(run_source(in, source_new("test", "vec(1);", 7), NULL));
    size_t written = 0;
    for (uint32_t k = 0; k < function_count(); k++) {
        const builtin *function = function_of(k);
        const callee *definition = written_of(in, k);
        ck_assert_msg(function->written == (definition != NULL), "%s", function->name);
        if (!definition) continue;
        size_t least, most;
        function_arity(function, &least, &most);
        ck_assert_msg(list_length(definition->node->right) == (function->command ? 0 : most), "%s",
                      function->name);
        ck_assert_msg(list_length(definition->node->left) == (size_t)function->results, "%s",
                      function->name);
        written++;
    }
    ck_assert_uint_gt(written, 30);
    interpreter_free(in);
}
END_TEST

/* In the prelude the names of the script's functions and variables mean nothing. */
START_TEST(functions_of_the_prelude_see_nothing_of_the_script)
{
    static const char script[] = "function y = sort(x)\n y = 0;\nend\n"
                                 "function y = line_dimension(x)\n y = 7;\nend\n"
                                 "size = 3; m = median([3 1 2]); e = median == 2;";
    interpreter *in = interpreter_new(stdout, NULL);
    ck_assert(!run_source(in, source_new("test", script, strlen(script)), NULL));
    ck_assert(strstr(in->failure.message.data, "median: called with 0 arguments"));
    uint32_t symbol;
    ck_assert(symbol_find(&in->symbols, "m", 1, &symbol));
    ck_assert_double_eq(ad_value(lookup(in, symbol)->var), 2);
    ck_assert(!written_of(in, symbol));
    interpreter_free(in);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("script parts");
    TCase *cases = tcase_create("parts");
    tcase_add_test(cases, edit_distance_counts_a_swap_as_one);
    tcase_add_test(cases, all_nearest_names_are_offered_in_order);
    tcase_add_test(cases, random_numbers_are_these_on_every_machine);
    tcase_add_test(cases, csv_takes_commas_blanks_and_a_header);
    tcase_add_test(cases, csv_names_the_line_and_field_that_is_wrong);
    tcase_add_test(cases, csv_reads_on_across_its_blocks);
    tcase_add_test(cases, csv_stops_at_the_limit_of_files);
    tcase_add_test(cases, escapes_are_resolved);
    tcase_add_test(cases, places_count_lines_and_bytes_from_one);
    tcase_add_test(cases, ranges_have_the_lengths_of_exact_arithmetic);
    tcase_add_test(cases, rows_and_definitions_of_the_prelude_agree);
    tcase_add_test(cases, functions_of_the_prelude_see_nothing_of_the_script);
    tcase_add_loop_test(cases, failed_allocations_are_errors_of_the_script, 0, 2);
    suite_add_tcase(s, cases);
    return s;
}
