//! What a form says to the client around it: where to send, what to log, which entities it makes.

use crate::FieldPath;

/// What a form is about: with whom, or where, it is begun (`tianye::about`).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum About {
    /// A person.
    #[default]
    Person,
    /// Several people who sit together.
    Group,
    /// A village, a school, a class.
    Site,
    /// A child, of whom somebody else tells who looks after it: the child is asked nothing.
    Ward,
}

/// The `<submission>` element (ODK XForms specification, “Submission”). The engine keeps it; sending and encrypting are
/// the caller's.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Submission {
    /// Where to send: an address, empty for the client's own.
    pub action: String,
    /// How: `post`, `form-data-post`.
    pub method: String,
    /// The public key of an encrypted form, in base64; None for one that is not.
    pub public_key: Option<String>,
    /// Send without being asked.
    pub auto_send: Option<bool>,
    /// Delete after sending.
    pub auto_delete: Option<bool>,
}

/// What the audit log of a form holds (ODK XForms specification, “Audit attributes”).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// The template path of the question that names the log's file.
    pub path: String,
    /// The place is logged too.
    pub location: Option<AuditLocation>,
    /// Old and new values are logged.
    pub track_changes: bool,
    /// A reason is asked for when a finished form is changed.
    pub reason_on_edit: bool,
    /// The person says who they are when the form is opened.
    pub identify_user: bool,
}

/// How the audit log takes places.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AuditLocation {
    /// `no-power`, `low-power`, `balanced`, `high-accuracy`.
    pub priority: String,
    /// At least so many seconds between two.
    pub min_interval: u32,
    /// At most so many seconds old.
    pub max_age: u32,
}

/// An entity that a form creates or updates (ODK entities specification).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EntityDef {
    /// The template path of its `entity` element.
    pub path: String,
    /// The list it belongs to (`dataset`).
    pub list: String,
    /// The template path of the innermost repeat around it: one entity for each row.
    pub repeat: Option<String>,
    /// Property, and the template path of the question that gives it.
    pub properties: Vec<(String, String)>,
}

/// An entity as a filling makes it. It holds answers: its `Debug` shows none.
#[derive(Clone, PartialEq, Eq)]
pub struct Entity {
    /// The address of its `entity` element.
    pub path: FieldPath,
    /// The list it belongs to.
    pub list: String,
    /// Its id, a UUID.
    pub id: String,
    /// It is to be created.
    pub create: bool,
    /// It is to be updated.
    pub update: bool,
    /// Its name for people; None where an update leaves it.
    pub label: Option<String>,
    /// The version that the form had before it: of updates.
    pub base_version: Option<String>,
    /// The last version known to the server, if the entity was changed offline since.
    pub trunk_version: Option<String>,
    /// The line of offline changes.
    pub branch_id: Option<String>,
    /// Properties of questions that are relevant, with their values.
    pub properties: Vec<(String, String)>,
}

impl std::fmt::Debug for Entity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Entity")
            .field("path", &self.path)
            .field("list", &self.list)
            .field("create", &self.create)
            .field("update", &self.update)
            .finish_non_exhaustive()
    }
}
