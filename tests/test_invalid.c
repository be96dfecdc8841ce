/* SPDX-License-Identifier: MIT */
/* Every function of the public headers, given NULL and handles it cannot work with. */
#include "tests/custom_operations.h"
#include "tests/every_operation.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/suite.h"
#include "tests/tape_checks.h"

static ad_tape *tape, *other;
static const ad_var none = {0};

static void make_tapes(void)
{
    tape = ad_tape_new();
    other = ad_tape_new();
}

static void free_tapes(void)
{
    ad_tape_free(tape);
    ad_tape_free(other);
}

#define FOR_EACH_OPERATION(op) for (const public_operation *op = every_operation; op->name; op++)

/* ---- the list is complete ---- */

static bool is_listed(const char *name, size_t length)
{
    FOR_EACH_OPERATION (op)
        if (strlen(op->name) == length && strncmp(op->name, name, length) == 0) return true;
    return false;
}

START_TEST(every_operation_of_the_header_is_listed_here)
{
    char *text = text_of_file("autodiff/operations.h");
    size_t count = 0;
    for (const char *at = text; (at = strstr(at, "AD_API ad_var ad_")); count++) {
        at += strlen("AD_API ad_var ad_");
        size_t length = strcspn(at, "(");
        ck_assert_msg(is_listed(at, length), "tests/operations.def: no ad_%.*s", (int)length, at);
    }
    ck_assert_uint_eq(count, every_operation_count());
    free(text);
}
END_TEST

START_TEST(every_other_function_of_the_headers_is_called_here)
{
    const char *const headers[] = {"autodiff/autodiff.h", "autodiff/custom.h",
                                   "autodiff/function.h"};
    char *source = text_of_file("tests/test_invalid.c");
    size_t count = 0;
    for (size_t i = 0; i < 3; i++) {
        char *text = text_of_file(headers[i]);
        for (const char *at = text; (at = strstr(at, "\nAD_API ")); count++) {
            at += strlen("\nAD_API ");
            const char *end = strchr(at, '('), *name = end;
            while (isalnum((unsigned char)name[-1]) || name[-1] == '_') name--;
            char call[64];
            snprintf(call, sizeof call, "%.*s(", (int)(end - name), name);
            ck_assert_msg(strstr(source, call) != NULL, "%s is not", call);
        }
        free(text);
    }
    ck_assert_uint_gt(count, 30);
    free(source);
}
END_TEST

/* ---- invalid handles alone: nothing to report to ---- */

START_TEST(an_operation_of_invalid_handles_is_invalid)
{
    const ad_var x[] = {none, none, none};
    FOR_EACH_OPERATION (op) ck_assert_msg(!ad_ok(op->apply(x)), "ad_%s", op->name);
}
END_TEST

START_TEST(reading_an_invalid_handle_gives_nothing)
{
    ck_assert(!ad_ok(none));
    ck_assert_uint_eq(ad_rows(none), 0);
    ck_assert_uint_eq(ad_cols(none), 0);
    ck_assert(isnan(ad_value(none)));
    ck_assert_ptr_null(ad_values(none));
    ck_assert_ptr_null(ad_adjoint(none));
    ck_assert(!ad_ok(ad_name(none, "x")));
    ck_assert(!ad_ok(ad_name(none, NULL)));
}
END_TEST

START_TEST(derivatives_of_invalid_handles_are_invalid)
{
    ad_var out[] = {ad_scalar(tape, 1)};
    ck_assert_int_ne(ad_backward(none), AD_OK);
    ck_assert(!ad_ok(ad_grad(none, none)));
    ck_assert_int_ne(ad_grads(none, &none, 1, out), AD_OK);
    ck_assert_msg(!ad_ok(out[0]), "ad_grads left a handle as it was");
    ck_assert(!ad_ok(ad_vjp(none, none, none)));
    ck_assert(!ad_ok(ad_jvp(none, none, none)));
    ck_assert(!ad_ok(ad_jacobian(none, none)));
    ck_assert(!ad_ok(ad_hessian(none, none)));
    ck_assert(!ad_ok(ad_hvp(none, none, none)));
    ck_assert(!ad_ok(ad_detach(none)));
    ck_assert(isnan(ad_gradcheck(none, none)));
    double error = 1;
    size_t judged = 1;
    ck_assert_int_eq(ad_gradcheck_report(none, none, &error, &judged), AD_ERROR_ARGUMENT);
    ck_assert(isnan(error) && judged == 0);
    ck_assert_int_ne(ad_set(none, (const double[]){1}), AD_OK);
    ck_assert_int_ne(ad_set(none, NULL), AD_OK);
    ck_assert_int_eq(ad_set_all(tape, &none, 1, (const double[]){1}), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "set_all: invalid handle (argument 1)");
    ck_assert_int_eq(ad_adjoints(tape, &none, 1, &error), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "adjoints: invalid handle (argument 1)");
}
END_TEST

START_TEST(functions_of_invalid_handles_are_nan)
{
    ad_function f = {.x = {0}};
    double y = 1, out[2] = {1, 1};
    const double at[] = {1, 2};
    ck_assert_int_eq(ad_function_value(&f, at, &y), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_function_jacobian(&f, at, &y, out), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_function_hvp(&f, at, at, out), AD_ERROR_ARGUMENT);
    ck_assert(y == 1 && out[0] == 1); /* of no elements that are known */
    ck_assert_int_eq(ad_function_gradient(&f, at, &y, out), AD_ERROR_ARGUMENT);
    ck_assert(isnan(y));
    ck_assert_int_eq(ad_function_hessian(NULL, at, &y, NULL, out), AD_ERROR_ARGUMENT);
    f.x = ad_scalar(tape, 1);
    ck_assert_int_eq(ad_function_gradient(&f, at, &y, out), AD_ERROR_ARGUMENT);
    ck_assert(isnan(out[0]) && out[1] == 1);
    check_error(tape, none, AD_ERROR_ARGUMENT, "function_gradient: invalid handle (argument 1)");
}
END_TEST

/* ---- NULL for a tape ---- */

START_TEST(without_a_tape_nothing_is_recorded)
{
    ck_assert(!ad_ok(ad_scalar(NULL, 1)));
    ck_assert(!ad_ok(ad_number(NULL, 1)));
    ck_assert(!ad_ok(ad_input(NULL, 1, 1, (const double[]){1})));
    ck_assert(!ad_ok(ad_constant(NULL, 1, 1, NULL)));
    ck_assert(!ad_ok(ad_custom(NULL, NULL, NULL, 0, NULL)));
}
END_TEST

START_TEST(without_a_tape_free_reset_and_clear_do_nothing)
{
    ad_tape_free(NULL);
    ad_tape_reset(NULL);
    ad_tape_clear_error(NULL);
}
END_TEST

START_TEST(without_a_tape_there_is_still_a_status_and_a_message)
{
    ck_assert_int_eq(ad_tape_status(NULL), AD_ERROR_ARGUMENT);
    ck_assert_str_eq(ad_tape_message(NULL), "no tape (NULL)");
    ck_assert_ptr_nonnull(ad_status_string(AD_OK));
    ck_assert_ptr_nonnull(ad_version());
}
END_TEST

START_TEST(without_a_tape_the_rest_reports_failure)
{
    char text[] = "text";
    ad_var x = none;
    ad_mark mark = ad_tape_mark(NULL);
    ck_assert_ptr_null(mark.tape);
    ck_assert_int_eq(ad_tape_rewind(NULL, mark), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_tape_keep(NULL, &x, 1), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_replay(NULL), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_set_all(NULL, NULL, 0, NULL), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_adjoints(NULL, NULL, 0, NULL), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_tape_write_dot(NULL, stderr), AD_ERROR_ARGUMENT);
    ck_assert_int_eq(ad_print(stderr, x), AD_ERROR_ARGUMENT);
    ck_assert(!ad_tape_find_nonfinite(NULL, AD_VALUES, text, sizeof text));
    ck_assert_str_eq(text, "");
    ad_statistics figures = ad_tape_statistics(NULL);
    ck_assert_uint_eq(figures.nodes + figures.bytes + figures.allocations + figures.factorizations,
                      0);
}
END_TEST

/* ---- NULL for other pointers ---- */

START_TEST(null_data_is_reported)
{
    check_error(tape, ad_input(tape, 2, 3, NULL), AD_ERROR_ARGUMENT,
                "input: no values (NULL) for a 2x3 matrix");
    check_error(tape, ad_constant(tape, 1, 1, NULL), AD_ERROR_ARGUMENT,
                "constant: no values (NULL) for a 1x1 matrix");
    ad_var x = ad_scalar(tape, 1);
    ck_assert_int_eq(ad_set(x, NULL), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "set: no values (NULL) for a 1x1 leaf");
    check_error(tape, ad_gather(x, NULL, 1, 1), AD_ERROR_ARGUMENT,
                "gather: no indices (NULL) for 1 elements");
    check_error(tape, ad_scatter(x, NULL, 1, 1), AD_ERROR_ARGUMENT,
                "scatter: no indices (NULL) for 1 elements");
}
END_TEST

START_TEST(null_handles_are_reported)
{
    ad_var x = ad_scalar(tape, 1), out[] = {x};
    ck_assert_int_eq(ad_grads(x, NULL, 1, out), AD_ERROR_ARGUMENT);
    check_error(tape, out[0], AD_ERROR_ARGUMENT, "grads: no arrays of handles (NULL)");
    ck_assert_int_eq(ad_grads(x, &x, 1, NULL), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "grads: no arrays of handles (NULL)");
    ck_assert_int_eq(ad_tape_keep(tape, NULL, 1), AD_ERROR_ARGUMENT);
    check_error(tape, none, AD_ERROR_ARGUMENT, "keep: no handles (NULL)");
}
END_TEST

START_TEST(null_where_nothing_is_needed_is_no_error)
{
    ad_var x = ad_scalar(tape, 1), empty = ad_input(tape, 0, 2, NULL);
    ck_assert(ad_ok(empty) && ad_ok(ad_constant(tape, 3, 0, NULL)));
    ck_assert_int_eq(ad_grads(x, NULL, 0, NULL), AD_OK);
    ck_assert(ad_ok(ad_gather(x, NULL, 0, 4)));
    ck_assert(ad_ok(ad_scatter(empty, NULL, 2, 2)));
    ck_assert_int_eq(ad_set(empty, NULL), AD_OK);
    ck_assert_int_eq(ad_replay(tape), AD_OK);
    ck_assert(ad_ok(ad_name(x, NULL)));
    ck_assert_int_eq(ad_tape_keep(tape, NULL, 0), AD_OK);
    ck_assert_int_eq(ad_tape_status(tape), AD_OK);
}
END_TEST

START_TEST(null_file_and_buffer_are_no_crash)
{
    ad_log(ad_scalar(tape, 0));
    ck_assert_int_eq(ad_tape_write_dot(tape, NULL), AD_ERROR_ARGUMENT);
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, NULL, 0));
    ck_assert(ad_tape_find_nonfinite(tape, AD_VALUES, NULL, 10));
}
END_TEST

START_TEST(an_allocator_needs_both_functions)
{
    const ad_allocator empty = {0};
    ck_assert_ptr_null(ad_tape_new_with(&empty));
    ad_tape *plain = ad_tape_new_with(NULL);
    ck_assert_ptr_nonnull(plain);
    ad_tape_free(plain);
    plain = ad_tape_new();
    ad_tape_free(plain);
}
END_TEST

/* ---- every operation, given one bad handle ---- */

/* The handle in each place in turn, 1x1 inputs elsewhere; the error names the operation. */
__attribute__((format(printf, 4, 0))) static void
check_in_each_place(const public_operation *op, ad_var bad, ad_status status, const char *complaint)
{
    for (size_t place = 0; place < op->operands; place++) {
        ad_var x[] = {ad_scalar(tape, 0.5), ad_scalar(tape, 0.5), ad_scalar(tape, 0.5)};
        char message[200];
        snprintf(message, sizeof message, complaint, op->name, place + 1);
        x[place] = bad;
        ad_var y = op->apply(x);
        if (bad.tape || op->operands > 1) check_error(tape, y, status, message);
        else ck_assert(!ad_ok(y));
    }
}

START_TEST(every_operation_reports_an_invalid_handle)
{
    FOR_EACH_OPERATION (op) {
        static const char message[] = "%s: invalid handle (argument %zu)";
        check_in_each_place(op, none, AD_ERROR_ARGUMENT, message);
        check_in_each_place(op, (ad_var){.tape = tape}, AD_ERROR_ARGUMENT, message);
    }
}
END_TEST

START_TEST(every_operation_reports_a_stale_handle)
{
    ad_var stale = ad_scalar(tape, 0.5);
    ad_tape_reset(tape);
    FOR_EACH_OPERATION (op)
        check_in_each_place(op, stale, AD_ERROR_STALE,
                            "%s: stale handle: its value was dropped by a reset, rewind or keep");
}
END_TEST

START_TEST(every_operation_reports_handles_of_two_tapes_to_both)
{
    ad_var there = ad_scalar(other, 0.5);
    FOR_EACH_OPERATION (op) {
        if (op->operands == 1) continue;
        char message[100];
        snprintf(message, sizeof message, "%s: operands on different tapes", op->name);
        check_in_each_place(op, there, AD_ERROR_TAPE, "%s: operands on different tapes");
        check_error(other, none, AD_ERROR_TAPE, message);
    }
}
END_TEST

START_TEST(grads_reports_handles_of_two_tapes_to_both_whatever_y_is)
{
    const ad_var here = ad_scalar(tape, 0.5), there = ad_scalar(other, 0.5);
    const ad_var ys[] = {here, none, ad_input(tape, 2, 1, (const double[]){1, 2})};
    for (size_t i = 0; i < sizeof ys / sizeof *ys; i++) {
        ad_var out[2];
        ad_grads(ys[i], (const ad_var[]){here, there}, 2, out);
        ck_assert_int_ne(ad_tape_status(tape), AD_OK);
        ck_assert_int_ne(ad_tape_status(other), AD_OK);
        ck_assert(!ad_ok(out[0]) && !ad_ok(out[1]));
        ad_tape_clear_error(tape);
        ad_tape_clear_error(other);
    }
}
END_TEST

START_TEST(no_operation_records_while_the_tape_holds_an_error)
{
    ad_var x[] = {ad_scalar(tape, 0.5), ad_scalar(tape, 0.5), ad_scalar(tape, 0.5)};
    FOR_EACH_OPERATION (op) {
        ad_input(tape, 2, 2, NULL);
        size_t nodes = ad_tape_statistics(tape).nodes;
        ad_var y = op->apply(x);
        ck_assert_uint_eq(ad_tape_statistics(tape).nodes, nodes);
        check_error(tape, y, AD_ERROR_ARGUMENT, "input: no values (NULL) for a 2x2 matrix");
        ck_assert_msg(ad_ok(op->apply(x)), "%s", ad_tape_message(tape));
    }
}
END_TEST

START_TEST(no_operation_records_between_set_and_replay)
{
    ad_var x[] = {ad_scalar(tape, 0.5), ad_scalar(tape, 0.5), ad_scalar(tape, 0.5)};
    FOR_EACH_OPERATION (op) {
        char message[100];
        snprintf(message, sizeof message, "%s: after ad_set, call ad_replay first", op->name);
        ad_set(x[0], (const double[]){0.25});
        check_error(tape, op->apply(x), AD_ERROR_STATE, message);
        ad_replay(tape);
        ck_assert_msg(ad_ok(op->apply(x)), "%s", ad_tape_message(tape));
    }
}
END_TEST

Suite *suite(void)
{
    Suite *s = suite_create("invalid arguments");
    TCase *cases = tcase_create("invalid"), *each = tcase_create("each operation");
    tcase_add_checked_fixture(cases, make_tapes, free_tapes);
    tcase_add_test(cases, every_operation_of_the_header_is_listed_here);
    tcase_add_test(cases, every_other_function_of_the_headers_is_called_here);
    tcase_add_test(cases, reading_an_invalid_handle_gives_nothing);
    tcase_add_test(cases, derivatives_of_invalid_handles_are_invalid);
    tcase_add_test(cases, functions_of_invalid_handles_are_nan);
    tcase_add_test(cases, without_a_tape_nothing_is_recorded);
    tcase_add_test(cases, without_a_tape_free_reset_and_clear_do_nothing);
    tcase_add_test(cases, without_a_tape_there_is_still_a_status_and_a_message);
    tcase_add_test(cases, without_a_tape_the_rest_reports_failure);
    tcase_add_test(cases, null_data_is_reported);
    tcase_add_test(cases, null_handles_are_reported);
    tcase_add_test(cases, null_where_nothing_is_needed_is_no_error);
    tcase_add_test(cases, null_file_and_buffer_are_no_crash);
    tcase_add_test(cases, an_allocator_needs_both_functions);
    suite_add_tcase(s, cases);
    tcase_add_checked_fixture(each, make_tapes, free_tapes);
    tcase_add_test(each, an_operation_of_invalid_handles_is_invalid);
    tcase_add_test(each, every_operation_reports_an_invalid_handle);
    tcase_add_test(each, every_operation_reports_a_stale_handle);
    tcase_add_test(each, every_operation_reports_handles_of_two_tapes_to_both);
    tcase_add_test(each, grads_reports_handles_of_two_tapes_to_both_whatever_y_is);
    tcase_add_test(each, no_operation_records_while_the_tape_holds_an_error);
    tcase_add_test(each, no_operation_records_between_set_and_replay);
    suite_add_tcase(s, each);
    return s;
}
