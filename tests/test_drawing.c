/* SPDX-License-Identifier: MIT */
/* The drawing of a tape. */
#define _POSIX_C_SOURCE 200809L
#include <stdlib.h>
#include <string.h>

#include "tests/counting.h"
#include "tests/fixture.h"

/* ---- what is drawn ---- */

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
    ad_var x = ad_scalar(tape, 3), unused = ad_exp(ad_sin(ad_cos(ad_tan(ad_exp(x)))));
    ad_var y = ad_exp(ad_square(x)), kept[] = {x, y, ad_grad(y, x)};
    const size_t within = count_within_clusters();
    ad_exp(ad_sin(unused));
    ad_tape_keep(tape, kept, 3); /* what was recorded before the derivative goes too */
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

Suite *suite(void)
{
    const TTest *const tests[] = {
        the_drawing_shows_operations_names_shapes_and_edges,
        names_are_escaped_in_the_drawing,
        elements_of_small_matrices_are_drawn_in_columns,
        a_number_of_an_operation_is_drawn_at_each_use,
        what_no_derivative_passes_through_is_drawn_grey,
        a_value_that_only_repeats_is_left_out,
        the_name_of_a_repeated_value_goes_to_what_it_repeats,
        what_changes_a_value_or_its_shape_is_drawn,
        a_derivative_is_drawn_apart,
        all_of_a_derivative_is_drawn_apart,
        what_takes_the_place_of_a_derivative_is_none,
        a_derivative_that_is_kept_is_still_drawn_apart,
        a_drawing_without_memory_shows_every_node,
        an_empty_tape_can_be_drawn,
        a_file_that_cannot_be_written_is_told,
    };
    Suite *s = suite_create("drawing");
    TCase *cases = tcase_create("drawing");
    tcase_add_checked_fixture(cases, make_tape, free_tape);
    for (size_t k = 0; k < sizeof tests / sizeof *tests; k++) tcase_add_test(cases, tests[k]);
    suite_add_tcase(s, cases);
    return s;
}
