//! What a store keeps about its own person: who they are, their keys, their certificate, the hub.

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use tianye_journal::pairing::HubAddress;
use tianye_journal::{
    Certificate, Details, DeviceId, HubPublicKey, Invitation, InvitationId, PersonId, ProjectId, ProjectKey,
    ProjectPublicKey, ReadingKey, Recipient, RecordId, Trust, from_hex,
};
use tianye_store::{Store, Tx};
use tianye_sync::{HubCard, Pin};

use crate::refusal::{Result, refuse};
use crate::view::Role;

const WHO: &str = "who";
const PROJECT_KEY: &str = "project-key";
const RECOVERY_KEY: &str = "recovery-key";

/// Who sits at this store, and in which project.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Who {
    /// The project.
    pub project: ProjectId,
    /// Its public key, hex.
    pub project_key: String,
    /// Its title, until its own card has come.
    pub title: String,
    /// The person; made by the lead when inviting.
    pub person: PersonId,
    /// The laptop.
    pub device: DeviceId,
    /// The laptop's name.
    pub device_name: String,
    /// Display name of the person.
    pub name: String,
    /// Role as the certificate says.
    pub role: String,
    /// Group in the team.
    pub group: String,
    /// The hub, if the project has one.
    pub hub: Option<HubCard>,
    /// Certificate and details, hex; none while the join waits.
    pub certificate: Option<(String, String)>,
    /// For whom new chains are sealed, as age addresses.
    pub readers: Vec<String>,
    /// The invitation this store answers, hex; none for the lead who made the project.
    pub invitation: Option<String>,
    /// The record that this person's own card has.
    pub member: Option<RecordId>,
}

impl Who {
    /// What this store trusts.
    ///
    /// # Errors
    /// A damaged setting.
    pub fn trust(&self) -> Result<Trust> {
        let key = from_hex(&self.project_key)
            .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
            .and_then(|bytes| ProjectPublicKey::from_bytes(&bytes).ok());
        Ok(Trust { project: self.project, key: key.ok_or_else(|| damaged("project key"))? })
    }

    /// The role as entries know it.
    #[must_use]
    pub fn survey_role(&self) -> tianye_survey::Role {
        tianye_survey::Role::from(self.role.as_str())
    }

    /// The certificate and what it certifies.
    ///
    /// # Errors
    /// `join-waiting` while the lead has not confirmed.
    pub fn certificate(&self) -> Result<(Certificate, Details)> {
        let Some((certificate, details)) = &self.certificate else {
            return Err(refuse("join-waiting", "expected a certificate, found a join that waits for the lead"));
        };
        let certificate = from_hex(certificate).and_then(|bytes| Certificate::from_bytes(&bytes).ok());
        let details = from_hex(details).and_then(|bytes| Details::from_bytes(&bytes).ok());
        certificate.zip(details).ok_or_else(|| damaged("certificate"))
    }

    /// For whom new chains are sealed.
    ///
    /// # Errors
    /// A damaged setting.
    pub fn readers(&self) -> Result<Vec<Recipient>> {
        self.readers.iter().map(|text| text.parse().map_err(|_| damaged("reader"))).collect()
    }

    /// The invitation this store answers.
    ///
    /// # Errors
    /// A damaged setting, or none.
    pub fn invitation(&self) -> Result<Invitation> {
        let bytes = self.invitation.as_deref().and_then(from_hex).ok_or_else(|| damaged("invitation"))?;
        Invitation::from_bytes(&bytes).map_err(|_| damaged("invitation"))
    }

    /// Keeps it.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn keep(&self, tx: &mut Tx<'_>) -> tianye_store::Result<()> {
        put(tx, WHO, self)
    }
}

/// Reads who sits at a store.
///
/// # Errors
/// A store that was never set up, or a damaged setting.
pub fn who(store: &Store) -> Result<Who> {
    setting(store, WHO)?.ok_or_else(|| damaged("who"))
}

/// Reads a setting.
///
/// # Errors
/// The store's refusal, or a damaged setting.
pub fn setting<T: DeserializeOwned>(store: &Store, key: &str) -> Result<Option<T>> {
    let bytes = store.read(|view| view.setting(key))?;
    bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|_| damaged(key))).transpose()
}

/// Keeps a setting.
///
/// # Errors
/// The store's refusal.
pub fn put<T: Serialize>(tx: &mut Tx<'_>, key: &str, value: &T) -> tianye_store::Result<()> {
    let bytes = serde_json::to_vec(value).expect("settings are plain structs");
    tx.put_setting(key, &bytes)
}

/// Keeps the key of a project, on the laptop of who admits others.
///
/// # Errors
/// The store's refusal.
pub fn keep_project_key(tx: &mut Tx<'_>, project: &ProjectKey) -> tianye_store::Result<()> {
    tx.put_secret(PROJECT_KEY, &*project.to_secret_bytes())
}

/// Keeps the key that opens what is sealed for recovery, on the laptop of who made the project.
///
/// # Errors
/// The store's refusal.
pub fn keep_recovery_key(tx: &mut Tx<'_>, recovery: &ReadingKey) -> tianye_store::Result<()> {
    tx.put_secret(RECOVERY_KEY, &*recovery.to_secret_bytes())
}

/// The key that opens what is sealed for recovery.
///
/// # Errors
/// `no-right` on every laptop but that of who made the project.
pub fn recovery_key(store: &Store) -> Result<ReadingKey> {
    let bytes = secret(store, RECOVERY_KEY)?;
    let bytes = bytes.ok_or_else(|| refuse("no-right", "expected the recovery key, found a store without it"))?;
    Ok(ReadingKey::from_secret_bytes(&bytes))
}

/// Whether this store keeps the key that opens what is sealed for recovery.
///
/// # Errors
/// The store's refusal.
pub fn keeps_recovery(store: &Store) -> Result<bool> {
    Ok(secret(store, RECOVERY_KEY)?.is_some())
}

/// Whether this store keeps the project's key.
///
/// # Errors
/// The store's refusal.
pub fn keeps_project(store: &Store) -> Result<bool> {
    Ok(secret(store, PROJECT_KEY)?.is_some())
}

/// The key that opens what was sealed for this person on this laptop: the first that the store was given.
///
/// # Errors
/// The store's refusal; a store without one.
pub fn reading_key(store: &Store) -> Result<ReadingKey> {
    let keys = store.read(|view| view.reading_keys())?;
    keys.into_iter().next().ok_or_else(|| damaged("reading key"))
}

/// The keys that this person reads with as one of several: those of all leads, the newest first.
///
/// # Errors
/// The store's refusal.
pub fn shared_reading_keys(store: &Store) -> Result<Vec<ReadingKey>> {
    Ok(store.read(|view| view.reading_keys())?.into_iter().skip(1).rev().collect())
}

/// The project's key.
///
/// # Errors
/// `no-right` on a laptop that is not the lead's.
pub fn project_key(store: &Store) -> Result<ProjectKey> {
    let bytes = secret(store, PROJECT_KEY)?;
    let bytes = bytes.ok_or_else(|| refuse("no-right", "expected the project's key, found a store without it"))?;
    Ok(ProjectKey::from_secret_bytes(&bytes))
}

fn secret(store: &Store, name: &str) -> Result<Option<[u8; 32]>> {
    let bytes = store.read(|view| view.secret(name))?;
    bytes.map(|bytes| bytes.as_slice().try_into().map_err(|_| damaged(name))).transpose()
}

/// A hub's card from what an invitation says.
///
/// # Errors
/// An address that cannot be used.
pub fn card_of(hub: &HubAddress) -> Result<HubCard> {
    Ok(HubCard::new(&hub.url, Pin::from_bytes(hub.spki_pin), *hub.key.as_bytes())?)
}

/// What an invitation says of a hub.
///
/// # Errors
/// A card whose key is none.
pub fn address_of(card: &HubCard) -> Result<HubAddress> {
    let key = HubPublicKey::from_bytes(&card.key.0).map_err(|_| damaged("hub card"))?;
    Ok(HubAddress { url: card.address.clone(), spki_pin: *card.pin.as_bytes(), key })
}

/// Role as the screens say it.
#[must_use]
pub fn role(text: &str) -> Role {
    match text {
        "administrator" => Role::Administrator,
        "lead" => Role::Lead,
        "analyst" => Role::Analyst,
        "safeguarding-lead" => Role::Safeguarding,
        _ => Role::Interviewer,
    }
}

/// Role as entries and certificates say it.
#[must_use]
pub fn role_text(role: Role) -> &'static str {
    match role {
        Role::Administrator => "administrator",
        Role::Lead => "lead",
        Role::Interviewer => "interviewer",
        Role::Analyst => "analyst",
        Role::Safeguarding => "safeguarding-lead",
    }
}

/// An invitation's id from its text.
///
/// # Errors
/// Another text.
pub fn invitation_id(text: &str) -> Result<InvitationId> {
    text.parse().map_err(|_| refuse("internal", "expected the id of an invitation"))
}

fn damaged(what: &str) -> crate::view::Refusal {
    refuse("store-damaged", format!("the setting “{what}” is missing or damaged"))
}
