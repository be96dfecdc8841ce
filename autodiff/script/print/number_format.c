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
    split_number split;
    split.before = size > 0 ? size : 1;
    if (size == 0) split.after = digits > 1 ? digits - 1 : digits;
    else split.after = digits > size ? digits - size : digits;
    return split;
}

/* Octave turns to exponents where a number takes more places than a double has digits, than fit
 * its widest field, or than half as many again as are asked for. */
static bool too_wide(split_number split, int width, int digits)
{
    int places = split.before + split.after;
    return places > 16 || width > 21 || places > 1.5 * digits;
}

number_layout scalar_layout(double x, int digits)
{
    if (!isfinite(x)) return (number_layout){'g', 3, digits};
    int size = digits_of(fabs(x));
    if (floor(x + 0.5) == x) {
        split_number whole = {size, 0};
        if (!too_wide(whole, size, digits)) return (number_layout){'f', 0, 0};
        return (number_layout){'e', 0, digits - 1};
    }
    split_number split = split_of(size, digits);
    bool wide = too_wide(split, split.before + 1 + split.after, digits);
    return (number_layout){wide ? 'e' : 'f', 0, wide ? digits - 1 : split.after};
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

static digit_span extent_of(const matrix_view *view, size_t step)
{
    digit_span extent = {true, true, 0, 0};
    double largest = 0, smallest = INFINITY;
    for (size_t k = 0; k < view->rows * view->cols; k += step) {
        double x = view->values[k];
        extent.whole = extent.whole && looks_whole(x);
        if (isfinite(x)) {
            largest = fmax(largest, fabs(x));
            smallest = fmin(smallest, fabs(x));
        } else {
            extent.finite = false;
        }
    }
    extent.largest = digits_of(largest);
    extent.smallest = isinf(smallest) ? 0 : digits_of(smallest);
    return extent;
}

/* extra: columns beyond the digits and the point. */
static number_layout extent_layout(digit_span extent, int digits, int extra)
{
    int size = extent.largest > extent.smallest ? extent.largest : extent.smallest;
    split_number split;
    int width;
    if (extent.whole) {
        width = size <= 0 ? 2 : size + 1;
        width = !extent.finite && width < 4 ? 4 : width;
        split = (split_number){0, width};
    } else {
        split_number a = split_of(extent.largest, digits), b = split_of(extent.smallest, digits);
        split.before = a.before > b.before ? a.before : b.before;
        split.after = a.after > b.after ? a.after : b.after;
        width = extra + split.before + 1 + split.after;
        width = !extent.finite && width < 4 ? 4 : width;
    }
    if (too_wide(split, width, digits)) {
        /* the size of a number below 1 counts its zeros, one more than its exponent says */
        int high = extent.largest > 0 ? extent.largest + 1 : 1 - extent.largest;
        int low = extent.smallest > 0 ? extent.smallest + 1 : 1 - extent.smallest;
        if (extent.whole) high = extent.largest, low = extent.smallest;
        int exponent = high > 100 || low > 100 ? 5 : 4;
        return (number_layout){'e', 1 + extra + digits + exponent, digits - 1};
    }
    return (number_layout){extent.whole ? 'g' : 'f', width, split.after};
}

number_layout matrix_layout(const matrix_view *view, int digits)
{
    return extent_layout(extent_of(view, 1), digits, 1);
}

/* By the diagonal alone. */
number_layout diagonal_layout(const matrix_view *view, int digits)
{
    size_t order = view->rows < view->cols ? view->rows : view->cols;
    matrix_view diagonal = {order ? (order - 1) * (view->cols + 1) + 1 : 0, 1, view->values, 0};
    return extent_layout(extent_of(&diagonal, view->cols + 1), digits, 1);
}

number_layout range_layout(double base, double limit, bool integers, int digits)
{
    double high = base > limit ? base : limit, low = base > limit ? limit : base;
    digit_span extent = {integers, true, digits_of(fabs(high)), digits_of(fabs(low))};
    return extent_layout(extent, digits, 2);
}

void append_number(text_buffer *text, number_layout layout, double x)
{
    int width = layout.width;
    if (x == 0) text_print(text, "%*s", width, "0");
    else if (isnan(x)) text_print(text, "%*s", width, "NaN");
    else if (isinf(x)) text_print(text, "%*s", width, x > 0 ? "Inf" : "-Inf");
    else if (layout.conversion == 'f') text_print(text, "%*.*f", width, layout.precision, x);
    else if (layout.conversion == 'e') text_print(text, "%*.*e", width, layout.precision, x);
    else text_print(text, "%*.*g", width, layout.precision, x);
}
