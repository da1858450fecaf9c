//! A random walk through a form: valid interviews that nobody gave.
//!
//! The walk asks the form's own session what applies and what fits, so it finds what a field trip would: questions that
//! nobody can reach, constraints that nothing satisfies, calculations that never come out. The same seed gives the same
//! interviews.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, Days, FixedOffset};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};
use tianye_xform::{self as xform, Context, FieldPath, Form, Properties, RowId, Session, ValueKind};

use crate::interview::control::answerable;
use crate::interview::duty::Unanswerable;
use crate::media::format::{Class, Format, sniff};

/// How many values are tried before a question counts as stuck.
const TRIES: usize = 300;

/// Most rows that are added to one repeat.
const MOST_ROWS: u64 = 4;

/// Most answers in one interview: a form that goes on for ever is stuck, too.
const MOST_ANSWERS: usize = 20_000;

/// A question for which no value was found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{field} ({label}): expected some value that satisfies the constraint, found none in {TRIES} tries: {constraint}"
)]
pub struct Stuck {
    /// The question.
    pub field: String,
    /// Its label.
    pub label: String,
    /// The constraint as the form has it, or `required`.
    pub constraint: String,
}

/// Fills one interview at random. Nothing in it is about anybody.
///
/// # Errors
/// [`Stuck`] at a question for which no fitting value was found.
pub fn walk(form: &Arc<Form>, seed: u64, now: DateTime<FixedOffset>) -> Result<Session, Stuck> {
    let dice = std::cell::RefCell::new(ChaCha20Rng::seed_from_u64(seed));
    let random = || dice.borrow_mut().next_u64();
    let properties =
        Properties { device_id: "simulated".into(), username: "simulated".into(), ..Properties::default() };
    let context = Context { now, random: &random, properties: &properties };
    let mut walker = Walker {
        session: Session::start(form.clone(), &context),
        unanswerable: Unanswerable::of(form),
        context,
        seen: BTreeSet::new(),
        grown: BTreeSet::new(),
    };
    walker.run()?;
    walker.session.finalise(&context);
    Ok(walker.session)
}

struct Walker<'a> {
    session: Session,
    unanswerable: Unanswerable,
    context: Context<'a>,
    /// Questions that were answered or left blank on purpose.
    seen: BTreeSet<FieldPath>,
    /// Repeats whose rows were decided on.
    grown: BTreeSet<FieldPath>,
}

impl Walker<'_> {
    fn run(&mut self) -> Result<(), Stuck> {
        for _ in 0..MOST_ANSWERS {
            self.grow();
            let Some(field) = self.next() else { return self.settle() };
            self.seen.insert(field.clone());
            self.answer(&field)?;
        }
        Err(Stuck { field: "/".into(), label: self.session.form().title().to_owned(), constraint: "endless".into() })
    }

    /// Earlier answers may have become wrong by later ones; they are put right once more.
    fn settle(&mut self) -> Result<(), Stuck> {
        for _ in 0..10 {
            let wrong = self.unanswerable.must_fix(&self.session);
            let Some(first) = wrong.first() else { return Ok(()) };
            let field = first.path.clone();
            self.fit(&field)?;
            // A changed answer may open new questions.
            while let Some(field) = self.next() {
                self.seen.insert(field.clone());
                self.answer(&field)?;
            }
        }
        let wrong = self.unanswerable.must_fix(&self.session);
        wrong.first().map_or(Ok(()), |invalid| Err(self.stuck(&invalid.path)))
    }

    fn below(&self, bound: u64) -> u64 {
        if bound == 0 { 0 } else { (self.context.random)() % bound }
    }

    fn grow(&mut self) {
        let outline = self.session.outline();
        for page in outline.pages().filter(|page| page.relevant && page.can_add) {
            if self.grown.insert(page.path.clone()) {
                for _ in 0..self.below(MOST_ROWS) {
                    let (high, low) = ((self.context.random)(), (self.context.random)());
                    let id = RowId::random((u128::from(high) << 64) | u128::from(low));
                    // A repeat may refuse: then it has the rows it has.
                    let _ = self.session.add_row(&page.path, id, &self.context);
                }
            }
        }
    }

    fn next(&self) -> Option<FieldPath> {
        let outline = self.session.outline();
        let sections = outline.sections.iter().filter(|section| section.relevant);
        let pages = sections.flat_map(|section| section.pages.iter().filter(|page| page.relevant));
        let items = pages.flat_map(|page| page.items.iter().chain(page.rows.iter().flat_map(|row| &row.items)));
        items
            .filter(|item| item.relevant && item.kind == xform::ItemKind::Question && !self.seen.contains(&item.path))
            .map(|item| item.path.clone())
            .next()
    }

    fn answer(&mut self, field: &FieldPath) -> Result<(), Stuck> {
        let Some(node) = self.session.view(field) else { return Ok(()) };
        if node.readonly || !answerable(&node.control, &node.appearance) {
            return Ok(());
        }
        // One in six leaves blank what may stay blank.
        if !node.required && self.below(6) == 0 {
            return Ok(());
        }
        self.fit(field)
    }

    fn fit(&mut self, field: &FieldPath) -> Result<(), Stuck> {
        let Some(node) = self.session.view(field) else { return Ok(()) };
        let question = self.session.form().question(&field.template());
        let constraint = question.as_ref().and_then(|question| question.constraint.clone()).unwrap_or_default();
        let hints = numbers_in(&constraint);
        for attempt in 0..TRIES {
            let Some(value) = self.candidate(&node, &hints, attempt) else { break };
            if self.session.answer(field, &value, &self.context).is_err() {
                continue;
            }
            if self.session.view(field).is_none_or(|node| node.problem.is_none()) {
                return Ok(());
            }
        }
        if !node.required && self.session.answer(field, "", &self.context).is_ok() {
            return Ok(());
        }
        Err(self.stuck(field))
    }

    fn stuck(&self, field: &FieldPath) -> Stuck {
        let question = self.session.form().question(&field.template());
        Stuck {
            field: field.as_str().to_owned(),
            label: self.session.view(field).map(|node| node.label).unwrap_or_default(),
            constraint: question.and_then(|question| question.constraint).unwrap_or_else(|| "required".into()),
        }
    }

    fn candidate(&self, node: &xform::NodeView, hints: &[f64], attempt: usize) -> Option<String> {
        let pick = |words: &[&str]| words[self.below(words.len() as u64) as usize].to_owned();
        Some(match node.control {
            xform::Control::SelectOne => {
                let options = &node.options;
                options.get(self.below(options.len() as u64) as usize)?.value.clone()
            }
            xform::Control::SelectMultiple | xform::Control::Rank => {
                let first = self.below(node.options.len() as u64) as usize;
                let chosen = node.options.iter().enumerate().filter(|(at, _)| {
                    *at == first
                        || attempt.is_multiple_of(2) && self.below(3) == 0
                        || node.control == xform::Control::Rank
                });
                let chosen: Vec<&str> = chosen.map(|(_, option)| option.value.as_str()).collect();
                if chosen.is_empty() {
                    return None;
                }
                chosen.join(" ")
            }
            xform::Control::Trigger => "OK".into(),
            // What stands in the file of this name, `simulated_file` says.
            xform::Control::Upload { ref mediatype } => {
                let ending = match mediatype.split('/').next().unwrap_or_default() {
                    "image" => "png",
                    "audio" => "wav",
                    "video" => "mp4",
                    _ => "txt",
                };
                format!("{:016x}{:016x}.{ending}", (self.context.random)(), (self.context.random)())
            }
            xform::Control::Range { ref start, ref end, ref step } => self.on_scale(start, end, step)?,
            _ => match node.kind {
                ValueKind::Integer => self.number(hints, attempt).round().to_string(),
                ValueKind::Decimal => {
                    let tenths = self.below(10) as f64 / 10.0;
                    format!("{}", self.number(hints, attempt).round() + tenths)
                }
                ValueKind::Date => self.date(attempt),
                ValueKind::Time => format!("{:02}:{:02}:00.000+08:00", self.below(24), self.below(60)),
                ValueKind::DateTime => format!("{}T{:02}:00:00.000+08:00", self.date(attempt), self.below(24)),
                ValueKind::GeoPoint => format!("{}.{:04} {}.{:04} 0 0", 28, self.below(9999), 119, self.below(9999)),
                ValueKind::GeoTrace | ValueKind::GeoShape => return None,
                _ => pick(&[
                    "（模拟）没有",
                    "（模拟）常常说起",
                    "（模拟）奶奶照看",
                    "（模拟）不太清楚",
                    "（模拟）放学以后",
                ]),
            },
        })
    }

    /// A number: near those that the constraint names, else small, else of any size.
    fn number(&self, hints: &[f64], attempt: usize) -> f64 {
        if !hints.is_empty() && attempt % 3 != 2 {
            let (low, high) = hints.iter().fold((f64::MAX, f64::MIN), |(low, high), n| (low.min(*n), high.max(*n)));
            if hints.len() > 1 && attempt.is_multiple_of(3) {
                let span = (high - low).clamp(0.0, 1e9) as u64;
                return low + self.below(span + 1) as f64;
            }
            return hints[self.below(hints.len() as u64) as usize] + self.below(5) as f64 - 2.0;
        }
        match attempt % 4 {
            0 | 1 => self.below(13) as f64,
            2 => self.below(120) as f64,
            _ => self.below(3000) as f64,
        }
    }

    /// A number of a scale.
    fn on_scale(&self, start: &str, end: &str, step: &str) -> Option<String> {
        let number = |text: &str| text.parse::<f64>().ok().filter(|number| number.is_finite());
        let (start, end, step) = (number(start)?, number(end)?, number(step)?);
        let by = if end < start { -step.abs() } else { step.abs() };
        let steps = ((end - start) / by).floor().clamp(0.0, 1e6) as u64;
        let value = start + self.below(steps + 1) as f64 * by;
        // Steps such as 0.1 leave a tail of digits that is no step.
        let digits = [start, step].map(|n| n.to_string().split_once('.').map_or(0, |(_, rest)| rest.len()));
        Some(format!("{value:.*}", digits[0].max(digits[1])))
    }

    /// A date: in the last 18 years, nearer to today the longer nothing fits.
    fn date(&self, attempt: usize) -> String {
        let reach = [6570, 2000, 365, 30][(attempt / 40).min(3)];
        let today = self.context.now.date_naive();
        today.checked_sub_days(Days::new(self.below(reach))).unwrap_or(today).to_string()
    }
}

/// A small whole file for an answer that a walk gave: a picture of one colour, a moment of silence, a film without
/// pictures, a word. None for a name that no walk gives.
pub(crate) fn simulated_file(name: &str) -> Option<(Vec<u8>, Format)> {
    let colour = name.bytes().take(3).collect::<Vec<u8>>();
    let long = |bytes: &[u8]| u32::try_from(bytes.len()).unwrap_or_default();
    let bytes = match name.rsplit('.').next()? {
        "png" => {
            let pixel =
                image::Rgb([colour.first(), colour.get(1), colour.get(2)].map(|byte| byte.copied().unwrap_or(0)));
            let mut out = std::io::Cursor::new(Vec::new());
            image::RgbImage::from_pixel(8, 8, pixel).write_to(&mut out, image::ImageFormat::Png).ok()?;
            out.into_inner()
        }
        "wav" => {
            let mut samples = b"fmt ".to_vec();
            samples.extend(16_u32.to_le_bytes());
            // PCM, one channel, 8,000 samples a second of 8 bits.
            samples.extend([1, 0, 1, 0, 0x40, 0x1F, 0, 0, 0x40, 0x1F, 0, 0, 1, 0, 8, 0]);
            samples.extend([b"data".as_slice(), &800_u32.to_le_bytes(), &[128; 800]].concat());
            [b"RIFF".as_slice(), &(4 + long(&samples)).to_le_bytes(), b"WAVE", &samples].concat()
        }
        "mp4" => {
            let boxed =
                |kind: &[u8; 4], inner: &[u8]| [&(8 + long(inner)).to_be_bytes(), kind.as_slice(), inner].concat();
            // Version 0, times and length 0, 1,000 ticks a second, rate 1.0, volume 1.0, the unit matrix, next track 1.
            let mut head = vec![0; 100];
            (head[14], head[15], head[21], head[24]) = (0x03, 0xE8, 0x01, 0x01);
            (head[37], head[53], head[68], head[99]) = (0x01, 0x01, 0x40, 0x01);
            [boxed(b"ftyp", b"isom\0\0\x02\0isommp41"), boxed(b"moov", &boxed(b"mvhd", &head))].concat()
        }
        "txt" => "（模拟）".as_bytes().to_vec(),
        _ => return None,
    };
    let format = sniff(&bytes, Class::Any, name.rsplit('.').next()?)?;
    Some((bytes, format))
}

/// The numbers that stand in an expression.
fn numbers_in(expression: &str) -> Vec<f64> {
    let parts = expression.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn simulated_files_are_what_their_names_say() {
        for (ending, media_type) in
            [("png", "image/png"), ("wav", "audio/wav"), ("mp4", "video/mp4"), ("txt", "text/plain")]
        {
            let (bytes, format) = simulated_file(&format!("00ff{ending}.{ending}")).unwrap();
            assert_eq!((format.media_type, format.ending), (media_type, ending));
            assert!(ending != "png" || image::load_from_memory(&bytes).is_ok());
        }
        assert!(simulated_file("a.exe").is_none());
    }

    #[test]
    fn numbers_are_read_from_constraints() {
        assert_eq!(numbers_in(". >= 0 and . <= 24.5"), vec![0.0, 24.5]);
        assert_eq!(numbers_in("regex(., '^a$')"), Vec::<f64>::new());
    }
}
