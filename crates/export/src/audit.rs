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
}

/// Says what happened, and never the answers.
impl fmt::Debug for AuditRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuditRow({})", self.event)
    }
}

/// The table, with the columns that the form asks for. Places and reasons of changes have their columns and are empty: a
/// laptop knows no place, and no reason is asked for.
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
            cells.push(String::new());
        }
        cells
    };
    Table {
        name: "audit".to_owned(),
        rows: rows.iter().map(cells).collect(),
        head: head.into_iter().map(str::to_owned).collect(),
    }
}
