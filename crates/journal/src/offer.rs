//! An invitation laid ready at a hub, for somebody who types a short code because an invitation is too long to type.
//!
//! The code follows from the invitation's secret; from the code follow the name under which the invitation lies at the hub,
//! and the key that it is sealed with. So the hub can neither read nor change what it keeps, and whoever opens it with a
//! typed code knows that it comes from somebody who knows that code.

use crate::body::{open_box, seal_box};
use crate::{Invitation, OpenError, WireError};
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Most bytes of a sealed offer.
pub const MAX_OFFER: usize = 4 * 1024;

const AAD: &[u8] = b"tianye/1/offer\0";

impl Invitation {
    /// The 80 bits that the invited person types (FORMAT.md, *Offer*). As secret as the invitation.
    #[must_use]
    pub fn code(&self) -> [u8; 10] {
        let derived = Zeroizing::new(blake3::derive_key("tianye 1 invitation code", &self.secret));
        let mut code = [0; 10];
        code.copy_from_slice(&derived[..10]);
        code
    }
}

/// The name under which the invitation with this code lies at a hub. The code cannot be computed from it.
#[must_use]
pub fn offer_id(code: &[u8; 10]) -> [u8; 32] {
    blake3::derive_key("tianye 1 offer id", code)
}

/// Seals an invitation for who knows its code.
///
/// # Errors
/// [`WireError`] if a text of the invitation is too long or holds control characters.
pub fn seal_offer(invitation: &Invitation, rng: &mut impl CryptoRng) -> Result<Vec<u8>, WireError> {
    let plain = Zeroizing::new(invitation.to_bytes()?);
    Ok(seal_box(&key(&invitation.code()), AAD, &plain, MAX_OFFER, rng))
}

/// Opens what [`seal_offer`] sealed, and checks that the invitation is the one of this code.
///
/// # Errors
/// [`OpenError`]: sealed with another code, damaged, or no invitation.
pub fn open_offer(code: &[u8; 10], sealed: &[u8]) -> Result<Invitation, OpenError> {
    let invitation = Invitation::from_bytes(&open_box(&key(code), AAD, sealed)?)?;
    if invitation.code() != *code {
        return Err(OpenError::WrongKey);
    }
    Ok(invitation)
}

fn key(code: &[u8; 10]) -> Zeroizing<[u8; 32]> {
    Zeroizing::new(blake3::derive_key("tianye 1 offer key", code))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{InvitationId, ProjectId, ProjectKey};
    use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng as _};

    fn invitation(secret: u8, name: &str) -> Invitation {
        Invitation {
            project: ProjectId::from_bytes([1; 16]),
            project_key: ProjectKey::generate(&mut ChaCha20Rng::from_seed([2; 32])).public(),
            title: name.to_owned(),
            hub: None,
            id: InvitationId::from_bytes([3; 16]),
            secret: [secret; 16],
            name: name.to_owned(),
            role: name.to_owned(),
            expires: 0,
        }
    }

    #[test]
    fn an_offer_opens_with_the_code_of_its_invitation_only() {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let (ours, other) = (invitation(4, "李想"), invitation(5, "李想"));
        let sealed = seal_offer(&ours, &mut rng).unwrap();
        assert_eq!(open_offer(&ours.code(), &sealed), Ok(ours.clone()));
        assert_eq!(open_offer(&other.code(), &sealed), Err(OpenError::WrongKey));
        let mut changed = sealed.clone();
        *changed.last_mut().unwrap() ^= 1;
        assert_eq!(open_offer(&ours.code(), &changed), Err(OpenError::WrongKey));
        assert!(open_offer(&ours.code(), &sealed[..9]).is_err());
        // Somebody who knows one code lays another invitation there.
        let swapped = seal_box(&key(&ours.code()), AAD, &other.to_bytes().unwrap(), MAX_OFFER, &mut rng);
        assert_eq!(open_offer(&ours.code(), &swapped), Err(OpenError::WrongKey));
        assert_ne!(offer_id(&ours.code()), offer_id(&other.code()));
    }

    #[test]
    fn the_longest_invitation_fits() {
        let mut rng = ChaCha20Rng::from_seed([7; 32]);
        let hub = crate::pairing::HubAddress {
            url: format!("https://{}", "a".repeat(crate::pairing::MAX_URL - 8)),
            spki_pin: [6; 32],
            key: crate::HubKey::generate(&mut rng).public(),
        };
        let mut longest = invitation(4, &"a".repeat(crate::MAX_NAME));
        longest.hub = Some(hub);
        assert!(seal_offer(&longest, &mut rng).unwrap().len() <= MAX_OFFER);
    }
}
