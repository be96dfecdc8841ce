/* The parts of a determinant factor, shared by the files of this folder. */
#ifndef OPS_DETERMINANT_PRIVATE_H
#define OPS_DETERMINANT_PRIVATE_H

#include <float.h>

#include "ops/determinant/determinant.h"
#include "ops/numbers/scaled.h"

/* Up to this order complete pivoting costs no more than partial pivoting through a library; up to
 * the next one complete pivoting goes on to twofold arithmetic where the pivots or the entries of A
 * span more bits, and up to the last one also for the sign of a determinant next to 0. */
enum { SMALL_ORDER = 32, TWOFOLD_ORDER = 64, TWOFOLD_SPAN = 12, SETTLED_ORDER = 400 };

/* A span within which no product of three entries, or of entries and a direction's, underflows. */
enum { CLOSED_SPAN = 300 };

/* Limits on mu = max|L^-1| max|U1| max|U1^-1|: a first derivative of cof loses about 0.1 mu, a
 * second about 0.02 mu^2 beyond what changes of the entries in the last place would cause. */
enum { FIRST_DERIVATIVE_LIMIT = 1000, SECOND_DERIVATIVE_LIMIT = 100 };

/* scaling.c: what there is among some numbers. */
typedef struct extent {
    bool finite;           /* no NaN and no Inf */
    bool zero;             /* nothing but zeros */
    int largest, smallest; /* else, where finite, the exponents of the nonzero */
} extent;

extent extent_of(size_t count, const double *x);

/* a_ij = hat a_ij 2^(rows_i + columns_j), exactly. */
typedef struct determinant_range {
    size_t n;
    bool common;   /* one exponent for all: rows all equal, columns all 0 */
    bool assigned; /* by an assignment, since the entries of A span many bits */
    int span;      /* largest minus smallest exponent of the scaled nonzero entries */
    int64_t *rows;
    int64_t *columns;
    int64_t total; /* sum of rows and columns: det(A) = det(hat A) 2^total */
} determinant_range;

/* Chooses the exponents for a finite matrix: the entries of hat A are at most 1; hat A is A for
 * n <= 2, whose closed formulas need no scaling. False when out of memory. */
bool range_choose(determinant_range *range, size_t n, const double *a, extent all, arena *memory);

/* All exponents 0. False when out of memory. */
bool range_trivial(determinant_range *range, size_t n, arena *memory);

/* The exponents that bring the largest entry of every row and column to [1/2, 1). */
bool range_equilibrate(determinant_range *range, size_t n, const double *a, arena *memory);

/* The range of both scalings, one after the other. */
void range_add(determinant_range *range, const determinant_range *other);

/* b_ij = a_ij 2^-(rows_i + columns_j + extra), and back: b_ij = a_ij 2^(extra + total - rows_i -
 * columns_j) + 0, what a cofactor needs. b may be a. */
void range_apply(const determinant_range *range, const double *a, int64_t extra, double *b);
void range_restore(const determinant_range *range, const double *a, int64_t extra, double *b);

/* assignment.c: r_i + c_j at least the exponent of a_ij, equal for an assignment of rows to
 * columns; perfect is false, and r and c mean nothing, where zeros allow none. False when out of
 * memory, taken for the time of the call. */
bool matching_exponents(size_t n, const double *a, int64_t *rows, int64_t *columns, bool *perfect,
                        arena *memory);

/* products.c: products of all d but one (or two), as result 2^exponent with the
 * largest about 1. Where all of them are 0 the results and the exponent are. */
scaled product_of_all(size_t n, const scaled *d);

/* products_k = prod_{l != k} d_l 2^-exponent, which is returned; work: n + 1. */
int64_t products_without_one(size_t n, const scaled *d, double *products, scaled *work);

/* The exponent of the largest product that leaves out count (2 or 3) of the d. */
int64_t largest_product_exponent(size_t n, const scaled *d, size_t count);

/* products_ij = prod_{l != i,j} d_l 2^-exponent, symmetric, 0 on the diagonal; work: n + 1. */
void products_without_two(size_t n, const scaled *d, int64_t exponent, double *products,
                          scaled *work);

/* hat A = X diag(d) Y with det(X) det(Y) = sign. Either (pivoted, lu.c)
 * A[row, column] = L diag(d) U1, or (orthogonal, rank_revealing.c)
 * hat A Z Pi = Q diag(d) U1. */
typedef struct decomposition {
    size_t n;
    enum { PARTIAL, COMPLETE, ORTHOGONAL } kind;
    bool inverted;   /* triangles: not the factors but their inverses */
    double *factors; /* pivoted: the triangles as factored, inverted or not */
    int sign;
    scaled value; /* pivoted: det(hat A), */
    bool settled; /* exactly, not as the product of the pivots */
    scaled *d;
    double *triangles;        /* U1 above the diagonal (1), L below it (pivoted, diagonal 1) */
    double largest_upper;     /* max|U1| */
    double growth;            /* pivoted: max|D U1| */
    double smallest;          /* pivoted: min|D|, as it came out */
    double epsilon;           /* pivoted: of the arithmetic it was computed in */
    double mu;                /* once inverted */
    size_t *row;              /* pivoted: row i of L D U1 is row row_i of hat A */
    size_t *column;           /* likewise; orthogonal: Pi */
    double *left_transposed;  /* orthogonal: Q^T */
    double *right_transposed; /* orthogonal: Z^T */
    const determinant_range *range;
} decomposition;

struct determinant_factor {
    size_t n;
    double *original; /* A where it has NaN or Inf, which all below has as 0; else NULL */
    scaled *expanded; /* cof(A) where expansion serves: entries are A, range is trivial, unless */
    bool cancelled;   /* much has cancelled in it: what does in derivatives is eliminated */
    scaled value;     /* det(A) */
    double *entries;  /* hat A */
    double *diagonal; /* NULL, or what is to be added to that of hat A */
    determinant_range range;
    arena *memory;
    decomposition *pivoted;      /* NULL where closed formulas serve for everything */
    decomposition *equilibrated; /* for solutions where pivoted is NULL; made when needed */
    decomposition *complete;     /* complete pivoting where pivoted is partial; made when needed */
    decomposition *orthogonal;   /* made when needed */
};

/* factor.c: whether the closed formulas serve for it. */
bool factor_is_closed(const determinant_factor *factor);

/* Makes NaN each entry of T, cofactors or a derivative of them, in which NaN or Inf in x takes part. */
void factor_spread_nan(size_t n, const double *x, double *t);

/* A decomposition with room for either pivoting; NULL when out of memory. */
decomposition *pivoted_new(const determinant_range *range, arena *memory);

/* Partial pivoting; false where it is known at once to be unfit. */
bool pivoted_partial(decomposition *d, const double *entries);

/* Complete pivoting, in twofold arithmetic where that is called for. False when out of memory,
 * which is taken for the time of the call. */
bool pivoted_complete(decomposition *d, const double *entries, arena *memory);

/* lu_double_double.c: complete pivoting in twofold arithmetic, of A + diag(diagonal) where that is
 * not NULL: parts of the diagonal below half a unit in the last place of its entries. */
bool pivoted_twofold(decomposition *d, const double *entries, const double *diagonal,
                     arena *memory);

/* The value. Where pivots may be rounding errors alone, A's rank and determinant are computed
 * exactly: as many pivots as the rank is below n, the smallest, become 0, and if none does, the
 * smallest is set so that all give the determinant. Twofold arithmetic first, where that may settle
 * it or more pivots came out as 0. False when out of memory. */
bool pivoted_settle(decomposition *d, const double *entries, arena *memory);
scaled pivoted_product(const decomposition *d); /* of the pivots, and the sign */

/* L^-1 and U1^-1 as the triangles, and mu. False when out of memory. */
bool pivoted_invert(decomposition *d, arena *memory);

/* NULL when out of memory. */
decomposition *orthogonal_new(const determinant_range *range, const double *entries, arena *memory,
                              arena *scratch);

/* householder.c: (C Pi)^T given row-wise in columns (row j is column j of C, so each
 * is contiguous) becomes R: R_kj is columns[j n + k] for k <= j; q_transposed receives Q^T where
 * C Pi = Q R. permutation NULL: without pivoting. Returns det(Q) det(Pi). reflector: n. */
int determinant_householder(size_t n, double *columns, size_t *permutation, double *q_transposed,
                            double *reflector);

/* factor.c: the decomposition, inverted, that serves a derivative of cof of the given order;
 * NULL when out of memory. */
const decomposition *factor_decomposition(determinant_factor *factor, int order, arena *scratch);

/* solve.c: factors of the matrix whose rows and columns were brought to one size, not
 * inverted, NULL when out of memory; B <- hat A^-1 B, or hat A^-T B, with such. work: n x k. */
const decomposition *equilibrated_factors(determinant_factor *factor);
void solve_scaled(const decomposition *d, bool transpose, size_t k, double *b, double *work);
/* modular.c: primes p with 2^30 < p < 2^31, the largest first. */
enum { MODULAR_PRIMES = 256 };
uint64_t modular_prime(size_t k);
uint64_t modular_power(uint64_t base, uint64_t exponent, uint64_t prime);

/* The rank and the determinant of a, residues, which is used up. */
size_t modular_eliminate(size_t n, uint64_t prime, uint64_t *a, uint64_t *determinant);

/* integers.c: a_ij = digits_ij 2^(shift_ij + r_i + c_j). */
typedef struct integer_term {
    int64_t digits;
    int64_t shift; /* not negative; 0 where digits is 0 */
} integer_term;

typedef struct integers {
    size_t n;
    integer_term *at;
    int64_t exponent;  /* sum of the r and c */
    int64_t top_shift; /* the largest */
    uint64_t *powers;  /* of 2, up to there: work */
} integers;

/* Takes its arrays from memory; false when out of it. */
bool integers_make(integers *m, size_t n, const double *entries, arena *memory);

/* residues <- digits 2^shift modulo the prime */
void integers_modulo(const integers *m, uint64_t prime, uint64_t *residues);

/* exact.c: the determinant, rounded, 0 only where it is 0; known is false, and value left
 * alone, where that would take too long. False when out of memory, taken for the time of the call. */
bool exact_determinant(size_t n, const double *entries, bool *known, scaled *value, arena *memory);

/* rank.c: the rank, or less where two primes divide all minors of that order. False when out of memory,
 * taken for the time of the call. */
bool rank_of_entries(size_t n, const double *entries, size_t *rank, arena *memory);

/* small.c: n <= 3 by minors, for entries that are not too far apart. The determinant
 * may be rounding errors alone where doubtful. t: n x n. */
bool closed_formulas_serve(const determinant_range *range);
scaled closed_determinant(size_t n, const double *a, bool *doubtful);
void closed_cofactor(size_t n, const double *a, double *t);

/* d^2/ds dt of the cofactors of sX + tY (n = 3; for n = 2 the cofactors of Y): D cof(A)[V]
 * for (A, V) and, n = 3 only, D^2 cof(A)[V, W] for (V, W). */
void closed_polar_cofactor(size_t n, const double *x, const double *y, double *t);

/* cofactor.c: T 2^exponent = cof(hat A) (of a pivoted decomposition),
 * D cof(hat A)[V], D^2 cof(hat A)[V, W]. False when out of memory. */
bool decomposition_cofactor(const decomposition *d, double *t, int64_t *exponent, arena *scratch);
bool decomposition_derivative(const decomposition *d, const double *v, double *t, int64_t *exponent,
                              arena *scratch);
bool decomposition_second_derivative(const decomposition *d, const double *v, const double *w,
                                     double *t, int64_t *exponent, arena *scratch);

/* laplace.c: small matrices whose entries, of this extent, lie far apart. det(A) and
 * cof(A), exact where much of them has cancelled, sound unless that takes too long; D cof(A)[V] and D^2 cof(A)[V, W] (order 1, 2;
 * the operands one after the other, finite), lost where next to all has cancelled, which does not
 * rewind scratch. False when out of
 * memory. */
enum { EXPANSION_ORDER = 12 };
bool expansion_serves(size_t n, extent all);
bool expansion_cofactor(size_t n, const double *a, scaled *value, scaled *cofactor, bool *sound,
                        bool *cancelled, arena *scratch);
bool expansion_derivative(size_t n, size_t order, const double *operands, scaled *result,
                          bool *lost, arena *scratch);

/* residue.c: entry (i, j) of cof(A), D cof(A)[V] or D^2 cof(A)[V, W] (order 0, 1, 2; the
 * operands one after the other), but for its sign and a power of two, modulo modular_prime(which): 0
 * where it is 0. For small n. NULL when out of memory. */
enum { RESIDUE_PRIMES = 2 };
typedef struct residues residues;
residues *residues_new(size_t n, size_t order, const double *operands, arena *scratch);
uint64_t residue_of_entry(const residues *r, size_t which, size_t i, size_t j);

/* Whether it is 0, modulo all of the primes. */
bool entry_vanishes(const residues *r, size_t i, size_t j);

/* directions.c: a direction V in parts whose exponents do not lie too far apart. */
enum { MOST_ALONE = 2 };
typedef struct lines_alone {
    size_t count;
    size_t line[MOST_ALONE];
} lines_alone;

typedef struct direction {
    const determinant_range *range;
    const double *values;
    bool zero;
    int64_t top; /* largest exponent of the scaled nonzero values */
    int width;   /* of a layer, in bits */
    size_t layers;
    lines_alone rows, columns; /* that outweigh all others: each on its own */
} direction;

/* Rows and columns can outweigh each other where those of A were scaled: as many of them as there
 * are directions may have to be taken alone; alone is 0 else. */
bool direction_describe(direction *v, const determinant_range *range, const double *values,
                        extent all, int width, size_t alone, arena *scratch);
size_t direction_parts(const direction *v);

/* part 2^exponent is the given part, scaled; false where it is empty. */
bool direction_part(const direction *v, size_t index, double *part, int64_t *exponent);

/* Sets to 0 the row and column of a derivative in the direction of a part that is a row or a column
 * alone: those of the part itself. */
void direction_clear(const direction *v, size_t index, double *t);

/* Whether D^2 cof(A) of the two parts is 0: both the same row alone, or the same column. */
bool direction_parts_exclude(const direction *v, size_t v_index, const direction *w,
                             size_t w_index);

#endif
