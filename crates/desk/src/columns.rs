//! What each column of an export holds, for the table of what may go out ([`tianye_survey::exports::FIELDS`]). Both matches are whole:
//! a column that is new in `tianye-export` does not compile before somebody has said here what it holds.

use std::collections::BTreeSet;

use tianye_export::{Done, FrameColumn};
use tianye_survey::exports::{Column, goes_out};

/// The frame columns of these that go out.
pub(crate) fn frame_that_goes_out(columns: Vec<FrameColumn>, identified: bool) -> Vec<FrameColumn> {
    columns.into_iter().filter(|column| goes_out(of_frame(*column), identified)).collect()
}

/// What may have been done to a question whose column goes out in a de-identified table.
pub(crate) fn done_that_goes_out() -> BTreeSet<Done> {
    Done::ALL.into_iter().filter(|done| goes_out(of_question(*done), false)).collect()
}

fn of_frame(column: FrameColumn) -> Column {
    match column {
        FrameColumn::Code => Column::Code,
        FrameColumn::Name => Column::Name,
        FrameColumn::County | FrameColumn::Township | FrameColumn::School | FrameColumn::Village => Column::Place,
        FrameColumn::Class => Column::FinePlace,
        FrameColumn::Interviewer => Column::Interviewer,
        FrameColumn::State | FrameColumn::Conflicts => Column::State,
        FrameColumn::FormVersion => Column::FormVersion,
    }
}

/// What a question's column holds once this was done to it.
fn of_question(done: Done) -> Column {
    match done {
        Done::Kept => Column::Answer,
        Done::Age => Column::BirthDate,
        Done::Weeks => Column::Date,
        Done::Area => Column::Point,
        Done::Marked => Column::Marked,
        Done::Judge => Column::FreeText,
        Done::Contact => Column::Contact,
        Done::Place => Column::FinePlace,
        Done::Point => Column::Way,
        Done::File => Column::File,
        Done::Device => Column::Device,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tianye_export::PlaceLevel;

    /// Of a table without identifiers no name and no class stands in the frame, however finely it tells places.
    #[test]
    fn no_frame_without_identifiers_has_a_name_or_a_class() {
        for level in [PlaceLevel::County, PlaceLevel::Township, PlaceLevel::Village, PlaceLevel::School] {
            let left = frame_that_goes_out(FrameColumn::coarse(level), false);
            assert!(!left.contains(&FrameColumn::Name) && !left.contains(&FrameColumn::Class), "{level:?}");
            let all = frame_that_goes_out(FrameColumn::coarse(level), true);
            assert!(all.contains(&FrameColumn::Name) && all.contains(&FrameColumn::Class), "{level:?}");
        }
    }

    #[test]
    fn what_nobody_judged_has_no_column() {
        let told: Vec<Done> = done_that_goes_out().into_iter().collect();
        assert_eq!(told, [Done::Kept, Done::Age, Done::Weeks, Done::Area]);
    }
}
