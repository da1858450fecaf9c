//! The team: inviting, comparing codes, admitting.

use serde::{Deserialize, Serialize};
use tianye_journal::{
    Admission, Certificate, CompareCode, Details, Granted, Invitation, InvitationId, JoinRequest, PersonId, from_hex,
    new_salt, to_hex,
};
use tianye_store::Op;
use tianye_sync::Credentials;

use crate::desk::Desk;
use crate::interview::page::small;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{InvitedView, JoinRequestView, MemberCard, Role, TeamView};
use crate::world;

const INVITED: &str = "invited";

/// How long an invitation is meant to be used: a fortnight, for people; clocks may be wrong.
const DAYS: i64 = 14;

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
}

impl Invited {
    fn invitation(&self) -> Result<Invitation> {
        let bytes = from_hex(&self.invitation).unwrap_or_default();
        Ok(Invitation::from_bytes(&bytes)?)
    }
}

impl Desk {
    /// Invites somebody: the text of the invitation file, to be handed over in person.
    ///
    /// # Errors
    /// Not the lead; no name; a hub that is away or refuses; the store's refusal.
    pub fn invite(&mut self, name: &str, group: &str, role: Role) -> Result<String> {
        self.must_lead()?;
        let name = name.trim();
        if name.is_empty() {
            return Err(refuse("field-empty", "expected a name, found none").with("field", "person"));
        }
        let mut rng = world::key_rng(&*self.world);
        let invitation = Invitation {
            project: self.who.project,
            project_key: self.who.trust()?.key,
            title: self.who.title.clone(),
            hub: self.who.hub.as_ref().map(papers::address_of).transpose()?,
            id: InvitationId::random(&mut rng),
            secret: Invitation::new_secret(&mut rng),
            name: name.to_owned(),
            role: papers::role_text(role).to_owned(),
            expires: self.at().ms + DAYS * 24 * 3600 * 1000,
        };
        if self.who.hub.is_some() {
            let client = self.lead_client()?;
            client.open_invitation(&invitation)?;
        }
        let invited = Invited {
            id: invitation.id,
            invitation: to_hex(&invitation.to_bytes()?),
            person: PersonId::random(&mut rng),
            name: name.to_owned(),
            group: group.trim().to_owned(),
            role: invitation.role.clone(),
            admitted: false,
        };
        let text = invitation.to_text()?;
        let mut all = self.invited()?;
        all.push(invited);
        self.keep_invited(&all)?;
        Ok(text)
    }

    fn invited(&self) -> Result<Vec<Invited>> {
        Ok(papers::setting(&self.store, INVITED)?.unwrap_or_default())
    }

    fn keep_invited(&self, all: &Vec<Invited>) -> Result<()> {
        Ok(self.store.transact(Op::Setting, |tx| papers::put(tx, INVITED, all))?)
    }

    fn lead_client(&self) -> Result<tianye_sync::HubClient> {
        self.hub_client(Credentials::Lead { key: Box::new(papers::project_key(&self.store)?) })
    }

    /// Members, who asks to join, and who was invited. Asks the hub; without it the list is what is known here.
    ///
    /// # Errors
    /// Not the lead; the store's refusal.
    pub fn team(&self) -> Result<TeamView> {
        self.must_lead()?;
        let invited = self.invited()?;
        let mut requests = Vec::new();
        for (one, request) in self.join_requests(&invited)? {
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
        let invited = invited
            .iter()
            .filter(waiting)
            .map(|one| InvitedView {
                id: one.id.to_string(),
                name: one.name.clone(),
                role: papers::role(&one.role),
                group: one.group.clone(),
            })
            .collect();
        Ok(TeamView { members: self.members()?, requests, invited })
    }

    /// Requests on the hub that this lead's invitations brought and that are not answered yet.
    fn join_requests(&self, invited: &[Invited]) -> Result<Vec<(Invited, JoinRequest)>> {
        if self.who.hub.is_none() {
            return Ok(Vec::new());
        }
        // The page is useful without the hub too; sending says clearly that it is away.
        let Ok(waiting) = self.lead_client()?.join_requests() else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for letter in waiting.iter().filter(|letter| !letter.answered) {
            let Some(one) = invited.iter().find(|one| one.id == letter.invitation && !one.admitted) else { continue };
            let Ok(request) = JoinRequest::from_bytes(&letter.request.0) else { continue };
            // Whoever does not hold the invitation's secret is not shown at all.
            if request.verify(&one.invitation()?).is_ok() {
                found.push((one.clone(), request));
            }
        }
        Ok(found)
    }

    fn members(&self) -> Result<Vec<MemberCard>> {
        let mut people: Vec<PersonId> = self.book.owners.values().map(|member| member.person).collect();
        people.sort_unstable();
        people.dedup();
        let groups = self.invited()?;
        let mut cards: Vec<MemberCard> = people
            .iter()
            .map(|person| {
                let chains: Vec<_> = self
                    .book
                    .owners
                    .iter()
                    .filter(|(_, member)| member.person == *person)
                    .map(|(chain, _)| chain)
                    .collect();
                let mut devices: Vec<String> = chains.iter().map(|chain| self.book.device(chain)).collect();
                devices.sort();
                devices.dedup();
                let role = chains
                    .first()
                    .and_then(|chain| self.book.team.0.get(chain))
                    .map(|one| one.role.as_str().to_owned());
                let theirs: Vec<_> =
                    self.book.interviews.values().filter(|brief| brief.interviewers.contains(person)).collect();
                MemberCard {
                    id: person.to_string(),
                    name: self.book.name(person),
                    group: groups
                        .iter()
                        .find(|one| one.person == *person)
                        .map(|one| one.group.clone())
                        .unwrap_or_default(),
                    role: papers::role(&role.unwrap_or_default()),
                    devices,
                    interviews: small(theirs.len()),
                    finalised: small(theirs.iter().filter(|brief| !brief.status.is_open()).count()),
                }
            })
            .collect();
        cards.sort_by(|a, b| (a.role != Role::Lead, &a.name).cmp(&(b.role != Role::Lead, &b.name)));
        Ok(cards)
    }

    /// Admits who answered an invitation, after two people compared the code.
    ///
    /// # Errors
    /// Not the lead; no such request; a hub that is away or refuses; the store's refusal.
    pub fn approve(&mut self, invitation: &str) -> Result<()> {
        self.must_lead()?;
        let id = papers::invitation_id(invitation)?;
        let invited = self.invited()?;
        let found = self.join_requests(&invited)?.into_iter().find(|(one, _)| one.id == id);
        let (one, request) =
            found.ok_or_else(|| refuse("invitation-used", "expected a waiting request, found none"))?;
        let sealed = self.admission(&one, &request)?;
        self.lead_client()?.leave_admission(id, &sealed)?;
        self.mark_admitted(id)
    }

    /// Admits by files, where there is no hub: takes the text of a join request, gives the text of the admission and the
    /// code to compare.
    ///
    /// # Errors
    /// Not the lead; a request that answers none of this lead's invitations.
    pub fn approve_text(&mut self, text: &str) -> Result<(String, String)> {
        self.must_lead()?;
        let request = JoinRequest::from_text(text)?;
        let invited = self.invited()?;
        let one = invited.iter().find(|one| one.id == request.invitation).ok_or_else(|| {
            refuse("invitation-used", "expected a request for one of your invitations, found another")
        })?;
        request.verify(&one.invitation()?)?;
        let sealed = self.admission(one, &request)?;
        let code = CompareCode::new(&self.who.trust()?.key, &request).to_string();
        self.mark_admitted(one.id)?;
        Ok((sealed.to_text(), code))
    }

    fn mark_admitted(&self, id: InvitationId) -> Result<()> {
        let mut all = self.invited()?;
        all.iter_mut().filter(|one| one.id == id).for_each(|one| one.admitted = true);
        self.keep_invited(&all)
    }

    fn admission(&self, one: &Invited, request: &JoinRequest) -> Result<tianye_journal::pairing::SealedAdmission> {
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
        // Interviewers read the lead's chain: project, forms, sites, assignments, decisions. Not each other's.
        let own = self.store.read(|view| view.own_chain())?;
        let chain = own.ok_or_else(|| refuse("internal", "expected the lead's own chain, found none"))?.chain;
        let key = self.store.read(|view| view.content_key(chain))?;
        let key = key.ok_or_else(|| refuse("internal", "expected the key of the lead's chain, found none"))?;
        let readers = self.who.readers()?.into_iter().take(2).collect();
        let admission = Admission {
            title: self.who.title.clone(),
            hub: self.who.hub.as_ref().map(papers::address_of).transpose()?,
            certificate,
            details,
            readers,
            granted: vec![Granted { chain, key }],
        };
        Ok(admission.seal(&project_key, request)?)
    }
}
