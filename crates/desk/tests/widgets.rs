//! What the screen is told of each type and appearance, with the form that has them all.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tianye_desk::view::{
    AnswerInput, Control, DateParts, InterviewState, InterviewView, Item, Move, NewInterview, NewProject, PageKind,
    PlaceShape, RangeLook, SelectLook, TextForm, Unasked,
};
use tianye_desk::world::Machine;
use tianye_desk::{Desk, KdfCost, Laptop};

const EVERY: &str = include_str!("../../../forms/every-widget.md");

/// A desk with an interview of a form; files beside the form come from `forms`.
fn open(name: &str, form: &str) -> (TempDir, Desk, InterviewView) {
    let folder = TempDir::new().unwrap();
    let laptop = Laptop::new(folder.path(), Arc::new(Machine), KdfCost::insecure_for_tests());
    let mut desk = laptop
        .create_project(&NewProject {
            title: "浙江留守儿童 2017".into(),
            person: "沈一帆".into(),
            device: "组长电脑".into(),
            passphrase: "竹篮 半夜 蓝色 拖拉机".into(),
            hub_card: None,
        })
        .unwrap();
    let forms = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../forms");
    let report = desk.check_form("form.md", form.as_bytes(), &|file| std::fs::read(forms.join(file)).ok()).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|problem| &problem.detail).collect::<Vec<_>>());
    desk.add_form().unwrap();
    let new = NewInterview {
        form: name.into(),
        assignment: None,
        code: "1".into(),
        name: String::new(),
        site: String::new(),
        ..NewInterview::default()
    };
    let view = desk.start_interview(&new, "zh-CN").unwrap();
    (folder, desk, view)
}

/// Every item of the form, by its name.
fn items(desk: &mut Desk, first: InterviewView) -> Vec<(String, Item)> {
    let mut found = Vec::new();
    let mut view = first;
    while view.page.kind != PageKind::Completion {
        for item in &view.page.items {
            found.push((item.field.rsplit('/').next().unwrap_or_default().to_owned(), item.clone()));
        }
        // On past a required question: the tree leads everywhere.
        let here = view.tree.iter().position(|part| part.key == view.page.key);
        view = match desk.go(&Move::Next) {
            Ok(view) => view,
            Err(_) => {
                let key = view.tree[here.unwrap() + 1].key.clone();
                desk.go(&Move::Page { key }).unwrap()
            }
        };
    }
    found
}

/// A control in a few words.
fn shown(control: &Control) -> String {
    match control {
        Control::Text { form: TextForm::Plain, multiline, rows } => {
            format!("text{} {rows}", if *multiline { "s" } else { "" })
        }
        Control::Text { form, .. } => format!("text {form:?}"),
        Control::Integer { thousands, counter } => {
            format!("integer{}{}", mark(*thousands, " threes"), mark(*counter, " counter"))
        }
        Control::Decimal { .. } => "decimal".into(),
        Control::Range(range) => {
            let RangeLook::Scale = range.look else { return format!("range {:?}", range.look) };
            format!("range{}{}", mark(!range.ticks, " bare"), mark(!range.labels.is_empty(), " labels"))
        }
        Control::Date { parts: DateParts::Day } => "date".into(),
        Control::Date { parts } => format!("date {parts:?}"),
        Control::Time => "time".into(),
        Control::DateTime => "moment".into(),
        Control::SelectOne { look, quick, .. } => format!("one {}{}", look_of(*look), mark(*quick, " quick")),
        Control::SelectMany { look, .. } => format!("many {}", look_of(*look)),
        Control::Rank { options } => format!("rank {}", options.len()),
        Control::Place { shape: PlaceShape::Point } => "point".into(),
        Control::Place { shape } => format!("{shape:?}"),
        Control::Code { front, masked } => format!("code{}{}", mark(*front, " front"), mark(*masked, " masked")),
        Control::Capture(capture) => {
            let size = if capture.max_pixels > 0 { format!(" {}", capture.max_pixels) } else { String::new() };
            format!("file {:?}{}{size}", capture.of, mark(capture.front, " front"))
        }
        Control::Note => "note".into(),
        Control::Heading => "heading".into(),
        Control::OptionLabels { .. } => "labels".into(),
        Control::Acknowledge => "tick".into(),
        Control::Shown => "shown".into(),
        Control::Unsupported { what } => format!("not {what:?}"),
    }
}

fn look_of(look: SelectLook) -> String {
    format!("{look:?}").to_lowercase()
}

fn mark(there: bool, word: &str) -> &str {
    if there { word } else { "" }
}

#[test]
fn each_type_and_appearance_has_its_control() {
    let (_folder, mut desk, view) = open("every-widget", EVERY);
    let found: Vec<String> =
        items(&mut desk, view).iter().map(|(name, item)| format!("{name}: {}", shown(&item.control))).collect();
    let expect = "\
hello: note
a_likert: one likert
a_columns: one columns(2)
a_columns_many: many columns(0)
a_pack: one pack
a_minimal: one search
a_autocomplete: many search
a_quick: one list quick
a_pictures: one columns(2)
a_image_map: one list
a_list: one row
generated_table_list_label: note
reserved_name_for_field_list_labels: labels
a_table_read: one bare
a_table_play: one bare
a_table_call: one bare
a_rows_labels: labels
a_rows_self: many bare
a_rows_sister: many bare
b_rank: rank 5
c_integer: integer
c_threes: integer threes
c_counter: integer counter
c_range: range
c_decimal: range
c_labels: range labels
c_vertical: range Vertical
c_bare: range bare
c_picker: range Picker
c_rating: range Rating
c_bearing: decimal
d_text: text 0
d_long: texts 5
d_numbers: text Digits
d_masked: text Masked
d_url: text Url
d_barcode: code
d_acknowledge: tick
d_program: text 0
d_printer: not Printing
e_date: date
e_month: date Month
e_year: date Year
e_other: date
e_time: time
e_moment: moment
f_point: point
f_map: point
f_trace: Trace
f_shape: Shape
g_photograph: file Photograph 1600
g_selfie: file Photograph front 1600
g_draw: file Drawing 1600
g_annotate: file Annotation 1600
g_signature: file Signature 1600
g_audio: file Recording
g_video: file Film
g_file: file File
h_note: note
h_name: text 0
h_age: integer
h_here: one columns(1)
h_inside: heading
h_village: text 0
h_town: text 0
i_soft: integer";
    // The names that the converter makes for a table end in the number of their row.
    let plain = |line: &String| {
        let (name, rest) = line.split_once(": ").unwrap();
        format!("{}: {rest}", name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('_'))
    };
    assert_eq!(found.iter().map(plain).collect::<Vec<_>>().join("\n"), expect);
}

#[test]
fn what_a_laptop_does_in_another_way_is_noted() {
    let (_folder, mut desk, view) = open("every-widget", EVERY);
    let found: Vec<String> = items(&mut desk, view)
        .iter()
        .filter(|(_, item)| !item.notices.is_empty())
        .map(|(name, item)| format!("{name}: {}", item.notices.join(" ")))
        .collect();
    assert_eq!(
        found,
        [
            "a_image_map: image-map",
            "c_bearing: bearing",
            "d_barcode: barcode",
            "d_program: other-program",
            "e_other: calendar",
            "f_point: place",
            "f_map: place",
            "f_trace: place",
            "f_shape: place",
        ]
    );
}

#[test]
fn words_keep_their_weight_and_lists_stay_plain_elsewhere() {
    let (_folder, mut desk, view) = open("every-widget", EVERY);
    let all = items(&mut desk, view);
    let item = |name: &str| &all.iter().find(|(other, _)| other == name).unwrap().1;
    let likert = item("a_likert");
    assert_eq!(likert.label, "和爷爷奶奶说话的时候，你觉得开心吗？");
    let strong: Vec<&str> =
        likert.label_words[0].runs.iter().filter(|run| run.strong).map(|run| run.text.as_str()).collect();
    assert_eq!((likert.number.as_str(), strong), ("A1", vec!["开心"]));
    assert_eq!(likert.guidance.len(), 3, "a sentence and two lines of a list");
    let Control::SelectOne { options, .. } = &item("a_columns").control else { panic!("a select") };
    let peach = options.iter().find(|option| option.value == "peach").unwrap();
    assert_eq!((peach.label.as_str(), peach.peek.as_str(), peach.words.len()), ("桃", "Peach", 1));
}

#[test]
fn pictures_of_the_form_come_to_the_screen() {
    let (_folder, desk, view) = open("every-widget", EVERY);
    let media = &view.page.items[0].media;
    assert_eq!(
        media.iter().map(|file| file.file.as_str()).collect::<Vec<_>>(),
        ["every-widget-village.svg", "every-widget-bell.wav"]
    );
    let file = desk.form_media("every-widget-village.svg").unwrap();
    assert_eq!((file.media_type.as_str(), file.base64.starts_with("PHN2Zy")), ("image/svg+xml", true));
    assert_eq!(desk.form_media("nowhere.png").unwrap_err().code, "media-missing");
}

#[test]
fn a_number_of_a_scale_counts_whether_it_has_words_or_not() {
    let (_folder, mut desk, view) = open("every-widget", EVERY);
    let field = view.page.items[0].field.replace("/hello", "/numbers/c_labels");
    desk.go(&Move::Field { field: field.clone() }).unwrap();
    for value in ["5", "4"] {
        let step = desk.answer(&AnswerInput { field: field.clone(), value: value.into() }).unwrap();
        assert_eq!(step.items[0].value, value);
    }
    let id = view.id;
    desk.pause_interview("zh-CN").unwrap();
    let view = desk.open_interview(&id, "zh-CN").unwrap();
    assert_eq!(view.page.items[0].value, "4", "after it was opened again, too");
    let refused = desk.answer(&AnswerInput { field, value: "6".into() }).map(|_| ()).unwrap_err();
    assert_eq!((refused.code.as_str(), refused.args["end"].as_str()), ("answer-out-of-range", "5"));
}

/// Two required labels for the printer, and a number.
const PHOTOGRAPH: &str = "
| survey | | | | | |
| | type | name | label | required | appearance |
| | text | picture | **1.** Picture | yes | printer |
| | text | label | Label | yes | printer:x |
| | integer | age | Age | yes | |
| | text | secret | Secret | | masked |
| settings | | |
| | form_title | form_id |
| | Photograph | photograph |
";

#[test]
fn a_question_that_cannot_be_asked_is_told_and_does_not_block() {
    let (_folder, mut desk, view) = open("photograph", PHOTOGRAPH);
    assert_eq!(view.page.items[0].control, Control::Unsupported { what: Unasked::Printing });
    assert!(view.page.items[0].problem.is_none(), "nobody can put it right");
    assert_eq!((view.status.answered, view.status.total), (0, 2), "it counts nowhere");
    desk.go(&Move::Next).unwrap();
    let view = desk.go(&Move::Next).unwrap();
    assert!(view.page.items[0].field.ends_with("/age"), "the interviewer goes on");
    let summary = |view: InterviewView| {
        let completion = view.page.completion.unwrap();
        let labels = |lines: &[tianye_desk::view::CompletionLine]| {
            lines.iter().map(|line| line.label.clone()).collect::<Vec<_>>().join(", ")
        };
        (labels(&completion.wrong), labels(&completion.not_asked), completion.ready)
    };
    let before = summary(desk.go(&Move::Completion).unwrap());
    assert_eq!(before, ("Age".into(), "1. Picture, Label".into(), false), "a question that can be asked still blocks");
    desk.answer(&AnswerInput { field: view.page.items[0].field.clone(), value: "9".into() }).unwrap();
    let after = summary(desk.go(&Move::Completion).unwrap());
    assert_eq!(after, (String::new(), "1. Picture, Label".into(), true));
    let home = desk.finalise("en").unwrap();
    assert_eq!(home.places[0].rows[0].state, InterviewState::Finalised);
}

#[test]
fn a_masked_answer_is_not_read_in_the_tree() {
    let (_folder, mut desk, view) = open("photograph", PHOTOGRAPH);
    let field = view.page.items[0].field.replace("/picture", "/secret");
    desk.go(&Move::Field { field: field.clone() }).unwrap();
    desk.answer(&AnswerInput { field: field.clone(), value: "不说".into() }).unwrap();
    let view = desk.go(&Move::Field { field }).unwrap();
    assert_eq!(view.page.items[0].value, "不说", "the field itself holds it");
    let part = view.tree.iter().find(|part| part.current).unwrap();
    assert!(!part.summary.contains("不说") && !part.summary.is_empty(), "the tree hides it: {}", part.summary);
}

#[test]
fn an_unknown_appearance_is_noted_on_the_check_and_changes_nothing() {
    let form = PHOTOGRAPH.replace("masked", "fancy");
    let (report, _) = tianye_desk::forms::check_workbook("form.md", form.as_bytes(), &|_| None).unwrap();
    let found: Vec<_> = report
        .problems
        .iter()
        .filter(|one| one.code == "unknown-appearance")
        .map(|one| (one.row, &*one.column))
        .collect();
    assert_eq!(found, [(5, "E")]);
    assert!(report.usable);
}
