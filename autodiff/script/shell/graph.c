/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/shell/graph.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *ending(const char *path)
{
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : "";
}

bool graph_known(const char *path)
{
    const char *end = ending(path);
    return strcmp(end, "dot") == 0 || strcmp(end, "svg") == 0 || strcmp(end, "png") == 0;
}

static bool complain(const char *path, const char *why)
{
    fprintf(stderr, "autodiff: %s: %s\n", path, why);
    return false;
}

static bool write_text(const ad_tape *tape, const char *path)
{
    FILE *file = fopen(path, "w");
    if (!file) return complain(path, strerror(errno));
    bool ok = ad_tape_write_dot(tape, file) == AD_OK;
    ok = fclose(file) == 0 && ok;
    return ok || complain(path, "could not be written");
}

/* In the child: dot reads input and writes path. */
static void run_dot(int input, const char *path)
{
    char type[8];
    snprintf(type, sizeof type, "-T%s", ending(path));
    if (dup2(input, STDIN_FILENO) >= 0) execlp("dot", "dot", type, "-o", path, (char *)NULL);
    _exit(127);
}

static bool wait_for(pid_t child, const char *path)
{
    int status = 0;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR) return complain(path, strerror(errno));
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return complain(path, "dot could not be run; it is part of the package graphviz");
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) || complain(path, "dot failed");
}

/* Through a file without a name, which dot reads. */
static bool draw(const ad_tape *tape, const char *path)
{
    FILE *file = tmpfile();
    if (!file) return complain(path, strerror(errno));
    bool ok = (ad_tape_write_dot(tape, file) == AD_OK && fflush(file) == 0) ||
              complain(path, "could not be written");
    if (ok) {
        rewind(file);
        const pid_t child = fork();
        if (child == 0) run_dot(fileno(file), path);
        ok = child > 0 ? wait_for(child, path) : complain(path, strerror(errno));
    }
    fclose(file);
    return ok;
}

bool graph_write(const ad_tape *tape, const char *path)
{
    return strcmp(ending(path), "dot") == 0 ? write_text(tape, path) : draw(tape, path);
}
