/* SPDX-License-Identifier: MIT */
#include "autodiff/script/print/number_format.h"

#include <float.h>
#include <math.h>

/* The digits before the point, for x below 1 minus the zeros after it. */
static int digits_of(double x)
{
    return x == 0 ? 0 : 1 + (int)floor(log10(x));
}

/* Digits before and after the point that show `digits` significant ones of a number. */
typedef struct split_number {
    int before;
    int after;
} split_number;

static split_number split_of(int size, int digits)
{
    const int shown = size != 0 ? size : 1;
    return (split_number){size > 0 ? size : 1, digits > shown ? digits - shown : digits};
}

/* Octave turns to exponents where a number takes more places than a double has digits, than fit
 * its widest field, or than half as many again as are asked for. */
static bool too_wide(split_number split, int width, int digits)
{
    int places = split.before + split.after;
    return places > 16 || width > 21 || places > 1.5 * digits;
}

static number_layout scalar_layout(double x, int digits)
{
    if (!isfinite(x)) return (number_layout){'g', 0, digits};
    const int size = digits_of(fabs(x));
    const bool whole = floor(x + 0.5) == x;
    const split_number split = whole ? (split_number){size, 0} : split_of(size, digits);
    const int width = whole ? size : split.before + 1 + split.after;
    if (too_wide(split, width, digits)) return (number_layout){'e', 0, digits - 1};
    return (number_layout){'f', 0, split.after};
}

/* Octave looks for integers in single precision here: [1e-200 1] are integers to it. */
static bool looks_whole(double x)
{
    float single = fabs(x) > (double)FLT_MAX ? (float)INFINITY : (float)x;
    return !isfinite(single) || floorf(single + 0.5f) == single;
}

typedef struct digit_span {
    bool whole;  /* all elements look like integers */
    bool finite; /* all are */
    int largest; /* digits of the largest and the smallest finite element, by magnitude */
    int smallest;
} digit_span;

/* Finds the range of every step-th of the first count elements. */
static digit_span span_of(const double *values, size_t count, size_t step)
{
    digit_span span = {.whole = true, .finite = true};
    double largest = 0, smallest = INFINITY;
    for (size_t k = 0; k < count; k += step) {
        const double x = values[k];
        span.whole = span.whole && looks_whole(x);
        span.finite = span.finite && isfinite(x);
        if (!isfinite(x)) continue;
        largest = fmax(largest, fabs(x));
        smallest = fmin(smallest, fabs(x));
    }
    span.largest = digits_of(largest);
    span.smallest = digits_of(fmin(smallest, largest));
    return span;
}

/* extra: columns beyond the digits and the point. */
static number_layout span_layout(digit_span span, int digits, int extra)
{
    const int size = span.largest > span.smallest ? span.largest : span.smallest;
    const split_number a = split_of(span.largest, digits), b = split_of(span.smallest, digits);
    split_number split = {a.before > b.before ? a.before : b.before,
                          a.after > b.after ? a.after : b.after};
    int width = extra + split.before + 1 + split.after;
    if (span.whole) width = size <= 0 ? 2 : size + 1;
    if (!span.finite && width < 4) width = 4;
    if (span.whole) split = (split_number){0, width};
    if (too_wide(split, width, digits)) {
        /* the size of a number below 1 counts its zeros, one more than its exponent says */
        int high = span.largest > 0 ? span.largest + 1 : 1 - span.largest;
        int low = span.smallest > 0 ? span.smallest + 1 : 1 - span.smallest;
        if (span.whole) high = span.largest, low = span.smallest;
        const int exponent = high > 100 || low > 100 ? 5 : 4;
        return (number_layout){'e', 1 + extra + digits + exponent, digits - 1};
    }
    return (number_layout){span.whole ? 'g' : 'f', width, split.after};
}

/* By its ends, the limit as it was written. */
static number_layout range_layout(const matrix_view *range, double limit, int digits)
{
    const double base = range->values[0], step = range->cols > 1 ? range->values[1] - base : 0;
    const bool whole = floor(base) == base && floor(step) == step;
    const digit_span span = {whole, true, digits_of(fabs(fmax(base, limit))),
                             digits_of(fabs(fmin(base, limit)))};
    return span_layout(span, digits, 2);
}

number_layout layout_of(const script_value *value, const matrix_view *view, int digits)
{
    size_t count = view->rows * view->cols, step = 1;
    if (count == 1) return scalar_layout(view->values[0], digits);
    if (value->form == FORM_RANGE) return range_layout(view, value->u.limit, digits);
    if (value->form == FORM_DIAGONAL) { /* by the diagonal alone */
        const size_t order = view->rows < view->cols ? view->rows : view->cols;
        step = view->cols + 1;
        count = (order - 1) * step + 1;
    }
    number_layout layout = span_layout(span_of(view->values, count, step), digits, 1);
    if (value->form == FORM_LOGICAL) layout.width = 1;
    return layout;
}

const char *number_name(double x)
{
    if (isfinite(x)) return NULL;
    return isnan(x) ? "NaN" : x > 0 ? "Inf" : "-Inf";
}

void append_number(text_buffer *text, number_layout layout, double x)
{
    const char *name = x == 0 ? "0" : number_name(x);
    const char format[] = {'%', '*', '.', '*', layout.conversion, '\0'};
    if (name) text_print(text, "%*s", layout.width, name);
    else text_print(text, format, layout.width, layout.precision, x);
}
