/* autodiff: runs gradient scripts. */
#define _POSIX_C_SOURCE 200809L

#include "autodiff/script/library/functions.h"
#include "autodiff/script/shell/graph.h"
#include "autodiff/script/print/file.h"
#include "autodiff/script/run/interpreter.h"
#include "autodiff/script/shell/limits.h"
#include "autodiff/script/shell/prompt.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { EXIT_CHECK = 1, EXIT_ERROR = 2 };

typedef struct program_options {
    bool json;
    bool stats;
    double seconds; /* of --max-time; 0: any number */
    const char *graph;
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
    "  --max-memory SIZE  ends a script that needs more memory, as 500M or 2G\n"
    "  --max-time SECONDS ends a script that runs longer\n"
    "  --stats            prints nodes, bytes, factorizations and seconds to standard error\n"
    "  --help             this text; --help functions lists the functions, --help NAME shows one\n"
    "  --version          the version, with the BLAS in use\n"
    "\n"
    "Exit status: 0 all checks passed, 1 a check failed, 2 the script has an error.\n";

static void print_stats(const interpreter *in, double seconds)
{
    ad_statistics statistics = ad_tape_statistics(in->tape);
    fprintf(stderr, "nodes %zu, bytes %zu, factorizations %zu, seconds %.3f\n", statistics.nodes,
            statistics.bytes, statistics.factorizations, seconds);
}

static interpreter *new_interpreter(void)
{
    interpreter *in = interpreter_new(stdout, NULL);
    if (!in) {
        fprintf(stderr, "autodiff: out of memory%s\n", memory_note());
        exit(EXIT_ERROR);
    }
    return in;
}

static void report_exhaustion(void *context)
{
    interpreter *in = context;
    fail(in, "out of memory%s", memory_note());
    report_failure(in, stderr);
}

static interpreter *start(const program_options *options)
{
    interpreter *in = new_interpreter();
    in->json = options->json;
    in->name_values = options->graph != NULL;
    in->collect = options->graph == NULL;
    in->seconds_allowed = options->seconds;
    memory_reporter(report_exhaustion, in);
    return in;
}

/* Picture and figures, then the exit status; frees the interpreter. */
static int finish(interpreter *in, const program_options *options, double begun, bool ok)
{
    if (fflush(stdout) != 0) {
        perror("autodiff");
        ok = false;
    }
    if (options->stats) print_stats(in, seconds_now() - begun);
    if (options->graph && !graph_write(in->tape, options->graph)) ok = false;
    int status = in->check_failed ? EXIT_CHECK : in->exit_status;
    memory_reporter(NULL, NULL);
    interpreter_free(in);
    return ok ? status : EXIT_ERROR;
}

static int run(source_text *source, const program_options *options)
{
    double begun = seconds_now();
    interpreter *in = start(options);
    bool ok = run_source(in, source, NULL);
    if (!ok) report_failure(in, stderr);
    return finish(in, options, begun, ok);
}

static int run_file(const char *path, const program_options *options)
{
    text_buffer why = {0};
    source_text *source = source_read(path, &why);
    if (!source) fprintf(stderr, "autodiff: %s: %s\n", path, why.data);
    text_free(&why);
    return source ? run(source, options) : EXIT_ERROR;
}

static int prompt(const program_options *options)
{
    double begun = seconds_now();
    interpreter *in = start(options);
    setlocale(LC_CTYPE, ""); /* for the line editor; numbers keep their point */
    run_prompt(in);
    return finish(in, options, begun, true);
}

static int help(const char *topic)
{
    if (!topic) {
        fputs(usage, stdout);
        return EXIT_SUCCESS;
    }
    interpreter *in = new_interpreter();
    bool ok = print_help(in, strcmp(topic, "functions") == 0 ? "" : topic);
    if (!ok) fprintf(stderr, "autodiff: %s\n", in->failure.message.data);
    interpreter_free(in);
    return ok ? EXIT_SUCCESS : EXIT_ERROR;
}

static int wrong(const char *option, const char *why)
{
    fprintf(stderr, "autodiff: %s: %s; autodiff --help tells more\n", option, why);
    return EXIT_ERROR;
}

static bool takes_value(const char *option)
{
    static const char *const names[] = {"-e", "--graph", "--max-memory", "--max-time"};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        if (strcmp(option, names[k]) == 0) return true;
    return false;
}

/* Notes an option that takes a value; the reason why not, or NULL. */
static const char *set_value(const char *option, const char *value, program_options *options)
{
    size_t bytes;
    if (!value) return "an argument is missing";
    if (strcmp(option, "-e") == 0) {
        options->code = value;
    } else if (strcmp(option, "--graph") == 0) {
        options->graph = value;
        return graph_known(value) ? NULL : "the picture's name must end in .svg, .png or .dot";
    } else if (strcmp(option, "--max-time") == 0) {
        return seconds_from(value, &options->seconds) ? NULL : "takes a number of seconds";
    } else if (size_from(value, &bytes)) {
        memory_limit(bytes);
        set_file_limit(bytes);
    } else {
        return "takes a size, as 500M or 2G";
    }
    return NULL;
}

/* Reads the option at arguments[*at] and moves *at past it; an exit status ends the program, -1
 * does not. */
static int read_option(char **arguments, int *at, program_options *options)
{
    const char *option = arguments[(*at)++];
    const char *value = arguments[*at];
    if (strcmp(option, "--help") == 0 || strcmp(option, "-h") == 0) return help(value);
    if (strcmp(option, "--version") == 0) {
        printf("autodiff %s\n", ad_version());
        return EXIT_SUCCESS;
    }
    if (strcmp(option, "--json") == 0) {
        options->json = true;
    } else if (strcmp(option, "--stats") == 0) {
        options->stats = true;
    } else if (takes_value(option)) {
        const char *why = set_value(option, value, options);
        if (why) return wrong(option, why);
        ++*at;
    } else {
        return wrong(option, "no such option");
    }
    return -1;
}

int main(int count, char **arguments)
{
    program_options options = {0};
    int at = 1, status = EXIT_SUCCESS;
    while (at < count && arguments[at][0] == '-' && arguments[at][1] != '\0') {
        int ended = read_option(arguments, &at, &options);
        if (ended >= 0) return ended;
    }
    if (options.code) {
        if (at < count) return wrong(arguments[at], "-e runs its argument, no file besides");
        return run(source_new("<command line>", options.code, strlen(options.code)), &options);
    }
    if (at == count) return isatty(STDIN_FILENO) ? prompt(&options) : run_file("-", &options);
    for (; at < count; at++) {
        if (arguments[at][0] == '-' && arguments[at][1] != '\0')
            return wrong(arguments[at], "options come before the files");
        int ended = run_file(arguments[at], &options);
        status = ended > status ? ended : status;
    }
    return status;
}
