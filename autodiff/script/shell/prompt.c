/* SPDX-License-Identifier: MIT */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/run/interpreter.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#ifdef HAVE_LIBEDIT
#include <editline/readline.h>
#endif

static volatile sig_atomic_t interrupt_flag;

static void on_interrupt(int signal_number)
{
    (void)signal_number;
    interrupt_flag = 1;
}

#ifdef HAVE_LIBEDIT

/* Completion of the names of functions and variables; libedit calls back without a context. */
static interpreter *completed;

static char *next_name(const char *start, int state)
{
    static uint32_t symbol;
    const size_t length = strlen(start);
    callee function;
    for (symbol = state ? symbol + 1 : 0; symbol < completed->symbols.count; symbol++) {
        const char *name = completed->symbols.names[symbol];
        if (strncmp(name, start, length) == 0 &&
            (lookup(completed, symbol) || callee_named(completed, NULL, symbol, &function)))
            return strdup(name); /* libedit frees it */
    }
    return NULL;
}

static char **complete(const char *start, int from, int to)
{
    (void)from;
    (void)to;
    if (*start == '\0') return NULL;  /* a tab among pasted lines */
    rl_attempted_completion_over = 1; /* no names of files */
    return rl_completion_matches(start, next_name);
}

/* Where the history is kept between sessions; empty where there is no place for it. */
static text_buffer history_file;

enum { HISTORY_LINES = 1000 };

/* $XDG_STATE_HOME/autodiff/history or ~/.autodiff_history. What cannot be read or written is not
 * missed. */
static void start_history(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    text_append(&history_file, "", 0);
    if (state && *state == '/') {
        text_print(&history_file, "%s/autodiff", state);
        mkdir(state, 0700);
        mkdir(history_file.data, 0700);
        text_print(&history_file, "/history");
    } else if (home && *home) {
        text_print(&history_file, "%s/.autodiff_history", home);
    }
    using_history();
    stifle_history(HISTORY_LINES);
    read_history(history_file.data);
}

static void start_reading(interpreter *in)
{
    completed = in;
    rl_readline_name = "autodiff";
    rl_attempted_completion_function = complete;
    rl_completion_append_character = '\0';
    rl_basic_word_break_characters = " \t\n\"'`@$><=;|&{(+-*/\\^,:[])~!.";
    start_history();
}

/* A line without its end, NULL at the end of the input; free() it. */
static char *read_line(const char *prompt)
{
    char *line = readline(prompt);
    if (line && *line) {
        add_history(line);
        write_history(history_file.data); /* now: a terminal that is closed ends the program */
    }
    return line;
}

#else

static void start_reading(interpreter *in)
{
    (void)in;
}

static char *read_line(const char *prompt)
{
    char *line = NULL;
    size_t capacity = 0;
    fputs(prompt, stdout);
    fflush(stdout);
    ssize_t length = getline(&line, &capacity, stdin);
    if (length < 0) {
        free(line);
        return NULL;
    }
    if (length && line[length - 1] == '\n') line[length - 1] = '\0';
    return line;
}

#endif

/* Runs what has been typed; true when more lines are needed to make a statement of it. */
static bool run_typed(interpreter *in, const text_buffer *typed)
{
    bool incomplete = false;
    source_text *source = source_new("<prompt>", typed->data, typed->length);
    interrupt_flag = 0;
    if (run_source(in, source, &incomplete)) fflush(in->output);
    else if (!incomplete) report_failure(in, stderr);
    interrupt_flag = 0;
    return incomplete;
}

void run_prompt(interpreter *in)
{
    struct sigaction action = {.sa_handler = on_interrupt}, before;
    text_buffer typed = {0};
    setlocale(LC_CTYPE, ""); /* for the line editor; numbers keep their point */
    sigaction(SIGINT, &action, &before);
    in->interrupt = &interrupt_flag;
    start_reading(in);
    printf("autodiff %s\nhelp lists the functions, quit or Ctrl-D leaves, Ctrl-C drops what is "
           "begun.\n",
           ad_version());
    while (!in->quit) {
        errno = 0;
        char *line = read_line(typed.length ? "... " : ">> ");
        if (line) {
            text_append(&typed, line, strlen(line));
            text_append(&typed, "\n", 1);
            free(line);
            if (!run_typed(in, &typed)) typed.length = 0;
        } else if (interrupt_flag || errno == EINTR) { /* Ctrl-C: what was typed is dropped */
            clearerr(stdin);
            putchar('\n');
            typed.length = 0;
        } else {
            break;
        }
    }
    if (!in->quit) putchar('\n');
    text_free(&typed);
    in->interrupt = NULL;
    sigaction(SIGINT, &before, NULL);
}
