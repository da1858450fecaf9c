//! Settings and secrets: small values by name.

use zeroize::Zeroizing;

use crate::sql::named;
use crate::{Error, Result, Tx, View};

const SQL: &str = include_str!("../sql/settings.sql");
const LIMIT: usize = 1 << 20;

impl View<'_> {
    /// The value of a setting.
    ///
    /// # Errors
    /// Database errors.
    pub fn setting(&self, key: &str) -> Result<Option<Vec<u8>>> {
        const GET: &str = named(SQL, "get");
        self.one(GET, [key], |row| row.get(0))
    }

    /// A secret, wiped when dropped.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery; [`Error::Damaged`] if its seal is broken.
    pub fn secret(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>> {
        const GET: &str = named(SQL, "get_secret");
        let key = self.person_key()?;
        let sealed: Option<Vec<u8>> = self.one(GET, [name], |row| row.get(0))?;
        let open = |sealed: Vec<u8>| {
            key.open(&context(self, name), &sealed).ok_or_else(|| self.damaged("the seal of a secret is broken"))
        };
        sealed.map(open).transpose()
    }
}

impl Tx<'_> {
    /// Sets a setting.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond 1 MiB.
    pub fn put_setting(&mut self, key: &str, value: &[u8]) -> Result<()> {
        const PUT: &str = named(SQL, "put");
        limit("setting", value.len())?;
        self.run(PUT, (key, value)).map(|_| ())
    }

    /// Takes a setting away.
    ///
    /// # Errors
    /// Database errors.
    pub fn remove_setting(&mut self, key: &str) -> Result<()> {
        const REMOVE: &str = named(SQL, "remove");
        self.run(REMOVE, [key]).map(|_| ())
    }

    /// Keeps a secret (a signing key) sealed by the passphrase once more: recovery never opens it.
    ///
    /// # Errors
    /// [`Error::NoSigningKey`] if the store was opened by recovery; [`Error::TooLarge`].
    pub fn put_secret(&mut self, name: &str, secret: &[u8]) -> Result<()> {
        const PUT: &str = named(SQL, "put_secret");
        limit("secret", secret.len())?;
        let sealed = self.person_key()?.seal(&context(self, name), secret)?;
        self.run(PUT, (name, sealed)).map(|_| ())
    }
}

/// What a secret is bound to: its store and its name.
fn context(view: &View<'_>, name: &str) -> Vec<u8> {
    format!("tianye store secret|{}|{name}", view.store.id()).into_bytes()
}

fn limit(what: &'static str, found: usize) -> Result<()> {
    if found > LIMIT {
        return Err(Error::TooLarge { what, found: found as u64, limit: LIMIT as u64 });
    }
    Ok(())
}
