#!/usr/bin/env python3
"""Compares our XForms with pyxform's, as trees.

    python pyxform_check.py CONVERTER WORKBOOK...

CONVERTER is the built example: target/debug/examples/xlsform2xform. Run with a Python that has pyxform==4.5.0:

    python3 -m venv DIR && DIR/bin/pip install pyxform==4.5.0
    cargo build -p tianye-xlsform --example xlsform2xform
    DIR/bin/python crates/xlsform/tests/pyxform_check.py target/debug/examples/xlsform2xform forms/*.md

README.md files are passed over. Ends with 1 when pyxform refuses a workbook, when we do, or when the trees differ.

Left out of the comparison, by decision: curly quotes (ours are asked to be straight here), attributes in Tianye's own
namespace, white space around text, and the order of texts in the itext block.
"""

import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

from pyxform.xls2xform import convert

OWN = "{https://tianye.cn/xforms/1}"
XFORMS = "{http://www.w3.org/2002/xforms}"


def lines(element, path=""):
    """One line per element, attribute and text."""
    path = f"{path}/{element.tag.rpartition('}')[2]}"
    attributes = {k: v for k, v in element.attrib.items() if not k.startswith(OWN)}
    if element.tag == XFORMS + "bind" and len(attributes) == 1 and len(element.attrib) > 1:
        return []  # a bind that is only there for our own attributes
    out = [f"{path} is {element.tag}"]
    out += sorted(f"{path}/@{k} = {v!r}" for k, v in attributes.items())
    children = []
    for text, child in zip([element.text, *(c.tail for c in element)], [*element, None]):
        if text and text.strip():
            children.append([f"{path} says {' '.join(text.split())!r}"])
        if child is not None:
            children.append(lines(child, path))
    if element.tag in (XFORMS + "itext", XFORMS + "translation") or path.endswith("/translation/text"):
        children.sort()
    return out + [line for child in children for line in child]


def check(converter, workbook):
    """Problems of one workbook, as text; empty when all is well."""
    try:
        theirs = convert(xlsform=workbook, validate=False, pretty_print=False).xform
    except Exception as error:  # pyxform raises several kinds
        return f"pyxform refuses it: {error}"
    run = subprocess.run([converter, "--straight-quotes", str(workbook)], capture_output=True, check=False)
    if run.returncode != 0:
        return f"we refuse it:\n{run.stderr.decode('utf-8')}"
    expected, found = lines(ET.fromstring(theirs)), lines(ET.fromstring(run.stdout.decode("utf-8")))
    for number, (a, b) in enumerate(zip([*expected, "the end"], [*found, "the end"])):
        if a != b:
            return f"the trees differ at line {number}:\n  pyxform {a}\n  ours    {b}"
    return ""


def main():
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    bad = 0
    for workbook in map(Path, sys.argv[2:]):
        if workbook.name == "README.md":
            continue
        problem = check(sys.argv[1], workbook)
        print(f"{workbook}: {problem or 'the same tree as pyxform'}")
        bad += bool(problem)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
