//! Making, finding, unlocking and locking stores.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tianye_journal::{ReadingKey, Recipient};

use crate::black_box::BlackBox;
use crate::card::StartCard;
use crate::connect::{self, Access, Depth, Journal};
use crate::hold::{self, Hold};
use crate::keys::{KdfCost, Key, Passphrase, fill_random};
use crate::slots::{Keys, Slots, Which};
use crate::transact::{Writer, locked};
use crate::{Error, Op, Result, files, hex, migrate};

/// Databases up to this size are checked whole at every unlocking (about a third of a second); larger ones by
/// [`Store::check`], when the desk finds time.
const CHECKED_AT_ONCE: u64 = 64 << 20;

/// The random name of a store and of its folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoreId(pub(crate) [u8; 16]);

impl std::fmt::Display for StoreId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(&self.0))
    }
}

/// One line of the unlock screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The store.
    pub id: StoreId,
    /// Its folder.
    pub dir: PathBuf,
    /// Its card; empty if the card is gone or damaged.
    pub card: StartCard,
}

/// What a new store is made from.
#[derive(Debug)]
pub struct NewStore<'a> {
    /// What the unlock screen will show.
    pub card: StartCard,
    /// Opens everything, the signing key included.
    pub passphrase: &'a Passphrase,
    /// What a try at the passphrase costs.
    pub cost: KdfCost,
    /// The project's recovery address, if it is known already ([`Store::set_recovery`] sets it later).
    pub recovery: Option<&'a Recipient>,
}

/// What opens a store.
#[derive(Clone, Copy, Debug)]
pub enum Unlock<'a> {
    /// The interviewer's passphrase.
    Passphrase(&'a Passphrase),
    /// The project's recovery key: opens data, never the signing key.
    Recovery(&'a ReadingKey),
}

/// An unlocked store. Dropping it locks it: connections are closed, keys wiped.
pub struct Store {
    pub(crate) dir: PathBuf,
    id: StoreId,
    pub(crate) writer: Writer,
    pub(crate) reader: Writer,
    pub(crate) keys: Keys,
    slots: Mutex<Slots>,
    card: Mutex<StartCard>,
    pub(crate) black_box: Mutex<BlackBox>,
    /// On another medium, if the person named one.
    pub(crate) second_box: Mutex<Option<BlackBox>>,
    /// Held while a recovery is tried.
    pub(crate) rehearsing: Mutex<()>,
    /// Let go last, when the connections are closed.
    _hold: Arc<Hold>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Every store in `data_dir`, last opened first. A folder that does not exist holds none.
///
/// # Errors
/// [`Error::Disk`] if the folder cannot be read.
pub fn list(data_dir: &Path) -> Result<Vec<Listed>> {
    let failed = |error: std::io::Error| Error::io(Op::Open, &error);
    let folders = match fs::read_dir(data_dir) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        folders => folders.map_err(failed)?,
    };
    let mut found = Vec::new();
    for folder in folders {
        let folder = folder.map_err(failed)?;
        let Some(id) = folder.file_name().to_str().and_then(hex::array).map(StoreId) else { continue };
        let dir = folder.path();
        if dir.join(crate::slots::FILE).is_file() {
            let card = StartCard::read_or_empty(&dir);
            found.push(Listed { id, dir, card });
        }
    }
    found.sort_by_key(|listed| (std::cmp::Reverse(listed.card.last_opened_ms), listed.id));
    Ok(found)
}

impl Store {
    /// Makes a store in a new folder of `data_dir` and leaves it unlocked.
    ///
    /// The key slots are written last: a folder without them was never a store and is not listed.
    ///
    /// # Errors
    /// [`Error::PassphraseTooShort`], [`Error::DiskFull`], [`Error::Disk`] …
    pub fn create(data_dir: &Path, new: &NewStore<'_>) -> Result<Self> {
        new.passphrase.check_strength()?;
        let mut id = StoreId([0; 16]);
        fill_random(&mut id.0)?;
        let (data, person) = (Key::random()?, Key::random()?);
        let mut slots = Slots::seal(id, &data, &person, new.passphrase, new.cost)?;
        if let Some(recipient) = new.recovery {
            slots = slots.with_recovery(&data, recipient)?;
        }
        let failed = |error: std::io::Error| Error::io(Op::Open, &error);
        let dir = data_dir.join(id.to_string());
        files::make_dir(&dir).map_err(failed)?;
        // The folder of all stores may be there since a try whose disk could neither make it durable nor take it away.
        let above = data_dir.parent().filter(|above| !above.as_os_str().is_empty());
        above.map_or(Ok(()), files::sync_dir).map_err(failed)?;
        let hold = hold::hold(&dir, new.card.last_opened_ms)?;
        let path = dir.join(connect::FILE);
        let doubted = |error| connect::doubt(&path, &data, Op::Open, error);
        let mut conn = connect::open(&path, &data, Access::Create).map_err(doubted)?;
        migrate::migrate(&mut conn, &path, migrate::ALL).map_err(doubted)?;
        new.card.write(&dir)?;
        slots.write(&dir)?;
        let keys = Keys { data: data.clone(), person: Some(person) };
        Self::assemble(dir, id, conn, keys, slots, new.card.clone(), hold).map_err(doubted)
    }

    /// Unlocks the store in the folder `dir` at `now_ms` (for the card's "last opened").
    ///
    /// Before anything is written the database is looked at: a damaged one or one from a newer program is refused and
    /// left as it is. An older one is copied (encrypted) to `backup/` and brought forward.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`], [`Error::WrongRecoveryKey`], [`Error::InUse`] while another program has it unlocked,
    /// [`Error::NewerVersion`], [`Error::Damaged`], [`Error::RecoveryCutOff`], [`Error::NotAStore`] …
    pub fn unlock(dir: &Path, key: Unlock<'_>, now_ms: i64) -> Result<Self> {
        let (slots, keys) = open_slots(dir, key)?;
        let hold = hold::hold(dir, Some(now_ms))?;
        let store = Self::unlock_held(dir, slots, keys, hold, now_ms)?;
        // A lead who only reads writes no chain, and may have to read just this store.
        if store.can_sign() && store.read(|view| view.is_being_recovered())? {
            return Err(Error::RecoveryCutOff { path: dir.to_owned() });
        }
        Ok(store)
    }

    /// The rest of unlocking, once the keys are there and nobody else has the store.
    pub(crate) fn unlock_held(dir: &Path, slots: Slots, keys: Keys, hold: Arc<Hold>, now_ms: i64) -> Result<Self> {
        let path = dir.join(connect::FILE);
        let size = fs::metadata(&path).map_err(|_| Error::NotAStore { path: dir.to_owned() })?.len();
        if size == 0 {
            return Err(Error::Damaged { path, what: "it is empty".into() });
        }
        if size <= CHECKED_AT_ONCE {
            connect::inspect(&path, &keys.data, Depth::Pages)?;
        }
        let data = keys.data.clone();
        let doubted = |error| connect::doubt(&path, &data, Op::Open, error);
        bring_forward(dir, &path, &keys.data, migrate::ALL).map_err(doubted)?;
        let conn = connect::open(&path, &keys.data, Access::Write).map_err(doubted)?;
        // A change of the passphrase was cut off: from now on the one that opened it is the only one. Slots that somebody else
        // changed before the store was held are left alone.
        if Slots::read(dir).is_ok_and(|kept| kept.may_become(&slots)) {
            let _ = slots.write(dir);
        }
        let mut card = StartCard::read_or_empty(dir);
        if keys.person.is_some() {
            card.last_opened_ms = Some(now_ms);
            // A full disk must not bar the way to the data: the card is only for show.
            let _ = card.write(dir);
        }
        let store =
            Self::assemble(dir.to_owned(), slots.store_id()?, conn, keys, slots, card, hold).map_err(doubted)?;
        store.look_for_second_box();
        store.catch_up_black_box();
        // It may hold what is erased later. What cannot be taken away now is tried again then, and at the next unlocking.
        let _ = store.drop_unfinished_copies();
        store.finish_erasing();
        Ok(store)
    }

    fn assemble(
        dir: PathBuf,
        id: StoreId,
        conn: Connection,
        keys: Keys,
        slots: Slots,
        card: StartCard,
        hold: Arc<Hold>,
    ) -> Result<Self> {
        let reader = connect::open(&dir.join(connect::FILE), &keys.data, Access::Read)?;
        let black_box = BlackBox::in_store(&dir);
        Ok(Self {
            dir,
            id,
            writer: Writer::new(conn, Access::Write),
            reader: Writer::new(reader, Access::Read),
            keys,
            slots: Mutex::new(slots),
            card: Mutex::new(card),
            black_box: Mutex::new(black_box),
            second_box: Mutex::default(),
            rehearsing: Mutex::default(),
            _hold: hold,
        })
    }

    /// Another database of the same store in another folder, with the same keys. It knows of no second black box.
    pub(crate) fn beside(&self, dir: &Path, conn: Connection, hold: Arc<Hold>) -> Result<Self> {
        let slots = locked(&self.slots).clone();
        Self::assemble(dir.to_owned(), self.id, conn, self.keys.clone(), slots, self.card(), hold)
    }

    /// The store's random name.
    #[must_use]
    pub fn id(&self) -> StoreId {
        self.id
    }

    /// The store's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn database(&self) -> PathBuf {
        self.dir.join(connect::FILE)
    }

    /// Whether secrets can be opened: false after recovery.
    #[must_use]
    pub fn can_sign(&self) -> bool {
        self.keys.person.is_some()
    }

    /// The start card.
    #[must_use]
    pub fn card(&self) -> StartCard {
        locked(&self.card).clone()
    }

    /// Changes the start card.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Disk`], [`Error::TooLarge`]; the old card then stands.
    pub fn set_card(&self, change: impl FnOnce(&mut StartCard)) -> Result<()> {
        let mut card = locked(&self.card);
        let mut changed = card.clone();
        change(&mut changed);
        changed.write(&self.dir)?;
        *card = changed;
        Ok(())
    }

    /// Whether this passphrase unlocks the store. Who has unlocked it may have left the laptop open.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`] if it does not; a disk error.
    pub fn check_passphrase(&self, passphrase: &Passphrase) -> Result<()> {
        Slots::read(&self.dir)?.open(passphrase).map(|_| ())
    }

    /// Changes the passphrase. The data is not written anew: only the wrapping of its keys changes.
    ///
    /// # Errors
    /// [`Error::WrongPassphrase`] if `old` is not the passphrase, [`Error::PassphraseTooShort`],
    /// [`Error::NoSigningKey`] after recovery, or a disk error; the old passphrase then still opens the store, whatever the disk
    /// made of it.
    pub fn change_passphrase(&self, old: &Passphrase, new: &Passphrase, cost: KdfCost) -> Result<()> {
        new.check_strength()?;
        let person = self.keys.person.as_ref().ok_or(Error::NoSigningKey)?;
        let mut slots = locked(&self.slots);
        *slots = Slots::read(&self.dir)?;
        let (_, which) = slots.open(old)?;
        let both = slots.only(which).with_next(&self.keys.data, person, new, cost)?;
        self.replace(&mut slots, both)?;
        // From here on the new one opens the store, whatever becomes of this: where the old one still does, the next unlocking
        // takes it away.
        let only = slots.only(Which::Next);
        if only.write(&self.dir).is_ok() {
            *slots = only;
        }
        Ok(())
    }

    /// Lets the project's recovery key open the data from now on, in place of any before.
    ///
    /// # Errors
    /// A disk error; the slots then stand as before.
    pub fn set_recovery(&self, recipient: &Recipient) -> Result<()> {
        let mut slots = locked(&self.slots);
        *slots = Slots::read(&self.dir)?;
        let changed = slots.with_recovery(&self.keys.data, recipient)?;
        self.replace(&mut slots, changed)
    }

    /// Writes changed slots. If they cannot be made durable the old ones are put back, as the person is told.
    fn replace(&self, slots: &mut Slots, changed: Slots) -> Result<()> {
        if let Err(error) = changed.write(&self.dir) {
            // The first error is the one to report; if this fails too, one of both opens the store.
            let _ = slots.write(&self.dir);
            return Err(error);
        }
        *slots = changed;
        Ok(())
    }

    /// The recovery address (`age1…`) that can open the data, if there is one.
    #[must_use]
    pub fn recovery(&self) -> Option<String> {
        locked(&self.slots).recovery_recipient().map(str::to_owned)
    }

    /// Looks at every page of the database and every index, on connections of its own. Changes nothing.
    ///
    /// # Errors
    /// [`Error::Damaged`] with what was found.
    pub fn check(&self) -> Result<()> {
        connect::inspect(&self.database(), &self.keys.data, Depth::Indexes)
    }

    /// Writes an encrypted copy of the database, with the same key, to a new file `to`, and checks it.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Disk`], [`Error::Damaged`]; the half-made copy is removed.
    pub fn snapshot(&self, to: &Path) -> Result<()> {
        copy(&self.database(), to, &self.keys.data)
    }

    /// Closes the store and says whether that went well. Dropping it does the same silently.
    ///
    /// # Errors
    /// Database errors; everything confirmed is safe all the same.
    pub fn lock(self) -> Result<()> {
        let path = self.database();
        let failed = |error: &rusqlite::Error| Error::sqlite(Op::Open, &path, error);
        self.reader.into_connection().close().map_err(|(_, error)| failed(&error))?;
        self.writer.into_connection().close().map_err(|(_, error)| failed(&error))
    }
}

/// The key slots of the store in a folder, and the keys they hold.
pub(crate) fn open_slots(dir: &Path, key: Unlock<'_>) -> Result<(Slots, Keys)> {
    let slots = Slots::read(dir)?;
    match key {
        Unlock::Passphrase(passphrase) => {
            let (keys, which) = slots.open(passphrase)?;
            Ok((slots.only(which), keys))
        }
        Unlock::Recovery(identity) => {
            let keys = slots.recover(identity)?;
            Ok((slots, keys))
        }
    }
}

/// Brings an older database forward, after a copy.
fn bring_forward(dir: &Path, path: &Path, key: &Key, all: &[migrate::Migration]) -> Result<()> {
    let inspected = connect::open(path, key, Access::Inspect)?;
    let (found, missing) = migrate::pending(&inspected, path, all)?;
    drop(inspected);
    if missing.is_empty() {
        return Ok(());
    }
    let failed = |error: std::io::Error| Error::io(Op::Backup, &error);
    let backups = dir.join("backup");
    files::make_dir_within(dir, &backups).map_err(failed)?;
    let to = backups.join(format!("{found}.db"));
    if to.exists() {
        // From a migration that was cut off: the database is still at that version, so a fresh copy says the same.
        files::remove(&to).map_err(failed)?;
    }
    copy(path, &to, key)?;
    let mut conn = connect::open(path, key, Access::Write)?;
    migrate::migrate(&mut conn, path, all)
}

/// Copies a database page by page into a new file under the same key, makes it durable and checks it. Until it is whole it
/// has another name: what has the name `to` is a whole copy. It may be there after an error too, if the disk could neither make
/// the name durable nor take it away.
pub(crate) fn copy(from: &Path, to: &Path, key: &Key) -> Result<()> {
    if to.exists() {
        return Err(Error::Exists { what: "file of that name" });
    }
    let mut part = to.as_os_str().to_owned();
    part.push(".part");
    let part = Path::new(&part);
    // Left by a copy that was cut off.
    discard(part).map_err(|error| Error::io(Op::Backup, &error))?;
    let copied = (|| {
        let failed = |error: rusqlite::Error| Error::sqlite(Op::Backup, part, &error);
        let source = connect::open(from, key, Access::Inspect)?;
        let mut target = connect::open(part, key, Access::Create)?;
        let backup = rusqlite::backup::Backup::new(&source, &mut target).map_err(failed)?;
        // In one go: what is written meanwhile does not begin it anew.
        backup.run_to_completion(i32::MAX, std::time::Duration::ZERO, None).map_err(failed)?;
        drop(backup);
        // One file that stands for itself: no log beside it, now or when it is looked at.
        connect::keep_changes_in(Journal::Itself, &target, part, Op::Backup)?;
        target.close().map_err(|(_, error)| failed(error))?;
        connect::inspect(part, key, Depth::Pages)?;
        files::rename(part, to).map_err(|error| Error::io(Op::Backup, &error))
    })();
    if copied.is_err() {
        // Only our own copy; the error to report is the first one.
        let _ = discard(part);
        let _ = discard(to);
    }
    copied.map_err(|error| match error {
        // What was just written cannot be damaged where its source is whole: the disk did not give what it holds.
        Error::Damaged { path, what } if path == part => {
            connect::doubt(from, key, Op::Backup, Error::Damaged { path: from.to_owned(), what })
        }
        error => connect::doubt(from, key, Op::Backup, error),
    })
}

/// Takes a database away with what lies beside it.
pub(crate) fn discard(path: &Path) -> std::io::Result<()> {
    for end in ["", "-wal", "-shm", "-journal"] {
        let mut file = path.as_os_str().to_owned();
        file.push(end);
        match files::remove(Path::new(&file)) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
    }
    Ok(())
}
