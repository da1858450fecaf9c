//! Erasing: what is asked for, and the certificate.

use serde::{Deserialize, Serialize};
use specta::Type;

use super::quiet;

quiet!(EraseInput, ErasureView, AnsweredView,);

/// What is to be erased.
#[derive(Clone, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EraseInput {
    /// Id of the interview.
    pub record: String,
    /// Fields, as the newest version of the form among the interview's heads names them; none: the whole interview.
    pub fields: Vec<String>,
    /// Why: `withdrawn`, `misplaced`, `retention` or `mistake`.
    pub why: String,
    /// Why, in one's own words; never what was erased.
    pub note: String,
}

/// One act of erasing: what was erased, and where it has been carried out.
#[derive(Clone, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ErasureView {
    /// Id of the act.
    pub id: String,
    /// Id of the interview.
    pub record: String,
    /// How many answers; 0: the whole interview.
    pub fields: u32,
    /// Why, as a word.
    pub why: String,
    /// Why, in the words of who erased it.
    pub note: String,
    /// Who.
    pub by: String,
    /// When, by that laptop's clock.
    pub at: String,
    /// Entries whose bodies it names.
    pub bodies: u32,
    /// Parts of files that it names.
    pub chunks: u32,
    /// Laptops that have carried out all of it.
    pub answered: Vec<AnsweredView>,
    /// Laptops of which nothing is known yet.
    pub waiting: Vec<AnsweredView>,
    /// Whether the hub may still keep some of it, as far as this laptop knows; a lead's laptop tells it when syncing.
    pub on_hub: bool,
    /// Whether files beside the database on this laptop still wait to be dropped.
    pub unfinished: bool,
}

/// A laptop in a certificate.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct AnsweredView {
    /// Who sits at it.
    pub person: String,
    /// Its name.
    pub device: String,
}
