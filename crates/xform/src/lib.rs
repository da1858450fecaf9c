//! The form engine: XForm XML → [`Form`] → [`Session`].
//!
//! A [`Form`] is read once, is never changed and can be shared between threads in an `Arc`. A [`Session`] is one filling
//! of it: a typed tree of values that keeps relevance, requirement, constraints, calculations, options and repeat rows
//! right after every answer, recomputing only what depends on it.
//!
//! The crate does no I/O and holds no clock, no randomness and no device: all of that comes in with each call as a
//! [`Context`]. It knows nothing of records, storage, people or screens.
//!
//! # Words
//!
//! - *node*: an element of the form's primary instance; a *question* is a node with a control.
//! - *field path* ([`FieldPath`]): the address of a node in a filled form; *template path*: the same without rows.
//! - *row* ([`RowId`]): one instance of a repeat; its identity never changes.
//! - *relevant*: to be asked now. A node that is not relevant keeps its value, but counts as empty everywhere.
//! - *stored* and *counting* value: what a person gave, and what the rest of the form sees: empty while the node is not
//!   relevant or the chosen option is not offered.
//! - *problem* ([`Problem`]): something wrong with the form. *Fault* ([`Fault`]): something wrong with an answer.
//!
//! # At a glance
//!
//! ```text
//! Form::parse(xml: &str, media: &Media) -> (Option<Form>, Vec<Problem>)
//! form.submission() audit() entities()    what the client around the engine is to do
//! form.tables() table_rows(name) with_table(name, &rows) -> Form    the tables beside it, and other rows in them
//! form.id() version() title() languages() default_language() questions() repeats() question(template_path)
//!
//! Session::start(form: Arc<Form>, ctx: &Context) -> Session
//! Session::resume(form, fields: impl IntoIterator<Item = (FieldPath, Given)>, ctx) -> (Session, Vec<Leftover>)
//! Session::edit(form, submission: &str, ctx) -> Result<(Session, Vec<Leftover>), SubmissionError>
//! Session::take_in(form, submission: &str, ctx) -> Result<TakenIn, SubmissionError>    as it stands, with its own id
//! session.revise(submission: &str, bits, ctx) -> Result<Revised, SubmissionError>    what another program's edit changes
//! SubmissionHead::read(submission: &str) -> Result<Option<SubmissionHead>, SubmissionError>    form, version, ids
//! Session::start_after(form, last_saved: &str, ctx) -> Result<Session, SubmissionError>    hand_in_last_saved(&str, ctx)
//! session.wishes() -> Vec<Wish>    grant(&path, text, ctx) -> Result<Delta, AnswerError>
//! session.answer(&path, text, ctx)   -> Result<Delta, AnswerError>    blank text clears
//! session.give_non_answer(&path, NonAnswer, ctx) -> Result<Delta, AnswerError>
//! session.add_row(&repeat, RowId, ctx) / remove_row(&row, ctx) -> Result<Delta, RowError>
//! session.insert_row(&repeat, RowId, place, ctx) / move_row(&row, place, ctx) -> Result<Delta, RowError>
//! session.set_language(&str) -> bool    language()
//! session.finalise(ctx) -> Delta        writes the `end` metadata
//! session.validate() -> Vec<Invalid>    required + constraint over what is relevant, in form order
//! session.doubts() -> Vec<Doubt>        soft checks that do not hold, in form order; they never block
//! session.risks() -> Vec<FieldPath>     answers that carry risk as the form says it, in form order; they never block
//! session.view(&path) -> Option<NodeView>      label_in(&path, language)  options_in(&path, language)  value(&path)
//! session.explain(&path, Why) -> Option<Explanation>    why it is hidden, required, wrong, or has this value
//! session.outline() -> Outline          sections, pages, rosters with rows: what the screen draws
//! session.roster(&repeat) -> Vec<RowView>
//! session.fields() -> Vec<Field>        everything to save (rows included); `counts` tells what to export
//! carry(&old, &new, &renamed, tag) -> Carry    how the answers of one version read under a later one
//! carry_back(&old, &new, tag) -> Carry         the same taken back: those of the later one under the earlier
//! moved(&steps, &new, fields, ctx) -> (Session, Vec<Moved>)    a filling moved to a later version, and what became of it
//! session.entities() -> Vec<Entity>    what of other lists this filling creates and updates
//! session.instance_xml() -> String      the submission: what is not relevant is dropped
//! ```
//!
//! # Decisions
//!
//! - Absolute paths inside a repeat mean the row they stand in (ODK specification), unless their last step is the
//!   repeat itself or they choose rows with a predicate.
//! - A choice that is no longer offered is set aside, not lost: it counts as empty and comes back with its option. Rows
//!   that `jr:count` no longer asks for are set aside likewise.
//! - Circles are refused when the form is read, with their path. A row may read the same question of another row; values
//!   that never come to rest are stopped and told ([`Session::troubles`]).
//! - A calculated question with a control takes an answer, as in the public engines, until it is calculated again;
//!   screens are told that it is read-only. What is of the wrong type is refused; what breaks a constraint is kept and
//!   reported.
//! - A non-answer (“does not know”) is no value: expressions see an empty question, `required` is met.
//! - A repeat over the choices of a question has a row for each chosen code, known by the code and not by its place.
//! - An expression that fails at run time leaves its question shown, not required, valid and without value.
//! - A group as a value (`string(/data/group)`) is not watched for changes below it.
//!
//! - `odk:setgeopoint` and `odk:recordaudio` are told to the caller ([`Session::wishes`]): the engine has no device.

mod aggregate;
mod beyond;
mod carry;
mod checks;
mod coded;
mod compare;
mod compute;
mod context;
mod dictionary;
mod evaluate;
mod expression;
mod form;
mod graph;
mod instance;
mod itext;
mod label;
mod lexical;
mod moving;
mod names;
mod options;
mod order;
mod path;
mod preload;
mod problem;
mod rank;
mod read;
mod secondary;
mod session;
mod settings;
mod tables;
mod view;

pub use beyond::{Given, NonAnswer, TIANYE_NAMESPACE};
pub use carry::{Carry, StrangeHint, carry, carry_back};
pub use checks::{Check, CheckFault};
pub use compare::{Difference, DifferenceKind, Effect, differences};
pub use compute::{MAX_ACT_WORK, MAX_STEPS, Trouble};
pub use context::{Context, Media, Properties};
pub use dictionary::{Choice, Labels, Question, Repeat};
pub use form::Form;
pub use instance::{MAX_NODES, MAX_ROWS};
pub use lexical::{AnswerError, Found, MAX_ANSWER_BYTES};
pub use moving::{Fate, Moved, carried, moved};
pub use path::{FieldPath, MAX_PATH_BYTES, PathError, RowId, Step};
pub use problem::{Place, Problem, ProblemKind, Severity};
pub use read::{MAX_FORM_BYTES, MAX_FORM_DEPTH, MAX_FORM_NODES};
pub use secondary::{MAX_BYTES as MAX_TABLE_BYTES, MAX_NODES as MAX_TABLE_CELLS};
pub use session::{
    Because, Explained, Explanation, Leftover, LeftoverReason, Outcome, Read, Revised, RowError, Rule, Session,
    Subject, SubmissionError, SubmissionHead, SubmissionNames, TakenIn, Why,
};
pub use settings::{About, Audit, AuditLocation, Entity, EntityDef, Submission};
pub use tables::{TableError, TableRows};
pub use tianye_xpath::TraceKind;
pub use view::{
    Change, Control, Delta, Doubt, Fault, Field, Invalid, Item, ItemKind, MediaRef, NodeView, OptionView, Origin,
    Outline, Page, PageKind, Progress, RowView, Section, ValueKind, What, Wish, WishKind,
};
