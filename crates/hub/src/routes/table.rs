//! Every route there is: who may use it and how large its body may be. The router is built from this table, the guard
//! reads it, and the tests try every row with every role. A route that is not here does not exist.

use tianye_journal::MAX_CHUNK;
use tianye_sync::protocol::{MAX_BATCH_BYTES, MAX_FRONTIER_BYTES, MAX_JSON_BYTES, MAX_LETTER_BYTES, MAX_OFFER_JSON};

/// Who may use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anyone who reaches the hub.
    Open,
    /// Whoever has the admin word.
    Admin,
    /// Whoever has an invitation: each request carries its code.
    Invitation,
    /// The lead: a token got with the project key.
    Lead,
    /// A device of the project, or the lead.
    Member,
}

/// What a route does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Job {
    HubInfo,
    RegisterProject,
    Challenge,
    Token,
    LeaveRequest,
    FetchAdmission,
    OpenInvitation,
    CloseInvitation,
    LeaveOffer,
    FetchOffer,
    ListRequests,
    LeaveAdmission,
    Status,
    BlockDevice,
    UnblockDevice,
    Erase,
    Frontier,
    PushEntries,
    PullEntries,
    Receipts,
    MissingChunks,
    PutChunk,
    GetChunk,
    AuditHead,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
pub struct Route {
    /// HTTP method.
    pub method: &'static str,
    /// Path with its parameters in braces.
    pub path: &'static str,
    /// Who may use it.
    pub access: Access,
    /// Largest body in bytes.
    pub max_body: usize,
    /// What it is for.
    pub about: &'static str,
    pub(crate) job: Job,
}

macro_rules! routes {
    ($($method:literal $path:literal $access:ident $max:expr, $job:ident, $about:literal;)*) => {
        /// The table.
        pub const ROUTES: &[Route] = &[$(Route {
            method: $method,
            path: $path,
            access: Access::$access,
            max_body: $max,
            about: $about,
            job: Job::$job,
        },)*];
    };
}

const SMALL: usize = 4096;

routes! {
    "GET" "/v1/hub" Open 0, HubInfo, "Versions, receipt key and pin of this hub.";
    "PUT" "/v1/projects/{project}" Admin SMALL, RegisterProject, "Registers a project with its public key.";
    "POST" "/v1/projects/{project}/challenge" Open 0, Challenge, "Random bytes to sign.";
    "POST" "/v1/projects/{project}/token" Open SMALL, Token, "A token for a signed challenge.";
    "PUT" "/v1/projects/{project}/invitations/{invitation}/request" Invitation MAX_LETTER_BYTES, LeaveRequest,
        "A new device leaves its join request.";
    "GET" "/v1/projects/{project}/invitations/{invitation}/admission" Invitation 0, FetchAdmission,
        "The new device asks for its admission; 204 until the lead has left one.";
    "PUT" "/v1/projects/{project}/invitations/{invitation}" Lead SMALL, OpenInvitation, "Opens a letter box.";
    "DELETE" "/v1/projects/{project}/invitations/{invitation}" Lead 0, CloseInvitation,
        "Closes a letter box and empties it.";
    "PUT" "/v1/projects/{project}/invitations/{invitation}/offer" Lead MAX_OFFER_JSON, LeaveOffer,
        "Lays the sealed invitation ready for who types its code.";
    "GET" "/v1/offers/{offer}" Open 0, FetchOffer, "A sealed invitation, by what follows from its code.";
    "GET" "/v1/projects/{project}/requests" Lead 0, ListRequests, "The join requests that wait.";
    "PUT" "/v1/projects/{project}/invitations/{invitation}/admission" Lead MAX_LETTER_BYTES, LeaveAdmission,
        "Leaves an admission for a new device.";
    "GET" "/v1/projects/{project}/status" Lead 0, Status, "Counts, sizes, devices.";
    "PUT" "/v1/projects/{project}/devices/{device}/block" Lead 0, BlockDevice,
        "Shuts a device out; it takes effect at once.";
    "DELETE" "/v1/projects/{project}/devices/{device}/block" Lead 0, UnblockDevice, "Lets a device in again.";
    "POST" "/v1/projects/{project}/erase" Lead MAX_JSON_BYTES, Erase,
        "Drops bodies and chunks for good: an erasure.";
    "GET" "/v1/projects/{project}/frontier" Member 0, Frontier, "What the hub has.";
    "POST" "/v1/projects/{project}/entries" Member MAX_BATCH_BYTES, PushEntries, "A batch of entries for the hub.";
    "POST" "/v1/projects/{project}/entries/missing" Member MAX_FRONTIER_BYTES, PullEntries,
        "A batch of entries beyond a frontier.";
    "POST" "/v1/projects/{project}/receipts" Member MAX_JSON_BYTES, Receipts, "Receipts that were lost on the way.";
    "POST" "/v1/projects/{project}/chunks/missing" Member MAX_JSON_BYTES, MissingChunks,
        "Which of these chunks the hub lacks.";
    "PUT" "/v1/projects/{project}/chunks/{chunk}" Member MAX_CHUNK, PutChunk, "A chunk under its id.";
    "GET" "/v1/projects/{project}/chunks/{chunk}" Member 0, GetChunk, "A chunk by its id.";
    "GET" "/v1/projects/{project}/audit" Member 0, AuditHead,
        "The signed head of the audit log, and what it was when it had so many lines (`?line=`).";
}
