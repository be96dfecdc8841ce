/* SPDX-License-Identifier: MIT */
/* Scripts with the values they must give: files of records, each of which holds
 *
 *     the script, on one line, in which \n stands for a newline
 *     HOW NAME ROWS COLUMNS VALUES...      for every value, elements down the columns
 *     (an empty line)
 *
 * HOW is exact, relative (each element to the tolerance times itself) or largest (each element to
 * the tolerance times the largest element; where all are 0, to the tolerance).
 */
#ifndef TESTS_SCRIPT_RESULTS_H
#define TESTS_SCRIPT_RESULTS_H

/* How many records the file has; 0 where it cannot be read. */
int script_records(const char *path);

/* Runs the script of one record, from 0, through the program (the environment variable AUTODIFF,
 * or the one of this build) with --json and asserts that each value is the last one printed
 * under its name. */
void script_check(const char *path, int record, double tolerance);

#endif
