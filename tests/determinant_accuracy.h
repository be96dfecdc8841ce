/* SPDX-License-Identifier: MIT */
/* The errors of the determinant kernels on one matrix, against exact arithmetic. */
#ifndef TESTS_DETERMINANT_ACCURACY_H
#define TESTS_DETERMINANT_ACCURACY_H

#include "tape/arena.h"

/* What an entry's error is relative to: the largest of the matrix, of its row, of its column. */
typedef enum comparison { NORMWISE, BY_ROWS, BY_COLUMNS } comparison;

/* Infinite where a NaN or, next to zeros alone, anything but 0 is found; all_zero is what errors
 * are relative to where the whole reference is 0. */
double relative_error(size_t n, const double *value, const double *reference, comparison how,
                      double all_zero);

/* Of det relative to sigma_1 max|cof|; of log|det| relative to 1e-13 n + 1e-12 |log|det|| +
 * 1e-14 sigma_1 / sigma_n; of the matrices relative to their largest entries (sigma_1^(n-1) where
 * all are 0) and, normwise, to max(1, sigma_1 / (1000 sigma_{n-1})), of A^-T instead to
 * max(1, sigma_1 / sigma_n). */
typedef struct determinant_errors {
    double value, log_abs, gradient, log_gradient, first, second;
    int minus_zeros;
    bool wrong_sign;
} determinant_errors;

determinant_errors determinant_measure(size_t n, const double *a, const double *v, const double *w,
                                       comparison how);

/* An arena on malloc and free; memory must outlive it. */
void plain_arena(arena *a, tape_memory *memory);

#endif
