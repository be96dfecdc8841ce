/* SPDX-License-Identifier: MIT */
#include "autodiff/script/shell/graph.h"

#include "autodiff/script/print/picture.h"

#include <errno.h>
#include <string.h>

bool graph_known(const char *path)
{
    const char *ending = name_ending(path);
    return word_place("dot svg png", ending, strlen(ending)) > 0;
}

/* Writes text for dot to path, or through a file without a name to dot, which draws path. */
bool graph_write(const ad_tape *tape, const char *path)
{
    const bool drawn = strcmp(name_ending(path), "dot") != 0;
    const bool svg = strcmp(name_ending(path), "svg") == 0;
    const char *const command[] = {"dot", svg ? "-Tsvg" : "-Tpng", NULL};
    text_buffer why = {0};
    FILE *file = drawn ? tmpfile() : fopen(path, "w");
    bool ok = file != NULL;
    if (!file) text_print(&why, "%s", strerror(errno));
    else if (ok = ad_tape_write_dot(tape, file) == AD_OK && fflush(file) == 0, !ok)
        text_print(&why, "could not be written");
    ok = ok && (!drawn || picture_draw(command, "graphviz", file, path, &why));
    if (file) fclose(file);
    if (!ok) fprintf(stderr, "autodiff: %s: %s\n", path, why.data);
    text_free(&why);
    return ok;
}
