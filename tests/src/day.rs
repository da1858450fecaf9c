//! The working day, lived in the real windows: set up, joined, interviewed, killed, resumed, sent, merged, decided.

use std::path::Path;
use std::time::Instant;

use crate::Outcome;
use crate::gallery::Gallery;
use crate::laptop::Laptop;
use crate::scan::{Seen, scan};
use crate::team::{People, Person};

mod interviewing;
mod leading;
mod moving;
mod tables;

/// Words planted in answers, names and notes: they must stand in no file.
pub const PLANTED: &[&str] =
    &["白鹭77飞过水库", "山雀88的纸船", "青鸟31", "杜鹃52记在备注里", "喜鹊64要更正", "Kingfisher-93", "戴胜46"];

/// One act of the day.
#[derive(Debug)]
pub struct Act {
    /// What was done and seen.
    pub what: String,
    /// How long it took, in seconds.
    pub seconds: f64,
}

/// A day that was lived.
#[derive(Debug)]
pub struct Lived {
    /// What was done, in order.
    pub acts: Vec<Act>,
    /// Pictures and findings.
    pub gallery: Gallery,
    /// What a scan of every file saw while windows were open, and after they were closed.
    pub scans: Vec<Seen>,
}

/// The day under way.
struct Day {
    people: People,
    gallery: Gallery,
    acts: Vec<Act>,
    began: Instant,
    scans: Vec<Seen>,
}

/// Lives the day with everything in one folder; pictures go to `out`.
pub async fn live(root: &Path, out: Option<&Path>) -> Outcome<Lived> {
    let mut day = Day {
        people: People::new(root)?,
        gallery: Gallery::new(out)?,
        acts: Vec::new(),
        began: Instant::now(),
        scans: Vec::new(),
    };
    match day.acts().await {
        Ok(()) => Ok(Lived { acts: day.acts, gallery: day.gallery, scans: day.scans }),
        Err(why) => {
            day.last_pictures(out).await;
            Err(why)
        }
    }
}

impl Day {
    async fn acts(&mut self) -> Outcome {
        self.set_up().await?;
        self.join().await?;
        self.assign().await?;
        self.interview_by_keyboard().await?;
        self.interview_by_touch().await?;
        self.gather().await?;
        self.correct_on_both().await?;
        self.decide().await?;
        self.export().await?;
        self.end().await
    }

    /// How every open window looked when the day stopped.
    async fn last_pictures(&self, out: Option<&Path>) {
        let Some(out) = out else { return };
        for (name, person) in
            [("lead", &self.people.lead), ("wuyi", &self.people.wuyi), ("wenling", &self.people.wenling)]
        {
            if let Ok(picture) = person.laptop.picture().await {
                let _ = std::fs::write(out.join(format!("stopped-{name}.png")), picture);
            }
        }
    }

    /// Notes what was done since the last time.
    fn done(&mut self, what: impl Into<String>) {
        self.acts.push(Act { what: what.into(), seconds: self.began.elapsed().as_secs_f64() });
        self.began = Instant::now();
    }

    async fn end(&mut self) -> Outcome {
        self.scan_all()?;
        for person in [&mut self.people.lead, &mut self.people.wuyi, &mut self.people.wenling] {
            person.laptop.close().await?;
        }
        self.scan_all()?;
        self.done("closed everything; looked through every file for the words planted in answers, names and notes");
        Ok(())
    }

    /// Looks through every file but the exports that the lead asked for.
    fn scan_all(&mut self) -> Outcome {
        let exports = self.people.lead.laptop.files();
        self.scans.push(scan(&self.people.root, PLANTED, &[&exports])?);
        Ok(())
    }
}

fn laptop_of(person: &Person) -> &Laptop {
    &person.laptop
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn expect(right: bool, expected: &str, found: &str) -> Outcome {
    if right { Ok(()) } else { Err(format!("expected {expected}, found {found}").into()) }
}
