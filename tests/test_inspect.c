/* SPDX-License-Identifier: MIT */
/* Looking inside a tape: names, the drawing, values that are not finite, figures. */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/counting.h"
#include "tests/fixture.h"

/* ---- values and adjoints that are not finite ---- */

static void check_found(ad_which which, const char *expected)
{
    char text[300] = "untouched";
    ck_assert(ad_tape_find_nonfinite(tape, which, text, sizeof text));
    ck_assert_str_eq(text, expected);
}

static void check_none(ad_which which)
{
    char text[300] = "untouched";
    ck_assert(!ad_tape_find_nonfinite(tape, which, text, sizeof text));
    ck_assert_str_eq(text, "");
}

START_TEST(the_first_value_that_is_not_finite_is_found)
{
    ad_var x = ad_name(ad_scalar(tape, -1), "x"), y = ad_name(ad_sub(x, ad_scalar(tape, 1)), "y");
    check_none(AD_VALUES);
    ad_exp(ad_sqrt(y));
    check_found(AD_VALUES, "value of sqrt (node 3, 1x1) of y = -2");
}
END_TEST

START_TEST(operands_are_told_by_name_value_or_shape)
{
    ad_var A = ad_name(INPUT(2, 2, 1e308, 1, 1, 1), "A"), B = INPUT(2, 2, 10, 1, 1, 1);
    ad_name(ad_matmul(A, B), "product");
    check_found(AD_VALUES, "value of matmul (node 2, 2x2) named product of A (2x2), input (2x2)");
    ad_tape_reset(tape);
    ad_var x = ad_scalar(tape, 0);
    ad_div(ad_name(ad_exp(x), "e"), x);
    check_found(AD_VALUES, "value of div (node 2, 1x1) of e = 1, input = 0");
}
END_TEST

START_TEST(leaves_are_looked_at_too)
{
    INPUT(1, 2, 1, INFINITY);
    check_found(AD_VALUES, "value of input (node 0, 1x2)");
    ad_tape_reset(tape);
    ad_name(ad_constant(tape, 1, 1, (const double[]){NAN}), "c");
    check_found(AD_VALUES, "value of constant (node 0, 1x1) named c");
}
END_TEST

START_TEST(the_first_adjoint_in_the_order_of_the_sweep_is_found)
{
    ad_var x = ad_name(ad_scalar(tape, 0), "x"), root = ad_name(ad_sqrt(x), "root");
    ad_var y = ad_mul(root, ad_scalar(tape, 2));
    check_none(AD_ADJOINTS);
    ad_backward(y);
    check_found(AD_ADJOINTS, "adjoint of input (node 0, 1x1) named x");
    ad_backward(ad_sum(ad_log(ad_mul(INPUT(2, 1, 0, 1), x))));
    check_found(AD_ADJOINTS, "adjoint of mul (node 5, 2x1) of input (2x1), x = 0");
}
END_TEST

START_TEST(adjoints_of_an_earlier_sweep_do_not_count)
{
    ad_var x = ad_scalar(tape, 0), y = ad_sqrt(x), z = ad_scalar(tape, 1);
    ad_backward(y);
    ad_backward(ad_square(z));
    check_none(AD_ADJOINTS);
    ad_backward(y);
    ad_replay(tape);
    check_none(AD_ADJOINTS);
}
END_TEST

START_TEST(the_text_is_cut_to_the_buffer)
{
    char text[12] = "untouched!!";
    ad_log(ad_scalar(tape, 0));
    for (size_t size = 1; size <= sizeof text; size++) {
        memset(text, '#', sizeof text);
        ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, size));
        ck_assert_uint_eq(strlen(text), size - 1);
        ck_assert(strncmp(text, "value of log (node 1", size - 1) == 0);
    }
    memset(text, '#', sizeof text);
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, 0));
    ck_assert(text[0] == '#');
}
END_TEST

/* ---- names ---- */

START_TEST(a_name_is_copied_and_can_be_changed_or_removed)
{
    char name[] = "first";
    ad_var x = ad_name(ad_scalar(tape, NAN), name);
    strcpy(name, "other");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named first");
    ad_name(x, "second, which is longer than the first and than what fits a short name");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named second, which is longer than the "
                           "first and than what fits a short name");
    ad_name(x, "");
    check_found(AD_VALUES, "value of input (node 0, 1x1) named ");
    ad_name(x, NULL);
    check_found(AD_VALUES, "value of input (node 0, 1x1)");
}
END_TEST

START_TEST(a_name_that_cannot_be_changed_stays)
{
    static char longer[1 << 20];
    char text[100];
    counting memory;
    counting_init(&memory);
    ad_tape *own = counting_tape(&memory);
    ad_var x = ad_name(ad_scalar(own, NAN), "first");
    memset(longer, 'x', sizeof longer - 1);
    memory.most = sizeof longer / 2;
    ad_name(x, longer);
    ck_assert_int_eq(ad_tape_status(own), AD_ERROR_MEMORY);
    ad_tape_clear_error(own);
    ck_assert(ad_tape_find_nonfinite(own, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "value of input (node 0, 1x1) named first");
    ad_tape_free(own);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(naming_returns_the_handle)
{
    ad_var x = ad_scalar(tape, 1), same = ad_name(x, "x");
    ck_assert(memcmp(&x, &same, sizeof x) == 0);
}
END_TEST

START_TEST(many_values_can_have_names)
{
    char name[32], text[100], expected[100];
    for (int i = 0; i < 500; i++) {
        snprintf(name, sizeof name, "value %d", i);
        ad_name(ad_scalar(tape, i), name);
    }
    for (int i = 0; i < 500; i += 37) {
        ad_var bad = ad_name(ad_scalar(tape, NAN), "bad");
        snprintf(expected, sizeof expected, "value of input (node %u, 1x1) named bad", bad.node);
        ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, text, sizeof text));
        ck_assert_str_eq(text, expected);
        ad_set(bad, (const double[]){0});
        ad_replay(tape);
    }
}
END_TEST

/* ---- the drawing ---- */

static char *drawing(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    ck_assert_ptr_nonnull(file);
    ck_assert_int_eq(ad_tape_write_dot(tape, file), AD_OK);
    fclose(file);
    return text;
}

static bool drawn(const char *part)
{
    char *text = drawing();
    const bool found = strstr(text, part) != NULL;
    free(text);
    return found;
}

static size_t count_drawn(const char *part)
{
    char *text = drawing();
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, part)); at += strlen(part)) count++;
    free(text);
    return count;
}

#define LABEL "<<table border=\"0\" cellspacing=\"0\" cellpadding=\"1\"><tr><td>"
#define ROW "</td></tr><tr><td>"
#define END_LABEL "</td></tr></table>>"
#define AS_INPUT ", style=filled, fillcolor=\"#cfe2f3\"];\n"
#define AS_CONSTANT ", shape=box, style=\"filled,dashed\", fillcolor=\"#eeeeee\"];\n"
#define AS_RESULT ", peripheries=2, fillcolor=\"#fbdcb0\"];\n"

START_TEST(the_drawing_shows_operations_names_shapes_and_edges)
{
    ad_var x = ad_name(ad_scalar(tape, 2), "x");
    ad_var A = INPUT(2, 4, 1, 2, 3, 4, 5, 6, 0, 0), c = ad_constant(tape, 1, 1, (double[]){0.5});
    ad_name(ad_sum(ad_mul(A, ad_mul(x, c))), "s");
    char *text = drawing();
    const char *nodes = strstr(text, "  n0 [");
    ck_assert(strncmp(text, "digraph tape {\n  rankdir=TB;\n", 29) == 0);
    ck_assert_ptr_nonnull(nodes);
    ck_assert_str_eq(nodes, "  n0 [label=" LABEL "<b>x</b>" ROW "2" END_LABEL AS_INPUT
                            "  n1 [label=" LABEL "input" ROW "2x4" END_LABEL AS_INPUT
                            "  n2 [label=" LABEL "constant" ROW "0.5" END_LABEL AS_CONSTANT
                            "  n3 [label=" LABEL "mul" ROW "1" END_LABEL ", fillcolor=white];\n"
                            "  n4 [label=" LABEL "mul" ROW "2x4" END_LABEL ", fillcolor=white];\n"
                            "  n5 [label=" LABEL "<b>s</b> = sum" ROW "21" END_LABEL AS_RESULT
                            "  n0 -> n3;\n"
                            "  n2 -> n3;\n"
                            "  n1 -> n4;\n"
                            "  n3 -> n4;\n"
                            "  n4 -> n5;\n"
                            "}\n");
    free(text);
}
END_TEST

START_TEST(names_are_escaped_in_the_drawing)
{
    ad_name(ad_scalar(tape, 2), "a \"b\" \\ c\nd\te <f> & g");
    ck_assert(drawn("<b>a &quot;b&quot; \\ c<br/>d e &lt;f&gt; &amp; g</b>" ROW "2"));
}
END_TEST

START_TEST(elements_of_small_matrices_are_drawn_in_columns)
{
    INPUT(2, 2, 1, -2.5, 3, 4);
    ck_assert(drawn("2x2" ROW "<table border=\"0\" cellspacing=\"0\" cellpadding=\"2\">"
                    "<tr><td align=\"right\">1</td><td align=\"right\">-2.5</td></tr>"
                    "<tr><td align=\"right\">3</td><td align=\"right\">4</td></tr></table>"));
    ad_tape_reset(tape);
    ad_sum(INPUT(4, 1, 1, 2, 3, 4));
    ad_input(tape, 3, 0, NULL);
    ck_assert(!drawn("align"));
}
END_TEST

START_TEST(a_number_of_an_operation_is_drawn_at_each_use)
{
    ad_var x = ad_scalar(tape, 3);
    ad_scale(ad_scale(x, 2), 2);
    ad_number(tape, 7);
    ck_assert_uint_eq(count_drawn("[label=\"2\"" AS_CONSTANT), 2);
    ck_assert_uint_eq(count_drawn(" [label="), 5);
    ck_assert(drawn("c2_1 -> n2;") && drawn("c3_1 -> n3;"));
}
END_TEST

START_TEST(what_no_derivative_passes_through_is_drawn_grey)
{
    ad_exp(ad_sign(ad_scalar(tape, 2)));
    ck_assert(drawn("sign" ROW "1" END_LABEL ", fillcolor=white, color=gray50, fontcolor=gray40"));
}
END_TEST

/* ---- values that only repeat ---- */

START_TEST(a_value_that_only_repeats_is_left_out)
{
    ad_var x = ad_name(ad_scalar(tape, 3), "x"), A = INPUT(2, 1, 1, 2);
    ad_exp(ad_scale(x, 1));
    ad_exp(ad_add(ad_scalar(tape, -0.0), A));
    ck_assert_uint_eq(count_drawn(" [label="), 4);
    ck_assert_uint_eq(count_drawn("= x"), 0);
    ck_assert(drawn("n0 -> n4;") && drawn("n1 -> n7;"));
}
END_TEST

START_TEST(the_name_of_a_repeated_value_goes_to_what_it_repeats)
{
    ad_var x = ad_name(ad_scalar(tape, 3), "x"), e = ad_exp(x);
    ad_name(ad_scale(e, 1), "y");
    ck_assert_uint_eq(count_drawn(" [label="), 2);
    ck_assert(drawn("<b>y</b> = exp"));
    ad_name(ad_scale(e, 1), "z"); /* has a name of its own by now */
    ad_name(ad_scale(x, 1), "b");
    ck_assert(drawn("<b>z</b> = y") && drawn("<b>b</b> = x"));
    ck_assert_uint_eq(count_drawn(" [label="), 4);
}
END_TEST

START_TEST(what_changes_a_value_or_its_shape_is_drawn)
{
    ad_var x = ad_scalar(tape, 3), one = ad_name(ad_scalar(tape, 1), "one");
    ad_mul(x, one);
    ad_add(x, ad_scalar(tape, 0));
    ad_add(x, ad_name(ad_scalar(tape, -0.0), "zero"));
    ad_sub(ad_number(tape, 1), x);
    ad_add(INPUT(1, 2, -0.0, -0.0), ad_scalar(tape, -0.0));
    ck_assert(drawn("<td>mul<") && drawn("<td>sub<"));
    ck_assert_uint_eq(count_drawn("<td>add<"), 2);
}
END_TEST

/* ---- derivatives ---- */

#define CLUSTER "label=\"derivative\""

static size_t count_within_clusters(void)
{
    char *text = drawing();
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, CLUSTER));) {
        const char *end = strstr(at, "\n  }\n");
        ck_assert_ptr_nonnull(end);
        for (at = strstr(at, "  n"); at && at < end; at = strstr(at + 1, "\n  n")) count++;
        at = end;
    }
    free(text);
    return count;
}

START_TEST(a_derivative_is_drawn_apart)
{
    ad_var x = ad_scalar(tape, 3), y = ad_exp(ad_square(x));
    ck_assert(!drawn("cluster"));
    const size_t function = count_drawn(" [label=<");
    ad_var g = ad_grad(y, x);
    const size_t gradient = count_drawn(" [label=<");
    ck_assert(gradient > function);
    ck_assert_uint_eq(count_within_clusters(), gradient - function);
    ad_exp(g);
    ck_assert_uint_eq(count_within_clusters(), gradient - function);
    ad_grad(ad_sin(x), x);
    ck_assert_uint_eq(count_drawn(CLUSTER), 2);
}
END_TEST

START_TEST(all_of_a_derivative_is_drawn_apart)
{
    ad_var A = INPUT(2, 2, 1, 2, 3, 4), x = INPUT(2, 1, 5, 6), y = ad_exp(ad_matmul(A, x));
    ad_var s = ad_sum(y), t = ad_scalar(tape, 2), r = ad_mul(x, ad_exp(t));
    const ad_mark mark = ad_tape_mark(tape);
    const size_t function = count_drawn(" [label=<");
    for (int k = 0; k < 4; k++) {
        ad_var d = k == 0   ? ad_hessian(s, x)
                   : k == 1 ? ad_jacobian(y, x)
                   : k == 2 ? ad_jacobian(r, t)
                            : ad_jvp(y, x, x);
        ck_assert(ad_ok(d));
        ck_assert_uint_eq(count_drawn(CLUSTER), 1);
        ck_assert_uint_eq(count_within_clusters(), count_drawn(" [label=<") - function);
        ad_tape_rewind(tape, mark);
    }
}
END_TEST

START_TEST(what_takes_the_place_of_a_derivative_is_none)
{
    ad_var x = ad_scalar(tape, 3), y = ad_exp(x);
    const ad_mark mark = ad_tape_mark(tape);
    ad_grad(ad_square(y), x);
    ck_assert(drawn(CLUSTER));
    ad_tape_rewind(tape, mark);
    for (int k = 0; k < 9; k++) y = ad_exp(y);
    ck_assert(!drawn(CLUSTER));
    y = ad_sin(x);
    ad_gradcheck(y, x); /* takes a gradient and drops it */
    for (int k = 0; k < 9; k++) y = ad_sin(y);
    ck_assert(!drawn(CLUSTER));
    ad_grad(ad_square(y), x);
    ad_tape_reset(tape);
    x = ad_scalar(tape, 3);
    for (int k = 0; k < 99; k++) x = ad_sin(x);
    ck_assert(!drawn(CLUSTER));
}
END_TEST

START_TEST(a_derivative_that_is_kept_is_still_drawn_apart)
{
    ad_var x = ad_scalar(tape, 3), unused = ad_exp(x), y = ad_exp(ad_square(x));
    ad_var kept[] = {x, y, ad_grad(y, x)};
    const size_t within = count_within_clusters();
    ad_exp(ad_sin(unused));
    ad_tape_keep(tape, kept, 3);
    ck_assert_uint_eq(count_within_clusters(), within);
    ad_tape_keep(tape, kept, 2);
    ck_assert(!drawn(CLUSTER));
}
END_TEST

START_TEST(a_drawing_without_memory_shows_every_node)
{
    counting memory;
    counting_init(&memory);
    ad_tape *own = counting_tape(&memory);
    ad_var x = ad_scalar(own, 1);
    FILE *file = tmpfile();
    ck_assert_ptr_nonnull(file);
    memory.most = 1;
    ck_assert_int_eq(ad_tape_write_dot(own, file), AD_OK);
    ck_assert_int_eq(ad_tape_status(own), AD_OK);
    memory.most = SIZE_MAX;
    ck_assert_int_eq(ad_tape_write_dot(own, file), AD_OK);
    ck_assert(ad_ok(ad_exp(x)));
    fclose(file);
    ad_tape_free(own);
    ck_assert_uint_eq(memory.live, 0);
}
END_TEST

START_TEST(an_empty_tape_can_be_drawn)
{
    char *text = drawing();
    ck_assert_msg(strstr(text, "digraph tape {") == text && strstr(text, "->") == NULL, "%s", text);
    free(text);
}
END_TEST

START_TEST(a_file_that_cannot_be_written_is_told)
{
    FILE *full = fopen("/dev/full", "w");
    if (!full) return;
    ad_scalar(tape, 1);
    ck_assert_int_ne(ad_tape_write_dot(tape, full), AD_OK);
    fclose(full);
}
END_TEST

/* ---- figures ---- */

START_TEST(nodes_are_counted)
{
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
    ad_var x = ad_scalar(tape, 2);
    ad_square(x);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 2);
    ad_tape_reset(tape);
    ck_assert_uint_eq(ad_tape_statistics(tape).nodes, 0);
}
END_TEST

/* One factorization serves the determinant, the cofactors, the systems, and their derivatives. */
START_TEST(a_matrix_is_factored_once)
{
    ad_var A = INPUT(3, 3, 4, 1, 0, 1, 3, 1, 0, 1, 5), b = INPUT(3, 1, 1, 2, 3);
    ad_var y = ad_add(ad_det(A), ad_logabsdet(A));
    ad_detsign(A);
    ad_cofactor(A);
    ad_backward(y);
    ad_hvp(ad_det(A), A, A);
    ad_var z = ad_add(ad_sum(ad_solve(A, b)), ad_sum(ad_inverse(A)));
    ad_backward(z);
    ad_grad(z, A);
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 1);
    ad_det(ad_scale(A, 2));
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 2);
}
END_TEST

START_TEST(a_replay_factors_anew_and_once)
{
    ad_var A = INPUT(2, 2, 4, 1, 1, 3), d = ad_det(A), l = ad_logabsdet(A);
    ad_set(A, (const double[]){1, 2, 3, 4});
    ad_replay(tape);
    ad_backward(ad_add(d, l));
    ck_assert_uint_eq(ad_tape_statistics(tape).factorizations, 2);
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("looking inside");
    TCase *cases = tcase_create("looking inside");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    tcase_add_test(cases, the_first_value_that_is_not_finite_is_found);
    tcase_add_test(cases, operands_are_told_by_name_value_or_shape);
    tcase_add_test(cases, leaves_are_looked_at_too);
    tcase_add_test(cases, the_first_adjoint_in_the_order_of_the_sweep_is_found);
    tcase_add_test(cases, adjoints_of_an_earlier_sweep_do_not_count);
    tcase_add_test(cases, the_text_is_cut_to_the_buffer);
    tcase_add_test(cases, a_name_is_copied_and_can_be_changed_or_removed);
    tcase_add_test(cases, a_name_that_cannot_be_changed_stays);
    tcase_add_test(cases, naming_returns_the_handle);
    tcase_add_test(cases, many_values_can_have_names);
    tcase_add_test(cases, the_drawing_shows_operations_names_shapes_and_edges);
    tcase_add_test(cases, names_are_escaped_in_the_drawing);
    tcase_add_test(cases, elements_of_small_matrices_are_drawn_in_columns);
    tcase_add_test(cases, a_number_of_an_operation_is_drawn_at_each_use);
    tcase_add_test(cases, what_no_derivative_passes_through_is_drawn_grey);
    tcase_add_test(cases, a_value_that_only_repeats_is_left_out);
    tcase_add_test(cases, the_name_of_a_repeated_value_goes_to_what_it_repeats);
    tcase_add_test(cases, what_changes_a_value_or_its_shape_is_drawn);
    tcase_add_test(cases, a_derivative_is_drawn_apart);
    tcase_add_test(cases, all_of_a_derivative_is_drawn_apart);
    tcase_add_test(cases, what_takes_the_place_of_a_derivative_is_none);
    tcase_add_test(cases, a_derivative_that_is_kept_is_still_drawn_apart);
    tcase_add_test(cases, a_drawing_without_memory_shows_every_node);
    tcase_add_test(cases, an_empty_tape_can_be_drawn);
    tcase_add_test(cases, a_file_that_cannot_be_written_is_told);
    tcase_add_test(cases, nodes_are_counted);
    tcase_add_test(cases, a_matrix_is_factored_once);
    tcase_add_test(cases, a_replay_factors_anew_and_once);
    suite_add_tcase(s, cases);
    return s;
}
