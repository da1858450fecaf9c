//! The lead's laptop as the hub of a local network: a guesthouse Wi-Fi without a way to the world, or a cable.
//!
//! The hub itself is run by whoever runs this desk (window or command line): it is another room, and a desk only needs its
//! card. In a project without a hub, the one on the lead's laptop becomes the project's: invitations name it, and who joins
//! goes there. In a project that has one, it stands beside it; receipts are kept for each hub apart.

use tianye_sync::{Cancel, Credentials, HubCard, HubClient, HubCode, Tell, find_hub};

use crate::desk::Desk;
use crate::exchange::Courier;
use crate::papers;
use crate::refusal::{Result, refuse};
use crate::view::{NearbyPlace, NearbyView, SyncReport};
use tianye_store::Op;

/// The setting with the hub of a local network that was used last.
pub(crate) const NEARBY: &str = "nearby-hub";

impl Desk {
    /// Takes the hub that runs on this laptop, for as long as it runs, as one of the project. Needs its card with the admin
    /// word.
    ///
    /// # Errors
    /// Not on a laptop that keeps the project; a hub that refuses; the store's refusal.
    pub fn open_nearby(&mut self, card: &HubCard) -> Result<NearbyView> {
        self.must_keep_project()?;
        let key = papers::project_key(&self.store)?.public();
        HubClient::with_patience(card, self.who.project, Credentials::None, self.world.patience())?
            .register_project(&key)?;
        self.keep_nearby(&card.without_admin())?;
        Ok(nearby_view(card, Some(0)))
    }

    /// Looks for the hub of a colleague's laptop by what its screen shows, and remembers it.
    ///
    /// # Errors
    /// `hub-card-invalid` for an address or a code that is none; `hub-unreachable`; `hub-other-code`.
    pub fn find_nearby(&mut self, address: &str, code: &str) -> Result<NearbyView> {
        let code: HubCode = code.parse()?;
        let card = find_hub(address, &code, self.world.patience())?;
        let view = nearby_view(&card, None);
        self.keep_nearby(&card)?;
        Ok(view)
    }

    /// The hub of a local network that was used last.
    ///
    /// # Errors
    /// The store's refusal.
    pub fn nearby(&self) -> Result<Option<NearbyView>> {
        Ok(self.nearby_card()?.map(|card| nearby_view(&card, None)))
    }

    /// A courier to the hub of the local network that was used last.
    ///
    /// # Errors
    /// `hub-none` if none was.
    pub fn courier_nearby(&self) -> Result<Courier> {
        let card = self.nearby_card()?;
        self.courier_to(&card.ok_or_else(|| refuse("hub-none", "expected a hub nearby, found none: type its address"))?)
    }

    /// Syncs at once with the hub of a colleague's laptop, for callers that wait.
    ///
    /// # Errors
    /// See [`Self::find_nearby`] and [`Courier::run`].
    pub fn sync_nearby(&mut self, address: &str, code: &str) -> Result<SyncReport> {
        self.sync_nearby_told((address, code), &Cancel::default(), &mut |_| ())
    }

    /// The same with a stop button, and with somebody who hears how far it is.
    ///
    /// # Errors
    /// See [`Self::find_nearby`] and [`Courier::run`].
    pub fn sync_nearby_told(
        &mut self,
        (address, code): (&str, &str),
        cancel: &Cancel,
        tell: &mut Tell<'_>,
    ) -> Result<SyncReport> {
        self.find_nearby(address, code)?;
        self.sync_by(Self::courier_nearby, cancel, tell)
    }

    /// The hub of a local network that was used last, where it is another than the project's.
    pub(crate) fn nearby_beside(&self) -> Result<Option<HubCard>> {
        let own = self.who.hub.as_ref().map(|hub| hub.key.0);
        Ok(self.nearby_card()?.filter(|nearby| Some(nearby.key.0) != own))
    }

    /// The hub of a local network that was used last.
    fn nearby_card(&self) -> Result<Option<HubCard>> {
        papers::setting(&self.store, NEARBY)
    }

    /// A laptop has another address in each network: where its hub is the project's, the project's hub has moved.
    fn keep_nearby(&mut self, card: &HubCard) -> Result<()> {
        let moves = self.who.hub.as_ref().is_none_or(|hub| (hub.pin, hub.key.0) == (card.pin, card.key.0));
        if moves {
            self.who.hub = Some(card.clone());
        }
        Ok(self.store.transact(Op::Setting, |tx| {
            self.who.keep(tx)?;
            papers::put(tx, NEARBY, card)
        })?)
    }
}

/// What a screen shows of a hub nearby. `entries`: how many it keeps, if it runs on this laptop now.
#[must_use]
pub fn nearby_view(card: &HubCard, entries: Option<u64>) -> NearbyView {
    let code = HubCode::of(card).to_string();
    let address = card.address.trim_start_matches("https://").to_owned();
    NearbyView {
        qr: crate::qr::drawn(&format!("{QR}{address}/{code}")),
        address,
        code,
        open: entries.is_some(),
        entries: entries.map_or(0, |entries| u32::try_from(entries).unwrap_or(u32::MAX)),
    }
}

/// What the text of a code for a hub begins with.
const QR: &str = "tianye-hub:";

/// Address and code of a hub, out of the text that a camera read.
#[must_use]
pub fn read_nearby(text: &str) -> Option<NearbyPlace> {
    let (address, code) = text.strip_prefix(QR)?.rsplit_once('/')?;
    Some(NearbyPlace { address: address.to_owned(), code: code.to_owned() })
}
