"""Keep the message catalogues: `python -m lms.catalogues [--check|--compile] [ROOT …]`.

Extracts the message ids of every app, brings its catalogue up to date and compiles it,
without GNU gettext, so that it runs on a bare machine. A ROOT (`courses`, `lms/core`, …)
limits the run to that catalogue. With `--check` nothing is written: it fails when a catalogue
would change, a translation is missing or fuzzy, or a placeholder differs from the id's.
With `--compile` the catalogues are only compiled.
"""

import argparse
import sys

from lms.catalogues.messages import (
    ROOTS,
    SUPPLEMENT,
    Root,
    Supplement,
    check_clashes,
    check_root,
    compile_root,
    update_root,
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser("lms.catalogues", description="Keep the message catalogues.")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing, fail on any fault")
    mode.add_argument("--compile", action="store_true", help="only compile what is there")
    parser.add_argument("roots", nargs="*", metavar="ROOT", help="only these, such as courses")
    options = parser.parse_args(arguments)
    known = (*ROOTS, SUPPLEMENT)
    names = [name.strip("/") for name in options.roots] or known
    if unknown := set(names) - set(known):
        parser.error(f"no such root: {', '.join(sorted(unknown))}; there is {', '.join(known)}")
    kinds = ((Supplement if name == SUPPLEMENT else Root)(name) for name in names)
    roots = [root for root in kinds if root.folder.is_dir()]
    if not options.check:
        for root in roots:
            (compile_root if options.compile else update_root)(root)
        return 0
    faults = [fault for root in roots for fault in check_root(root)]
    faults += check_clashes(roots)
    sys.stderr.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
