//! Reports to the safeguarding holders: what a child told, whom somebody called, who took over.
//!
//! A report is a union of parts; nothing in it replaces anything. Parts come in packets, which all have one length
//! ([`PACKET_BYTES`]), so that nobody who cannot open them tells an empty one from a full one.

use crate::kinds::{CallOutcome, Disclosure, Packet, ReportAct, ReportPart, ReportPiece, Role};
use crate::rights::{Reach, reach};
use crate::{At, Content, ContentError, kind};
use std::collections::{BTreeMap, BTreeSet};
use tianye_journal::{PersonId, RecordId};

/// Length of the content of every packet, in bytes: with what stands around it, its body is sealed in the size class of
/// 16,384 bytes.
pub const PACKET_BYTES: usize = 15_360;
/// What the JSON around parts and pieces may take.
const AROUND: usize = 64;
/// Longest piece, in bytes of text: written in JSON it may double.
const MAX_PIECE: usize = (PACKET_BYTES - AROUND - 256) / 2;

impl Packet {
    /// Takes from the front of what waits as much as fits. What is too long for one packet is cut into pieces, which go one
    /// after the other.
    pub fn fill(waiting: &mut Waiting) -> Self {
        let mut packet = Self::default();
        let mut left = PACKET_BYTES - AROUND;
        while let Some(piece) = waiting.pieces.first() {
            let length = length(piece);
            if length > left {
                return packet;
            }
            left -= length;
            packet.pieces.push(waiting.pieces.remove(0));
        }
        while let Some(part) = waiting.parts.first() {
            let own = length(part);
            if own <= left {
                left -= own;
                packet.parts.push(waiting.parts.remove(0));
                continue;
            }
            if own <= PACKET_BYTES - AROUND {
                break;
            }
            let part = waiting.parts.remove(0);
            waiting.pieces = pieces(&part);
            while waiting.pieces.first().is_some_and(|piece| length(piece) <= left) {
                let piece = waiting.pieces.remove(0);
                left -= length(&piece);
                packet.pieces.push(piece);
            }
            break;
        }
        packet
    }

    /// The content as it is sealed: always [`PACKET_BYTES`] long.
    ///
    /// # Errors
    /// A packet that is longer, which [`Packet::fill`] does not make.
    pub fn encode(self) -> Result<Vec<u8>, ContentError> {
        let mut bytes = Content::from(self).encode()?;
        if bytes.len() > PACKET_BYTES {
            return Err(ContentError::TooMuch { what: "bytes of a packet", limit: PACKET_BYTES, found: bytes.len() });
        }
        // White space after JSON means nothing.
        bytes.resize(PACKET_BYTES, b' ');
        Ok(bytes)
    }
}

/// What waits for the next packets, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Waiting {
    /// Parts.
    #[serde(default)]
    pub parts: Vec<ReportPart>,
    /// What is left of a part that was begun.
    #[serde(default)]
    pub pieces: Vec<ReportPiece>,
}

impl Waiting {
    /// Whether something of a report has not gone out.
    pub fn holds(&self, report: &RecordId, of: impl Fn(&RecordId) -> Option<RecordId>) -> bool {
        self.parts.iter().any(|part| part.report == *report)
            || self.pieces.iter().any(|piece| of(&piece.id) == Some(*report))
    }
}

fn length<T: serde::Serialize>(of: &T) -> usize {
    // The comma that parts it from the next.
    serde_json::to_string(of).map_or(0, |text| text.len() + 1)
}

fn pieces(part: &ReportPart) -> Vec<ReportPiece> {
    let text = serde_json::to_string(part).unwrap_or_default();
    let mut cut = Vec::new();
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let mut end = rest.len().min(MAX_PIECE);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (piece, after) = rest.split_at(end);
        cut.push(piece.to_owned());
        rest = after;
    }
    let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    let of = number(cut.len());
    cut.into_iter()
        .enumerate()
        .map(|(at, text)| ReportPiece { id: part.id, at: number(at), of, text: text.into() })
        .collect()
}

/// A packet, and whose it is by the certificate of its chain.
#[derive(Clone, Debug)]
pub struct Sent<'a> {
    /// Who wrote it.
    pub author: PersonId,
    /// What the certificate allows.
    pub role: &'a Role,
    /// The certificate was revoked since: holders see such words all the same, and see that.
    pub revoked: bool,
    /// What it says.
    pub packet: &'a Packet,
}

/// A report as its parts come to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReportState {
    /// How it began: who wrote it, when, and what; none while that part has not come.
    pub begun: Option<(PersonId, At, Disclosure)>,
    /// Everything since, by the clocks of those who wrote it.
    pub timeline: Vec<ReportLine>,
}

/// One line of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportLine {
    /// Its id.
    pub id: RecordId,
    /// Who wrote it.
    pub author: PersonId,
    /// When, by that laptop's clock.
    pub at: At,
    /// The author's certificate was revoked.
    pub revoked: bool,
    /// What.
    pub act: ReportAct,
}

impl ReportState {
    /// Whether somebody has been told: a call that came through, or somebody outside who took over.
    pub fn is_told(&self) -> bool {
        self.timeline.iter().any(|line| match &line.act {
            ReportAct::Called(call) => call.outcome == CallOutcome::Told,
            ReportAct::HandedOver { .. } => true,
            _ => false,
        })
    }

    /// Whether police, civil affairs or somebody else outside has it.
    pub fn is_handed_over(&self) -> bool {
        self.timeline.iter().any(|line| matches!(line.act, ReportAct::HandedOver { .. }))
    }
}

/// The pieces of one part by their places; whether their author may add to any report; whether the author was revoked.
type Cut<'a> = (BTreeMap<u32, &'a str>, bool, bool);

/// All reports, from packets in any order, with repetitions. A safeguarding holder may add to any report, everybody else to
/// those that they began; what somebody else says of one has no effect.
pub fn reports<'a>(sent: impl IntoIterator<Item = Sent<'a>>) -> BTreeMap<RecordId, ReportState> {
    let mut parts: BTreeMap<(PersonId, RecordId), (ReportPart, bool, bool)> = BTreeMap::new();
    let mut pieces: BTreeMap<(PersonId, RecordId, u32), Cut<'_>> = BTreeMap::new();
    for Sent { author, role, revoked, packet } in sent {
        let any = match reach(role, kind::REPORT) {
            Reach::Any => true,
            Reach::Own => false,
            Reach::Nothing => continue,
        };
        for part in &packet.parts {
            parts.entry((author, part.id)).or_insert_with(|| (part.clone(), any, revoked));
        }
        for piece in &packet.pieces {
            let of = pieces.entry((author, piece.id, piece.of)).or_insert_with(|| (BTreeMap::new(), any, revoked));
            of.0.entry(piece.at).or_insert(&piece.text);
        }
    }
    for ((author, id, of), (texts, any, revoked)) in pieces {
        if texts.keys().copied().ne(0..of) {
            continue;
        }
        let whole: String = texts.into_values().collect();
        if let Ok(part) = serde_json::from_str::<ReportPart>(&whole)
            && part.id == id
        {
            parts.entry((author, id)).or_insert((part, any, revoked));
        }
    }
    let began: BTreeSet<(RecordId, PersonId)> = parts
        .iter()
        .filter(|(_, (part, ..))| matches!(part.act, ReportAct::Begun(_)))
        .map(|((author, _), (part, ..))| (part.report, *author))
        .collect();
    let mut states: BTreeMap<RecordId, ReportState> = BTreeMap::new();
    for ((author, id), (part, any, revoked)) in parts {
        if !any && !began.contains(&(part.report, author)) {
            continue;
        }
        let state = states.entry(part.report).or_default();
        match part.act {
            ReportAct::Begun(disclosure) if state.begun.is_none() => state.begun = Some((author, part.at, *disclosure)),
            act => state.timeline.push(ReportLine { id, author, at: part.at, revoked, act }),
        }
    }
    for state in states.values_mut() {
        state.timeline.sort_by_key(|line| (line.at.ms, line.id));
    }
    states
}
