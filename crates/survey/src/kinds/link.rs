use super::words::words;
use crate::{Private, Ruling};
use serde::{Deserialize, Serialize};
use tianye_journal::RecordId;

words! {
    /// What somebody says of two records.
    LinkAct {
        /// They are about one person, or are one interview filled twice.
        Linked = "linked",
        /// They are different, for good: they are not proposed again.
        Apart = "apart",
        /// Nobody has judged them: takes back what was said before.
        Open = "open",
    }
}

/// Kind 16: what two records are to each other: two respondents' cards, or two interviews. It stands in the record of the
/// pair ([`Pair::record`]) and changes nothing in either of the two, so that taking it back gives what was.
///
/// More than two are linked pair by pair, each with the one that leads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The two, in either order.
    pub records: [RecordId; 2],
    /// What they are to each other.
    pub act: LinkAct,
    /// Of linked ones: the card that lists and tables go by; the interview that counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leading: Option<RecordId>,
    /// Why; never empty.
    pub reason: Private,
}

/// Two different records, the lesser id first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Pair(RecordId, RecordId);

impl Pair {
    /// The pair of the two; `None` if they are one.
    pub fn of(one: RecordId, other: RecordId) -> Option<Self> {
        (one != other).then(|| Self(one.min(other), one.max(other)))
    }

    /// The two, the lesser id first.
    pub fn both(&self) -> [RecordId; 2] {
        [self.0, self.1]
    }

    /// Whether it is one of the two.
    pub fn has(&self, record: &RecordId) -> bool {
        self.0 == *record || self.1 == *record
    }

    /// The record in which it stands what they are to each other.
    pub fn record(&self) -> RecordId {
        RecordId::of_pair(&self.0, &self.1)
    }

    /// The next word on the pair. Its entry's parents are the heads of the pair's record.
    pub fn say(&self, ruling: Ruling, reason: impl Into<Private>) -> Link {
        let (act, leading) = match ruling {
            Ruling::Linked(leading) => (LinkAct::Linked, Some(leading)),
            Ruling::Apart => (LinkAct::Apart, None),
            Ruling::Open => (LinkAct::Open, None),
        };
        Link { records: self.both(), act, leading, reason: reason.into() }
    }
}
