/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/print/picture.h"

#include "autodiff/script/print/file.h"

#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

const char *name_ending(const char *name)
{
    const char *dot = strrchr(name, '.');
    return dot ? dot + 1 : "";
}

/* In the child: the files become its streams. */
static void become(const char *const *command, FILE *const streams[3])
{
    union {
        const char *const *words;
        char *const *arguments;
    } pointer = {command}; /* execvp changes neither */
    bool ok = true;
    for (int k = 0; k < 3; k++) ok = dup2(fileno(streams[k]), k) >= 0 && ok;
    if (ok) execvp(command[0], pointer.arguments);
    _exit(127);
}

/* The last line of what a program complained of, which has the reason. */
static void append_complaint(FILE *errors, text_buffer *why)
{
    text_buffer text = {0};
    rewind(errors);
    file_read(errors, &text, why);
    while (text.length && strchr("\n ", text.data[text.length - 1]))
        text.data[--text.length] = '\0';
    const char *newline = text.length ? strrchr(text.data, '\n') : NULL;
    const char *line = newline ? newline + 1 : text.data;
    if (text.length) text_print(why, ": %.200s", line + strspn(line, " "));
    text_free(&text);
}

static bool run(const char *const *command, const char *package, FILE *const streams[3],
                text_buffer *why)
{
    int status = 0;
    const pid_t child = fork();
    if (child == 0) become(command, streams);
    bool ok = child > 0;
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

/* Only a picture that was drawn takes the place of a file that is there. */
static bool copy_file(FILE *from, const char *path, text_buffer *why)
{
    text_buffer bytes = {0};
    rewind(from);
    bool ok = file_read(from, &bytes, why);
    FILE *to = ok ? fopen(path, "wb") : NULL;
    if (to) ok = fwrite(bytes.data, 1, bytes.length, to) == bytes.length;
    if (to) ok = fclose(to) == 0 && ok;
    if (why->length == 0 && (!to || !ok)) text_print(why, "%s", strerror(errno));
    text_free(&bytes);
    return ok && to;
}

bool picture_draw(const char *const *command, const char *package, FILE *script, const char *path,
                  text_buffer *why)
{
    FILE *const streams[3] = {script, tmpfile(), tmpfile()};
    bool ok = streams[1] && streams[2];
    if (!ok) text_print(why, "%s", strerror(errno));
    rewind(script);
    ok = ok && run(command, package, streams, why) && copy_file(streams[1], path, why);
    for (int k = 1; k < 3; k++)
        if (streams[k]) fclose(streams[k]);
    return ok;
}
