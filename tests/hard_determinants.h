/* SPDX-License-Identifier: MIT */
/* Matrices whose determinants are hard to get right, with exact references, from
 * tests/data/hard-determinants.json (the format is explained there). */
#ifndef TESTS_HARD_DETERMINANTS_H
#define TESTS_HARD_DETERMINANTS_H

#include <stddef.h>

/* Of a reference: what the exact values are, beyond the doubles stored. */
typedef enum reference_status {
    REFERENCE_MISSING,
    REFERENCE_OK,
    REFERENCE_ZERO,      /* exactly zero */
    REFERENCE_UNDERFLOW, /* the largest below 2^-1022 */
    REFERENCE_OVERFLOW,
    REFERENCE_SINGULAR /* does not exist */
} reference_status;

typedef struct hard_determinant {
    char id[64], class_name[32];
    size_t n, rank;
    double *a; /* n x n, row-major like all below */
    reference_status determinant_status, gradient_status, hvp_status, log_gradient_status;
    double determinant;
    double *gradient;  /* NULL where missing */
    double *direction; /* V */
    double *hvp;       /* D cof(A)[V]; NULL where missing */
    int sign;
    double log_abs;
    double *log_gradient;                       /* A^-T; NULL where missing */
    size_t samples;                             /* of it, where it is too large to store whole */
    double *sample;                             /* i, j, value each */
    double log_gradient_largest;                /* NAN where not given */
    double sigma_1, sigma_before_last, sigma_n; /* NAN where there is none */
} hard_determinant;

/* The cases, NULL where the file cannot be read or makes no sense; free them as below. */
hard_determinant *hard_determinants_load(const char *path, size_t *count);
void hard_determinants_free(hard_determinant *cases, size_t count);

#endif
