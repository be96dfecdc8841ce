/* SPDX-License-Identifier: MIT */
/* Pictures that another program draws. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/print.h"

#include "autodiff/script/syntax/syntax.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *name_ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : "";
}

/* The last line of what a program complained of, which has the reason. */
static void append_complaint(FILE *errors, text_buffer *why)
{
    text_buffer text = {0};
    const char *last = NULL;
    rewind(errors);
    if (file_read(errors, &text, why))
        for (char *line = strtok(text.data, "\n"); line; line = strtok(NULL, "\n")) last = line;
    if (last) text_print(why, ": %.200s", last + strspn(last, " "));
    text_free(&text);
}

/* Runs a command whose streams 0, 1 and 2 are these files. */
static bool run(const char *const *command, const char *package, FILE *const streams[3],
                text_buffer *why)
{
    int status = 0;
    const pid_t child = fork();
    bool ok = child >= 0;
    if (child == 0) {
        for (int k = 0; k < 3; k++) ok = dup2(fileno(streams[k]), k) >= 0 && ok;
        if (ok) execvp(command[0], (char *const *)command); /* changes neither */
        _exit(127);
    }
    while (ok && waitpid(child, &status, 0) < 0) ok = errno == EINTR;
    if (!ok) {
        text_print(why, "%s", strerror(errno));
    } else if (WIFEXITED(status) && WEXITSTATUS(status) == 127) {
        text_print(why, "%s could not be run; it is part of the package %s", command[0], package);
    } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        text_print(why, "%s failed", command[0]);
        append_complaint(streams[2], why);
    } else {
        return true;
    }
    return false;
}

bool picture_draw(const char *const *command, const char *package, FILE *script, const char *path,
                  text_buffer *why)
{
    text_buffer part = {0}; /* only a picture that was drawn takes the place of a file */
    text_print(&part, "%s.part", path);
    FILE *const streams[3] = {script, fopen(part.data, "wb"), tmpfile()};
    const bool ready = streams[1] && streams[2];
    rewind(script);
    const bool drawn = ready && run(command, package, streams, why);
    const bool ok = drawn && rename(part.data, path) == 0;
    if (!ready || (drawn && !ok)) text_print(why, "%s", strerror(errno));
    for (int k = 1; k < 3; k++)
        if (streams[k]) fclose(streams[k]);
    if (streams[1] && !ok) remove(part.data);
    text_free(&part);
    return ok;
}
