//! The audit log of one interview as a table, in the shape of ODK's `audit.csv`.

use std::fmt;

use tianye_xform::Audit;

use crate::table::Table;

/// A row of the log: what happened, where, and when in milliseconds since 1970 UTC.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct AuditRow {
    /// What happened: `question`, `form start`, …
    pub event: String,
    /// The node, empty for the form as a whole.
    pub node: String,
    /// When it began.
    pub start: i64,
    /// When it ended, if it took time.
    pub end: Option<i64>,
    /// The answer before, if it changed.
    pub old: String,
    /// The answer after, if it changed.
    pub new: String,
    /// Who.
    pub user: String,
    /// Why.
    pub reason: String,
}

/// Says what happened, and never the answers.
impl fmt::Debug for AuditRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditRow({})", self.event)
    }
}

/// The table, with the columns that the form asks for. Those of places are empty: a laptop knows none.
#[must_use]
pub fn audit_table(audit: &Audit, rows: &[AuditRow]) -> Table {
    let mut head = vec!["event", "node", "start", "end"];
    if audit.location.is_some() {
        head.extend(["latitude", "longitude", "accuracy"]);
    }
    if audit.track_changes {
        head.extend(["old-value", "new-value"]);
    }
    if audit.identify_user {
        head.push("user");
    }
    if audit.reason_on_edit {
        head.push("change-reason");
    }
    let cells = |row: &AuditRow| {
        let end = row.end.map(|end| end.to_string()).unwrap_or_default();
        let mut cells = vec![row.event.clone(), row.node.clone(), row.start.to_string(), end];
        if audit.location.is_some() {
            cells.extend([String::new(), String::new(), String::new()]);
        }
        if audit.track_changes {
            cells.extend([row.old.clone(), row.new.clone()]);
        }
        if audit.identify_user {
            cells.push(row.user.clone());
        }
        if audit.reason_on_edit {
            cells.push(row.reason.clone());
        }
        cells
    };
    Table {
        name: "audit".to_owned(),
        rows: rows.iter().map(cells).collect(),
        head: head.into_iter().map(str::to_owned).collect(),
    }
}

/// Reads the log of another program, or one of our own, by the headings of its columns: at most `most` events. Lines that
/// have no event or no time are passed over; so is a file that is no such table.
#[must_use]
pub fn read_audit(csv: &[u8], most: usize) -> Vec<AuditRow> {
    let csv = csv.strip_prefix(b"\xef\xbb\xbf").unwrap_or(csv);
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(csv);
    let Ok(head) = reader.headers().cloned() else { return Vec::new() };
    let column = |name: &str| head.iter().position(|heading| heading.trim() == name);
    let [event, node, start, end] = ["event", "node", "start", "end"].map(column);
    let [old, new, user, reason] = ["old-value", "new-value", "user", "change-reason"].map(column);
    let row = |line: &::csv::StringRecord| {
        let cell = |at: Option<usize>| at.and_then(|at| line.get(at)).map(crate::csv::plain).unwrap_or_default();
        Some(AuditRow {
            event: Some(cell(event)).filter(|event| !event.is_empty())?,
            node: cell(node),
            start: cell(start).trim().parse().ok()?,
            end: cell(end).trim().parse().ok(),
            old: cell(old),
            new: cell(new),
            user: cell(user),
            reason: cell(reason),
        })
    };
    reader.records().filter_map(Result::ok).filter_map(|line| row(&line)).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(csv: &str, expect: &[(&str, &str, i64, Option<i64>, &str)]) {
        let read = read_audit(csv.as_bytes(), 3);
        let read: Vec<_> = read.iter().map(|row| (&*row.event, &*row.node, row.start, row.end, &*row.new)).collect();
        assert_eq!(read, expect);
    }

    #[test]
    fn a_log_is_read_by_its_headings() {
        check("event,node,start,end\nform start,,5,\n", &[("form start", "", 5, None, "")]);
        check(
            "\u{feff}event,node,start,end,latitude,old-value,new-value\r\nquestion,/data/a,5,9,28.1,,\"x, y\"\r\n",
            &[("question", "/data/a", 5, Some(9), "x, y")],
        );
        check(
            "event,node,start,end,new-value\nquestion,/a,5,6,'=1+1\nquestion,/a,5,6,'tis\n",
            &[("question", "/a", 5, Some(6), "=1+1"), ("question", "/a", 5, Some(6), "'tis")],
        );
        check("event,node,start\n,/a,5\nquestion,/a,soon\nquestion\n", &[]);
        check("nothing of the kind", &[]);
        check(
            "event,start\na,1\nb,2\nc,3\nd,4\n",
            &[("a", "", 1, None, ""), ("b", "", 2, None, ""), ("c", "", 3, None, "")],
        );
    }
}
