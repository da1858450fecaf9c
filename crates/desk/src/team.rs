//! The team: inviting, comparing codes, admitting.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tianye_journal::pairing::{MAX_SHARED, SealedAdmission};
use tianye_journal::{
    Admission, Certificate, ChainId, CompareCode, Details, Granted, Invitation, InvitationId, JoinRequest, MAX_GRANTED,
    PersonId, from_hex, new_salt, to_hex,
};
use tianye_store::Op;
use tianye_survey::{self as survey, rights};
use tianye_sync::{Credentials, HubCard, HubClient, invitation_code};

use crate::desk::Desk;
use crate::interview::page::small;
use crate::laptop::invitation_qr;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{InvitationPlace, InvitedView, JoinRequestView, MemberCard, QrView, Role, TeamView};
use crate::world;

const INVITED: &str = "invited";

/// How long an invitation is meant to be used: a fortnight, for people; clocks may be wrong.
const DAYS: u16 = 14;
/// The same for the offer at the hub, by the hub's clock.
const LIFE: Duration = Duration::from_secs(DAYS as u64 * 24 * 3600);

/// An invitation as the lead's store keeps it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Invited {
    id: InvitationId,
    /// The invitation's bytes, hex: it holds the secret.
    invitation: String,
    person: PersonId,
    name: String,
    group: String,
    role: String,
    admitted: bool,
    /// Serial of the certificate that the laptop was given.
    #[serde(default)]
    serial: Option<u64>,
    /// Chains whose keys the admission held.
    #[serde(default)]
    granted: Vec<ChainId>,
    /// Whether it lies at its hub for who types its code.
    #[serde(default)]
    offered: bool,
}

impl Invited {
    fn invitation(&self) -> Result<Invitation> {
        let bytes = from_hex(&self.invitation).unwrap_or_default();
        Ok(Invitation::from_bytes(&bytes)?)
    }

    /// What the invited person types.
    fn typed(&self) -> Result<Option<InvitationPlace>> {
        let invitation = self.invitation()?;
        let Some(hub) = invitation.hub.as_ref().filter(|_| self.offered) else { return Ok(None) };
        let address = hub.url.trim_start_matches("https://").to_owned();
        Ok(Some(InvitationPlace { address, code: invitation_code(&invitation).to_string() }))
    }

    fn view(&self) -> Result<InvitedView> {
        Ok(InvitedView {
            id: self.id.to_string(),
            name: self.name.clone(),
            role: papers::role(&self.role),
            group: self.group.clone(),
            typed: self.typed()?,
        })
    }
}

impl Desk {
    /// Invites somebody: the text of the invitation file, to be handed over in person. Who is invited can answer by the project's
    /// hub, or, while that is away, by the one on this laptop; where neither is reached, by file. By a hub the invitation itself
    /// can be had too, by typing its code ([`Self::invitations`]).
    ///
    /// # Errors
    /// Not the lead; no name; a hub that refuses; the store's refusal.
    pub fn invite(&mut self, name: &str, group: &str, role: Role) -> Result<String> {
        self.must_keep_project()?;
        let name = name.trim();
        if name.is_empty() {
            return Err(refuse("field-empty", "expected a name, found none").with("field", "person"));
        }
        let mut rng = world::key_rng(&*self.world);
        let mut invitation = Invitation {
            project: self.who.project,
            project_key: self.who.trust()?.key,
            title: self.who.title.clone(),
            hub: None,
            id: InvitationId::random(&mut rng),
            secret: Invitation::new_secret(&mut rng),
            name: name.to_owned(),
            role: papers::role_text(role).to_owned(),
            expires: self.at().ms + i64::from(DAYS) * 24 * 3600 * 1000,
        };
        let mut offered = false;
        for card in self.ways_in()? {
            invitation.hub = Some(papers::address_of(&card)?);
            let client = self.lead_client_of(&card)?;
            match client.open_invitation(&invitation) {
                Err(why) if why.hub_is_away() => invitation.hub = None,
                opened => {
                    opened?;
                    // A hub that is too old for offers still takes the answer to a file.
                    offered = client.leave_offer(&invitation, LIFE, &mut rng).is_ok();
                    break;
                }
            }
        }
        let invited = Invited {
            id: invitation.id,
            invitation: to_hex(&invitation.to_bytes()?),
            person: PersonId::random(&mut rng),
            name: name.to_owned(),
            group: group.trim().to_owned(),
            role: invitation.role.clone(),
            admitted: false,
            serial: None,
            granted: Vec::new(),
            offered,
        };
        let text = invitation.to_text()?;
        let mut all = self.invited()?;
        all.push(invited);
        self.keep_invited(&all)?;
        Ok(text)
    }

    /// An invitation as a code for the camera of the invited laptop. It holds the invitation's secret, as its file does: only
    /// whom it invites should see it.
    ///
    /// # Errors
    /// No such invitation; the store's refusal.
    pub fn invitation_qr(&self, id: &str) -> Result<Option<QrView>> {
        invitation_qr(&self.open_invitation(id)?)
    }

    /// The text of an invitation's file once more, the same as [`Self::invite`] gave: who was to type its code may not reach the
    /// hub. As secret as the invitation.
    ///
    /// # Errors
    /// No such invitation; the store's refusal.
    pub fn invitation_text(&self, id: &str) -> Result<String> {
        Ok(self.open_invitation(id)?.to_text()?)
    }

    fn open_invitation(&self, id: &str) -> Result<Invitation> {
        let id = papers::invitation_id(id)?;
        let found = self.invited()?.into_iter().find(|one| one.id == id && !one.admitted);
        found.ok_or_else(|| refuse("invitation-used", "expected an open invitation, found none"))?.invitation()
    }

    /// The invitations of this laptop that are not admitted yet, in the order in which they were made, as far as is known here.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn invitations(&self) -> Result<Vec<InvitedView>> {
        self.invited()?.iter().filter(|one| !one.admitted).map(Invited::view).collect()
    }

    fn invited(&self) -> Result<Vec<Invited>> {
        Ok(papers::setting(&self.store, INVITED)?.unwrap_or_default())
    }

    fn keep_invited(&self, all: &Vec<Invited>) -> Result<()> {
        Ok(self.store.transact(Op::Setting, |tx| papers::put(tx, INVITED, all))?)
    }

    /// The hubs that somebody can join by: the project's, and the one on this laptop where that is another.
    fn ways_in(&self) -> Result<Vec<HubCard>> {
        Ok(self.who.hub.iter().cloned().chain(self.nearby_beside()?).collect())
    }

    pub(crate) fn lead_client(&self) -> Result<HubClient> {
        self.hub_client(Credentials::lead(papers::project_key(&self.store)?))
    }

    fn lead_client_of(&self, card: &HubCard) -> Result<HubClient> {
        self.client_of(card, Credentials::lead(papers::project_key(&self.store)?))
    }

    /// Members, who asks to join, and who was invited. Asks the hub; without it the list is what is known here.
    ///
    /// # Errors
    /// Not the lead; the store's refusal.
    pub fn team(&self) -> Result<TeamView> {
        if !papers::keeps_project(&self.store)? {
            self.must_lead()?;
        }
        let invited = self.invited()?;
        let mut requests = Vec::new();
        for (one, request, _) in self.join_requests(&invited)? {
            let code = CompareCode::new(&self.who.trust()?.key, &request);
            requests.push(JoinRequestView {
                id: one.id.to_string(),
                name: one.name.clone(),
                device: String::new(),
                role: papers::role(&one.role),
                compare_code: code.to_string(),
            });
        }
        let waiting = |one: &&Invited| !one.admitted && requests.iter().all(|request| request.id != one.id.to_string());
        let invited = invited.iter().filter(waiting).map(Invited::view).collect::<Result<_>>()?;
        Ok(TeamView {
            members: self.members()?,
            requests,
            invited,
            keeps: papers::keeps_project(&self.store)?,
            keeps_recovery: papers::keeps_recovery(&self.store)?,
        })
    }

    /// Requests on the hubs that this lead's invitations brought and that are not answered yet, each with its hub.
    fn join_requests(&self, invited: &[Invited]) -> Result<Vec<(Invited, JoinRequest, HubCard)>> {
        if !papers::keeps_project(&self.store)? {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for card in self.ways_in()? {
            // The page is useful without the hub too; sending says clearly that it is away.
            let Ok(waiting) = self.lead_client_of(&card)?.join_requests() else { continue };
            for letter in waiting.iter().filter(|letter| !letter.answered) {
                let Some(one) = invited.iter().find(|one| one.id == letter.invitation && !one.admitted) else {
                    continue;
                };
                let Ok(request) = JoinRequest::from_bytes(&letter.request.0) else { continue };
                // Whoever does not hold the invitation's secret is not shown at all.
                if request.verify(&one.invitation()?).is_ok() {
                    found.push((one.clone(), request, card.clone()));
                }
            }
        }
        Ok(found)
    }

    fn members(&self) -> Result<Vec<MemberCard>> {
        let mut people: Vec<PersonId> = self.book.owners.values().map(|member| member.person).collect();
        people.sort_unstable();
        people.dedup();
        let groups = self.invited()?;
        let mut cards = people
            .iter()
            .map(|person| {
                let owned = self.book.owners.iter().filter(|(_, member)| member.person == *person);
                let chains: Vec<ChainId> = owned.map(|(chain, _)| *chain).collect();
                let mut devices: Vec<String> = chains.iter().map(|chain| self.book.device(chain)).collect();
                devices.sort();
                devices.dedup();
                let role = chains
                    .first()
                    .and_then(|chain| self.book.team.0.get(chain))
                    .map(|one| one.role.as_str().to_owned());
                let is_theirs =
                    |brief: &&crate::book::Brief| brief.interviewers.contains(person) && !self.is_past_practice(brief);
                let theirs: Vec<_> = self.book.interviews.values().filter(is_theirs).collect();
                Ok(MemberCard {
                    id: person.to_string(),
                    name: self.book.name(person),
                    group: groups
                        .iter()
                        .find(|one| one.person == *person)
                        .map(|one| one.group.clone())
                        .unwrap_or_default(),
                    role: papers::role(&role.unwrap_or_default()),
                    devices,
                    laptops: self.laptops_of(&chains)?,
                    interviews: small(theirs.len()),
                    finalised: small(theirs.iter().filter(|brief| !brief.status.is_open()).count()),
                })
            })
            .collect::<Result<Vec<MemberCard>>>()?;
        cards.sort_by(|a, b| (a.role != Role::Lead, &a.name).cmp(&(b.role != Role::Lead, &b.name)));
        Ok(cards)
    }

    /// Admits who answered an invitation, after two people compared the code.
    ///
    /// # Errors
    /// Not the lead; no such request; a hub that is away or refuses; the store's refusal.
    pub fn approve(&mut self, invitation: &str) -> Result<()> {
        self.must_keep_project()?;
        let id = papers::invitation_id(invitation)?;
        let invited = self.invited()?;
        let found = self.join_requests(&invited)?.into_iter().find(|(one, ..)| one.id == id);
        let (one, request, hub) =
            found.ok_or_else(|| refuse("invitation-used", "expected a waiting request, found none"))?;
        let (admission, sealed) = self.admission(&one, &request)?;
        self.lead_client_of(&hub)?.leave_admission(id, &sealed)?;
        self.mark_admitted(id, &admission)
    }

    /// Reads a join request that came as a file, where there is no hub: who asks, and the code to compare.
    ///
    /// # Errors
    /// A store without the project's key; text that is no request; one that answers none of this laptop's invitations.
    pub fn read_request(&self, text: &str) -> Result<JoinRequestView> {
        let (one, request) = self.request_of(text)?;
        let code = CompareCode::new(&self.who.trust()?.key, &request).to_string();
        let role = papers::role(&one.role);
        Ok(JoinRequestView { id: one.id.to_string(), name: one.name, device: String::new(), role, compare_code: code })
    }

    /// Admits who sent this request as a file, after two people compared `code`: the text of the admission, for that laptop
    /// only.
    ///
    /// # Errors
    /// As [`Self::read_request`]; `code-other` for another code than the request's.
    pub fn approve_request(&mut self, text: &str, code: &str) -> Result<String> {
        let (one, request) = self.request_of(text)?;
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        if digits(&CompareCode::new(&self.who.trust()?.key, &request).to_string()) != digits(code) {
            return Err(refuse("code-other", "expected the code of this request, found another: do not admit"));
        }
        let (admission, sealed) = self.admission(&one, &request)?;
        self.mark_admitted(one.id, &admission)?;
        Ok(sealed.to_text())
    }

    /// A join request that came as a file, and the invitation that it answers.
    fn request_of(&self, text: &str) -> Result<(Invited, JoinRequest)> {
        self.must_keep_project()?;
        let request = JoinRequest::from_text(text)?;
        let one = self.invited()?.into_iter().find(|one| one.id == request.invitation && !one.admitted);
        let one = one.ok_or_else(|| {
            refuse("invitation-used", "expected a request for an open invitation of this laptop, found another")
        })?;
        request.verify(&one.invitation()?)?;
        Ok((one, request))
    }

    fn mark_admitted(&self, id: InvitationId, admission: &Admission) -> Result<()> {
        let mut all = self.invited()?;
        for one in all.iter_mut().filter(|one| one.id == id) {
            one.admitted = true;
            one.serial = Some(admission.certificate.serial);
            one.granted = admission.granted.iter().map(|granted| granted.chain).collect();
        }
        self.keep_invited(&all)
    }

    /// Laptops that were admitted here and of which no chain has come, by the serials of their certificates, with the name of
    /// who was invited. They may have read what others wrote all the same; a revoked one is waited for no more.
    pub(crate) fn admitted_silent(&self) -> Result<BTreeMap<u64, String>> {
        let admitted = self.invited()?.into_iter().filter_map(|one| Some((one.serial?, one.name)));
        let mut silent: BTreeMap<u64, String> = admitted.collect();
        silent.retain(|serial, _| !self.book.revocations.certificates.contains_key(serial));
        if !silent.is_empty() {
            for (chain, _) in self.store.read(|view| view.frontier())?.iter() {
                if let Some(serial) = self.serial_of(&chain) {
                    silent.remove(&serial);
                }
            }
        }
        Ok(silent)
    }

    /// Serials of the certificates whose admission held the key of a chain.
    pub(crate) fn admitted_with(&self, chain: ChainId) -> Result<BTreeSet<u64>> {
        let with = self.invited()?.into_iter().filter(|one| one.granted.contains(&chain));
        Ok(with.filter_map(|one| one.serial).collect())
    }

    fn admission(&self, one: &Invited, request: &JoinRequest) -> Result<(Admission, SealedAdmission)> {
        let mut rng = world::key_rng(&*self.world);
        let project_key = papers::project_key(&self.store)?;
        let details = Details {
            salt: new_salt(&mut rng),
            person: one.person,
            device: request.device,
            reader: request.reader,
            role: one.role.clone(),
            name: one.name.clone(),
            sites: Vec::new(),
        };
        let certificate = Certificate::issue(self.who.project, &project_key, request.key, &details, &mut rng)?;
        let role = survey::Role::from(one.role.as_str());
        let shared = match rights::reads(&role, &survey::Role::Interviewer) {
            true => papers::shared_reading_keys(&self.store)?.into_iter().take(MAX_SHARED).collect(),
            false => Vec::new(),
        };
        let own = self.who.certificate()?.1.reader;
        let admission = Admission {
            title: self.who.title.clone(),
            hub: self.who.hub.as_ref().map(papers::address_of).transpose()?,
            certificate,
            details,
            readers: self.who.readers()?.into_iter().filter(|reader| *reader != own).collect(),
            granted: self.chains_for_all()?,
            shared,
            project_key: (role == survey::Role::Administrator).then(|| project_key.clone()),
        };
        let sealed = admission.seal(&project_key, request)?;
        Ok((admission, sealed))
    }

    /// The keys of the chains that everybody in the project reads, as far as they are here; the own chain first.
    fn chains_for_all(&self) -> Result<Vec<Granted>> {
        let own = self.store.read(|view| view.own_chain())?;
        let own = own.ok_or_else(|| refuse("internal", "expected the own chain of who admits, found none"))?.chain;
        let others = self.book.team.0.iter().filter(|(chain, of)| **chain != own && rights::is_read_by_all(&of.role));
        let mut keys = Vec::new();
        for chain in std::iter::once(&own).chain(others.map(|(chain, _)| chain)).take(MAX_GRANTED) {
            let key = self.store.read(|view| view.content_key(*chain))?;
            keys.extend(key.map(|key| Granted { chain: *chain, key }));
        }
        Ok(keys)
    }
}
