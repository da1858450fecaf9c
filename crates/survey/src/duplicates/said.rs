//! What an interview says of the person it is held with, for comparing.

use crate::fold::InterviewState;
use crate::{Answer, Private};
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
    let mut said = Said::default();
    for (field, answer) in state.answers() {
        let Some((_, name)) = field.as_str().rsplit_once('/') else { continue };
        let place = match name {
            "birth_date" | "birthday" | "date_of_birth" => &mut said.birth,
            "sex" | "gender" => &mut said.sex,
            "student_number" | "school_number" | "student_id" => &mut said.number,
            "guardian_name" => &mut said.guardian,
            _ => continue,
        };
        if let (Answer::Value(text), None) = (answer, field.rows().next()) {
            *place = text.as_str().into();
        }
    }
    said
}

impl Said {
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
