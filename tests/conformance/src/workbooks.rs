//! Workbooks from the reference converter's own tests: the same workbook gives the same XForm, in which the recorded XPath
//! expressions find what they should, or is refused as it is there, with sheet, row and column.

#![allow(clippy::unwrap_used, reason = "a vector that is not as its format says counts as failed")]

use roxmltree::{Document, Node};
use serde_json::Value;
use tianye_xlsform::{Code, Format, Options, Problem, Row, Severity, Sheet, Workbook, convert};

use crate::{Outcome, Verdict, each, id_of, workbook_checks};

/// Runs the workbooks of a file.
pub(crate) fn run(json: &Value) -> Vec<Verdict> {
    let namespaces = json["ns"].as_str().unwrap_or_default();
    each(json, "workbooks", class, id_of, |case| judge(case, namespaces))
}

fn class(case: &Value) -> &'static str {
    if case["error"] == true {
        "must be refused"
    } else if case["xform"].is_string() {
        "whole XForm"
    } else {
        "must be accepted"
    }
}

fn judge(case: &Value, namespaces: &str) -> Outcome {
    let workbook = match case["md"].as_str() {
        Some(text) => Workbook::read(text.as_bytes(), Format::Markdown).map_err(|e| e.to_string())?,
        None => workbook_of(&case["sheets"]),
    };
    let options = Options {
        root_name: case["name"].as_str().unwrap_or("test_name").to_owned(),
        keep_curly_quotes: false,
        ..Options::default()
    };
    let (converted, problems) = convert(&workbook, &options);
    if case["error"] == true {
        return match converted {
            None => check_places(&problems).and_then(|()| check_named(case, &problems)),
            Some(_) => Err(format!("should be refused: {}", case["error_contains"])),
        };
    }
    let Some(converted) = converted else {
        let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
        return Err(format!("should be accepted: {}", problems.join(" | ")));
    };
    check_texts(case, &converted.xform)?;
    let Some(xform) = case["xform"].as_str() else { return Ok(()) };
    let expected = xform.replacen("<h:html NS", &format!("<h:html {namespaces}"), 1);
    let expected = tree(&Document::parse(&expected).map_err(|e| format!("vector: {e}"))?);
    let found = Document::parse(&converted.xform).map_err(|e| format!("our XForm: {e}"))?;
    if let Some(difference) = first_difference(&expected, &tree(&found)) {
        return Err(difference);
    }
    workbook_checks::check(case, &found, namespaces)
}

/// Words that the XForm should have or should not have, where they are not about the layout of the text.
fn check_texts(case: &Value, xform: &str) -> Outcome {
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let xform = one_line(xform);
    for lack in case["text_lacks"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if xform.contains(&one_line(lack)) {
            return Err(format!("should not hold {lack}"));
        }
    }
    Ok(())
}

/// A refusal names sheet, row and column; what is wrong with the workbook as a whole has none of them.
fn check_places(problems: &[Problem]) -> Outcome {
    let errors = problems.iter().filter(|p| p.severity == Severity::Error);
    let vague = errors.filter(|p| match p.code {
        Code::NoSurveySheet => false,
        // There is no cell that could be shown.
        Code::MissingColumn => p.sheet.is_none() || p.row.is_none(),
        Code::DuplicateSheet => p.sheet.is_none(),
        _ => p.sheet.is_none() || p.row.is_none() || p.column.is_none(),
    });
    let vague: Vec<String> = vague.map(ToString::to_string).collect();
    if vague.is_empty() { Ok(()) } else { Err(format!("without place: {}", vague.join(" | "))) }
}

/// Where the reference converter names a row, one of our errors stands in it too.
fn check_named(case: &Value, problems: &[Problem]) -> Outcome {
    let texts = case["error_contains"].as_array().into_iter().flatten().filter_map(Value::as_str);
    for (sheet, row) in texts.filter_map(named_place) {
        let errors = || problems.iter().filter(|p| p.severity == Severity::Error);
        let in_sheet = |p: &&Problem| {
            sheet.is_none_or(|sheet| p.sheet.as_deref().is_some_and(|own| own.trim().eq_ignore_ascii_case(sheet)))
        };
        if !errors().filter(in_sheet).any(|p| p.row == Some(row)) {
            let ours: Vec<String> = errors().map(ToString::to_string).collect();
            return Err(format!("expected in {} row {row}, found {}", sheet.unwrap_or("any sheet"), ours.join(" | ")));
        }
    }
    Ok(())
}

/// Sheet, if it says one, and row of a message such as `[row : 3] On the 'survey' sheet, …`.
fn named_place(message: &str) -> Option<(Option<&str>, u32)> {
    let (row, rest) = message.split_once("[row : ")?.1.split_once(']')?;
    let sheet = rest.trim_start().strip_prefix("On the '").and_then(|rest| rest.split_once("' sheet"));
    let sheet = sheet.map(|(sheet, _)| sheet);
    // The one row of settings stands below its headings; the converter calls it row 1 or row 2 (xlsform:995, xlsform:992).
    let row: u32 = row.parse().ok()?;
    Some((sheet, if sheet == Some("settings") { row.max(2) } else { row }))
}

fn workbook_of(sheets: &Value) -> Workbook {
    let sheets = sheets.as_object().unwrap().iter().map(|(name, rows)| {
        let rows = rows.as_array().unwrap();
        let mut header: Vec<String> = Vec::new();
        for key in rows.iter().flat_map(|r| r.as_object().unwrap().keys()) {
            if !header.contains(key) {
                header.push(key.clone());
            }
        }
        let cells = |row: &Value| header.iter().map(|h| row[h].as_str().unwrap_or_default().to_owned()).collect();
        let records = rows.iter().enumerate().map(|(i, row)| Row {
            number: u32::try_from(i + 2).unwrap(),
            line: None,
            cells: cells(row),
        });
        let records: Vec<Row> = records.collect();
        let first = Row { number: 1, line: None, cells: header.clone() };
        Sheet { name: name.clone(), rows: std::iter::once(first).chain(records).collect() }
    });
    Workbook { sheets: sheets.collect() }
}

/// One line per element, attribute and text, so that a difference can be shown.
fn tree(document: &Document<'_>) -> Vec<String> {
    let mut out = Vec::new();
    push(document.root_element(), "", &mut out);
    out
}

fn push(node: Node<'_, '_>, path: &str, out: &mut Vec<String>) {
    let path = format!("{path}/{}", node.tag_name().name());
    out.push(format!("{path} in {}", node.tag_name().namespace().unwrap_or_default()));
    let mut attributes: Vec<String> = node
        .attributes()
        .map(|a| format!("{path}/@{}:{} = {:?}", a.namespace().unwrap_or_default(), a.name(), a.value()))
        .collect();
    attributes.sort();
    out.append(&mut attributes);
    let mut children: Vec<Vec<String>> = Vec::new();
    let mut text = String::new();
    let flush = |text: &mut String, children: &mut Vec<Vec<String>>| {
        let words: Vec<&str> = text.split_whitespace().collect();
        if !words.is_empty() {
            children.push(vec![format!("{path} says {:?}", words.join(" "))]);
        }
        text.clear();
    };
    for child in node.children() {
        if child.is_element() {
            flush(&mut text, &mut children);
            let mut lines = Vec::new();
            push(child, &path, &mut lines);
            children.push(lines);
        } else {
            text.push_str(child.text().unwrap_or_default());
        }
    }
    flush(&mut text, &mut children);
    // Texts are looked up by id and form; their order says nothing.
    if matches!(node.tag_name().name(), "itext" | "translation") || path.ends_with("/translation/text") {
        children.sort();
    }
    out.extend(children.into_iter().flatten());
}

fn first_difference(expected: &[String], found: &[String]) -> Option<String> {
    let at = expected.iter().zip(found).position(|(a, b)| a != b);
    let at = at.or_else(|| (expected.len() != found.len()).then(|| expected.len().min(found.len())))?;
    let line = |lines: &[String]| lines.get(at).cloned().unwrap_or_else(|| "nothing more".to_owned());
    Some(format!("\n    expected {}\n    found    {}", line(expected), line(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_that_messages_name() {
        for (message, expect) in [
            ("[row : 3] On the 'survey' sheet, the 'name' value is invalid.", Some((Some("survey"), 3))),
            ("[row : 12] Question or group with no name.", Some((None, 12))),
            ("[row : 1] On the 'settings' sheet, the 'name' value is invalid.", Some((Some("settings"), 2))),
            ("[row : unknown] On the 'survey' sheet, the 'name' value is invalid.", None),
            ("There should be a choices sheet", None),
        ] {
            assert_eq!(named_place(message), expect, "{message}");
        }
    }

    #[test]
    fn an_error_in_another_row_is_not_the_one_that_is_meant() {
        let text = "| survey |\n| | type | name | label |\n| | text | a | A |\n| | text | a | A |\n";
        let workbook = Workbook::read(text.as_bytes(), Format::Markdown).unwrap();
        let (_, problems) = convert(&workbook, &Options::default());
        for (message, expect) in [
            ("[row : 3] On the 'survey' sheet, the 'name' value is invalid.", true),
            ("[row : 2] On the 'survey' sheet, the 'name' value is invalid.", false),
            ("[row : 3] On the 'choices' sheet, the 'name' value is invalid.", false),
        ] {
            let case = serde_json::json!({ "error_contains": [message] });
            assert_eq!(check_named(&case, &problems).is_ok(), expect, "{message}");
        }
    }
}
