use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// What somebody to call is.
    ContactRole {
        /// A safeguarding holder of the project.
        Holder = "holder",
        /// The police.
        Police = "police",
        /// The hotline for young people.
        YouthLine = "youth-line",
        /// The citizens' hotline.
        CitizenLine = "citizen-line",
        /// Civil affairs.
        CivilAffairs = "civil-affairs",
        /// The children's director of a village (儿童主任).
        ChildrenDirector = "children-director",
        /// The children's supervisor of a township (儿童督导员).
        ChildrenSupervisor = "children-supervisor",
        /// A hospital.
        Hospital = "hospital",
        /// The school.
        School = "school",
    }
}

/// Somebody to call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// What they are.
    pub role: ContactRole,
    /// Their name; empty: the role says it.
    #[serde(default)]
    pub name: Private,
    /// The number.
    pub number: Private,
    /// When somebody answers.
    #[serde(default)]
    pub hours: Private,
    /// What to know before calling.
    #[serde(default)]
    pub note: Private,
}

/// Kind 18: whom to call at a place. One card without a place is for the whole project.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contacts {
    /// The site; none: everywhere.
    #[serde(default)]
    pub site: Option<RecordId>,
    /// Whom to call, in this order.
    #[serde(default)]
    pub people: Vec<Contact>,
}

impl Contacts {
    /// The numbers that hold in the whole country: with them a project's card begins.
    pub fn of_the_country() -> Vec<Contact> {
        let line = |role, number: &str| Contact {
            role,
            name: Private::default(),
            number: number.into(),
            hours: Private::default(),
            note: Private::default(),
        };
        vec![
            line(ContactRole::Police, "110"),
            line(ContactRole::YouthLine, "12355"),
            line(ContactRole::CitizenLine, "12345"),
        ]
    }
}
