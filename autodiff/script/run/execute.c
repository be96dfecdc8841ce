/* SPDX-License-Identifier: MIT */
/* Statements. */
#include "autodiff/script/run/interpreter.h"

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"

#include <stdlib.h>

bool interrupted(interpreter *in)
{
    if (in->deadline > 0 && seconds_now() >= in->deadline) {
        fail(in, "stopped after the %g seconds that --max-time allows", in->seconds_allowed);
        return true;
    }
    if (in->interrupt && *in->interrupt) {
        fail(in, "interrupted");
        in->failure.interrupted = true;
        return true;
    }
    return false;
}

/* ---- Assignments ---- */

static bool print_variable(interpreter *in, const syntax_node *statement, uint32_t symbol)
{
    const script_value *variable;
    if (!statement->printed) return true;
    if (!lookup_whole(in, symbol, &variable)) return false;
    if (variable->kind == VALUE_ERROR) return fail(in, "an error is printed by its message");
    print_value(in, in->symbols.names[symbol], variable);
    return true;
}

/* Gives a value to name or name(index), NULL for ans, and prints it. */
static bool assign(interpreter *in, const syntax_node *statement, const syntax_node *target,
                   size_t nodes, script_value value)
{
    const bool whole = !target || target->kind == NODE_NAME;
    const uint32_t symbol = !target ? in->answer : whole ? target->symbol : target->left->symbol;
    const syntax_node *right = statement->right;
    const bool deletion = right && right->kind == NODE_MATRIX && !right->right &&
                          statement->operation == OPERATION_NONE;
    bool ok =
        value.kind != VALUE_NOTHING || fail(in, "= needs a value, and the right side has none");
    if (whole) ok = ok && own_value(in, nodes, &value);
    else ok = ok && assign_elements(in, symbol, target->right, value, deletion);
    if (ok && whole) set_variable(in, symbol, value);
    else value_release(&value);
    return ok && print_variable(in, statement, symbol);
}

/* For x += e, x(i) += e and x++, which Octave words each in its own way. */
static bool check_defined(interpreter *in, const syntax_node *target, bool step)
{
    const bool whole = target->kind == NODE_NAME;
    const uint32_t symbol = whole ? target->symbol : target->left->symbol;
    if (lookup(in, symbol)) return true;
    octave_says(in, "",
                step ? "in x++ or ++x, x must be defined first"
                     : "in computed assignment A%s OP= X, A must be defined first",
                whole ? "" : "(index)");
    return fail_unknown(in, symbol);
}

bool run_assignment(interpreter *in, const syntax_node *statement)
{
    const size_t nodes = tape_nodes(in);
    const bool computed = statement->operation != OPERATION_NONE; /* x += e is x = x + e */
    const syntax_node sum = {.kind = NODE_BINARY,
                             .raw = true,
                             .operation = statement->operation,
                             .start = statement->start,
                             .left = statement->left,
                             .right = statement->right};
    script_value value;
    if (computed && !check_defined(in, statement->left, false)) return false;
    return evaluate(in, computed ? &sum : statement->right, &value) &&
           assign(in, statement, statement->left, nodes, value);
}

/* [a, ~, c] = f(...) */
static bool run_multiple(interpreter *in, const syntax_node *statement)
{
    size_t wanted = list_length(statement->left), count = 0;
    size_t nodes = tape_nodes(in);
    const syntax_node *right = statement->right;
    if (wanted > 1 && right->kind != NODE_INDEX &&
        (right->kind != NODE_NAME || lookup(in, right->symbol)))
        return fail(in, "[...] = needs a function that returns %zu values", wanted);
    if (wanted > MOST_RESULTS) return fail(in, "[...] = has more than %d targets", MOST_RESULTS);
    script_value *results = allocate(MOST_RESULTS * sizeof *results); /* the stack is for depth */
    bool ok = call_node(in, right, wanted, results, &count);
    in->pending++; /* of the results that wait */
    if (ok && count < wanted)
        ok = fail(in, "%zu values are asked for, %zu returned", wanted, count);
    const syntax_node *target = statement->left;
    for (size_t k = 0; ok && k < wanted; k++, target = target->next)
        if (target->kind != NODE_IGNORED)
            ok = assign(in, statement, target, nodes, value_share(results[k]));
    in->pending--;
    values_release(results, count);
    release(results);
    return ok;
}

static bool run_expression(interpreter *in, const syntax_node *statement)
{
    const syntax_node *node = statement->left;
    script_value value = {0};
    size_t nodes = tape_nodes(in), count;
    const script_value *variable = node->kind == NODE_NAME ? lookup(in, node->symbol) : NULL;
    if (variable) return print_variable(in, statement, node->symbol);
    if (!call_node(in, node, 0, &value, &count)) return false;
    if (count == 0 || value.kind == VALUE_NOTHING) return true;
    return assign(in, statement, NULL, nodes, value);
}

/* x++ and ++x: ans is the old value or the new one. */
static bool run_step(interpreter *in, const syntax_node *statement)
{
    const syntax_node *assignment = statement->left;
    script_value value;
    if (!check_defined(in, assignment->left, true)) return false;
    if (statement->raw && !run_assignment(in, assignment)) return false;
    if (!evaluate(in, assignment->left, &value)) return false;
    if (!statement->raw && !run_assignment(in, assignment)) return false;
    return assign(in, statement, NULL, SIZE_MAX, value);
}

/* ---- Loops and choices ---- */

static bool run_body(interpreter *in, const syntax_node *loop, bool *more)
{
    bool ok = run_statements(in, loop->third);
    *more = in->flow == FLOW_NEXT || in->flow == FLOW_CONTINUE;
    if (in->flow != FLOW_RETURN) in->flow = FLOW_NEXT;
    if (ok) in->statement = loop; /* whose condition or next value may fail */
    return ok && !interrupted(in) && (loop->third || collect(in));
}

/* The matrix of a range of plain numbers is never made. A loop over nothing runs no body and leaves
 * the variable empty. */
static bool run_for(interpreter *in, const syntax_node *loop)
{
    const syntax_node *right = loop->right;
    for_loop running = {.outer = in->loops};
    number_range range = {0};
    script_value *columns = &running.columns, value;
    bool more = true, ok = right->kind == NODE_RANGE ? evaluate_range(in, right, &range, columns)
                                                     : evaluate(in, right, columns);
    if (!ok) return false;
    const size_t count = range.count ? range.count : is_empty(*columns) ? 0 : columns->cols;
    ok = range.count || has_numbers(*columns) ||
         fail(in, "for: %s is not a number", value_kind_name(*columns));
    in->loops = &running;
    for (size_t k = 0; ok && more && (k < count || k == 0); k++) {
        const size_t nodes = tape_nodes(in);
        if (count == 0) value = value_share(*columns);
        else if (range.count) value = value_number(range_element(&range, k));
        else ok = column_of(in, *columns, k, &value);
        ok = ok && own_value(in, nodes, &value);
        if (ok) set_variable(in, loop->left->symbol, value);
        ok = ok && (count == 0 || run_body(in, loop, &more));
    }
    in->loops = running.outer;
    value_release(columns);
    return ok;
}

/* while, and do ... until, which looks at its condition after the body */
static bool run_while(interpreter *in, const syntax_node *loop)
{
    const bool until = loop->kind == NODE_DO;
    bool more = true, truth = !until;
    for (bool first = until;; first = false) {
        if (!first && !evaluate_truth(in, loop->left, !until, &truth)) return false;
        if (truth == until) return true;
        if (!run_body(in, loop, &more)) return false;
        if (!more) return true;
    }
}

/* Whether a case has the value, or {...} after case has it among others. */
static bool is_case(interpreter *in, const syntax_node *node, script_value value, bool *found)
{
    const syntax_node *label = node->kind == NODE_CELL ? node->right : node;
    for (*found = false; label && !*found; label = label->next) {
        script_value other;
        if (!evaluate_numeric(in, label, "switch", &other)) return false;
        *found = equal_values(&value, &other);
    }
    return true;
}

/* if and switch: the first clause whose condition holds, or which has none. */
static bool run_choice(interpreter *in, const syntax_node *statement)
{
    const bool is_switch = statement->kind == NODE_SWITCH;
    const syntax_node *clause = statement->right;
    script_value value = {0};
    bool found = false, ok = !is_switch || evaluate_numeric(in, statement->left, "switch", &value);
    in->pending += is_switch;
    for (; ok && clause; clause = clause->next) {
        if (is_switch || clause != statement->right)
            in->statement = clause; /* an error in it is placed there */
        found = !clause->left;
        if (!found)
            ok = is_switch ? is_case(in, clause->left, value, &found)
                           : evaluate_truth(in, clause->left, true, &found);
        if (ok && found) break;
    }
    in->pending -= is_switch;
    return ok && (!clause || run_statements(in, clause->third));
}

/* What has gone wrong in the first block goes to the second: an error that Octave has too. */
static bool run_try(interpreter *in, const syntax_node *statement)
{
    if (run_statements(in, statement->right)) return true;
    if (in->quit || in->failure.octave.length == 0 || interrupted(in)) return false;
    place_failure(in, in->statement);
    value_release(&in->caught);
    in->caught = error_value(in);
    clear_failure(in);
    if (statement->left) set_variable(in, statement->left->symbol, value_share(in->caught));
    return run_statements(in, statement->third);
}

static bool run_statement(interpreter *in, const syntax_node *statement)
{
    switch (statement->kind) {
    case NODE_EXPRESSION: return run_expression(in, statement);
    case NODE_ASSIGN: return run_assignment(in, statement);
    case NODE_MULTIPLE: return run_multiple(in, statement);
    case NODE_STEP: return run_step(in, statement);
    case NODE_FOR: return run_for(in, statement);
    case NODE_WHILE:
    case NODE_DO: return run_while(in, statement);
    case NODE_IF:
    case NODE_SWITCH: return run_choice(in, statement);
    case NODE_TRY: return run_try(in, statement);
    case NODE_DEFINITION:
        name_of(in, statement->symbol)->defined = (callee){.script = in->script, .node = statement};
        return true;
    case NODE_RETURN: in->flow = FLOW_RETURN; return true;
    case NODE_BREAK: in->flow = FLOW_BREAK; return true;
    default: in->flow = FLOW_CONTINUE; return true;
    }
}

bool run_statements(interpreter *in, const syntax_node *list)
{
    bool ok = in->depth < EVALUATION_LIMIT ||
              fail(in, "statements nested more than %d deep", EVALUATION_LIMIT);
    in->depth += 2; /* a block takes as much of the stack as two expressions */
    for (; ok && list && in->flow == FLOW_NEXT; list = list->next) {
        in->statement = list;
        ok = run_statement(in, list) && !interrupted(in) && collect(in);
    }
    in->depth -= 2;
    return ok;
}
