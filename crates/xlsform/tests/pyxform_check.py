#!/usr/bin/env python3
"""Compares our XForms with pyxform's, as trees.

    python pyxform_check.py CONVERTER WORKBOOK...
    python pyxform_check.py CONVERTER --extra WORKBOOK...

CONVERTER is the built example: target/debug/examples/xlsform2xform. Run with a Python that has pyxform==4.5.0:

    python3 -m venv DIR && DIR/bin/pip install pyxform==4.5.0
    cargo build -p tianye-xlsform --example xlsform2xform
    DIR/bin/python crates/xlsform/tests/pyxform_check.py target/debug/examples/xlsform2xform forms/*.md

With --extra each workbook (markdown) is asked of pyxform twice: as it is, and without the columns beyond the form language.
Both must be the same form, and ours too. A column of the choices sheet (renamed_from) comes along as a column of the list that
no expression reads, in pyxform's form as in ours.

README.md files are passed over. Ends with 1 when pyxform refuses a workbook, when we do, or when the trees differ.

Left out of the comparison, by decision: curly quotes (ours are asked to be straight here), attributes in Tianye's own
namespace and texts that only they name, white space in text, line breaks in a markdown cell (`<br>`, which pyxform leaves
as it stands), and the order of texts in the itext block.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

from pyxform.xls2xform import convert

EXTRA = {"soft_constraint", "soft_constraint_message", "non_answers", "check", "min_seconds", "repeat_over", "renamed_from"}
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
            children.append([f"{path} says {' '.join(text.replace('<br>', ' ').split())!r}"])
        if child is not None and not own_text(child):
            children.append(lines(child, path))
    if element.tag in (XFORMS + "itext", XFORMS + "translation") or path.endswith("/translation/text"):
        children.sort()
    return out + [line for child in children for line in child]


def own_text(element):
    """A text of the itext block that only an attribute of ours names."""
    return element.tag == XFORMS + "text" and ":tianye:" in element.get("id", "")


def without_extra_columns(workbook):
    """A copy of a markdown workbook without the columns beyond the form language; says which went."""
    sheet, gone, kept, out = "", [], None, []
    for line in workbook.read_text("utf-8").splitlines():
        cells = line.split("|")
        if len(cells) > 1 and cells[1].strip():
            sheet, kept = cells[1].strip(), None
        elif sheet == "survey" and len(cells) > 1:
            if kept is None:
                extra = [cell.strip().split("::")[0] in EXTRA for cell in cells]
                gone += [cell.strip() for cell, is_extra in zip(cells, extra) if is_extra]
                kept = [not is_extra for is_extra in extra]
            cells = [cell for cell, keep in zip(cells, kept) if keep]
        out.append("|".join(cells))
    missing = EXTRA - {column.split("::")[0] for column in gone}
    if missing:
        raise SystemExit(f"{workbook} has no column {', '.join(sorted(missing))}: it tries all of them or proves nothing")
    copy = Path(tempfile.mkdtemp()) / workbook.name
    copy.write_text("\n".join(out), "utf-8")
    return copy


def check_extra(converter, workbook):
    """Problems of one workbook with extra columns, as text; empty when all is well."""
    plain = without_extra_columns(workbook)
    try:
        with_extra, without = (convert(xlsform=w, validate=False, pretty_print=False).xform for w in (workbook, plain))
    except Exception as error:  # pyxform raises several kinds
        return f"pyxform refuses it: {error}"
    if with_extra != without:
        return "pyxform makes another form of it without the extra columns"
    return check(converter, workbook)


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
    extra = sys.argv[2] == "--extra"
    for workbook in map(Path, sys.argv[3 if extra else 2 :]):
        if workbook.name == "README.md":
            continue
        problem = (check_extra if extra else check)(sys.argv[1], workbook)
        print(f"{workbook}: {problem or 'the same tree as pyxform'}")
        bad += bool(problem)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
