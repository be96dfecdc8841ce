/* SPDX-License-Identifier: MIT */
/* Errors stick to the tape: the first one is kept, with its text. */
#include "tape/tape.h"

#include <stdarg.h>

bool tape_fail(ad_tape *tape, ad_status status, const char *format, ...)
{
    if (!tape || tape->status != AD_OK) return false;
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(tape->message, sizeof tape->message, format, arguments);
    va_end(arguments);
    tape->status = status;
    tape_refresh(tape);
    return false;
}

bool tape_out_of_memory(ad_tape *tape, const char *operation_name)
{
    return tape_fail(tape, AD_ERROR_MEMORY, "%s: out of memory", operation_name);
}

ad_status ad_tape_status(const ad_tape *tape)
{
    return tape ? tape->status : AD_ERROR_ARGUMENT;
}

const char *ad_tape_message(const ad_tape *tape)
{
    if (!tape) return "no tape (NULL)";
    return tape->status == AD_OK ? "" : tape->message;
}

void ad_tape_clear_error(ad_tape *tape)
{
    if (!tape) return;
    tape->status = AD_OK;
    tape->message[0] = '\0';
    tape_refresh(tape);
}

const char *ad_status_string(ad_status status)
{
    switch (status) {
    case AD_OK: return "no error";
    case AD_ERROR_ARGUMENT: return "invalid argument";
    case AD_ERROR_SHAPE: return "shapes do not fit";
    case AD_ERROR_TAPE: return "values of different tapes";
    case AD_ERROR_STALE: return "handle from before a reset or rewind";
    case AD_ERROR_MEMORY: return "out of memory";
    case AD_ERROR_SIZE: return "too large";
    case AD_ERROR_SINGULAR: return "singular matrix";
    case AD_ERROR_DERIVATIVE: return "no derivative";
    case AD_ERROR_STATE: return "call at the wrong time";
    }
    return "unknown status";
}

static bool handle_fails(ad_var x, const char *name, size_t argument)
{
    if (!x.tape) return true;
    if (tape_holds(x.tape, x)) return false;
    if (x.epoch == 0)
        tape_fail(x.tape, AD_ERROR_ARGUMENT, "%s: invalid handle (argument %zu)", name, argument);
    else
        tape_fail(x.tape, AD_ERROR_STALE,
                  "%s: stale handle: its value was dropped by a reset, rewind or keep", name);
    return true;
}

/* With handles of two tapes the error goes to both. */
ad_tape *tape_common_on(ad_tape *tape, const ad_var *vars, size_t count, const char *operation_name)
{
    size_t missing = 0;
    bool ok = true;
    for (size_t i = 0; i < count; i++) {
        if (!tape) tape = vars[i].tape;
        if (vars[i].tape && vars[i].tape != tape) {
            static const char format[] = "%s: operands on different tapes";
            tape_fail(tape, AD_ERROR_TAPE, format, operation_name);
            ok = tape_fail(vars[i].tape, AD_ERROR_TAPE, format, operation_name);
        } else if (handle_fails(vars[i], operation_name, i + 1)) {
            ok = false;
        }
        if (!vars[i].tape && missing == 0) missing = i + 1;
    }
    if (missing)
        tape_fail(tape, AD_ERROR_ARGUMENT, "%s: invalid handle (argument %zu)", operation_name,
                  missing);
    return ok ? tape : NULL;
}

ad_tape *tape_common(const ad_var *vars, size_t count, const char *operation_name)
{
    return tape_common_on(NULL, vars, count, operation_name);
}

bool tape_ready(ad_tape *tape, const char *operation_name)
{
    if (tape->status != AD_OK) return false;
    if (tape->epoch == NO_EPOCH)
        return tape_fail(tape, AD_ERROR_SIZE, "%s: the tape was reset or rewound 2^30 times",
                         operation_name);
    if (tape->in_callback)
        return tape_fail(tape, AD_ERROR_STATE, "%s: called from a shape rule or value function",
                         operation_name);
    if (tape->failed != NO_NODE)
        return tape_fail(
            tape, AD_ERROR_STATE,
            "%s: after an ad_replay that failed: values are unknown until one succeeds",
            operation_name);
    if (tape->set_pending)
        return tape_fail(tape, AD_ERROR_STATE, "%s: after ad_set, call ad_replay first",
                         operation_name);
    return true;
}

bool tape_settled(ad_tape *tape, const char *operation_name)
{
    if (tape->in_callback || tape->trial_start != NO_NODE || tape->gradients > 0)
        return tape_fail(tape, AD_ERROR_STATE, "%s: called from %s", operation_name,
                         tape->in_callback ? "a shape rule or value function" : "within a sweep");
    return true;
}

bool tape_usable(ad_var x, const char *operation_name)
{
    if (x.tape && (x.epoch ^ x.tape->fast_epoch) < EPOCH_STEP) return true;
    return tape_common(&x, 1, operation_name) && tape_ready(x.tape, operation_name);
}
