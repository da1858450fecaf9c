use crate::dsl::{entry, fold, form};
use tianye_survey::*;

fn sitting(events: &[(&str, i64)]) -> Interview {
    let change = |(number, (event, start)): (u32, &(&str, i64))| {
        let event = AuditEvent { event: (*event).to_owned(), start: *start, ..AuditEvent::default() };
        Change { auto: true, ..Change::new(event.field(number, u64::from(number)), event.answer()) }
    };
    Interview { changes: (1..).zip(events).map(change).collect(), ..Interview::under(form(1)) }
}

#[test]
fn the_logs_of_two_laptops_come_together_by_their_clocks() {
    let entries = [
        entry("a", "chen", &[], 1, sitting(&[("form start", 10), ("question", 10), ("form save", 30)])),
        entry("b", "zhou", &[], 2, sitting(&[("form resume", 20), ("form finalize", 40)])),
    ];
    let state = fold(&entries);
    let events: Vec<String> = state.audit().into_iter().map(|event| event.event).collect();
    assert_eq!(events, ["form start", "question", "form resume", "form save", "form finalize"]);
    assert!(state.conflicts.is_empty());
    assert_eq!(state.answers().count(), 0, "events are no answers");
}
