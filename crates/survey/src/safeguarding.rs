//! Who the safeguarding holders are, whether there are enough of them, and whom to call at a place.

use crate::kinds::{Contact, ContactRole, Contacts, Member, Role};
use crate::rights::reads_restricted;
use crate::{CardState, ProjectState, Revocations};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{DeviceId, HolderAddress, PersonId, Recipient, RecordId, Trust, from_hex};

/// Fewest holders of a project that collects anything real: one may be ill, or be the one it is about.
pub const FEWEST_HOLDERS: usize = 2;

/// A safeguarding holder on one laptop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The person.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// The laptop.
    pub device: DeviceId,
    /// Serial of the certificate.
    pub certificate: u64,
    /// Where to seal for them.
    pub address: Recipient,
}

/// Too few holders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected at least {FEWEST_HOLDERS} safeguarding holders on laptops of their own, found {found}")]
pub struct TooFewHolders {
    /// How many there are.
    pub found: usize,
}

impl TooFewHolders {
    /// Key of the message in the catalogue.
    pub fn code(&self) -> &'static str {
        "holders-too-few"
    }
}

/// The holders among the members of a project: those whose certificate says so, whose own word for their address is good, and
/// who were not revoked. By certificate.
pub fn holders(project: &ProjectState, revocations: &Revocations, trust: &Trust) -> Vec<Holder> {
    let words = project.members.values().flat_map(holder_words).collect::<BTreeSet<_>>();
    let mut found: BTreeMap<u64, Holder> = BTreeMap::new();
    for word in words {
        let Some(word) = from_hex(&word).and_then(|bytes| HolderAddress::from_bytes(&bytes).ok()) else { continue };
        let serial = word.certificate.serial;
        let is_holder = reads_restricted(&Role::from(word.details.role.as_str()));
        if !is_holder || revocations.certificates.contains_key(&serial) || word.verify(trust).is_err() {
            continue;
        }
        let holder = Holder {
            person: word.details.person,
            name: word.details.name,
            device: word.details.device,
            certificate: serial,
            address: word.address,
        };
        // A holder who says two addresses of one certificate has one: the lesser, so that all laptops mean the same.
        match found.get(&serial) {
            Some(other) if other.address <= holder.address => {}
            _ => _ = found.insert(serial, holder),
        }
    }
    found.into_values().collect()
}

/// Every word of a holder that was ever written on this card: one that proves itself stays good, whatever came later.
fn holder_words(state: &CardState<Member>) -> Vec<String> {
    let field = crate::Field::new("holder");
    let writes = state.fields.get(&field).map(|field| field.writes().to_vec()).unwrap_or_default();
    let written = writes.iter().filter_map(|write| write.answer.value().map(str::to_owned));
    written.chain(state.card.as_ref().and_then(|card| card.holder.clone())).collect()
}

/// Whether these are enough to collect anything real: at least two people, on laptops of their own.
///
/// # Errors
/// [`TooFewHolders`].
pub fn enough_holders(holders: &[Holder]) -> Result<(), TooFewHolders> {
    let people: BTreeSet<PersonId> = holders.iter().map(|holder| holder.person).collect();
    let devices: BTreeSet<DeviceId> = holders.iter().map(|holder| holder.device).collect();
    let found = people.len().min(devices.len());
    if found < FEWEST_HOLDERS { Err(TooFewHolders { found }) } else { Ok(()) }
}

/// Whom to call at a site: the holders, the police, the hotline, then those of the place, nearest first: its own card, those of what it stands in, and the project's. Of two cards for one
/// place both hold: no number is lost because two leads wrote it down.
pub fn contacts(project: &ProjectState, site: Option<&RecordId>) -> Vec<Contact> {
    let mut places: Vec<Option<RecordId>> = site
        .map(|site| project.site_path(site).into_iter().rev().map(|(record, _)| Some(record)).collect())
        .unwrap_or_default();
    places.push(None);
    let mut found: Vec<Contact> = Vec::new();
    for place in places {
        for card in project.contacts.values().filter_map(|state| state.card.as_ref()).filter(|card| card.site == place)
        {
            for contact in &card.people {
                if !found.iter().any(|other| other.number == contact.number && other.role == contact.role) {
                    found.push(contact.clone());
                }
            }
        }
    }
    // The numbers of the country need no card.
    for contact in Contacts::of_the_country() {
        if !found.iter().any(|other| other.role == contact.role) {
            found.push(contact);
        }
    }
    found.sort_by_key(|contact| rank(&contact.role));
    found
}

/// Who is called first: those who know what to do, then those who come at once. Somebody of the village may be who it is
/// about.
fn rank(role: &ContactRole) -> u8 {
    match role {
        ContactRole::Holder => 0,
        ContactRole::Police => 1,
        ContactRole::YouthLine => 2,
        ContactRole::CitizenLine => 4,
        _ => 3,
    }
}
