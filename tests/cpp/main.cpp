// SPDX-License-Identifier: MIT
/* Runs all checks; the exit status tells whether they passed. */
#include "check.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

int failures = 0;

bool error_is(ad_tape *tape, ad_status status, const char *words)
{
    const bool found =
        ad_tape_status(tape) == status && std::strstr(ad_tape_message(tape), words) != nullptr;
    if (!found) std::printf("not \"%s\" but \"%s\"\n", words, ad_tape_message(tape));
    ad_tape_clear_error(tape);
    return found;
}

/* One NaN is as good as another. */
static bool same_number(double a, double b)
{
    return std::memcmp(&a, &b, sizeof a) == 0 || (std::isnan(a) && std::isnan(b));
}

static bool same_values(ad::var a, ad::var b)
{
    const ad::view x = ad::values(a), y = ad::values(b);
    return ad::ok(a) && ad::ok(b) && x.rows() == y.rows() && x.cols() == y.cols() &&
           std::equal(x.begin(), x.end(), y.begin(), same_number);
}

bool same(ad::var a, ad::var b, ad::var x)
{
    return same_values(a, b) && same_values(ad_grad(ad_sum(a), x), ad_grad(ad_sum(b), x)) &&
           ad_tape_status(x.tape) == AD_OK;
}

int main()
{
    check_operators();
    check_functions();
    check_templates();
    check_tapes();
    check_errors();
    check_derivatives();
    if (failures) std::printf("%d checks failed\n", failures);
    return failures ? 1 : 0;
}
