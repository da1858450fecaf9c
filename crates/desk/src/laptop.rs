//! The laptop before anybody is at the desk: stores on this disk, new projects, joins, unlocking.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use tianye_journal::{
    Admission, Certificate, CompareCode, Details, DeviceId, Invitation, JoinRequest, PersonId, ProjectId, ProjectKey,
    ReadingKey, RecordId, SigningKey, new_salt, pairing::SealedAdmission, to_hex,
};
use tianye_store::{KdfCost, NewStore, Op, Passphrase, StartCard, Store, Unlock};
use tianye_sync::{Credentials, HubCard, HubClient, Refusal, ShortCode, SyncError, find_invitation, typed_address};

use crate::desk::Desk;
use crate::nearby::NEARBY;
use crate::papers::{self, Who};
use crate::qr;
use crate::recovering::keep_small_snapshot_if_due;
use crate::refusal::{Result, refuse};
use crate::view::{JoinState, JoinView, NewProject, QrView, Role, StartView, StoreCard};
use crate::world::{self, World};

/// Longest invitation text that is read, in bytes.
const LONGEST_INVITATION: usize = 64 * 1024;
/// The setting with the request to join.
const REQUEST: &str = "join-request";
/// The setting that says whether that request is at the hub.
const SENT: &str = "join-sent";

/// A folder with stores, and what the desk asks of the world.
#[derive(Debug)]
pub struct Laptop {
    data: PathBuf,
    world: Arc<dyn World>,
    cost: KdfCost,
    /// Invitations that were read and wait for a passphrase, by their id.
    read: Mutex<BTreeMap<String, Invitation>>,
    /// Stores that wait for the lead, by their id.
    waiting: Mutex<BTreeMap<String, Store>>,
}

impl Laptop {
    /// A laptop with this folder. `cost` is what a try at a passphrase costs.
    #[must_use]
    pub fn new(data: &Path, world: Arc<dyn World>, cost: KdfCost) -> Self {
        Self { data: data.to_owned(), world, cost, read: Mutex::default(), waiting: Mutex::default() }
    }

    /// Its folder.
    #[must_use]
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The folder of the hub that this laptop may be for others: sealed entries and chunks, and the hub's own keys.
    #[must_use]
    pub fn hub_folder(&self) -> PathBuf {
        self.data.join("hub")
    }

    /// What the desk asks of the world.
    #[must_use]
    pub fn world(&self) -> &Arc<dyn World> {
        &self.world
    }

    /// What the window shows before anybody has unlocked.
    ///
    /// # Errors
    /// A folder that cannot be read.
    pub fn start(&self) -> Result<StartView> {
        let listed = tianye_store::list(&self.data)?;
        let waiting = lock(&self.waiting);
        let joining = waiting.iter().map(|(id, store)| waiting_view(id, store, JoinState::Waiting));
        let card = |listed: &tianye_store::Listed| StoreCard {
            id: listed.id.to_string(),
            project: listed.card.project.clone(),
            person: listed.card.interviewer.clone(),
            group: listed.card.group.clone(),
            role: papers::role(&listed.card.role),
            practice: listed.card.practice,
            last_opened: listed.card.last_opened_ms.and_then(|ms| world::iso_of(ms, self.offset())),
        };
        Ok(StartView {
            stores: listed.iter().map(card).collect(),
            joining: joining.collect::<Result<_>>()?,
            device: listed.first().map(|listed| listed.card.device.clone()).unwrap_or_default(),
            language: "zh-CN".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            unlocked: false,
        })
    }

    fn offset(&self) -> i16 {
        world::parts(self.world.now()).1
    }

    /// Makes a practice project, with its lead on this laptop.
    ///
    /// # Errors
    /// A missing title or name, a short passphrase, a hub that refuses; the disk.
    pub fn create_project(&self, new: &NewProject) -> Result<Desk> {
        let (title, name) = (filled("title", &new.title)?, filled("person", &new.person)?);
        let hub = new.hub_card.as_deref().map(HubCard::from_json).transpose()?;
        let mut rng = world::key_rng(&*self.world);
        let (project, project_key) = (ProjectId::random(&mut rng), ProjectKey::generate(&mut rng));
        let signing = SigningKey::generate(&mut rng);
        let (reading, leads, recovery) =
            (ReadingKey::generate(&mut rng), ReadingKey::generate(&mut rng), ReadingKey::generate(&mut rng));
        let (person, device) = (PersonId::random(&mut rng), DeviceId::random(&mut rng));
        let details = Details {
            salt: new_salt(&mut rng),
            person,
            device,
            reader: reading.recipient(),
            role: papers::role_text(Role::Lead).into(),
            name: name.to_owned(),
            sites: Vec::new(),
        };
        let certificate = Certificate::issue(project, &project_key, signing.public(), &details, &mut rng)?;
        if let Some(card) = &hub {
            HubClient::with_patience(card, project, Credentials::None, self.world.patience())?
                .register_project(&project_key.public())?;
        }
        let readers =
            vec![leads.recipient().to_string(), recovery.recipient().to_string(), reading.recipient().to_string()];
        let who = Who {
            project,
            project_key: to_hex(project_key.public().as_bytes()),
            title: title.to_owned(),
            person,
            device,
            device_name: new.device.trim().to_owned(),
            name: name.to_owned(),
            role: details.role.clone(),
            group: String::new(),
            hub: hub.map(|card| card.without_admin()),
            certificate: Some((to_hex(&certificate.to_bytes()), to_hex(&details.to_bytes()?))),
            readers,
            invitation: None,
            member: Some(RecordId::random(&mut rng)),
        };
        let store = self.new_store(&who, &new.passphrase, Some(&recovery))?;
        store.transact(Op::Setting, |tx| {
            tx.put_signing_key(&signing)?;
            tx.add_reading_key(&reading)?;
            tx.add_reading_key(&leads)?;
            papers::keep_project_key(tx, &project_key)?;
            papers::keep_recovery_key(tx, &recovery)?;
            who.keep(tx)
        })?;
        let desk = Desk::open(store, self.world.clone())?;
        desk.found_project()
    }

    fn new_store(&self, who: &Who, passphrase: &str, recovery: Option<&ReadingKey>) -> Result<Store> {
        let card = StartCard {
            interviewer: who.name.clone(),
            project: who.title.clone(),
            role: who.role.clone(),
            group: who.group.clone(),
            device: who.device_name.clone(),
            practice: true,
            last_opened_ms: None,
        };
        std::fs::create_dir_all(&self.data)
            .map_err(|why| refuse("store-disk", format!("cannot make the data folder: {why}")))?;
        let passphrase = Passphrase::new(passphrase);
        let recovery = recovery.map(ReadingKey::recipient);
        let new = NewStore { card, passphrase: &passphrase, cost: self.cost, recovery: recovery.as_ref() };
        Ok(Store::create(&self.data, &new)?)
    }

    /// Reads an invitation and says whom it invites.
    ///
    /// # Errors
    /// Text that is no invitation, or was changed.
    pub fn read_invitation(&self, text: &str) -> Result<JoinView> {
        if text.len() > LONGEST_INVITATION {
            return Err(refuse("invitation-damaged", format!("expected an invitation, found {} bytes", text.len())));
        }
        let damaged = |why: String| refuse("invitation-damaged", why);
        let invitation = match text.trim().strip_prefix(INVITATION_QR) {
            None => Invitation::from_text(text).map_err(|why| damaged(why.to_string()))?,
            Some(text) => {
                let bytes = BASE64.decode(text).map_err(|why| damaged(why.to_string()))?;
                Invitation::from_bytes(&bytes).map_err(|why| damaged(why.to_string()))?
            }
        };
        Ok(self.keep_read(invitation))
    }

    /// Fetches the invitation that the lead's screen shows an address and a code for, and says whom it invites.
    ///
    /// # Errors
    /// `invitation-code-unreadable` or `invitation-address-unreadable` for what cannot be one; `invitation-no-hub` if none
    /// answers there; `invitation-not-there` if the hub has none with this code, or no longer; `too-many-attempts`.
    pub fn find_invitation(&self, address: &str, code: &str) -> Result<JoinView> {
        let code: ShortCode = code.parse().map_err(|why: SyncError| said("invitation-code-unreadable", &why))?;
        let address = typed_address(address).map_err(|why| said("invitation-address-unreadable", &why))?;
        let found = find_invitation(&address, &code, self.world.patience()).map_err(|why| match &why {
            // A hub that is too old for offers has none either.
            SyncError::Refused(Refusal::InvitationRefused | Refusal::ProtocolUnknown) => {
                said("invitation-not-there", &why)
            }
            _ if why.hub_is_away() => said("invitation-no-hub", &why),
            _ => why.into(),
        })?;
        Ok(self.keep_read(found))
    }

    fn keep_read(&self, invitation: Invitation) -> JoinView {
        let id = invitation.id.to_string();
        let view = join_view(&id, &invitation, String::new(), JoinState::Passphrase);
        lock(&self.read).insert(id, invitation);
        view
    }

    /// Sets the passphrase, makes the keys of this person on this laptop, and asks to join. A hub that is away is asked when one
    /// looks again; until then the request can be carried as a file.
    ///
    /// # Errors
    /// A short passphrase; a hub that refuses; the disk.
    pub fn request_join(&self, id: &str, passphrase: &str, device_name: &str) -> Result<JoinView> {
        let invitation = lock(&self.read)
            .get(id)
            .cloned()
            .ok_or_else(|| refuse("invitation-damaged", "expected an invitation that was read before, found none"))?;
        let mut rng = world::key_rng(&*self.world);
        let (signing, reading) = (SigningKey::generate(&mut rng), ReadingKey::generate(&mut rng));
        let device = DeviceId::random(&mut rng);
        let request = JoinRequest::new(&invitation, device, &signing, &reading);
        let hub = invitation.hub.as_ref().map(papers::card_of).transpose()?;
        let sent = self.leave_request(hub.as_ref(), &invitation, &request)?;
        let who = Who {
            project: invitation.project,
            project_key: to_hex(invitation.project_key.as_bytes()),
            title: invitation.title.clone(),
            // The person is known once the certificate has come.
            person: PersonId::random(&mut rng),
            device,
            device_name: device_name.trim().to_owned(),
            name: invitation.name.clone(),
            role: invitation.role.clone(),
            group: String::new(),
            hub,
            certificate: None,
            readers: Vec::new(),
            invitation: Some(to_hex(&invitation.to_bytes()?)),
            member: Some(RecordId::random(&mut rng)),
        };
        let store = self.new_store(&who, passphrase, None)?;
        store.transact(Op::Setting, |tx| {
            tx.put_signing_key(&signing)?;
            tx.add_reading_key(&reading)?;
            tx.put_setting(REQUEST, &request.to_bytes())?;
            papers::put(tx, SENT, &sent)?;
            who.keep(tx)
        })?;
        let store_id = store.id().to_string();
        lock(&self.read).remove(id);
        let view = waiting_view(&store_id, &store, JoinState::Waiting)?;
        lock(&self.waiting).insert(store_id, store);
        Ok(view)
    }

    /// Leaves a request at the hub, and says whether it is there now: not without a hub, nor while that is away.
    fn leave_request(&self, hub: Option<&HubCard>, invitation: &Invitation, request: &JoinRequest) -> Result<bool> {
        let Some(card) = hub else { return Ok(false) };
        let client = HubClient::with_patience(card, invitation.project, Credentials::None, self.world.patience())?;
        match client.leave_request(invitation, request) {
            // A guesthouse Wi-Fi may answer in the hub's place: the request goes by file, or when one looks again.
            Err(why) if why.hub_is_away() => Ok(false),
            left => Ok(left.map(|()| true)?),
        }
    }

    /// The text of this laptop's join request, to be carried to the lead where there is no hub.
    ///
    /// # Errors
    /// A join that is not waiting.
    pub fn request_text(&self, id: &str) -> Result<String> {
        let waiting = lock(&self.waiting);
        let store = waiting.get(id).ok_or_else(|| refuse("not-admitted", "expected a join that waits, found none"))?;
        Ok(request_of(store)?.to_text())
    }

    /// Where a join stands; asks the hub.
    ///
    /// # Errors
    /// A hub that is away or refuses; an admission that is not for this laptop.
    pub fn join_state(&self, id: &str) -> Result<JoinView> {
        let mut waiting = lock(&self.waiting);
        let store = waiting.get(id).ok_or_else(|| refuse("not-admitted", "expected a join that waits, found none"))?;
        let admitted = self.fetch_admission(store)?;
        let view = waiting_view(id, store, if admitted { JoinState::Admitted } else { JoinState::Waiting })?;
        if admitted {
            waiting.remove(id);
        }
        Ok(view)
    }

    /// Takes an admission that came as text instead of by the hub.
    ///
    /// # Errors
    /// An admission that is not for this laptop.
    pub fn admit_by_text(&self, id: &str, text: &str) -> Result<()> {
        let mut waiting = lock(&self.waiting);
        let store = waiting.get(id).ok_or_else(|| refuse("not-admitted", "expected a join that waits, found none"))?;
        accept(store, &SealedAdmission::from_text(text)?)?;
        waiting.remove(id);
        Ok(())
    }

    fn fetch_admission(&self, store: &Store) -> Result<bool> {
        let who = papers::who(store)?;
        let invitation = who.invitation()?;
        let Some(card) = &who.hub else { return Ok(false) };
        let client = HubClient::with_patience(card, who.project, Credentials::None, self.world.patience())?;
        if !was_sent(store)? {
            client.leave_request(&invitation, &request_of(store)?)?;
            store.transact(Op::Setting, |tx| papers::put(tx, SENT, &true))?;
        }
        let Some(admission) = client.fetch_admission(&invitation)? else { return Ok(false) };
        accept(store, &admission)?;
        Ok(true)
    }

    /// Unlocks a store and sits down at the desk.
    ///
    /// # Errors
    /// `wrong-passphrase`, `store-newer`, `store-damaged` …; `join-waiting` (with the compare code) while the lead has
    /// not confirmed.
    pub fn unlock(&self, id: &str, passphrase: &str) -> Result<Desk> {
        lock(&self.waiting).remove(id);
        let listed = tianye_store::list(&self.data)?;
        let Some(found) = listed.into_iter().find(|listed| listed.id.to_string() == id) else {
            return Err(refuse("store-gone", "expected a store of this laptop, found none with this id"));
        };
        let passphrase = Passphrase::new(passphrase);
        let now = world::parts(self.world.now()).0;
        let store = Store::unlock(&found.dir, Unlock::Passphrase(&passphrase), now)?;
        let who = papers::who(&store)?;
        // Whatever is wrong with the hub or the way to it, the lead's word may come as a file: who looks again is told what it is.
        if who.certificate.is_none() && !self.fetch_admission(&store).unwrap_or(false) {
            let view = waiting_view(id, &store, JoinState::Waiting)?;
            lock(&self.waiting).insert(id.to_owned(), store);
            return Err(refuse("join-waiting", "expected the lead's confirmation, found none yet")
                .with("code", view.compare_code));
        }
        keep_small_snapshot_if_due(&store, now);
        let mut desk = Desk::open(store, self.world.clone())?;
        desk.begin_study()?;
        Ok(desk)
    }
}

/// What the text of an invitation begins with, as a code for a camera; the invitation's bytes follow in base64url.
const INVITATION_QR: &str = "tianye-invitation:";

/// An invitation as a code for the camera of the invited laptop.
pub(crate) fn invitation_qr(invitation: &Invitation) -> Result<Option<QrView>> {
    Ok(qr::drawn(&format!("{INVITATION_QR}{}", BASE64.encode(invitation.to_bytes()?))))
}

/// Takes an admission into a waiting store.
fn accept(store: &Store, sealed: &SealedAdmission) -> Result<()> {
    let mut who = papers::who(store)?;
    let (invitation, request) = (who.invitation()?, request_of(store)?);
    let reading = papers::reading_key(store)?;
    let admission = Admission::open(sealed, &invitation, &request, &reading)?;
    who.title = admission.title.clone();
    who.person = admission.details.person;
    who.role = admission.details.role.clone();
    who.name = admission.details.name.clone();
    who.certificate = Some((to_hex(&admission.certificate.to_bytes()), to_hex(&admission.details.to_bytes()?)));
    // The leads and the recovery address, and this person's own key, so that a new laptop could read them again.
    who.readers = admission.readers.iter().chain([&reading.recipient()]).map(ToString::to_string).collect();
    let by = who.hub.clone();
    if let Some(hub) = &admission.hub {
        who.hub = Some(papers::card_of(hub)?);
    }
    // Who came in by the hub on the lead's laptop finds it again.
    let nearby = by.filter(|by| who.hub.as_ref().is_some_and(|hub| hub.key.0 != by.key.0));
    store.transact(Op::Setting, |tx| {
        for granted in &admission.granted {
            tx.add_content_key(granted)?;
        }
        for shared in &admission.shared {
            tx.add_reading_key(shared)?;
        }
        if let Some(key) = &admission.project_key {
            papers::keep_project_key(tx, key)?;
        }
        if let Some(card) = &nearby {
            papers::put(tx, NEARBY, card)?;
        }
        who.keep(tx)
    })?;
    if let Some(recovery) = admission.readers.get(1) {
        store.set_recovery(recovery)?;
    }
    store.set_card(|card| {
        card.project.clone_from(&who.title);
        card.interviewer.clone_from(&who.name);
        card.role.clone_from(&who.role);
    })?;
    Ok(())
}

fn request_of(store: &Store) -> Result<JoinRequest> {
    let bytes = store.read(|view| view.setting(REQUEST))?.unwrap_or_default();
    JoinRequest::from_bytes(&bytes).map_err(|_| refuse("store-damaged", "the setting “join-request” is damaged"))
}

fn waiting_view(id: &str, store: &Store, state: JoinState) -> Result<JoinView> {
    let invitation = papers::who(store)?.invitation()?;
    let code = CompareCode::new(&invitation.project_key, &request_of(store)?).to_string();
    Ok(JoinView { sent: was_sent(store)?, ..join_view(id, &invitation, code, state) })
}

/// Whether the request is at the hub. Stores from before this was noted were made only once it was.
fn was_sent(store: &Store) -> Result<bool> {
    Ok(papers::setting(store, SENT)?.unwrap_or(true))
}

fn join_view(id: &str, invitation: &Invitation, compare_code: String, state: JoinState) -> JoinView {
    JoinView {
        id: id.to_owned(),
        project: invitation.title.clone(),
        person: invitation.name.clone(),
        role: papers::role(&invitation.role),
        compare_code,
        state,
        sent: false,
    }
}

/// An error of the way to a hub, under a code that says what it is about.
fn said(code: &str, why: &SyncError) -> crate::view::Refusal {
    refuse(code, why.to_string())
}

fn filled<'t>(what: &str, text: &'t str) -> Result<&'t str> {
    let text = text.trim();
    if text.is_empty() {
        return Err(refuse("field-empty", format!("expected a text for “{what}”, found none")).with("field", what));
    }
    Ok(text)
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
