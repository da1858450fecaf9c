//! The refusals a hub can answer with: one table of words, shared by both sides.

use std::fmt;

macro_rules! refusals {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// Why a hub refused a request. On the wire: an HTTP status and the body `{"code":"…"}`, nothing else, so
        /// that an answer never gives away what the asker may not know.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Refusal {
            $($(#[$doc])* $name,)*
        }

        impl Refusal {
            /// Every refusal there is.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The word on the wire and in the catalogue of messages.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// The HTTP status that goes with it.
            #[must_use]
            pub fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// The refusal of a word on the wire.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$name),)* _ => None }
            }
        }
    };
}

refusals! {
    /// The request could not be read: not the bytes or fields that this route takes.
    BadRequest = "bad-request", 400;
    /// A token is needed and none came.
    TokenMissing = "token-missing", 401;
    /// The token is wrong, ran out, or was given before the hub was restarted: sign in again.
    TokenUnknown = "token-unknown", 401;
    /// The signed challenge did not verify.
    SignatureWrong = "signature-wrong", 401;
    /// The token belongs to another project.
    OtherProject = "hub-other-project", 403;
    /// The device's certificate was not made with this project's key.
    NotAdmitted = "not-admitted", 403;
    /// The lead has blocked this device.
    DeviceBlocked = "device-blocked", 403;
    /// Only whoever holds the project key may do this.
    LeadOnly = "lead-only", 403;
    /// The invitation is unknown, closed or used up, or its code does not fit. Which of these is not said.
    InvitationRefused = "invitation-refused", 403;
    /// This hub keeps no such project.
    ProjectUnknown = "project-unknown", 404;
    /// No such route; most likely this hub is older than the program that asks.
    ProtocolUnknown = "protocol-unknown", 404;
    /// The chunk is not on the hub.
    ChunkUnknown = "chunk-unknown", 404;
    /// The route takes another method.
    MethodWrong = "method-wrong", 405;
    /// The project is registered here with another key.
    ProjectKeyDiffers = "project-key-differs", 409;
    /// Another request lies under this invitation already.
    InvitationUsed = "invitation-used", 409;
    /// The body is larger than this route takes.
    TooLarge = "too-large", 413;
    /// More items than one request may carry.
    TooMany = "too-many", 413;
    /// The bytes do not have the id they were sent under.
    ChunkIdWrong = "chunk-id-wrong", 422;
    /// Too many failed attempts; wait.
    TooManyAttempts = "too-many-attempts", 429;
    /// Something failed inside the hub; its log says what.
    HubError = "hub-error", 500;
    /// The hub has more work waiting than it takes; try again.
    HubBusy = "hub-busy", 503;
    /// This device has used up its share of the hub's disk.
    DeviceQuota = "device-quota", 507;
    /// The hub's disk, or its share for this project, is full.
    HubFull = "hub-full", 507;
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Refusal;

    #[test]
    fn every_code_leads_back_to_its_refusal() {
        for refusal in Refusal::ALL {
            assert_eq!(Refusal::from_code(refusal.code()), Some(*refusal));
            assert!((400..600).contains(&refusal.status()), "{refusal}");
        }
        assert_eq!(Refusal::from_code("fine"), None);
    }
}
