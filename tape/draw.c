/* SPDX-License-Identifier: MIT */
/* The tape as a graph for Graphviz.
 *
 * The drawing shows what the user wrote. A node that only repeats a value, x times 1 or x plus -0,
 * lends its name to that value, or is left out. A number of an operation's own stands beside each
 * of its uses, so that no edge runs across the whole drawing for a shared 2. */
#include "tape/tape.h"

#include <math.h>
#include <string.h>

enum {
    HAS_USE = 1, /* some node is computed from it */
    SEEN_USE = 2 /* and is drawn */
};

enum { MOST_SHOWN = 3 }; /* rows and columns of a matrix whose elements are shown */

typedef struct drawing {
    const ad_tape *tape;
    FILE *file;
    uint32_t *shown;  /* of each node the one drawn in its place, often itself */
    uint32_t *titled; /* of each drawn node the one whose name it shows */
    uint8_t *uses;
} drawing;

/* ---- what is drawn ---- */

static bool is_number(const ad_tape *tape, uint32_t node)
{
    return node_code(tape, node) == CODE_NUMBER;
}

static bool is_leaf(const ad_tape *tape, uint32_t node)
{
    return node_operand_count(tape, node) == 0;
}

static bool is_operation(const ad_tape *tape, uint32_t node, const char *name)
{
    const bool general = node_code(tape, node) == CODE_GENERAL;
    const uint8_t code = general ? general_of(tape, node)->op->code : node_code(tape, node);
    return code >= CODE_FIRST_SCALAR && strcmp(tape->hooks->name(code), name) == 0;
}

/* Whether a node is x times 1 or x plus -0, with this operand as the 1 or the -0. */
static bool changes_nothing(const ad_tape *tape, uint32_t node, uint32_t operand)
{
    if (!is_leaf(tape, operand) || (node_flags(tape, operand) & NODE_MATRIX)) return false;
    const double value = *node_value(tape, operand);
    if (is_number(tape, operand)) return value == 1 && is_operation(tape, node, "mul");
    return value == 0 && signbit(value) && !tape_name_of(tape, operand) &&
           is_operation(tape, node, "add");
}

static bool same_shape(const ad_tape *tape, uint32_t x, uint32_t y)
{
    size_t rows, cols, y_rows, y_cols;
    node_shape(tape, x, &rows, &cols);
    node_shape(tape, y, &y_rows, &y_cols);
    return rows == y_rows && cols == y_cols;
}

/* The operand whose value a node repeats, or NO_NODE. */
static uint32_t repeated(const ad_tape *tape, uint32_t node)
{
    if (node_operand_count(tape, node) != 2) return NO_NODE;
    for (size_t k = 0; k < 2; k++) {
        const uint32_t operand = node_operand(tape, node, k);
        if (changes_nothing(tape, node, node_operand(tape, node, 1 - k)) &&
            same_shape(tape, node, operand))
            return operand;
    }
    return NO_NODE;
}

static void find_shown(drawing *d, uint32_t node)
{
    const uint32_t operand = repeated(d->tape, node);
    d->shown[node] = d->titled[node] = node;
    if (operand == NO_NODE) return;
    const uint32_t before = d->shown[operand];
    if (!tape_name_of(d->tape, node)) {
        d->shown[node] = before;
    } else if (!is_leaf(d->tape, before) && !tape_name_of(d->tape, d->titled[before])) {
        d->shown[node] = before;
        d->titled[before] = node;
    }
}

/* Without memory nothing is left out. */
static uint32_t repeated_by(const drawing *d, uint32_t node)
{
    return d->uses ? repeated(d->tape, node) : NO_NODE;
}

static uint32_t title_of(const drawing *d, uint32_t node)
{
    return d->uses ? d->titled[node] : node;
}

static size_t drawn_operands(const drawing *d, uint32_t node)
{
    return repeated_by(d, node) == NO_NODE ? node_operand_count(d->tape, node) : 1;
}

static uint32_t drawn_operand(const drawing *d, uint32_t node, size_t k)
{
    const uint32_t operand = repeated_by(d, node);
    const uint32_t from = operand == NO_NODE ? node_operand(d->tape, node, k) : operand;
    return d->uses ? d->shown[from] : from;
}

static void find_uses(drawing *d)
{
    memset(d->uses, 0, d->tape->count);
    for (uint32_t node = 0; node < d->tape->count; node++) {
        find_shown(d, node);
        for (size_t k = 0; k < node_operand_count(d->tape, node); k++)
            d->uses[node_operand(d->tape, node, k)] |= HAS_USE;
        for (size_t k = 0; d->shown[node] == node && k < drawn_operands(d, node); k++)
            d->uses[drawn_operand(d, node, k)] |= SEEN_USE;
    }
}

/* Whether a leaf stands beside each of its uses instead of once. */
static bool is_beside(const drawing *d, uint32_t node)
{
    return d->uses && is_number(d->tape, node) && !tape_name_of(d->tape, node);
}

static bool is_drawn(const drawing *d, uint32_t node)
{
    if (!d->uses) return true;
    if (d->shown[node] != node || is_beside(d, node)) return false;
    return !is_leaf(d->tape, node) || tape_name_of(d->tape, node) || d->uses[node] != HAS_USE;
}

/* ---- nodes ---- */

static void write_escaped(FILE *file, const char *text)
{
    for (; *text; text++) {
        const unsigned char c = (unsigned char)*text;
        if (c == '&') fputs("&amp;", file);
        else if (c == '<') fputs("&lt;", file);
        else if (c == '>') fputs("&gt;", file);
        else if (c == '"') fputs("&quot;", file);
        else if (c == '\n') fputs("<br/>", file);
        else fputc(c < ' ' ? ' ' : c, file);
    }
}

static const double *known_values(const ad_tape *tape, uint32_t node)
{
    if (!node_is_known(tape, node)) return NULL;
    if (!(node_flags(tape, node) & NODE_MATRIX)) return node_value(tape, node);
    const tape_node *n = general_of(tape, node);
    return n->computed ? n->values : NULL;
}

/* In a table of their own, so that the columns are as narrow as the elements. */
static void write_elements(const drawing *d, const double *values, size_t rows, size_t cols)
{
    fputs("<tr><td><table border=\"0\" cellspacing=\"0\" cellpadding=\"2\">", d->file);
    for (size_t i = 0; i < rows; i++) {
        fputs("<tr>", d->file);
        for (size_t j = 0; j < cols; j++)
            fprintf(d->file, "<td align=\"right\">%.6g</td>", values[i * cols + j]);
        fputs("</tr>", d->file);
    }
    fputs("</table></td></tr>", d->file);
}

/* Names the value: the user's name, and the operation or the value that it repeats. */
static void write_title(const drawing *d, uint32_t node)
{
    const char *name = tape_name_of(d->tape, title_of(d, node));
    const bool leaf = is_leaf(d->tape, node), repeats = repeated_by(d, node) != NO_NODE;
    if (name) {
        fputs("<b>", d->file);
        write_escaped(d->file, name);
        fputs(leaf ? "</b>" : "</b> = ", d->file);
        if (leaf) return;
    }
    const uint32_t from = repeats ? drawn_operand(d, node, 0) : node;
    const char *source = repeats ? tape_name_of(d->tape, title_of(d, from)) : NULL;
    write_escaped(d->file, source ? source : node_operation_name(d->tape, from));
}

static void write_label(const drawing *d, uint32_t node)
{
    size_t rows, cols;
    node_shape(d->tape, node, &rows, &cols);
    const double *values = known_values(d->tape, node);
    const bool single = rows == 1 && cols == 1, few = rows <= MOST_SHOWN && cols <= MOST_SHOWN;
    fputs("<<table border=\"0\" cellspacing=\"0\" cellpadding=\"1\"><tr><td>", d->file);
    write_title(d, node);
    fputs("</td></tr>", d->file);
    if (single) fprintf(d->file, "<tr><td>%.6g</td></tr>", values ? *values : NAN);
    else fprintf(d->file, "<tr><td>%zux%zu</td></tr>", rows, cols);
    if (values && !single && few && rows && cols) write_elements(d, values, rows, cols);
    fputs("</table>>", d->file);
}

static const char constant_style[] = "shape=box, style=\"filled,dashed\", fillcolor=\"#eeeeee\"";

/* Inputs, constants, results and what is between differ in their outline besides the colour. */
static const char *style_of(const drawing *d, uint32_t node)
{
    const bool active = node_is_active(d->tape, title_of(d, node));
    if (is_leaf(d->tape, node))
        return active ? "style=filled, fillcolor=\"#cfe2f3\"" : constant_style;
    if (d->uses && !(d->uses[node] & SEEN_USE)) return "peripheries=2, fillcolor=\"#fbdcb0\"";
    return active ? "fillcolor=white" : "fillcolor=white, color=gray50, fontcolor=gray40";
}

static void write_node(const drawing *d, uint32_t node)
{
    fprintf(d->file, "  n%u [label=", (unsigned)node);
    write_label(d, node);
    fprintf(d->file, ", %s];\n", style_of(d, node));
    for (size_t k = 0; k < drawn_operands(d, node); k++) {
        const uint32_t operand = drawn_operand(d, node, k);
        if (is_beside(d, operand))
            fprintf(d->file, "  c%u_%zu [label=\"%.6g\", %s];\n", (unsigned)node, k,
                    *node_value(d->tape, operand), constant_style);
    }
}

static void write_edges(const drawing *d, uint32_t node)
{
    for (size_t k = 0; k < drawn_operands(d, node); k++) {
        const uint32_t operand = drawn_operand(d, node, k);
        if (is_beside(d, operand)) fprintf(d->file, "  c%u_%zu", (unsigned)node, k);
        else fprintf(d->file, "  n%u", (unsigned)operand);
        fprintf(d->file, " -> n%u;\n", (unsigned)node);
    }
}

/* ---- the whole ---- */

static void write_nodes(const drawing *d)
{
    const tape_range *ranges = d->tape->derivatives, *open = NULL;
    size_t k = 0;
    for (uint32_t node = 0; node < d->tape->count; node++) {
        while (k < d->tape->derivative_count && ranges[k].end <= node) k++;
        if (!is_drawn(d, node)) continue;
        const bool inside = k < d->tape->derivative_count && ranges[k].first <= node;
        const tape_range *in = inside ? &ranges[k] : NULL;
        if (open && open != in) fputs("  }\n", d->file);
        if (in && open != in)
            fprintf(d->file, "  subgraph cluster_%u {\n  label=\"derivative\";\n", (unsigned)node);
        open = in;
        write_node(d, node);
    }
    if (open) fputs("  }\n", d->file);
}

/* Edges come after all nodes: one inside a cluster would draw its ends into it. */
static void write_graph(const drawing *d)
{
    fputs("digraph tape {\n  rankdir=TB;\n"
          "  graph [fontname=\"Helvetica\", fontsize=10, style=dashed, color=gray50, "
          "nodesep=0.2, ranksep=0.3];\n"
          "  node [shape=box, style=\"filled,rounded\", fontname=\"Helvetica\", fontsize=11, "
          "margin=0.05, width=0, height=0];\n"
          "  edge [arrowsize=0.6];\n",
          d->file);
    write_nodes(d);
    for (uint32_t node = 0; node < d->tape->count; node++)
        if (is_drawn(d, node)) write_edges(d, node);
    fputs("}\n", d->file);
}

/* The memory is scratch, given back at once. Without it every node is drawn as it is. */
ad_status ad_tape_write_dot(const ad_tape *tape, FILE *file)
{
    if (!tape || !file) return AD_ERROR_ARGUMENT;
    arena *scratch = tape_scratch_arena((ad_tape *)tape);
    const arena_position position = arena_mark(scratch);
    drawing d = {.tape = tape,
                 .file = file,
                 .shown = arena_take_array(scratch, tape->count, sizeof *d.shown),
                 .titled = arena_take_array(scratch, tape->count, sizeof *d.titled),
                 .uses = arena_take(scratch, tape->count)};
    if (!d.shown || !d.titled) d.uses = NULL;
    if (d.uses) find_uses(&d);
    write_graph(&d);
    arena_rewind(scratch, position);
    return fflush(file) == 0 && !ferror(file) ? AD_OK : AD_ERROR_ARGUMENT;
}
