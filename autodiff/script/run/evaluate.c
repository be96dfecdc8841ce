/* SPDX-License-Identifier: MIT */
/* Expressions. */
#include "autodiff/script/run/interpreter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

bool evaluate_numeric(interpreter *in, const syntax_node *node, const char *what,
                      script_value *result)
{
    script_value value;
    if (!evaluate(in, node, &value)) return false;
    bool ok = to_numbers(in, what, value, result);
    if (!is_numeric(value)) value_release(&value);
    return ok;
}

/* ---- Operators ---- */

static bool evaluate_unary(interpreter *in, const syntax_node *node, script_value *result)
{
    script_value x;
    if (!evaluate(in, node->left, &x)) return false;
    bool ok = unary_operation(in, node->operation, x, result);
    value_release(&x);
    return ok;
}

/* The truth of a value, which is released. */
static bool truth_of(interpreter *in, script_value value, bool *truth)
{
    script_value numbers;
    bool ok = has_numbers(value) || fail(in, "%s has no truth value", value_kind_name(value));
    ok = ok && to_numbers(in, "", value, &numbers) && (!has_nan(&numbers) || fail_nan(in, ""));
    *truth = ok && !is_empty(numbers);
    for (size_t k = 0; *truth && k < numbers.rows * numbers.cols; k++)
        *truth = value_numbers(&numbers)[k] != 0;
    value_release(&value);
    return ok;
}

static bool evaluate_side(interpreter *in, const syntax_node *node, bool condition,
                          script_value *result);

/* && and || look at the right side only where the left does not decide; so do & and | of a condition
 * whose left side is one number. */
static bool evaluate_binary(interpreter *in, const syntax_node *node, bool condition,
                            script_value *result)
{
    const operator_kind operation = node->operation;
    const bool also = operation == OPERATION_AND_ALSO || operation == OPERATION_OR_ELSE;
    const bool is_and = operation == OPERATION_AND_ALSO || operation == OPERATION_AND;
    const bool first = node->raw; /* the right side, of x += e */
    const syntax_node *const nodes[] = {node->left, node->right};
    script_value sides[2];
    bool truth;
    if (!evaluate_side(in, nodes[first], condition, &sides[first])) return false;
    if (also || (condition && is_scalar(sides[0]))) {
        if (!truth_of(in, sides[0], &truth)) return false;
        if (truth == is_and && (!evaluate_side(in, node->right, condition, &sides[1]) ||
                                !truth_of(in, sides[1], &truth)))
            return false;
        *result = value_logical(truth);
        return true;
    }
    in->pending++;
    bool ok = evaluate_side(in, nodes[!first], condition, &sides[!first]);
    in->pending--;
    if (ok) {
        ok = binary_operation(in, operation, sides[0], sides[1], result);
        value_release(&sides[!first]);
    }
    value_release(&sides[first]);
    return ok;
}

static bool evaluate_side(interpreter *in, const syntax_node *node, bool condition,
                          script_value *result)
{
    if (!condition || node->kind != NODE_BINARY ||
        (node->operation != OPERATION_AND && node->operation != OPERATION_OR))
        return evaluate(in, node, result);
    const bool ok = evaluate_binary(in, node, true, result);
    if (!ok) place_failure(in, node);
    return ok;
}

bool evaluate_truth(interpreter *in, const syntax_node *node, bool condition, bool *truth)
{
    script_value value;
    return evaluate_side(in, node, condition, &value) && truth_of(in, value, truth);
}

/* ---- Ranges ---- */

/* Equal but for rounding: three units in the last place of the larger. */
static bool nearly_equal(double x, double y)
{
    return fabs(x - y) < 3 * 0x1p-52 * fmax(fabs(x), fabs(y));
}

/* The number of elements: floor((limit - base)/step) + 1 of the decimal numbers that were written.
 * Their rounding may leave the quotient on the wrong side of an integer, so the floor takes what is
 * just below one for it, and an element that equals the limit but for rounding is the last: as in
 * Octave, 0:0.1:0.3 has 4 elements and 10:0.1:10.2 has 3. */
bool range_count(interpreter *in, double base, double step, double limit, size_t *count)
{
    *count = 0;
    if (isnan(base) || isnan(step) || isnan(limit)) return fail(in, ":: a range with NaN");
    if (step == 0 || (step > 0 && base > limit) || (step < 0 && base < limit)) return true;
    double quotient = (limit - base) / step;
    double steps = floor(quotient + fmin(0.5, 3 * 0x1p-52 * (quotient + 2)));
    if (!(steps < 0x1p53)) return fail(in, ":: a range of more elements than can be counted");
    if (!nearly_equal(base + steps * step, limit)) {
        if (steps > 0 && nearly_equal(base + (steps - 1) * step, limit)) steps -= 1;
        else if (nearly_equal(base + (steps + 1) * step, limit)) steps += 1;
    }
    *count = (size_t)steps + 1;
    return true;
}

double range_element(const number_range *range, size_t k)
{
    const double x = range->base + (double)k * range->step;
    const bool beyond = range->step > 0 ? x > range->limit : x < range->limit;
    return beyond ? range->limit : x;
}

/* base + k step, never beyond the limit, differentiable by base and step. */
static bool recorded_range(interpreter *in, script_value base, script_value step, double limit,
                           size_t count, script_value *result)
{
    ad_var first, increment;
    double *numbers = new_numbers(in, 1, count);
    if (!numbers) return false;
    for (size_t k = 0; k < count; k++) numbers[k] = (double)k;
    const ad_var row = ad_constant(in->tape, 1, count, numbers);
    release(numbers);
    if (!to_tape(in, ":", base, &first) || !to_tape(in, ":", step, &increment)) return false;
    ad_var range = ad_add(first, ad_mul(row, increment));
    const double last = ad_value(first) + (double)(count - 1) * ad_value(increment);
    const bool rising = ad_value(increment) > 0;
    if (rising ? last > limit : last < limit) {
        ad_var end = ad_constant(in->tape, 1, 1, &limit);
        range = rising ? ad_min(range, end) : ad_max(range, end);
    }
    return from_tape(in, ":", range, result);
}

static bool make_range(interpreter *in, script_value base, script_value step, number_range range,
                       script_value *result)
{
    const bool plain = base.kind == VALUE_NUMBER && step.kind == VALUE_NUMBER;
    bool ok;
    if (plain || range.count == 0 || !is_scalar(base) || !is_scalar(step)) {
        double *numbers = new_numbers(in, 1, range.count);
        for (size_t k = 0; numbers && k < range.count; k++) numbers[k] = range_element(&range, k);
        ok = numbers && record_numbers(in, 1, range.count, numbers, result);
    } else ok = recorded_range(in, base, step, range.limit, range.count, result);
    if (ok) {
        result->form = FORM_RANGE;
        result->u.limit = range.limit;
    }
    return ok;
}

bool evaluate_range(interpreter *in, const syntax_node *node, number_range *plain,
                    script_value *result)
{
    const syntax_node *parts[3] = {node->left, node->third, node->right};
    script_value ends[3];
    double numbers[3] = {0};
    bool ok = true;
    in->pending++;
    for (int k = 0; ok && k < 3; k++) {
        ends[k] = value_number(1); /* a step that is not written */
        ok = (!parts[k] || evaluate_numeric(in, parts[k], ":", &ends[k])) &&
             (!is_empty(ends[k]) || fail(in, ":: the ends of a range must be numbers"));
        if (ok) numbers[k] = *value_numbers(&ends[k]);
    }
    in->pending--;
    number_range range = {.base = numbers[0], .step = numbers[1], .limit = numbers[2]};
    if (!ok || !range_count(in, range.base, range.step, range.limit, &range.count)) return false;
    const bool text = node->left->kind == NODE_STRING && node->right->kind == NODE_STRING;
    if (plain && range.count && !text && ends[0].kind == VALUE_NUMBER &&
        ends[1].kind == VALUE_NUMBER) {
        *plain = range;
        *result = (script_value){0};
        return true;
    }
    return make_range(in, ends[0], ends[1], range, result) &&
           (!text || to_text(in, ":", *result, result));
}

/* ---- Names and indices ---- */

/* end: the last index of what is being indexed. */
static bool evaluate_end(interpreter *in, script_value *result)
{
    const index_context *index = in->index;
    if (!index) return fail(in, "end stands for the last index, and nothing is indexed here");
    const size_t rows = index->value->rows, cols = index->value->cols;
    const size_t extents[] = {index->count == 1 ? rows * cols : rows, cols, 1};
    *result = value_number((double)extents[index->position < 2 ? index->position : 2]);
    return true;
}

/* err.message, err.identifier */
static bool evaluate_field(interpreter *in, const syntax_node *node, script_value *result)
{
    const script_value *variable = lookup(in, node->left->symbol);
    if (!variable) return fail_unknown(in, node->left->symbol);
    if (variable->kind != VALUE_ERROR)
        return fail(in, ".message belongs to an error that catch has named, and this is %s",
                    value_kind_name(*variable));
    const char *text = variable->u.string->bytes; /* the identifier; the message follows it */
    if (strcmp(in->symbols.names[node->symbol], "identifier") != 0) text += strlen(text) + 1;
    *result = value_string(text, strlen(text));
    return true;
}

/* An assignment has the value of its target, as a value of its own. */
static bool evaluate_assignment(interpreter *in, const syntax_node *node, script_value *result)
{
    return run_assignment(in, node) && evaluate(in, node->left, result) &&
           own_value(in, SIZE_MAX, result);
}

static bool evaluate_kind(interpreter *in, const syntax_node *node, script_value *result)
{
    size_t count;
    switch (node->kind) {
    case NODE_NUMBER: *result = value_number(node->u.number); return true;
    case NODE_STRING:
        *result = value_string(node->u.text, node->length);
        result->u.string->resolved = !node->raw;
        return true;
    case NODE_NAME:
    case NODE_INDEX:
        *result = (script_value){0}; /* a function may return nothing */
        return call_node(in, node, 1, result, &count);
    case NODE_END: return evaluate_end(in, result);
    case NODE_UNARY:
    case NODE_POSTFIX: return evaluate_unary(in, node, result);
    case NODE_BINARY: return evaluate_binary(in, node, false, result);
    case NODE_RANGE: return evaluate_range(in, node, NULL, result);
    case NODE_MATRIX: return evaluate_matrix(in, node, result);
    case NODE_FUNCTION:
    case NODE_HANDLE: return make_function(in, node, result);
    case NODE_FIELD: return evaluate_field(in, node, result);
    case NODE_ASSIGN: return evaluate_assignment(in, node, result);
    case NODE_COLON: return fail(in, "a : that stands alone is an index of a matrix");
    default: return fail(in, "~ stands for a value that [~, b] = ... leaves out");
    }
}

void place_failure(interpreter *in, const syntax_node *node)
{
    if (!in->failure.where) {
        in->failure.where = in->script;
        in->failure.place = node->start;
        in->failure.function = in->scope->function;
        const line_place at = source_place(in->script->source, node->start);
        if (in->failure.unplaced)
            text_print(&in->failure.octave, " near line %zu, column %zu", at.line, at.column);
    }
}

bool evaluate(interpreter *in, const syntax_node *node, script_value *result)
{
    if (in->depth >= EVALUATION_LIMIT) {
        place_failure(in, node);
        return fail(in, "expressions nested more than %d deep", EVALUATION_LIMIT);
    }
    in->depth++;
    bool ok = evaluate_kind(in, node, result);
    in->depth--;
    if (!ok) place_failure(in, node);
    return ok;
}
