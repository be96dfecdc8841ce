/* SPDX-License-Identifier: MIT */
#include "tests/special_points.h"

#include "ops/elementwise.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static bool read_point(FILE *file, special_point *p)
{
    *p = (special_point){.arity = 0};
    if (fscanf(file, "%d %23s %d %lf %lf", &p->arity, p->name, &p->n, &p->tolerance, &p->x) != 5)
        return false;
    size_t count = p->arity == 1 ? 3 : 7, found = 0;
    if (p->arity != 1 && fscanf(file, "%lf", &p->y) != 1) return false;
    while (found < count && fscanf(file, "%lf", &p->expected[found]) == 1) found++;
    p->tolerance *= DBL_EPSILON;
    return found == count;
}

/* All of the file, which is read once. */
static const special_point *all_points(size_t *count)
{
    enum { MOST = 2048 };
    static special_point all[MOST];
    static size_t known;
    if (known == 0) {
        FILE *file = fopen("tests/data/special_points.txt", "r");
        ck_assert_ptr_nonnull(file);
        while (known < MOST && read_point(file, &all[known])) known++;
        ck_assert_msg(feof(file), "malformed after point %zu", known);
        fclose(file);
    }
    *count = known;
    return all;
}

size_t special_points_read(const char *name, int n, special_point *points)
{
    size_t all_count, count = 0;
    const special_point *all = all_points(&all_count);
    for (size_t k = 0; k < all_count; k++) {
        if (strcmp(all[k].name, name) != 0 || all[k].n != n) continue;
        ck_assert_uint_lt(count, MOST_POINTS);
        points[count++] = all[k];
    }
    return count;
}

ad_var special_points_record(const special_point *point, ad_var x, ad_var y)
{
    if (strcmp(point->name, "powi") == 0) return ad_powi(x, point->n);
    if (strcmp(point->name, "polygamma") == 0) return ad_polygamma(x, point->n);
    if (strcmp(point->name, "sinc_derivative") == 0)
        return operation_sinc_derivative(x, tape_number(x.tape, point->n));
    if (strcmp(point->name, "select") == 0)
        return operation_select(x, tape_number(x.tape, point->n));
    for (uint8_t code = CODE_FIRST_SCALAR; code < ELEMENTWISE_END; code++)
        if (strcmp(elementwise_operations[code - CODE_FIRST_SCALAR].name, point->name) == 0)
            return elementwise_record(code, x, y);
    ck_abort_msg("%s is no elementwise operation", point->name);
    return (ad_var){0};
}
