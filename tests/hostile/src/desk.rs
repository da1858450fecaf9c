//! What the desk reads itself: tests in workbooks, and the marks in labels.

use std::sync::Arc;

use tianye_desk::{form_tests, interview::markup};
use tianye_xform::{Form, Media};
use tianye_xlsform::{Format, Options, Workbook, convert};

/// A workbook in markdown whose tests are run.
pub fn form_tests(bytes: &[u8]) {
    let Ok(workbook) = Workbook::read(bytes, Format::Markdown) else { return };
    let (tests, _) = form_tests::read(&workbook);
    let Some(converted) = convert(&workbook, &Options::default()).0 else { return };
    let (Some(form), _) = Form::parse(&converted.xform, &Media::none()) else { return };
    let outcomes = form_tests::run(&Arc::new(form), &tests);
    assert_eq!(outcomes.len(), tests.len());
}

/// A label.
pub fn markup(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = (markup::words(text), markup::blocks(text), markup::plain(text));
}
