//! A look at an Excel 97 file before the reader, which is not ours, makes room for whatever the file promises: its sectors
//! (MS-CFB) must not go in a circle, and the cells of its sheets (MS-XLS) must fit the limits.
//!
//! What is damaged in other ways is left to the reader, which says so.

use crate::workbook::{ReadError, limits, within};

/// Sector numbers from here on are marks.
const MARKS: u32 = 0xFFFF_FFFA;
/// The most cells that a sheet of the format can promise: 65,536 rows of 256 columns.
const PROMISED: u64 = 65_536 * 256;

pub(crate) fn check(bytes: &[u8], expected: &'static str) -> Result<(), ReadError> {
    let circle = || ReadError::Unreadable { expected, reason: "its sectors go in a circle".into() };
    let Some(file) = File::of(bytes) else { return Ok(()) };
    let file = file.ok_or_else(circle)?;
    let directory = file.chain(u32_at(bytes, 48).unwrap_or(MARKS)).ok_or_else(circle)?;
    // Without small streams their two chains may begin anywhere.
    let has_small = u32_at(bytes, 64).is_some_and(|length| length > 0);
    let mut streams = Vec::new();
    let mut small = Vec::new();
    for (number, entry) in directory.as_chunks::<128>().0.iter().enumerate() {
        let (start, length) = (u32_at(entry, 116).unwrap_or(MARKS), u32_at(entry, 120).unwrap_or(0) as usize);
        // The reader asks neither what the first entry is, nor whether one with the right name is a stream.
        if number == 0 && has_small {
            small = file.chain(start).ok_or_else(circle)?;
        }
        if is_workbook(entry) {
            streams.push((start, length));
        }
    }
    let small_start = u32_at(bytes, 60).filter(|_| has_small).unwrap_or(MARKS);
    let small_next = file.chain(small_start).ok_or_else(circle)?;
    for (start, length) in streams {
        if length >= 4096 {
            check_sheets(&file.chain(start).ok_or_else(circle)?)?;
        } else {
            check_sheets(&small_stream(&small, &small_next, start, length))?;
        }
    }
    Ok(())
}

/// `Workbook`, in older files `Book`. The reader ends the name at the first zero, and reads it in any of the encodings that a
/// byte order mark may name; so only the letters are looked at here.
fn is_workbook(entry: &[u8; 128]) -> bool {
    let letters = entry[..64].iter().filter(|byte| byte.is_ascii_alphanumeric());
    let name: String = letters.map(|byte| char::from(byte.to_ascii_lowercase())).collect();
    name.starts_with("workbook") || name.starts_with("book")
}

/// The sectors of a compound file.
struct File<'b> {
    bytes: &'b [u8],
    size: usize,
    /// The sector behind each.
    next: Vec<u32>,
}

impl<'b> File<'b> {
    /// None: this is no compound file, which the reader says. `Some(None)`: its tables of sectors go in a circle.
    fn of(bytes: &'b [u8]) -> Option<Option<Self>> {
        if !bytes.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
            return None;
        }
        let size = match bytes.get(30)? {
            9 => 512,
            12 => 4096,
            _ => return None,
        };
        let mut file = Self { bytes, size, next: Vec::new() };
        let most = bytes.len() / size + 1;
        let mut tables: Vec<u32> = (0..109).filter_map(|number| u32_at(bytes, 76 + 4 * number)).collect();
        let mut more = u32_at(bytes, 68)?;
        let mut read = 0;
        while more < MARKS {
            read += 1;
            let mut sector = numbers(file.sector(more));
            more = sector.pop().unwrap_or(MARKS);
            tables.extend(sector);
            if read > most {
                return Some(None);
            }
        }
        tables.retain(|id| *id < MARKS);
        // Each table stands in a sector of its own.
        if tables.len() > most {
            return Some(None);
        }
        for table in tables {
            let sector = numbers(file.sector(table));
            file.next.extend(sector);
        }
        Some(Some(file))
    }

    fn sector(&self, id: u32) -> &'b [u8] {
        let start = (id as usize + 1).saturating_mul(self.size).min(self.bytes.len());
        &self.bytes[start..(start + self.size).min(self.bytes.len())]
    }

    /// The bytes of a chain; None if it comes to a sector for the second time.
    fn chain(&self, start: u32) -> Option<Vec<u8>> {
        let mut seen = vec![false; self.next.len()];
        let mut chain = Vec::new();
        let mut id = start;
        while id < MARKS {
            // What points behind the file is told by the reader.
            let Some(seen) = seen.get_mut(id as usize) else { break };
            if std::mem::replace(seen, true) {
                return None;
            }
            chain.extend_from_slice(self.sector(id));
            id = self.next.get(id as usize).copied().unwrap_or(MARKS);
        }
        Some(chain)
    }
}

/// A stream of less than 4,096 bytes: it stands in sectors of 64 bytes within another.
fn small_stream(all: &[u8], next: &[u8], start: u32, length: usize) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut id = start as usize;
    while stream.len() < length {
        let Some(sector) = all.get(id.saturating_mul(64)..).filter(|rest| !rest.is_empty()) else { break };
        stream.extend_from_slice(&sector[..sector.len().min(64)]);
        id = u32_at(next, id * 4).unwrap_or(MARKS) as usize;
    }
    stream
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(bytes.get(at..)?.first_chunk().copied()?))
}

fn numbers(sector: &[u8]) -> Vec<u32> {
    sector.as_chunks::<4>().0.iter().map(|four| u32::from_le_bytes(*four)).collect()
}

/// Records up to the end of a part of the workbook: their kind and what they hold.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = stream;
    std::iter::from_fn(move || {
        let (kind, length) = (u16_at(rest, 0)?, u16_at(rest, 2)? as usize);
        let inside = rest.get(4..4 + length)?;
        rest = &rest[4 + length..];
        Some((kind, inside))
    })
}

/// The sheets that the first part of the workbook names, each with the rectangle of its cells.
fn check_sheets(stream: &[u8]) -> Result<(), ReadError> {
    let named = records(stream).take_while(|(kind, _)| *kind != 0x000A).filter(|(kind, _)| *kind == 0x0085);
    let starts: Vec<usize> = named.filter_map(|(_, inside)| Some(u32_at(inside, 0)? as usize)).collect();
    within("sheets", starts.len() as u64, limits::SHEETS)?;
    let mut cells = 0;
    for start in starts {
        let mut bounds: Option<[u64; 4]> = None;
        // Charts stand inside a sheet, with ends of their own; the reader passes over them.
        let mut depth = 0_u32;
        // The text of a formula stands in a record of its own behind it; without a formula, the reader takes the first cell.
        let mut formula: &[u8] = &[0; 4];
        for (kind, inside) in records(stream.get(start..).unwrap_or_default()) {
            match kind {
                0x0809 => depth += 1,
                0x000A if depth <= 1 => break,
                0x000A => depth -= 1,
                _ => {}
            }
            if depth > 1 {
                continue;
            }
            let mut inside = inside;
            let last = match kind {
                0x0200 => {
                    within("cells", promised(inside).unwrap_or(0), PROMISED)?;
                    continue;
                }
                0x0207 => {
                    inside = formula;
                    u16_at(inside, 2)
                }
                0x0006 => {
                    formula = inside;
                    u16_at(inside, 2)
                }
                0x0203 | 0x0204 | 0x00D6 | 0x0205 | 0x027E | 0x00FD => u16_at(inside, 2),
                // Several cells beside each other; the last column stands at the end.
                0x00BD => inside.len().checked_sub(2).and_then(|at| u16_at(inside, at)),
                _ => continue,
            };
            let (Some(row), Some(column), Some(last)) = (u16_at(inside, 0), u16_at(inside, 2), last) else { continue };
            let (row, column, last) = (u64::from(row), u64::from(column), u64::from(last));
            let [top, left, bottom, right] = bounds.unwrap_or([row, column, row, column]);
            bounds = Some([top.min(row), left.min(column), bottom.max(row), right.max(last).max(column)]);
        }
        if let Some([top, left, bottom, right]) = bounds {
            cells += (bottom - top + 1) * (right - left + 1);
            within("cells", cells, limits::CELLS)?;
        }
    }
    Ok(())
}

/// How many cells a sheet says that it has.
fn promised(inside: &[u8]) -> Option<u64> {
    let (first_row, end_row, first_column, end_column) = if inside.len() == 10 {
        let at = |place| u16_at(inside, place).map(u64::from);
        (at(0)?, at(2)?, at(4)?, at(6)?)
    } else {
        let wide = |place| u32_at(inside, place).map(u64::from);
        let at = |place| u16_at(inside, place).map(u64::from);
        (wide(0)?, wide(4)?, at(8)?, at(10)?)
    };
    // A first column behind the last is taken for 0 by the reader.
    let columns = if first_column > 0xFF || end_column < first_column { end_column } else { end_column - first_column };
    Some(end_row.saturating_sub(first_row) * columns)
}
