/* SPDX-License-Identifier: MIT */
#include "tests/hard_determinants.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- as much of JSON as the file needs: no escapes in strings ------------------------------ */

static const char *skip_blanks(const char *p)
{
    return p + strspn(p, " \t\r\n,:");
}

/* The position behind the value at p; NULL where the text ends inside it. */
static const char *skip_value(const char *p)
{
    int depth = 0;
    do {
        p = skip_blanks(p);
        if (*p == '\0') return NULL;
        if (*p == '"') {
            p = strchr(p + 1, '"');
            if (!p) return NULL;
            p++;
        } else if (*p == '{' || *p == '[') {
            depth++, p++;
        } else if (*p == '}' || *p == ']') {
            depth--, p++;
        } else {
            p += strcspn(p, ",]} \t\r\n");
        }
    } while (depth > 0);
    return p;
}

/* The value of a key of the object at p; NULL where it is missing or null. */
static const char *member(const char *p, const char *key)
{
    const size_t length = strlen(key);
    if (!p || *p != '{') return NULL;
    for (p = skip_blanks(p + 1); p && *p == '"'; p = p ? skip_blanks(p) : NULL) {
        const bool found = strncmp(p + 1, key, length) == 0 && p[length + 1] == '"';
        p = strchr(p + 1, '"');
        if (!p) return NULL;
        p = skip_blanks(p + 1);
        if (found) return strncmp(p, "null", 4) == 0 ? NULL : p;
        p = skip_value(p);
    }
    return NULL;
}

/* Numbers are plain, or hexadecimal in a string. */
static double number(const char *p, double otherwise)
{
    return p ? strtod(p + (*p == '"'), NULL) : otherwise;
}

static void text(const char *p, char *result, size_t size)
{
    const size_t length = p && *p == '"' ? strcspn(p + 1, "\"") : 0;
    snprintf(result, size, "%.*s", (int)length, length ? p + 1 : "");
}

/* The numbers of the array at p, of arrays in it too; NULL where there are not count of them. */
static double *numbers(const char *p, size_t count)
{
    if (!p || *p != '[') return NULL;
    double *result = malloc((count + 1) * sizeof *result);
    if (!result) abort();
    const char *end = skip_value(p);
    size_t found = 0;
    for (; end && p < end && found <= count; p = skip_blanks(p)) {
        if (*p == '[' || *p == ']' || *p == '"') {
            p++;
            continue;
        }
        if (p >= end) break;
        char *behind;
        result[found < count ? found : count] = strtod(p, &behind);
        found++;
        if (behind == p) break;
        p = behind;
    }
    if (found == count) return result;
    free(result);
    return NULL;
}

static size_t length_of(const char *p)
{
    size_t length = 0;
    if (!p || *p != '[') return 0;
    for (p = skip_blanks(p + 1); p && *p && *p != ']'; p = skip_blanks(p)) {
        p = skip_value(p);
        if (!p) return length;
        length++;
    }
    return length;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    if (!file) return NULL;
    size_t size = 0, room = 1 << 16;
    char *content = malloc(room);
    while (content) {
        size += fread(content + size, 1, room - 1 - size, file);
        if (size < room - 1) break;
        room *= 2;
        char *larger = realloc(content, room);
        if (!larger) abort();
        content = larger;
    }
    fclose(file);
    if (content) content[size] = '\0';
    return content;
}

/* ---- cases --------------------------------------------------------------------------------- */

static reference_status status_of(const char *p)
{
    /* clang-format off */
    static const struct { const char *name; reference_status status; } names[] = {
        {"ok", REFERENCE_OK}, {"zero", REFERENCE_ZERO}, {"underflow", REFERENCE_UNDERFLOW},
        {"overflow", REFERENCE_OVERFLOW}, {"singular", REFERENCE_SINGULAR}};
    /* clang-format on */
    char name[32];
    text(p, name, sizeof name);
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(name, names[k].name) == 0) return names[k].status;
    return REFERENCE_MISSING;
}

/* Entries that are sums of twelve steps of a linear congruential generator (Lehmer 1951), scaled;
 * NULL where they are not those the file tells of. */
static double *generate(const char *p, size_t n)
{
    char kind[32];
    text(member(p, "kind"), kind, sizeof kind);
    if (strcmp(kind, "lehmer_sum12") != 0) return NULL;
    uint64_t x = (uint64_t)number(member(p, "seed"), 0);
    const double scale = number(member(p, "scale"), 0);
    double *a = malloc((n * n + 1) * sizeof *a);
    double *first = numbers(member(p, "first_entries"), length_of(member(p, "first_entries")));
    if (!a || !first) abort();
    for (size_t k = 0; k < n * n; k++) {
        uint64_t sum = 0;
        for (int step = 0; step < 12; step++) {
            x = x * 48271 % 2147483647;
            sum += x;
        }
        a[k] = scale * ((double)sum * 0x1p-31 - 6);
    }
    const size_t told = length_of(member(p, "first_entries"));
    bool same = a[n * n - 1] == number(member(p, "last_entry"), 0);
    for (size_t k = 0; k < told; k++) same = same && a[k] == first[k];
    free(first);
    if (same) return a;
    free(a);
    return NULL;
}

static double *direction_of(size_t n)
{
    double *v = malloc((n * n + 1) * sizeof *v);
    if (!v) abort();
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            v[i * n + j] = ((double)((7 * i + 3 * j + 5 * i * j + 1) % 17) - 8) / 8;
    return v;
}

static bool read_case(const char *p, hard_determinant *c)
{
    const size_t n = (size_t)number(member(p, "n"), 0);
    *c = (hard_determinant){.n = n};
    text(member(p, "id"), c->id, sizeof c->id);
    text(member(p, "cls"), c->class_name, sizeof c->class_name);
    c->rank = (size_t)number(member(p, "rank"), 0);
    c->a = member(p, "A") ? numbers(member(p, "A"), n * n) : generate(member(p, "generator"), n);
    c->determinant_status = status_of(member(p, "det_status"));
    c->determinant = number(member(p, "det"), 0);
    c->gradient_status = status_of(member(p, "grad_status"));
    c->gradient = numbers(member(p, "grad"), n * n);
    c->direction = direction_of(n);
    c->hvp_status = status_of(member(p, "hvp_status"));
    c->hvp = numbers(member(p, "hvp"), n * n);
    c->sign = (int)number(member(p, "sign"), 0);
    c->log_abs = number(member(p, "logabsdet"), NAN);
    c->log_gradient_status = status_of(member(p, "grad_logabsdet_status"));
    c->log_gradient = numbers(member(p, "grad_logabsdet"), n * n);
    c->samples = length_of(member(p, "grad_logabsdet_samples"));
    c->sample = numbers(member(p, "grad_logabsdet_samples"), 3 * c->samples);
    c->log_gradient_largest = number(member(p, "grad_logabsdet_maxabs"), NAN);
    c->sigma_1 = number(member(p, "sigma_1"), NAN);
    c->sigma_before_last = number(member(p, "sigma_nm1"), NAN);
    c->sigma_n = number(member(p, "sigma_n"), NAN);
    return n > 0 && c->a && !isnan(c->sigma_1);
}

void hard_determinants_free(hard_determinant *cases, size_t count)
{
    for (size_t k = 0; cases && k < count; k++) {
        free(cases[k].a), free(cases[k].gradient), free(cases[k].direction);
        free(cases[k].hvp), free(cases[k].log_gradient), free(cases[k].sample);
    }
    free(cases);
}

hard_determinant *hard_determinants_load(const char *path, size_t *count)
{
    char *content = read_file(path);
    const char *list = content ? member(skip_blanks(content), "cases") : NULL;
    *count = length_of(list);
    hard_determinant *cases = calloc(*count + 1, sizeof *cases);
    bool good = *count > 0 && cases;
    const char *p = good ? skip_blanks(list + 1) : NULL;
    for (size_t k = 0; good && k < *count; k++) {
        good = read_case(p, &cases[k]);
        p = skip_value(p);
        p = p ? skip_blanks(p) : NULL;
    }
    free(content);
    if (good) return cases;
    hard_determinants_free(cases, cases ? *count : 0);
    *count = 0;
    return NULL;
}
