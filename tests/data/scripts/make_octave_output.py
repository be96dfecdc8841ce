#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes octave_output.txt anew: what Octave prints for each of its scripts; with --lapack first
octave_lapack_output.txt, where signs and orders are those that LAPACK gives.

A line ">> SCRIPT", in which ||| stands for a newline, is followed by Octave's output, up to the
next such line. With arguments, the scripts in those files, one a line, are added. Beside each program
../programs/NAME.m what Octave prints is written to NAME.txt.
"""
import glob
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
STORE = os.path.join(HERE, "octave_%soutput.txt" % ("lapack_" * (sys.argv[1:2] == ["--lapack"])))
END = "@@@@"


def quoted(script):
    for old, new in (("\\", "\\\\"), ('"', '\\"'), ("|||", "\\n")):
        script = script.replace(old, new)
    return '["' + script + '"]'


def outputs(scripts):
    """Each runs in a workspace of its own; None for one that Octave refuses."""
    lines = []
    for script in scripts:
        lines.append("clear all; format short;\ntry\neval(%s);\ncatch err\nprintf(\"!!!!\");\nend\n"
                     'printf("%s\\n");' % (quoted(script), END))
    run = subprocess.run(["octave-cli", "--no-gui", "-q", "--eval", "\n".join(lines)],
                         capture_output=True, text=True, check=False)
    parts = run.stdout.split(END + "\n")[:-1]
    assert len(parts) == len(scripts), run.stderr
    return [None if "!!!!" in part else part for part in parts]


def main():
    scripts = []
    if os.path.exists(STORE):
        with open(STORE, encoding="utf-8") as store:
            scripts = [line[3:].rstrip("\n") for line in store if line.startswith(">> ")]
    for name in [name for name in sys.argv[1:] if name != "--lapack"]:
        with open(name, encoding="utf-8") as added:
            scripts += [line.rstrip("\n") for line in added if line.strip()]
    scripts = list(dict.fromkeys(scripts))
    done = []
    for start in range(0, len(scripts), 200):
        part = scripts[start:start + 200]
        done += zip(part, outputs(part))
    with open(STORE, "w", encoding="utf-8") as store:
        for script, output in done:
            if output is not None and (not output or output.endswith("\n")):
                store.write(">> %s\n%s" % (script, output))


def write_programs():
    for name in sorted(glob.glob(os.path.join(HERE, "..", "programs", "*.m"))):
        run = subprocess.run(["octave-cli", "--no-gui", "-q", "--no-init-file", name],
                             capture_output=True, text=True, check=False)
        with open(name[:-2] + ".txt", "w", encoding="utf-8") as output:
            output.write(run.stdout)


if __name__ == "__main__":
    main()
    write_programs()
