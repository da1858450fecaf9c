//! What every request handler shares.

use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, PoisonError, RwLock},
};

use tokio::sync::Semaphore;

use crate::{
    Limits,
    db::{
        Readers, Writer,
        audit::{Event, Head},
        devices::Quota,
        projects::Project,
    },
    doors::{Caller, Doors, Role, hex},
    identity::Identity,
    refuse::Refused,
};
use tianye_journal::HubKey;

/// The hub as its handlers see it.
#[derive(Debug)]
pub(crate) struct Hub {
    pub(crate) identity: Identity,
    pub(crate) key: HubKey,
    pub(crate) writer: Writer,
    pub(crate) readers: Arc<Readers>,
    pub(crate) data: PathBuf,
    pub(crate) doors: Doors,
    pub(crate) limits: Limits,
    /// Memory for bodies that are read whole, in KiB.
    pub(crate) memory: Arc<Semaphore>,
    /// The registered projects; their keys never change.
    pub(crate) projects: RwLock<HashMap<[u8; 16], Project>>,
    pub(crate) now: fn() -> i64,
}

impl Hub {
    /// The registered project with this id.
    pub(crate) fn project(&self, id: &[u8; 16]) -> Option<Project> {
        self.projects.read().unwrap_or_else(PoisonError::into_inner).get(id).copied()
    }

    /// How much may be stored.
    pub(crate) fn quota(&self) -> Quota {
        Quota { device: self.limits.device_bytes, project: self.limits.project_bytes }
    }

    /// Asks the database, away from the threads that serve connections.
    pub(crate) async fn read<T, Q>(&self, what: &'static str, question: Q) -> Result<T, Refused>
    where
        T: Send + 'static,
        Q: FnOnce(&rusqlite::Transaction<'_>) -> rusqlite::Result<T> + Send + 'static,
    {
        let readers = self.readers.clone();
        match tokio::task::spawn_blocking(move || readers.read(question)).await {
            Ok(answer) => answer.map_err(crate::refuse::internal(what)),
            Err(_) => Err(Refused(tianye_sync::Refusal::HubError)),
        }
    }

    /// A line for the audit log.
    pub(crate) fn event(what: &'static str, caller: Option<&Caller>, project: &[u8; 16], amount: usize) -> Event {
        let who = caller.and_then(|caller| match caller.role {
            Role::Device(key) => Some(key),
            Role::Lead => None,
        });
        Event { what, project: Some(*project), who, amount: i64::try_from(amount).unwrap_or(i64::MAX) }
    }

    /// The signed head of the audit log, for the header of answers.
    pub(crate) fn signed_head(&self, head: &Head) -> String {
        use ed25519_dalek::Signer as _;
        let message = tianye_sync::audit_head_message(head.number.unsigned_abs(), &head.hash);
        let signature = self.identity.signing.sign(&message).to_bytes();
        format!("{}:{}:{}", head.number, hex(&head.hash), hex(&signature))
    }
}
