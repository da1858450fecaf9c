use super::words::words;
use crate::Private;
use serde::{Deserialize, Serialize};
use tianye_journal::{Certificate, Details, PersonId, from_hex, to_hex};

words! {
    /// What a person may do in the project. See [`crate::rights`].
    Role {
        /// Administrator: keeps the project and its team, and reads no interview.
        Administrator = "administrator",
        /// Team lead: prepares, reviews, decides.
        Lead = "lead",
        /// Interviewer: fills forms, records consent.
        Interviewer = "interviewer",
        /// Analyst: reads and exports.
        Analyst = "analyst",
        /// Safeguarding lead: reads what is restricted, records consent and withdrawal.
        SafeguardingLead = "safeguarding-lead",
    }
}

/// Kind 3: a person of the team on one device. One record for each certificate; its first entry is the opening entry of
/// that device's first chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// The person; the same on all devices of that person.
    pub person: PersonId,
    /// Name on the screens.
    #[serde(default)]
    pub name: Private,
    /// What the certificate allows. A new role is a new certificate.
    pub role: Role,
    /// Group in the field (`第一组`).
    #[serde(default)]
    pub group: Option<String>,
    /// What the device is called (`示例电脑 03`).
    #[serde(default)]
    pub device_name: Option<String>,
    /// The signing key, in hexadecimal.
    #[serde(default)]
    pub signing_key: Option<String>,
    /// Serial of the certificate.
    #[serde(default)]
    pub certificate: Option<u64>,
    /// The details that the certificate holds the hash of, as the journal writes them, in hexadecimal. With them every
    /// reader can check role and person against the certificate of a chain.
    #[serde(default)]
    pub details: Option<String>,
    /// Of a safeguarding holder, the word for the address that restricted chains are sealed for, as the journal writes it
    /// ([`tianye_journal::HolderAddress`]), in hexadecimal. It proves itself, so a lead hands it on to the whole team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
    /// Keys for what the whole team reads of each other, from who keeps the project; the newest last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub team_keys: Vec<TeamKey>,
    /// On the opening entry of a chain that the whole team reads: it is that, and not the person's ordinary one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub for_team: bool,
}

/// A key that the whole team reads with. It stands in a chain that the whole team reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TeamKey {
    /// The secret reading key, in hexadecimal.
    pub key: Private,
    /// Certificates that were revoked when it was made. One that was revoked since makes it old.
    #[serde(default)]
    pub after: Vec<u64>,
}

impl Member {
    /// A person with a name and a role; the rest is not known yet.
    pub fn new(person: PersonId, name: impl Into<Private>, role: Role) -> Self {
        Self {
            person,
            name: name.into(),
            role,
            group: None,
            device_name: None,
            signing_key: None,
            certificate: None,
            details: None,
            holder: None,
            team_keys: Vec::new(),
            for_team: false,
        }
    }

    /// The card of a certified person: the content of the opening entry of a chain.
    pub fn certified(certificate: &Certificate, details: &Details) -> Self {
        Self {
            certificate: Some(certificate.serial),
            details: details.to_bytes().ok().map(|bytes| to_hex(&bytes)),
            signing_key: Some(to_hex(certificate.key.as_bytes())),
            ..Self::new(details.person, details.name.as_str(), Role::from(details.role.as_str()))
        }
    }

    /// The card of a certified person, as they wrote it themselves: of who they are and what they may do it is the certificate's
    /// word that counts.
    #[must_use]
    pub fn as_certified(self, certificate: &Certificate, details: &Details) -> Self {
        let Self { group, device_name, holder, team_keys, for_team, .. } = self;
        Self { group, device_name, holder, team_keys, for_team, ..Self::certified(certificate, details) }
    }

    /// The details as the journal knows them; check them against the certificate before trusting them.
    pub fn read_details(&self) -> Option<Details> {
        Details::from_bytes(&from_hex(self.details.as_deref()?)?).ok()
    }
}
