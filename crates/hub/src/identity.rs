//! What makes this hub this hub: its TLS key, its receipt key, its admin word. Made once, kept in the data folder,
//! readable by its owner only.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
};

use ed25519_dalek::SigningKey;
use tianye_sync::{
    HubCard, Pin,
    protocol::{Hex, Secret},
};

use crate::{HubError, doors::hex};

/// The hub's keys.
pub(crate) struct Identity {
    pub(crate) certificate_der: Vec<u8>,
    pub(crate) tls_key_der: Vec<u8>,
    pub(crate) pin: Pin,
    pub(crate) signing: SigningKey,
    pub(crate) admin: Secret,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("pin", &self.pin).finish_non_exhaustive()
    }
}

impl Identity {
    /// Reads the keys of a data folder, making those that are not there yet.
    pub(crate) fn open(data: &Path) -> Result<Self, HubError> {
        let (certificate_der, tls_key_der) = open_tls(data)?;
        let pin = Pin::of_certificate(&certificate_der).ok_or_else(|| damaged(&data.join(CERTIFICATE)))?;
        let signing = SigningKey::from_bytes(&open_secret(&data.join("hub-receipt.key"))?);
        let admin = Secret(hex(&open_secret(&data.join("hub-admin.key"))?));
        Ok(Self { certificate_der, tls_key_der, pin, signing, admin })
    }

    /// The card of this hub, admin word included, for an address at which it can be reached.
    pub(crate) fn card(&self, address: &str) -> Result<HubCard, HubError> {
        let mut card = HubCard::new(address, self.pin, self.signing.verifying_key().to_bytes())
            .map_err(|_| HubError::Address { address: address.to_owned() })?;
        card.key = Hex(self.signing.verifying_key().to_bytes());
        card.admin = Some(self.admin.clone());
        Ok(card)
    }
}

/// Random bytes from the operating system.
pub(crate) fn random<const N: usize>() -> Result<[u8; N], HubError> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|_| HubError::NoRandomness)?;
    Ok(bytes)
}

/// Writes a file that only its owner may read, whole or not at all.
pub(crate) fn write_private(path: &Path, bytes: &[u8]) -> Result<(), HubError> {
    let fail = |source| HubError::File { path: path.display().to_string(), source };
    let part = path.with_extension("part");
    let _ = fs::remove_file(&part);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&part).map_err(fail)?;
    file.write_all(bytes).map_err(fail)?;
    file.sync_all().map_err(fail)?;
    drop(file);
    fs::rename(&part, path).map_err(fail)?;
    sync_folder(path.parent()).map_err(fail)
}

/// Makes a name in a folder last through a power cut, where the system offers that.
pub(crate) fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    #[cfg(unix)]
    if let Some(folder) = folder {
        fs::File::open(folder)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = folder;
    Ok(())
}

/// Makes a folder that only its owner may look into.
pub(crate) fn make_private_folder(path: &Path) -> Result<(), HubError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|source| HubError::File { path: path.display().to_string(), source })
}

const CERTIFICATE: &str = "hub-tls.cert";
const TLS_KEY: &str = "hub-tls.key";

fn open_tls(data: &Path) -> Result<(Vec<u8>, Vec<u8>), HubError> {
    let key_path = data.join(TLS_KEY);
    let certificate_path = data.join(CERTIFICATE);
    let key = match read_if_there(&key_path)? {
        Some(der) => rcgen::KeyPair::try_from(der.as_slice()).map_err(|_| damaged(&key_path))?,
        None => {
            let key = rcgen::KeyPair::generate().map_err(|_| HubError::NoRandomness)?;
            write_private(&key_path, &key.serialize_der())?;
            key
        }
    };
    // The key is what clients know; a lost certificate is simply written anew around it.
    let certificate = match read_if_there(&certificate_path)? {
        Some(der) => der,
        None => {
            let mut params =
                rcgen::CertificateParams::new(vec!["tianye-hub".to_owned()]).map_err(|_| HubError::NoRandomness)?;
            params.distinguished_name = rcgen::DistinguishedName::new();
            params.distinguished_name.push(rcgen::DnType::CommonName, "tianye-hub");
            let der = params.self_signed(&key).map_err(|_| HubError::NoRandomness)?.der().to_vec();
            write_private(&certificate_path, &der)?;
            der
        }
    };
    Ok((certificate, key.serialize_der()))
}

fn open_secret(path: &Path) -> Result<[u8; 32], HubError> {
    if let Some(bytes) = read_if_there(path)? {
        return bytes.try_into().map_err(|_| damaged(path));
    }
    let secret = random()?;
    write_private(path, &secret)?;
    Ok(secret)
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, HubError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(HubError::File { path: path.display().to_string(), source }),
    }
}

fn damaged(path: &Path) -> HubError {
    HubError::Damaged { path: path.display().to_string() }
}
