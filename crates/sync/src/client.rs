//! A hub, spoken to over HTTPS: one method per route, blocking. Never call it on a thread that runs async tasks.

use std::{
    collections::BTreeSet,
    io::Read as _,
    sync::{
        Mutex, PoisonError,
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use rand_core::CryptoRng;
use reqwest::{
    Method, StatusCode,
    blocking::{Client, RequestBuilder, Response},
    header,
};
use serde::{Serialize, de::DeserializeOwned};
use tianye_journal::{
    Certificate, ChunkId, EntryHash, Frontier, HubPublicKey, Invitation, InvitationId, JoinRequest, MAX_CHUNK, Place,
    ProjectId, ProjectKey, ProjectPublicKey, PublicKey, Receipt, SealedChunk, SealedEntry, SigningKey, offer_id,
    pairing::SealedAdmission, seal_offer, to_hex,
};

use crate::{
    AuditHead, Cancel, HubCard, Letter, Pin, Refusal, SyncError, letter_key, letter_mac, pin,
    protocol::{
        AUDIT_HEAD, AuditAnswer, Challenge, ChunkIds, EntryIds, EraseIds, Erased, ErrorBody, Hex, HexBytes, HubInfo,
        INVITATION_MAC, JoinRequests, LeaveOffer, MAX_BATCH_BYTES, MAX_FRONTIER_BYTES, MAX_JSON_BYTES,
        MAX_LETTER_BYTES, MORE_ENTRIES, OpenInvitation, ProjectStatus, PushAnswer, RegisterProject, SEALED, Secret,
        SetAsideEntry, TokenGiven, TokenRequest, VERSION, WaitingRequest,
    },
    wire,
};

/// As whom to sign in.
pub enum Credentials {
    /// Not at all: to register a project, or to join one.
    None,
    /// As a device of the project.
    Device {
        /// The device's key.
        key: Box<SigningKey>,
        /// The project's certificate for that key.
        certificate: Box<Certificate>,
    },
    /// As the lead.
    Lead {
        /// The project's key.
        key: Box<ProjectKey>,
    },
}

impl Credentials {
    /// A device of the project, with the project's certificate for its key.
    #[must_use]
    pub fn device(key: SigningKey, certificate: Certificate) -> Self {
        Self::Device { key: Box::new(key), certificate: Box::new(certificate) }
    }

    /// The lead, who holds the project's key.
    #[must_use]
    pub fn lead(key: ProjectKey) -> Self {
        Self::Lead { key: Box::new(key) }
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::None => "Credentials::None",
            Self::Device { .. } => "Credentials::Device",
            Self::Lead { .. } => "Credentials::Lead",
        })
    }
}

/// How long to wait for a hub.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the line to stand. Default 10 s.
    pub connect: Duration,
    /// For the answer to one request, its body included. Default 120 s.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connect: Duration::from_secs(10), answer: Duration::from_secs(120) }
    }
}

/// One project on one hub. Signs in by itself when needed.
#[derive(Debug)]
pub struct HubClient {
    http: Client,
    card: HubCard,
    hub_key: HubPublicKey,
    project: ProjectId,
    credentials: Credentials,
    token: Mutex<Option<Secret>>,
    audit: Mutex<Option<AuditHead>>,
    stop: Mutex<Option<Cancel>>,
}

/// Whether a hub's audit log goes on from where it was seen last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuditState {
    /// It does.
    #[default]
    GoesOn,
    /// It is shorter: the hub was put back to an old copy.
    Rewound {
        /// By how many lines.
        lines: u64,
    },
    /// What it said before is not in it: the hub was put back and used since, or somebody wrote its history anew.
    Rewritten,
}

/// What a hub did with pushed entries. All receipts are checked.
#[derive(Clone, Debug, Default)]
pub struct Pushed {
    /// Receipts of the entries that are on the hub now.
    pub receipts: Vec<Receipt>,
    /// The entries the hub did not take, and why.
    pub set_aside: Vec<SetAsideEntry>,
}

/// What a hub gave.
#[derive(Clone, Debug, Default)]
pub struct Pulled {
    /// Entries, each after its predecessor; not verified yet.
    pub entries: Vec<SealedEntry>,
    /// Whether the hub has more.
    pub more: bool,
}

impl HubClient {
    /// Prepares to speak to a hub; no connection is made yet.
    ///
    /// # Errors
    /// [`SyncError::Card`] if the card cannot be used.
    pub fn new(card: &HubCard, project: ProjectId, credentials: Credentials) -> Result<Self, SyncError> {
        Self::with_patience(card, project, credentials, Patience::default())
    }

    /// The same with other waiting times.
    ///
    /// # Errors
    /// [`SyncError::Card`] if the card cannot be used.
    pub fn with_patience(
        card: &HubCard,
        project: ProjectId,
        credentials: Credentials,
        patience: Patience,
    ) -> Result<Self, SyncError> {
        let http = pinned_http(card.pin, patience)?;
        let hub_key =
            HubPublicKey::from_bytes(&card.key.0).map_err(|_| SyncError::Card { what: "its key is no key" })?;
        Ok(Self {
            http,
            card: card.clone(),
            hub_key,
            project,
            credentials,
            token: Mutex::default(),
            audit: Mutex::default(),
            stop: Mutex::default(),
        })
    }

    /// Lets a stop button end the waiting for an answer too, from now on. What was asked may be done all the same; each request
    /// may be repeated, so that changes nothing.
    pub fn stop_with(&self, cancel: &Cancel) {
        *lock(&self.stop) = Some(cancel.clone());
    }

    /// The key that receipts must be signed with.
    #[must_use]
    pub fn hub_key(&self) -> &HubPublicKey {
        &self.hub_key
    }

    /// The project.
    #[must_use]
    pub fn project(&self) -> ProjectId {
        self.project
    }

    /// The newest signed head of the hub's audit log that came with an answer.
    #[must_use]
    pub fn audit_head(&self) -> Option<AuditHead> {
        lock(&self.audit).clone()
    }

    /// Who the hub is; checks that it speaks this protocol and has the key of the card.
    ///
    /// # Errors
    /// Any [`SyncError`] of the line; [`SyncError::ProtocolTooNew`] or [`SyncError::ProtocolTooOld`].
    pub fn hello(&self) -> Result<HubInfo, SyncError> {
        let request = self.http.get(format!("{}/v1/hub", self.card.address));
        let info: HubInfo = match self.json(self.send(request)?) {
            Err(SyncError::Refused(Refusal::ProtocolUnknown)) => {
                return Err(SyncError::ProtocolTooNew { min: VERSION + 1, ours: VERSION });
            }
            answer => answer?,
        };
        if info.min_version > VERSION {
            return Err(SyncError::ProtocolTooNew { min: info.min_version, ours: VERSION });
        }
        if info.max_version < VERSION {
            return Err(SyncError::ProtocolTooOld { max: info.max_version, ours: VERSION });
        }
        if info.key.0 != *self.hub_key.as_bytes() {
            return Err(SyncError::Card { what: "its receipt key is not the hub's" });
        }
        Ok(info)
    }

    /// Registers the project. Needs the card with the admin word. The same again is no error.
    ///
    /// # Errors
    /// [`SyncError::Card`] without the admin word; any refusal.
    pub fn register_project(&self, key: &ProjectPublicKey) -> Result<(), SyncError> {
        let Some(admin) = &self.card.admin else {
            return Err(SyncError::Card { what: "it has no admin word; use hub-card.json from the hub's data folder" });
        };
        let body = RegisterProject { key: Hex(*key.as_bytes()) };
        let request = self.http.put(self.url("")).bearer_auth(&admin.0);
        self.send(json_body(request, &body)?).map(drop)
    }

    /// What the hub has.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn frontier(&self) -> Result<Frontier, SyncError> {
        let bytes = self.read_body(self.ask(&Method::GET, "/frontier", None)?, MAX_FRONTIER_BYTES)?;
        Frontier::from_bytes(&bytes).map_err(|_| SyncError::BadAnswer { what: "a frontier" })
    }

    /// Sends entries; see [`crate::protocol::MAX_ENTRIES`] and [`crate::protocol::BATCH_BYTES`].
    ///
    /// # Errors
    /// Any [`SyncError`]; [`SyncError::BadReceipt`] if one receipt does not verify.
    pub fn push(&self, entries: &[SealedEntry]) -> Result<Pushed, SyncError> {
        let body =
            wire::entries_to_bytes(entries).map_err(|_| SyncError::BadAnswer { what: "entries within the limits" })?;
        let answer: PushAnswer = self.json(self.ask(&Method::POST, "/entries", Some((SEALED, body)))?)?;
        let sent: BTreeSet<Place> = entries.iter().map(SealedEntry::place).collect();
        let receipts = wire::check_receipts(&answer.receipts, self.project, &self.hub_key)?;
        if !receipts.iter().all(|receipt| sent.contains(&receipt.place)) {
            return Err(SyncError::BadReceipt);
        }
        Ok(Pushed { receipts, set_aside: answer.set_aside })
    }

    /// Asks for entries beyond `frontier`, at most so many and so many bytes, unless one alone is larger.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn pull(&self, frontier: &Frontier, max_entries: usize, max_bytes: usize) -> Result<Pulled, SyncError> {
        let frontier = frontier.to_bytes().map_err(|_| SyncError::BadAnswer { what: "fewer forks" })?;
        let path = format!("/entries/missing?entries={max_entries}&bytes={max_bytes}");
        let response = self.ask(&Method::POST, &path, Some((SEALED, frontier)))?;
        let more = response.headers().get(MORE_ENTRIES).is_some_and(|value| value == "1");
        let bytes = self.read_body(response, MAX_BATCH_BYTES)?;
        let entries =
            wire::entries_from_bytes(&bytes).map_err(|_| SyncError::BadAnswer { what: "a batch of entries" })?;
        Ok(Pulled { entries, more })
    }

    /// Receipts of those of these entries that are on the hub.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn receipts(&self, entries: &[EntryHash]) -> Result<Vec<Receipt>, SyncError> {
        let question = EntryIds { entries: entries.to_vec() };
        let answer: PushAnswer = self.json(self.ask(&Method::POST, "/receipts", Some(json_bytes(&question)?))?)?;
        let receipts = wire::check_receipts(&answer.receipts, self.project, &self.hub_key)?;
        if !receipts.iter().all(|receipt| entries.contains(&receipt.place.hash)) {
            return Err(SyncError::BadReceipt);
        }
        Ok(receipts)
    }

    /// Lets the hub drop bodies and chunks for good; at most [`MAX_IDS`] of each. Only with the project key.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn erase(&self, entries: &[EntryHash], chunks: &[ChunkId]) -> Result<Erased, SyncError> {
        let question = EraseIds { entries: entries.to_vec(), chunks: chunks.to_vec() };
        self.json(self.ask(&Method::POST, "/erase", Some(json_bytes(&question)?))?)
    }

    /// Whether the hub's audit log goes on from a head that this laptop saw before; and its head now.
    ///
    /// # Errors
    /// Any [`SyncError`]; [`SyncError::BadAnswer`] if a head is not signed by the hub.
    pub fn audit_since(&self, seen: Option<(u64, [u8; 32])>) -> Result<(AuditState, AuditHead), SyncError> {
        let unsigned = SyncError::BadAnswer { what: "a signed head of the audit log" };
        let (number, hash) = seen.unwrap_or((0, [0; 32]));
        // The head that comes with this answer, and no older one.
        *lock(&self.audit) = None;
        let answer: AuditAnswer = self.json(self.ask(&Method::GET, &format!("/audit?line={number}"), None)?)?;
        let Some(head) = self.audit_head() else { return Err(unsigned) };
        let state = match answer.line.map(|text| AuditHead::check(&text, &self.card.key.0)) {
            _ if head.number < number => AuditState::Rewound { lines: number - head.number },
            Some(Some(then)) if then.number == number && then.hash == hash => AuditState::GoesOn,
            Some(Some(then)) if then.number == number => AuditState::Rewritten,
            _ => return Err(unsigned),
        };
        Ok((state, head))
    }

    /// Those of these chunks that the hub lacks.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn missing_chunks(&self, chunks: &[ChunkId]) -> Result<Vec<ChunkId>, SyncError> {
        let question = ChunkIds { chunks: chunks.to_vec() };
        let answer: ChunkIds =
            self.json(self.ask(&Method::POST, "/chunks/missing", Some(json_bytes(&question)?))?)?;
        Ok(answer.chunks)
    }

    /// Sends a chunk. The same again is no error.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn put_chunk(&self, chunk: &SealedChunk) -> Result<(), SyncError> {
        let bytes = chunk.as_bytes().to_vec();
        self.ask(&Method::PUT, &format!("/chunks/{}", chunk.id()), Some((SEALED, bytes))).map(drop)
    }

    /// Fetches a chunk; `None` if the hub does not have it (yet). The chunk given has this id.
    ///
    /// # Errors
    /// Any [`SyncError`]; [`SyncError::BadAnswer`] for other bytes.
    pub fn get_chunk(&self, id: ChunkId) -> Result<Option<SealedChunk>, SyncError> {
        let response = match self.ask(&Method::GET, &format!("/chunks/{id}"), None) {
            Err(SyncError::Refused(Refusal::ChunkUnknown)) => return Ok(None),
            response => response?,
        };
        match SealedChunk::from_bytes(self.read_body(response, MAX_CHUNK)?) {
            Ok(chunk) if chunk.id() == id => Ok(Some(chunk)),
            _ => Err(SyncError::BadAnswer { what: "the chunk that was asked for" }),
        }
    }

    /// Lead: opens the letter box of an invitation. The same again is no error.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn open_invitation(&self, invitation: &Invitation) -> Result<(), SyncError> {
        let body = OpenInvitation { key: Secret(to_hex(&letter_key(invitation))) };
        self.ask(&Method::PUT, &format!("/invitations/{}", invitation.id), Some(json_bytes(&body)?)).map(drop)
    }

    /// Lead: lays the invitation itself ready beside its open letter box, for who types its code ([`offer_id`],
    /// [`crate::find_invitation`]). It lies there until it is answered, closed, or `life` is over. Again, it is replaced.
    ///
    /// # Errors
    /// Any [`SyncError`]; [`Refusal::ProtocolUnknown`] by a hub that is too old for it.
    pub fn leave_offer(
        &self,
        invitation: &Invitation,
        life: Duration,
        rng: &mut impl CryptoRng,
    ) -> Result<(), SyncError> {
        let sealed = seal_offer(invitation, rng)
            .map_err(|_| SyncError::BadAnswer { what: "an invitation within the limits" })?;
        let offer = Hex(offer_id(&invitation.code()));
        let body = LeaveOffer { offer, sealed: HexBytes(sealed), seconds: life.as_secs() };
        self.ask(&Method::PUT, &format!("/invitations/{}/offer", invitation.id), Some(json_bytes(&body)?)).map(drop)
    }

    /// Lead: closes a letter box.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn close_invitation(&self, invitation: InvitationId) -> Result<(), SyncError> {
        self.ask(&Method::DELETE, &format!("/invitations/{invitation}"), None).map(drop)
    }

    /// Lead: the join requests that wait.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn join_requests(&self) -> Result<Vec<WaitingRequest>, SyncError> {
        let answer: JoinRequests = self.json_up_to(self.ask(&Method::GET, "/requests", None)?, MAX_REQUESTS_BYTES)?;
        Ok(answer.requests)
    }

    /// Lead: leaves an admission for the device that answered this invitation.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn leave_admission(&self, invitation: InvitationId, admission: &SealedAdmission) -> Result<(), SyncError> {
        self.ask(
            &Method::PUT,
            &format!("/invitations/{invitation}/admission"),
            Some((SEALED, admission.as_bytes().to_vec())),
        )
        .map(drop)
    }

    /// Lead: counts, sizes and devices.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn status(&self) -> Result<ProjectStatus, SyncError> {
        self.json(self.ask(&Method::GET, "/status", None)?)
    }

    /// Lead: shuts a device out, or lets it in again.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn set_blocked(&self, device: &PublicKey, blocked: bool) -> Result<(), SyncError> {
        let method = if blocked { Method::PUT } else { Method::DELETE };
        self.ask(&method, &format!("/devices/{device}/block"), None).map(drop)
    }

    /// New device: leaves its join request. The same again is no error.
    ///
    /// # Errors
    /// Any [`SyncError`]; [`Refusal::InvitationRefused`] until the lead has opened the letter box.
    pub fn leave_request(&self, invitation: &Invitation, request: &JoinRequest) -> Result<(), SyncError> {
        let bytes = request.to_bytes();
        let code = Hex(letter_mac(&letter_key(invitation), Letter::Request, self.project, invitation.id, &bytes));
        let url = self.url(&format!("/invitations/{}/request", invitation.id));
        self.send(self.http.put(url).header(INVITATION_MAC, code.to_string()).body(bytes)).map(drop)
    }

    /// New device: the admission, once the lead has left one.
    ///
    /// # Errors
    /// Any [`SyncError`].
    pub fn fetch_admission(&self, invitation: &Invitation) -> Result<Option<SealedAdmission>, SyncError> {
        let code = Hex(letter_mac(&letter_key(invitation), Letter::Admission, self.project, invitation.id, &[]));
        let url = self.url(&format!("/invitations/{}/admission", invitation.id));
        let response = self.send(self.http.get(url).header(INVITATION_MAC, code.to_string()))?;
        match response.status() {
            StatusCode::NO_CONTENT => Ok(None),
            _ => SealedAdmission::from_bytes(self.read_body(response, MAX_LETTER_BYTES)?)
                .map(Some)
                .map_err(|_| SyncError::BadAnswer { what: "an admission" }),
        }
    }

    /// Asks with a token, signing in first where needed, and once more if the hub has forgotten the token.
    #[allow(clippy::needless_pass_by_value, reason = "callers make the body for this one call")]
    fn ask(&self, method: &Method, path: &str, body: Option<(&str, Vec<u8>)>) -> Result<Response, SyncError> {
        let request = |token: &Secret| {
            let request = self.http.request(method.clone(), self.url(path)).bearer_auth(&token.0);
            match &body {
                Some((kind, bytes)) => request.header(header::CONTENT_TYPE, *kind).body(bytes.clone()),
                None => request,
            }
        };
        let kept = lock(&self.token).clone();
        if let Some(token) = kept {
            match self.send(request(&token)) {
                Err(SyncError::Refused(Refusal::TokenUnknown)) => {}
                answer => return answer,
            }
        }
        let token = self.sign_in()?;
        *lock(&self.token) = Some(token.clone());
        self.send(request(&token))
    }

    /// Signs in anew and gives the token, for programs that speak the protocol themselves.
    ///
    /// # Errors
    /// Any [`SyncError`]; [`Refusal::TokenMissing`] without credentials.
    pub fn sign_in(&self) -> Result<Secret, SyncError> {
        if matches!(self.credentials, Credentials::None) {
            return Err(SyncError::Refused(Refusal::TokenMissing));
        }
        let challenge: Challenge = self.json(self.send(self.http.post(self.url("/challenge")))?)?;
        let nonce = &challenge.nonce.0;
        let (signature, certificate) = match &self.credentials {
            Credentials::Device { key, certificate } => {
                (key.answer_challenge(self.project, &self.hub_key, nonce), Some(HexBytes(certificate.to_bytes())))
            }
            Credentials::Lead { key } => {
                // Signatures of this purpose have a prefix of their own, so the project key can give one safely.
                let key = SigningKey::from_secret_bytes(&key.to_secret_bytes());
                (key.answer_challenge(self.project, &self.hub_key, nonce), None)
            }
            Credentials::None => return Err(SyncError::Refused(Refusal::TokenMissing)),
        };
        let body = TokenRequest { nonce: challenge.nonce, signature: Hex(*signature.as_bytes()), certificate };
        let given: TokenGiven = self.json(self.send(json_body(self.http.post(self.url("/token")), &body)?)?)?;
        Ok(given.token)
    }

    fn url(&self, path: &str) -> String {
        format!("{}/v1/projects/{}{path}", self.card.address, self.project)
    }

    fn send(&self, request: RequestBuilder) -> Result<Response, SyncError> {
        let response = self.until_stopped(move || request.send())?.map_err(|error| self.broken(error))?;
        let status = response.status();
        if status.is_success() {
            let head = response.headers().get(AUDIT_HEAD).and_then(|value| value.to_str().ok());
            if let Some(head) = head.and_then(|text| AuditHead::check(text, &self.card.key.0)) {
                *lock(&self.audit) = Some(head);
            }
            return Ok(response);
        }
        Err(refusal(self.json(response)))
    }

    /// Waits for something that the network does, beside this thread if a stop button is to end the waiting.
    fn until_stopped<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, SyncError> {
        let Some(cancel) = lock(&self.stop).clone() else { return Ok(work()) };
        let (done, result) = mpsc::channel();
        std::thread::spawn(move || done.send(work()));
        loop {
            match result.recv_timeout(GLANCE) {
                Ok(result) => return Ok(result),
                Err(RecvTimeoutError::Timeout) => cancel.check()?,
                Err(RecvTimeoutError::Disconnected) => return Err(SyncError::BadAnswer { what: "an answer" }),
            }
        }
    }

    fn read_body(&self, response: Response, max: usize) -> Result<Vec<u8>, SyncError> {
        self.until_stopped(move || read_body(response, max))?
    }

    fn json<T: DeserializeOwned>(&self, response: Response) -> Result<T, SyncError> {
        self.json_up_to(response, MAX_JSON_BYTES)
    }

    fn json_up_to<T: DeserializeOwned>(&self, response: Response, max: usize) -> Result<T, SyncError> {
        from_json(&self.read_body(response, max)?)
    }

    fn broken(&self, error: reqwest::Error) -> SyncError {
        let address = self.card.address.clone();
        match pin::mismatch_in(&error) {
            Some(found) => SyncError::WrongKey { address, expected: self.card.pin, found },
            None => SyncError::Unreachable { address, source: Box::new(error.without_url()) },
        }
    }
}

/// An HTTP client that speaks only to the server with this pin, for programs that speak the protocol themselves.
///
/// # Errors
/// [`SyncError::Card`] if TLS cannot be set up.
pub fn pinned_http(pin: Pin, patience: Patience) -> Result<Client, SyncError> {
    let failed = SyncError::Card { what: "TLS cannot be set up" };
    let Ok(tls) = pin::client_config(pin) else { return Err(failed) };
    Client::builder()
        .tls_backend_preconfigured(tls)
        .https_only(true)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(patience.connect)
        .timeout(patience.answer)
        .pool_max_idle_per_host(2)
        .build()
        .map_err(|_| failed)
}

/// The refusal in the body of an answer.
pub(crate) fn refusal(body: Result<ErrorBody, SyncError>) -> SyncError {
    match body.ok().and_then(|body| Refusal::from_code(&body.code)) {
        Some(refusal) => SyncError::Refused(refusal),
        None => SyncError::BadAnswer { what: "a refusal with a known code" },
    }
}

/// Between two looks at the stop button.
const GLANCE: Duration = Duration::from_millis(50);
/// Most bytes of a list of join requests.
const MAX_REQUESTS_BYTES: usize = 64 * 1024 * 1024;

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn json_bytes<T: Serialize>(value: &T) -> Result<(&'static str, Vec<u8>), SyncError> {
    let bytes =
        serde_json::to_vec(value).map_err(|_| SyncError::BadAnswer { what: "a question that can be written" })?;
    Ok(("application/json", bytes))
}

fn json_body<T: Serialize>(request: RequestBuilder, value: &T) -> Result<RequestBuilder, SyncError> {
    let (kind, bytes) = json_bytes(value)?;
    Ok(request.header(header::CONTENT_TYPE, kind).body(bytes))
}

pub(crate) fn json<T: DeserializeOwned>(response: Response) -> Result<T, SyncError> {
    from_json(&read_body(response, MAX_JSON_BYTES)?)
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, SyncError> {
    serde_json::from_slice(bytes).map_err(|_| SyncError::BadAnswer { what: "JSON of this protocol" })
}

/// Reads an answer, never more than `max` bytes of it.
pub(crate) fn read_body(response: Response, max: usize) -> Result<Vec<u8>, SyncError> {
    let address = response.url().origin().ascii_serialization();
    let mut bytes = Vec::new();
    match response.take(max as u64 + 1).read_to_end(&mut bytes) {
        Ok(length) if length <= max => Ok(bytes),
        Ok(_) => Err(SyncError::BadAnswer { what: "a shorter answer" }),
        Err(source) => Err(SyncError::Unreachable { address, source: Box::new(source) }),
    }
}
