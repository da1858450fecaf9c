//! Answers of every type, and addresses.

use std::sync::{Arc, LazyLock};

use tianye_xform::{FieldPath, Form, Media, NonAnswer, RowId, Session};
use tianye_xlsform::{Format, Options, Workbook, convert};

use crate::stage;

static FORM: LazyLock<Arc<Form>> = LazyLock::new(|| {
    let bytes = include_bytes!("../../../forms/every-type.md");
    let workbook = Workbook::read(bytes, Format::Markdown).unwrap();
    let xform = convert(&workbook, &Options::default()).0.unwrap().xform;
    Arc::new(Form::parse(&xform, &Media::none()).0.unwrap())
});

/// Lines: the number or the address of a question, `=`, what is typed. A line without `=` is only an address.
pub fn answers(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let mut session = stage::with(|context| Session::start(Arc::clone(&FORM), context));
    let questions = stage::Places::of(&session).questions;
    for line in text.split('\n').take(50) {
        let (at, value) = line.split_once('=').unwrap_or((line, ""));
        let path = match at.parse::<usize>() {
            Ok(number) => questions[number % questions.len()].clone(),
            Err(_) => match FieldPath::parse(at) {
                Ok(path) => path,
                Err(_) => continue,
            },
        };
        address(&path);
        stage::with(|context| {
            if value == "-" {
                let _ = session.give_non_answer(&path, NonAnswer::ALL[0], context);
            } else if session.answer(&path, value, context).is_ok() {
                let canonical = session.value(&path).unwrap_or_default().to_owned();
                let again = session.answer(&path, &canonical, context);
                assert!(again.is_ok(), "{path}: {canonical:?}, made of {value:?}, is refused: {again:?}");
                assert_eq!(session.value(&path).unwrap_or_default(), canonical, "{path} of {value:?}");
            }
            let _ = session.add_row(&path, RowId::derived(7), context);
            let _ = session.move_row(&path, 0, context);
        });
        let _ = session.view(&path);
    }
    stage::look_at(&session);
}

/// What an address is made of makes the same address.
fn address(path: &FieldPath) {
    assert_eq!(&FieldPath::parse(path.as_str()).unwrap(), path);
    let up = path.parent();
    assert!(FieldPath::parse(up.as_str()).is_ok(), "{path} is below {up}");
    let _ = (path.template(), path.name(), path.without_row());
    if let Some(row) = path.row() {
        assert_eq!(RowId::parse(row.as_str()).as_ref(), Ok(&row), "{path}");
        if let Some(choice) = row.choice() {
            let _ = RowId::of_choice(&choice);
        }
    }
}
