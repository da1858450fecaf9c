//! What an interview says of the person it is held with, for comparing.

use crate::Private;
use crate::field::is_in_row;
use crate::fold::InterviewState;
use serde::{Deserialize, Serialize};

/// What the answers of an interview say of the respondent. Which questions these are is known by their names in the
/// workbook, outside of repeats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// `birth_date`, `birthday`, `date_of_birth`.
    pub birth: Private,
    /// `sex`, `gender`.
    pub sex: Private,
    /// `student_number`, `school_number`, `student_id`.
    pub number: Private,
    /// `guardian_name`.
    pub guardian: Private,
}

/// Reads them off the settled answers.
pub fn said(state: &InterviewState) -> Said {
    said_in(state.answers().filter_map(|(field, answer)| Some((field.as_str(), answer.value()?))))
}

/// Reads them off fields and their values, in any order.
pub(crate) fn said_in<'a>(values: impl Iterator<Item = (&'a str, &'a str)>) -> Said {
    let mut said = Said::default();
    let mut found: Vec<(&str, &str)> =
        values.filter(|(field, _)| said.place(field).is_some() && !is_in_row(field)).collect();
    // Of two questions that say the same thing, the later by name.
    found.sort_unstable();
    for (field, text) in found {
        if let Some(place) = said.place(field) {
            *place = text.into();
        }
    }
    said
}

impl Said {
    /// Where the answer to a question belongs.
    fn place(&mut self, field: &str) -> Option<&mut Private> {
        let (_, name) = field.rsplit_once('/')?;
        match name {
            "birth_date" | "birthday" | "date_of_birth" => Some(&mut self.birth),
            "sex" | "gender" => Some(&mut self.sex),
            "student_number" | "school_number" | "student_id" => Some(&mut self.number),
            "guardian_name" => Some(&mut self.guardian),
            _ => None,
        }
    }

    /// Nothing that could be compared.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl super::Traits {
    /// Takes what an interview with this respondent says, where nothing was known yet.
    pub fn fill(&mut self, said: &Said) {
        let fill = |place: &mut Private, said: &Private| {
            if place.is_empty() {
                place.clone_from(said);
            }
        };
        fill(&mut self.birth, &said.birth);
        fill(&mut self.sex, &said.sex);
        fill(&mut self.number, &said.number);
        if !said.guardian.is_empty() && !self.guardians.contains(&said.guardian) {
            self.guardians.push(said.guardian.clone());
        }
    }
}
