//! Codes that bind a request to what gives the right to it, and the bytes that the hub signs besides receipts.

use tianye_journal::{Invitation, InvitationId, ProjectId};

use crate::protocol::array_from_hex;

/// Which way a letter goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A device leaves its join request.
    Request,
    /// A device asks for its admission.
    Admission,
}

/// The key of an invitation's letter box. The hub gets this one; the invitation's secret cannot be computed from it.
#[must_use]
pub fn letter_key(invitation: &Invitation) -> [u8; 32] {
    blake3::derive_key("tianye 1 hub letter box", &invitation.secret)
}

/// The code that goes into the header [`crate::protocol::INVITATION_MAC`]: keyed BLAKE3 over everything that matters, so
/// that a code fits one letter, one invitation, one project.
#[must_use]
pub fn letter_mac(
    key: &[u8; 32],
    letter: Letter,
    project: ProjectId,
    invitation: InvitationId,
    body: &[u8],
) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new_keyed(key);
    hasher.update(match letter {
        Letter::Request => b"tianye hub letter 1 request\0\0\0",
        Letter::Admission => b"tianye hub letter 1 admission\0",
    });
    hasher.update(project.as_bytes());
    hasher.update(invitation.as_bytes());
    hasher.update(body);
    *hasher.finalize().as_bytes()
}

/// The bytes that a hub signs when it shows the head of its audit log.
#[must_use]
pub fn audit_head_message(number: u64, hash: &[u8; 32]) -> Vec<u8> {
    let mut message = b"tianye hub audit head 1\0".to_vec();
    message.extend_from_slice(&number.to_be_bytes());
    message.extend_from_slice(hash);
    message
}

/// The signed head of a hub's audit log. A client that keeps it notices later if the hub rewrites its history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditHead {
    /// How many lines the log has.
    pub number: u64,
    /// Hash of the last line, which covers all before.
    pub hash: [u8; 32],
    /// The hub's signature over [`audit_head_message`].
    pub signature: [u8; 64],
}

impl AuditHead {
    /// Reads `number:hash:signature` and checks the signature; `None` if it is not this hub's.
    #[must_use]
    pub fn check(text: &str, hub_key: &[u8; 32]) -> Option<Self> {
        let mut parts = text.splitn(3, ':');
        let head = Self {
            number: parts.next()?.parse().ok()?,
            hash: array_from_hex(parts.next()?)?,
            signature: array_from_hex(parts.next()?)?,
        };
        let key = ed25519_dalek::VerifyingKey::from_bytes(hub_key).ok()?;
        let signature = ed25519_dalek::Signature::from_bytes(&head.signature);
        key.verify_strict(&audit_head_message(head.number, &head.hash), &signature).ok()?;
        Some(head)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_fits_one_letter_of_one_invitation_only() {
        let (project, invitation) = (ProjectId::from_bytes([1; 16]), InvitationId::from_bytes([2; 16]));
        let code =
            |key, letter, project, invitation, body: &[u8]| letter_mac(&[key; 32], letter, project, invitation, body);
        let good = code(7, Letter::Request, project, invitation, b"request");
        assert_eq!(code(7, Letter::Request, project, invitation, b"request"), good);
        let others = [
            code(8, Letter::Request, project, invitation, b"request"),
            code(7, Letter::Admission, project, invitation, b"request"),
            code(7, Letter::Request, ProjectId::from_bytes([3; 16]), invitation, b"request"),
            code(7, Letter::Request, project, InvitationId::from_bytes([3; 16]), b"request"),
            code(7, Letter::Request, project, invitation, b"requesT"),
        ];
        assert!(!others.contains(&good));
    }

    #[test]
    fn an_audit_head_must_be_signed_by_the_hub() {
        use ed25519_dalek::Signer as _;
        let key = ed25519_dalek::SigningKey::from_bytes(&[5; 32]);
        let signature = key.sign(&audit_head_message(9, &[1; 32])).to_bytes();
        let text = |number: u64| {
            format!("{number}:{}:{}", tianye_journal::to_hex(&[1; 32]), tianye_journal::to_hex(&signature))
        };
        let hub = key.verifying_key().to_bytes();
        assert_eq!(AuditHead::check(&text(9), &hub).map(|head| head.number), Some(9));
        assert_eq!(AuditHead::check(&text(8), &hub), None);
        assert_eq!(AuditHead::check(&text(9), &[1; 32]), None);
        assert_eq!(AuditHead::check("9:aa", &hub), None);
    }
}
