//! An answer that carries risk, as a form says it, is told to the screen with the answer, and nothing else comes of it.

#![allow(clippy::unwrap_used, reason = "a failed act fails the test")]

mod common;

use common::{finish, set_up};
use tianye_desk::Desk;
use tianye_desk::view::{AnswerInput, Move, NewInterview};

const FORM: &str = "
| survey | | | | |
| | type | name | label | tianye::risk |
| | select_one often | hurt | A1 Hurt? | often daily |
| | integer | nights | A2 Nights | . > 3 and ${hurt} != 'never' |
| | text | said | A3 Said | |
| choices | | | |
| | list_name | name | label |
| | often | never | Never |
| | often | often | Often |
| | often | daily | Every day |
| settings | | | |
| | form_title | form_id |
| | Wellbeing | well |
";

fn answer(desk: &mut Desk, field: &str, value: &str) -> Vec<String> {
    desk.answer(&AnswerInput { field: field.into(), value: value.into() }).unwrap().status.risks
}

#[test]
fn risk_is_told_with_the_answer_and_scores_nothing() {
    let (_field, mut lead, mut chen, _zhou) = set_up();
    let report = lead.check_form("well.md", FORM.as_bytes(), &|_| None).unwrap();
    assert!(report.usable, "{:?}", report.problems.iter().map(|one| &one.detail).collect::<Vec<_>>());
    lead.add_form().unwrap();
    lead.sync().unwrap();
    chen.sync().unwrap();
    let new =
        NewInterview { form: "well".into(), code: "217".into(), name: "小满".into(), ..NewInterview::default() };
    let view = chen.start_interview(&new, "zh-CN").unwrap();
    assert!(view.status.risks.is_empty() && !view.page.items[0].risk);

    assert!(answer(&mut chen, "/hurt", "never").is_empty());
    let step = chen.answer(&AnswerInput { field: "/hurt".into(), value: "often".into() }).unwrap();
    assert_eq!(step.status.risks, ["/hurt"]);
    assert!(step.items.iter().any(|item| item.field == "/hurt" && item.risk && item.problem.is_none()));
    // On another page it stands beside the first one, and goes with its answer.
    chen.go(&Move::Next).unwrap();
    assert_eq!(answer(&mut chen, "/nights", "4"), ["/hurt", "/nights"]);
    assert_eq!(answer(&mut chen, "/nights", "2"), ["/hurt"]);
    assert_eq!(answer(&mut chen, "/nights", ""), ["/hurt"]);
    // Resumed, it is told as it is; a correction of the answer ends it.
    chen.leave().unwrap();
    let view = chen.open_interview(&view.id, "zh-CN").unwrap();
    assert_eq!(view.status.risks, ["/hurt"]);
    assert!(answer(&mut chen, "/hurt", "never").is_empty());
    assert_eq!(answer(&mut chen, "/hurt", "daily"), ["/hurt"]);
    finish(&mut chen);
}
