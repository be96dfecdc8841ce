/* SPDX-License-Identifier: MIT */
/* autodiff: runs gradient scripts. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/print/print.h"
#include "autodiff/script/run/interpreter.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_CHECK = 1, EXIT_ERROR = 2 };

typedef struct program_options {
    bool json;
    bool stats;
    double seconds; /* of --max-time; 0: any number */
    const char *graph;
    const char *plots;
    const char *code; /* of -e */
} program_options;

static const char usage[] =
    "autodiff runs gradient scripts: Octave with derivatives built in.\n"
    "\n"
    "  autodiff [options] FILE.ad ...   runs files\n"
    "  autodiff [options] -             runs standard input\n"
    "  autodiff [options] -e 'CODE'     runs its argument\n"
    "  autodiff                         on a terminal: a prompt\n"
    "\n"
    "  --json             prints each result as one JSON object a line\n"
    "  --graph FILE       writes the recorded tape as a picture: .svg, .png or .dot\n"
    "  --plots FOLDER     draws what the script plots into the folder, with gnuplot\n"
    "  --max-memory SIZE  ends a script that needs more memory, as 500M or 2G\n"
    "  --max-time SECONDS ends a script that runs longer\n"
    "  --stats            prints nodes, bytes, factorizations and seconds to standard error\n"
    "  --help             this text; --help functions lists the functions, --help NAME shows one\n"
    "  --version          the version, with the BLAS in use\n"
    "\n"
    "Exit status: 0 all checks passed, 1 a check failed, 2 the script has an error.\n";

/* ---- The recorded tape as a picture ---- */

static bool graph_known(const char *path)
{
    const char *ending = name_ending(path);
    return word_place("dot svg png", ending, strlen(ending)) > 0;
}

/* Writes text for dot to path, or through a file without a name to dot, which draws path; false after
 * a message. */
static bool graph_write(const ad_tape *tape, const char *path)
{
    const char *ending = name_ending(path);
    const bool drawn = strcmp(ending, "dot") != 0;
    const char *const command[] = {"dot", *ending == 's' ? "-Tsvg" : "-Tpng", NULL};
    text_buffer why = {0};
    FILE *file = drawn ? tmpfile() : fopen(path, "w");
    bool ok = file || refuse(&why, "%s", strerror(errno));
    ok = ok && ((ad_tape_write_dot(tape, file) == AD_OK && fflush(file) == 0) ||
                refuse(&why, "could not be written"));
    ok = ok && (!drawn || picture_draw(command, "graphviz", file, path, &why));
    if (file) fclose(file);
    if (!ok) fprintf(stderr, "autodiff: %s: %s\n", path, why.data);
    text_free(&why);
    return ok;
}

/* ---- Runs ---- */

static interpreter *new_interpreter(void)
{
    interpreter *in = interpreter_new(stdout, NULL);
    if (!in) out_of_memory();
    return in;
}

static void report_exhaustion(void *context)
{
    interpreter *in = context;
    fail(in, "out of memory%s", memory_note());
    report_failure(in, stderr);
}

/* Runs a source, or the prompt for NULL; picture and figures, then the exit status. */
static int run(source_text *source, const program_options *options)
{
    const double begun = seconds_now();
    interpreter *in = new_interpreter();
    in->json = options->json;
    in->name_values = options->graph != NULL;
    in->collect = options->graph == NULL;
    in->seconds_allowed = options->seconds;
    in->plots = options->plots;
    memory_reporter(report_exhaustion, in);
    bool ok = true;
    if (source) ok = run_source(in, source, NULL);
    else run_prompt(in);
    if (!ok) report_failure(in, stderr);
    if (fflush(stdout) != 0) {
        perror("autodiff");
        ok = false;
    }
    if (in->script && !plots_finish(in)) ok = false;
    const ad_statistics held = ad_tape_statistics(in->tape);
    if (options->stats)
        fprintf(stderr, "nodes %zu, bytes %zu, factorizations %zu, seconds %.3f\n", held.nodes,
                held.bytes, held.factorizations, seconds_now() - begun);
    if (options->graph && !graph_write(in->tape, options->graph)) ok = false;
    const int status = in->check_failed ? EXIT_CHECK : in->exit_status;
    memory_reporter(NULL, NULL);
    interpreter_free(in);
    return ok ? status : EXIT_ERROR;
}

static int run_file(const char *path, const program_options *options)
{
    text_buffer why = {0};
    source_text *source = source_read(path, &why);
    if (!source) fprintf(stderr, "autodiff: %s: %s\n", path, why.data);
    text_free(&why);
    return source ? run(source, options) : EXIT_ERROR;
}

/* ---- Options ---- */

static int help(const char *topic)
{
    interpreter *in = new_interpreter();
    const bool ok = !topic || print_help(in, strcmp(topic, "functions") == 0 ? "" : topic);
    if (!topic) fputs(usage, stdout);
    else if (!ok) fprintf(stderr, "autodiff: %s\n", in->failure.message.data);
    interpreter_free(in);
    return ok ? EXIT_SUCCESS : EXIT_ERROR;
}

static int wrong(const char *option, const char *why)
{
    fprintf(stderr, "autodiff: %s: %s; autodiff --help tells more\n", option, why);
    return EXIT_ERROR;
}

/* Notes the option at arguments[*at] and moves *at past it and its value; the reason why not, or
 * NULL. What an option asks to be told ends the program. */
static const char *note_option(char **arguments, int *at, program_options *options)
{
    static const char names[] =
        "-h --help --version --json --stats -e --graph --plots --max-time --max-memory";
    enum { NONE, H, HELP, VERSION, JSON, STATS, CODE, GRAPH, PLOTS, TIME };
    const char *value = arguments[*at + 1];
    const size_t k = word_place(names, arguments[*at], strlen(arguments[*at]));
    size_t bytes;
    if (k == NONE) return "no such option";
    if (k >= CODE && !value) return "an argument is missing";
    *at += k >= CODE ? 2 : 1;
    switch (k) {
    case H:
    case HELP: exit(help(value));
    case VERSION: printf("autodiff %s\n", ad_version()); exit(EXIT_SUCCESS);
    case JSON: options->json = true; return NULL;
    case STATS: options->stats = true; return NULL;
    case CODE: options->code = value; return NULL;
    case GRAPH:
        options->graph = value;
        return graph_known(value) ? NULL : "the picture's name must end in .svg, .png or .dot";
    case PLOTS: options->plots = value; return NULL;
    case TIME: return seconds_from(value, &options->seconds) ? NULL : "takes a number of seconds";
    default:
        if (!size_from(value, &bytes)) return "takes a size, as 500M or 2G";
        memory_limit = file_limit = bytes;
        return NULL;
    }
}

static bool is_option(const char *argument)
{
    return argument[0] == '-' && argument[1] != '\0';
}

int main(int count, char **arguments)
{
    program_options options = {0};
    int at = 1, status = EXIT_SUCCESS;
    while (at < count && is_option(arguments[at])) {
        const char *option = arguments[at];
        const char *why = note_option(arguments, &at, &options);
        if (why) return wrong(option, why);
    }
    if (options.code) {
        if (at < count) return wrong(arguments[at], "-e runs its argument, no file besides");
        return run(source_new("<command line>", options.code, strlen(options.code)), &options);
    }
    if (at == count) return isatty(STDIN_FILENO) ? run(NULL, &options) : run_file("-", &options);
    for (; at < count; at++) {
        if (is_option(arguments[at])) return wrong(arguments[at], "options come before the files");
        const int ended = run_file(arguments[at], &options);
        status = ended > status ? ended : status;
    }
    return status;
}
