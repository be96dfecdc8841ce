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
    size_t count = p->arity == 1 ? 3 : 7;
    ck_assert(p->arity == 1 || fscanf(file, "%lf", &p->y) == 1);
    for (size_t k = 0; k < count; k++)
        ck_assert_int_eq(fscanf(file, "%lf", &p->expected[k]), 1);
    p->tolerance *= DBL_EPSILON;
    return true;
}

size_t special_points_read(const char *name, int n, special_point *points)
{
    FILE *file = fopen("tests/data/special_points.txt", "r");
    ck_assert_ptr_nonnull(file);
    size_t count = 0;
    special_point p;
    while (read_point(file, &p))
        if (strcmp(p.name, name) == 0 && p.n == n) {
            ck_assert_uint_lt(count, MOST_POINTS);
            points[count++] = p;
        }
    ck_assert_msg(feof(file), "malformed after %s", p.name);
    fclose(file);
    return count;
}

ad_var special_points_record(const special_point *point, ad_var x, ad_var y)
{
    if (strcmp(point->name, "powi") == 0) return ad_powi(x, point->n);
    if (strcmp(point->name, "polygamma") == 0) return ad_polygamma(x, point->n);
    for (uint8_t code = CODE_FIRST_SCALAR; code < ELEMENTWISE_END; code++)
        if (strcmp(elementwise_operations[code - CODE_FIRST_SCALAR].name, point->name) == 0)
            return elementwise_record(code, x, y);
    ck_abort_msg("%s is no elementwise operation", point->name);
    return (ad_var){0};
}
