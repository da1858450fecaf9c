//! An invitation that is fetched by an address and a short code, since it is too long to type.
//!
//! Nothing is known yet of who answers at the address, and nothing need be: only the offer's id is sent, and only who knows
//! the code can have sealed what opens with it. The invitation that comes out names the real keys of its hub.

use tianye_journal::{Invitation, offer_id, open_offer};

use crate::{Patience, ShortCode, SyncError, anybody, typed_address};

/// The code that the invited person types for this invitation. As secret as the invitation.
#[must_use]
pub fn invitation_code(invitation: &Invitation) -> ShortCode {
    ShortCode::from_bytes(invitation.code())
}

/// Fetches the invitation with this code from the hub at an address. Where that is the invitation's own hub, the address
/// that was typed stands in it from now on: a laptop that is a hub has another one in each network.
///
/// # Errors
/// [`SyncError::Card`] for an address that is none; [`SyncError::Unreachable`]; [`crate::Refusal::InvitationRefused`] if
/// none lies there; [`SyncError::BadAnswer`] if what lies there was not sealed with this code.
pub fn find_invitation(address: &str, code: &ShortCode, patience: Patience) -> Result<Invitation, SyncError> {
    let address = typed_address(address)?;
    let (sealed, pin) = anybody::ask_for_offer(&address, &offer_id(code.as_bytes()), patience)?;
    let mut invitation = open_offer(code.as_bytes(), &sealed)
        .map_err(|_| SyncError::BadAnswer { what: "the invitation of this code" })?;
    if let Some(hub) = invitation.hub.as_mut().filter(|hub| hub.spki_pin == *pin.as_bytes()) {
        hub.url = address;
    }
    Ok(invitation)
}
