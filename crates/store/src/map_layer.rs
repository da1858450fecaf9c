//! Maps for the field: raster tiles in an MBTiles file, which a person puts on the laptop. Nothing of a respondent is in
//! one, so it lies beside the stores as it came. Source: the MBTiles specification 1.3.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, OptionalExtension as _};

use crate::connect;

/// Folder of maps below the data folder.
const FOLDER: &str = "maps";
/// Ending of a map's file.
pub const MAP_ENDING: &str = "mbtiles";
/// Most bytes of one tile.
pub const MAX_TILE: usize = 1 << 20;
/// Deepest zoom that is shown: at 22 a pixel is some 4 cm.
pub const MAX_ZOOM: u8 = 22;
/// Longest name of a map, in characters.
const LONGEST_NAME: usize = 100;

/// Why a file is no map that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MapError {
    /// It is no MBTiles file, or damaged.
    #[error("expected an MBTiles file, found something else: {what}")]
    NotAMap {
        /// What was found.
        what: String,
    },
    /// Its tiles are not pictures.
    #[error("expected tiles that are pictures (png, jpg or webp), found {found}")]
    NotPictures {
        /// The format it names.
        found: String,
    },
    /// The disk refused.
    #[error("{what}")]
    Disk {
        /// The system's message.
        what: String,
    },
}

impl MapError {
    /// The stable kebab-case code.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotAMap { .. } => "map-not-mbtiles",
            Self::NotPictures { .. } => "map-not-pictures",
            Self::Disk { .. } => "file",
        }
    }
}

/// A map that can be shown. Holds its file open for reading.
#[derive(Debug)]
pub struct MapLayer {
    name: String,
    zooms: (u8, u8),
    bounds: Bounds,
    tiles: Connection,
}

/// West, south, east, north in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    /// Western edge.
    pub west: f64,
    /// Southern edge.
    pub south: f64,
    /// Eastern edge.
    pub east: f64,
    /// Northern edge.
    pub north: f64,
}

/// What Web Mercator shows of the world.
const WORLD: Bounds = Bounds { west: -180.0, south: -85.0511, east: 180.0, north: 85.0511 };

/// The maps of a laptop: files in `data_dir/maps`, by name. What is no map is passed over.
#[must_use]
pub fn maps(data_dir: &Path) -> Vec<PathBuf> {
    let Ok(files) = fs::read_dir(data_dir.join(FOLDER)) else { return Vec::new() };
    let is_map = |path: &PathBuf| path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case(MAP_ENDING));
    let mut found: Vec<PathBuf> = files.flatten().map(|file| file.path()).filter(is_map).collect();
    found.sort();
    found
}

/// Puts a copy of a map on the laptop, in place of one with the same file name.
///
/// # Errors
/// A file that is no map; the disk.
pub fn add_map(data_dir: &Path, from: &Path) -> Result<(), MapError> {
    MapLayer::open(from)?;
    let folder = data_dir.join(FOLDER);
    let failed = |why: std::io::Error| MapError::Disk { what: why.to_string() };
    let name = from.file_name().ok_or_else(|| MapError::NotAMap { what: "a folder".into() })?;
    fs::create_dir_all(&folder).map_err(failed)?;
    // A copy that was cut off has no map's ending.
    let part = folder.join(name).with_extension("part");
    fs::copy(from, &part).map_err(failed)?;
    fs::rename(&part, folder.join(name)).map_err(failed)
}

impl MapLayer {
    /// Opens a map.
    ///
    /// # Errors
    /// See [`MapError`].
    pub fn open(path: &Path) -> Result<Self, MapError> {
        let refused = |why: rusqlite::Error| MapError::NotAMap { what: why.to_string() };
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        connect::ready();
        let tiles = Connection::open_with_flags(path, flags).map_err(refused)?;
        tiles
            .execute_batch("PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA query_only = ON;")
            .map_err(refused)?;
        let about = |name: &str| -> Result<Option<String>, MapError> {
            let sql = "SELECT CAST(value AS TEXT) FROM metadata WHERE name = ?1";
            let found = tiles.query_row(sql, [name], |row| row.get::<_, Option<String>>(0)).optional();
            Ok(found.map_err(refused)?.flatten())
        };
        let format = about("format")?.unwrap_or_else(|| "png".to_owned()).to_lowercase();
        if !["png", "jpg", "jpeg", "webp"].contains(&format.as_str()) {
            return Err(MapError::NotPictures { found: format });
        }
        let sql = "SELECT min(zoom_level), max(zoom_level) FROM tiles";
        let levels = tiles.query_row(sql, [], |row| Ok((row.get::<_, Option<i64>>(0)?, row.get::<_, Option<i64>>(1)?)));
        let (least, most) = levels.map_err(refused)?;
        let level = |level: Option<i64>| level.and_then(|level| u8::try_from(level).ok());
        let (Some(least), Some(most)) = (level(least).filter(|level| *level <= MAX_ZOOM), level(most)) else {
            return Err(MapError::NotAMap { what: "no tiles".into() });
        };
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        let name = about("name")?.filter(|name| !name.trim().is_empty()).unwrap_or(stem);
        let bounds = about("bounds")?.and_then(|text| Bounds::parse(&text)).unwrap_or(WORLD);
        Ok(Self { name: name.chars().take(LONGEST_NAME).collect(), zooms: (least, most.min(MAX_ZOOM)), bounds, tiles })
    }

    /// Its name for people.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its least and its deepest zoom.
    #[must_use]
    pub fn zooms(&self) -> (u8, u8) {
        self.zooms
    }

    /// What it shows.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        self.bounds
    }

    /// The picture of a tile with its media type; columns from the west, rows from the north, both from 0. `None`: the map
    /// has none there, or one that is no picture or longer than [`MAX_TILE`].
    ///
    /// # Errors
    /// A damaged file.
    pub fn tile(&self, zoom: u8, column: u32, row: u32) -> Result<Option<(&'static str, Vec<u8>)>, MapError> {
        let side = 1_u32.checked_shl(u32::from(zoom)).filter(|_| zoom <= MAX_ZOOM);
        let Some(side) = side.filter(|side| column < *side && row < *side) else { return Ok(None) };
        // Rows of MBTiles count from the south.
        let from_south = side - 1 - row;
        let sql = "SELECT tile_data FROM tiles WHERE zoom_level = ?1 AND tile_column = ?2 AND tile_row = ?3 \
                   AND typeof(tile_data) = 'blob' AND length(tile_data) <= ?4";
        let asked = (zoom, column, from_south, MAX_TILE as i64);
        let found = self.tiles.query_row(sql, asked, |row| row.get::<_, Vec<u8>>(0)).optional();
        let found = found.map_err(|why| MapError::NotAMap { what: why.to_string() })?;
        Ok(found.and_then(|bytes| Some((picture(&bytes)?, bytes))))
    }
}

impl Bounds {
    fn parse(text: &str) -> Option<Self> {
        let all: Vec<f64> = text.split(',').map_while(|part| part.trim().parse().ok()).collect();
        let &[west, south, east, north] = all.as_slice() else { return None };
        let sound = west < east && south < north && west >= -180.0 && east <= 180.0 && south >= -90.0 && north <= 90.0;
        sound.then_some(Self { west, south, east, north })
    }
}

/// The media type of a picture, by its first bytes.
fn picture(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        _ => None,
    }
}
