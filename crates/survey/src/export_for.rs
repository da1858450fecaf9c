use crate::kinds::{Purpose, SubjectKind};
use serde::{Deserialize, Serialize};

/// What an export is for. Who lets a team use answers for its own work has not said that others get them: for that families are
/// asked on its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ExportFor {
    /// The project's own work: what was agreed to when the answers were given is enough.
    #[default]
    Analysis,
    /// Keeping in an archive, from which later researchers take it.
    Archiving,
    /// Telling the school.
    SchoolSharing,
}

impl ExportFor {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Analysis, Self::Archiving, Self::SchoolSharing];

    /// What must have been agreed to beside that for which the answers were given.
    pub fn asks(self) -> Option<Purpose> {
        match self {
            Self::Analysis => None,
            Self::Archiving => Some(Purpose::Archiving),
            Self::SchoolSharing => Some(Purpose::SchoolSharing),
        }
    }

    /// Whether it is for the project's own work: of such an export nothing more need be said.
    pub fn is_analysis(&self) -> bool {
        *self == Self::Analysis
    }

    /// Whether it may tell who such a one is. Adults are told that the school hears what they said, and not who said it.
    pub fn may_name(self, kind: &SubjectKind) -> bool {
        self.may_identify() && (self != Self::SchoolSharing || *kind == SubjectKind::Pupil)
    }

    /// Whether it may tell who somebody is. Families are told that an archive has no names, whatever the role of who exports.
    pub fn may_identify(self) -> bool {
        self != Self::Archiving
    }
}
