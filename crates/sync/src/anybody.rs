//! Questions to whoever answers at an address, before it is known who that is. Nothing but the question is ever sent.

use reqwest::blocking::Response;
use tianye_journal::{MAX_OFFER, to_hex};

use crate::client::{json, pinned_http, read_body, refusal};
use crate::protocol::HubInfo;
use crate::{Patience, Pin, SyncError, pin};

/// The keys of whoever answers at an address, whoever it is. Nothing is sent but the question; the TLS key is the one that
/// the answer came under.
pub(crate) fn ask_for_keys(address: &str, patience: Patience) -> Result<(HubInfo, Pin), SyncError> {
    let (response, pin) = ask_anybody(address, "/v1/hub", patience)?;
    Ok((json(response)?, pin))
}

/// A sealed invitation from whoever answers at an address, and the pin of the TLS key that it came under. Nothing is sent but
/// the offer's id.
pub(crate) fn ask_for_offer(address: &str, offer: &[u8; 32], patience: Patience) -> Result<(Vec<u8>, Pin), SyncError> {
    let (response, pin) = ask_anybody(address, &format!("/v1/offers/{}", to_hex(offer)), patience)?;
    match response.status().is_success() {
        true => Ok((read_body(response, MAX_OFFER)?, pin)),
        false => Err(refusal(json(response))),
    }
}

/// The answer of whoever is at an address, and the pin of the TLS key that it came under.
fn ask_anybody(address: &str, path: &str, patience: Patience) -> Result<(Response, Pin), SyncError> {
    let url = format!("{address}{path}");
    let broken = |error: reqwest::Error| SyncError::Unreachable {
        address: address.to_owned(),
        source: Box::new(error.without_url()),
    };
    // No key has this pin: the refusal names the one that is there.
    let pin = match pinned_http(Pin::from_bytes([0; 32]), patience)?.get(&url).send() {
        Ok(_) => return Err(SyncError::BadAnswer { what: "a TLS key" }),
        Err(error) => match pin::mismatch_in(&error) {
            Some(found) => found,
            None => return Err(broken(error)),
        },
    };
    Ok((pinned_http(pin, patience)?.get(&url).send().map_err(broken)?, pin))
}
