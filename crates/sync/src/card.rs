//! The hub card: all that a lead's laptop needs to find a hub and to know it again.

use serde::{Deserialize, Serialize};
use tianye_journal::{HubPublicKey, pairing::HubAddress};

use crate::{
    Pin, SyncError,
    protocol::{Hex, Secret},
};

/// Address, pin and receipt key of one hub, as `tianye-hub` prints them and writes them to `hub-card.json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HubCard {
    /// Version of this card: 1.
    pub format: u16,
    /// `https://host:port`, without a path.
    pub address: String,
    /// SHA-256 of the hub's TLS key.
    pub pin: Pin,
    /// The Ed25519 key that signs the hub's receipts.
    pub key: Hex<32>,
    /// The word that lets a lead register a project; only in the card of whoever runs the hub, never in invitations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub admin: Option<Secret>,
}

impl HubCard {
    /// Makes a card, checking the address.
    ///
    /// # Errors
    /// [`SyncError::Card`] if the address is not `https://host:port`.
    pub fn new(address: &str, pin: Pin, key: [u8; 32]) -> Result<Self, SyncError> {
        let card =
            Self { format: 1, address: address.trim_end_matches('/').to_owned(), pin, key: Hex(key), admin: None };
        card.check()?;
        Ok(card)
    }

    /// The card of the hub that an invitation or admission names.
    ///
    /// # Errors
    /// [`SyncError::Card`] if its address is none.
    pub fn from_address(hub: &HubAddress) -> Result<Self, SyncError> {
        Self::new(&hub.url, Pin::from_bytes(hub.spki_pin), *hub.key.as_bytes())
    }

    /// The same as an invitation carries it, without the admin word.
    ///
    /// # Errors
    /// [`SyncError::Card`] if the receipt key is no key.
    pub fn to_address(&self) -> Result<HubAddress, SyncError> {
        let key = HubPublicKey::from_bytes(&self.key.0).map_err(|_| SyncError::Card { what: "its key is no key" })?;
        Ok(HubAddress { url: self.address.clone(), spki_pin: *self.pin.as_bytes(), key })
    }

    /// Reads a card from JSON.
    ///
    /// # Errors
    /// [`SyncError::Card`] if a part is missing, wrong, or from a newer program.
    pub fn from_json(text: &str) -> Result<Self, SyncError> {
        if text.len() > 4096 {
            return Err(SyncError::Card { what: "it is longer than any hub card" });
        }
        let card: Self = serde_json::from_str(text)
            .map_err(|_| SyncError::Card { what: "it must be the content of a hub-card.json file" })?;
        if card.format != 1 {
            return Err(SyncError::Card { what: "it was written by a newer hub; update Tianye" });
        }
        card.check()?;
        Ok(card)
    }

    /// The card as JSON, with the admin word if it holds one.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }

    /// The same card without the admin word: what may be handed on to devices.
    #[must_use]
    pub fn without_admin(&self) -> Self {
        Self { admin: None, ..self.clone() }
    }

    fn check(&self) -> Result<(), SyncError> {
        let wrong = |what| Err(SyncError::Card { what });
        let Some(host) = self.address.strip_prefix("https://") else {
            return wrong("the address must begin with https://");
        };
        if host.is_empty() || host.contains(['/', '?', '#', '@', ' ']) || self.address.len() > 300 {
            return wrong("the address must be https://host:port and nothing more");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::HubCard;
    use crate::{Pin, protocol::Secret};

    #[track_caller]
    fn check(address: &str, expect: Option<&str>) {
        let card = HubCard::new(address, Pin::from_bytes([1; 32]), [2; 32]);
        assert_eq!(card.ok().map(|card| card.address).as_deref(), expect);
    }

    #[test]
    fn addresses() {
        check("https://127.0.0.1:8787", Some("https://127.0.0.1:8787"));
        check("https://hub.example.cn/", Some("https://hub.example.cn"));
        check("http://127.0.0.1:8787", None);
        check("https://", None);
        check("https://a/b", None);
        check("https://user@a", None);
    }

    #[test]
    fn json_goes_round_and_the_admin_word_stays_out_of_debug() {
        let mut card = HubCard::new("https://127.0.0.1:1", Pin::from_bytes([1; 32]), [2; 32]).unwrap();
        card.admin = Some(Secret("open sesame".to_owned()));
        assert_eq!(HubCard::from_json(&card.to_json()).unwrap(), card);
        assert!(!format!("{card:?}").contains("sesame"));
        assert!(!card.without_admin().to_json().contains("sesame"));
        assert!(HubCard::from_json("{}").is_err());
        assert_eq!(
            HubCard::from_json(&card.to_json().replace("\"format\": 1", "\"format\": 2")).unwrap_err().code(),
            "hub-card-invalid"
        );
    }
}
