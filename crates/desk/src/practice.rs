//! The practice project: invented sites and respondents, the real parts. What a newcomer opens first.

use tianye_journal::{ChunkId, PlainBody, RecordId};
use tianye_store::{Draft, Op};
use tianye_survey::{
    Answer, Card, Change, Content, FormHash, Interview, Names, Site, SiteKind, Sitting, Stage, Subject, SubjectKind,
};
use tianye_xform::{Control, FieldPath, Form, Origin};

use crate::book::Brief;
use crate::capturing::seal_named;
use crate::desk::Desk;
use crate::filling::Extra;
use crate::interview::open::kept;
use crate::interview::page::small;
use crate::refusal::{Result, refuse};
use crate::simulate;
use crate::view::AssignInput;

/// A county with a township, a school and its classes: names in Chinese and English. The schools are invented.
struct Place {
    county: (&'static str, &'static str),
    township: (&'static str, &'static str),
    school: (&'static str, &'static str),
    classes: &'static [(&'static str, &'static str)],
    /// Code and invented nickname of each respondent, by class in turn.
    pupils: &'static [(&'static str, &'static str)],
}

const PLACES: &[Place] = &[
    Place {
        county: ("武义县", "Wuyi County"),
        township: ("桃溪镇", "Taoxi"),
        school: ("桃溪小学（示例）", "Taoxi Primary School (example)"),
        classes: &[("四（1）班", "Class 4-1"), ("五（1）班", "Class 5-1")],
        pupils: &[("101", "小穗"), ("102", "阿禾"), ("103", "豆豆"), ("104", "青青"), ("105", "石头"), ("106", "小满")],
    },
    Place {
        county: ("温岭市", "Wenling City"),
        township: ("石塘镇", "Shitang"),
        school: ("石塘小学（示例）", "Shitang Primary School (example)"),
        classes: &[("四（2）班", "Class 4-2"), ("五（2）班", "Class 5-2")],
        pupils: &[("201", "小桔"), ("202", "麦子"), ("203", "贝贝"), ("204", "海生"), ("205", "石榴"), ("206", "谷雨")],
    },
];

/// Names of the practice counties, in the order in which interviewers take them.
pub const COUNTIES: &[&str] = &["武义县", "温岭市"];

impl Desk {
    /// Whether an interview was made for practice in a project that has begun since. Such ones stay here and say so, and count for
    /// nothing: not as a round, not as done, and in no export. In a practice project all are alike, and all count.
    ///
    /// Practice is what was begun while the project's card said so on the laptop that began it: the mark stands in the interview's
    /// first entry, so all laptops that read it say the same. A laptop that had not heard that the project has begun goes on with
    /// practice, as its pages say. A project that has begun and is shown as practice while too few holders are left marks nothing
    /// ([`tianye_survey::ProjectState::is_called_practice`]).
    pub(crate) fn is_past_practice(&self, brief: &Brief) -> bool {
        self.is_past(brief.practice)
    }

    /// The same of what is known by this mark alone.
    pub(crate) fn is_past(&self, practice: bool) -> bool {
        practice && !self.book.project.is_called_practice()
    }

    /// The same of a draft, which may be in no entry yet.
    pub(crate) fn is_past_draft(&self, draft: &Draft) -> bool {
        let brief = self.book.interviews.get(&draft.record);
        self.is_past(brief.map_or_else(|| Extra::of(draft).practice, |brief| brief.practice))
    }

    /// How many interviews are marked as practice, as far as they can be read here.
    pub(crate) fn count_practice(&self) -> u32 {
        small(self.book.interviews.values().filter(|brief| brief.practice).count())
    }

    /// Writes the invented sites and respondents of the practice project.
    ///
    /// # Errors
    /// Not the lead; the store's refusal.
    pub fn add_practice_places(&mut self) -> Result<()> {
        self.must_write(tianye_survey::kind::SITE)?;
        let mut bodies = Vec::new();
        for place in PLACES {
            let county = self.site(SiteKind::County, place.county, None, &mut bodies)?;
            let township = self.site(SiteKind::Township, place.township, Some(county), &mut bodies)?;
            let school = self.site(SiteKind::School, place.school, Some(township), &mut bodies)?;
            let classes: Vec<RecordId> = place
                .classes
                .iter()
                .map(|class| self.site(SiteKind::Class, *class, Some(school), &mut bodies))
                .collect::<Result<_>>()?;
            for (at, (code, name)) in place.pupils.iter().enumerate() {
                let site = classes.get(at * classes.len() / place.pupils.len()).copied();
                let subject = Subject { display_name: (*name).into(), site, ..Subject::new(SubjectKind::Pupil, *code) };
                bodies.push(self.body(self.new_record(), Vec::new(), &Content::Subject(Card::whole(&subject)))?);
            }
        }
        self.append_all(&bodies)
    }

    fn site(
        &self,
        kind: SiteKind,
        (zh, en): (&str, &str),
        parent: Option<RecordId>,
        bodies: &mut Vec<PlainBody>,
    ) -> Result<RecordId> {
        let record = self.new_record();
        let site = Site { parent, ..Site::new(kind, Names { zh: zh.into(), en: en.into() }) };
        bodies.push(self.body(record, Vec::new(), &Content::Site(Card::whole(&site)))?);
        Ok(record)
    }

    /// Assigns every pupil of a county to a team member; gives how many.
    ///
    /// # Errors
    /// As [`Desk::assign`]; no such member or county.
    pub fn assign_county(&mut self, form_id: &str, member: &str, county: &str) -> Result<u32> {
        let (interviewer, site) = (self.mate_named(member)?, self.site_named(county)?);
        let input = AssignInput { form: form_id.to_owned(), site, interviewer, ..AssignInput::default() };
        // No name is shown.
        Ok(self.assign(&input, "")?.assigned)
    }

    /// Writes finalised interviews that a random walk filled in: for trying forms, exports and sync.
    ///
    /// # Errors
    /// No such form; a form on which the walk got stuck (`form-stuck`, with the question); the store's refusal.
    pub fn simulate(&mut self, form_id: &str, count: u32, seed: u64) -> Result<()> {
        let hash = self.newest_form(form_id)?;
        let form = self.form(&hash)?;
        for at in 0..count {
            let walked = simulate::walk(&form, seed.wrapping_add(u64::from(at)), self.world.now());
            let session = walked.map_err(|stuck| {
                refuse("form-stuck", stuck.to_string()).with("field", stuck.field).with("label", stuck.label)
            })?;
            let subject = Subject::new(SubjectKind::Pupil, format!("S{seed}-{:04}", at + 1));
            let record = self.new_record();
            let mut changes = Vec::new();
            for field in session.fields().into_iter().filter(kept) {
                let origin = field.origin;
                let file = match simulate::simulated_file(field.given.text()) {
                    Some((bytes, format)) if is_file(&form, &field.path) => {
                        Some(seal_named(self, field.given.text(), &bytes, format)?)
                    }
                    _ => None,
                };
                changes.push(Change {
                    file,
                    auto: origin != Origin::Answered && origin != Origin::RowPresence,
                    ..Change::new(&field.path, Answer::from(&field.given))
                });
            }
            let chunks: Vec<ChunkId> = changes
                .iter()
                .filter_map(|change| change.file.as_ref())
                .flat_map(|file| &file.chunks)
                .map(|part| part.id)
                .collect();
            let now = self.at();
            let interview = Interview {
                subject: Some(record),
                sitting: Some(Sitting { started: now, ended: now }),
                changes,
                stage: Some(Stage::Finalised),
                practice: self.book.project.is_called_practice(),
                app: Some("simulated".into()),
                ..Interview::under(FormHash(hash.0))
            };
            let bodies = [
                self.body(record, Vec::new(), &Content::Subject(Card::whole(&subject)))?,
                self.body(self.new_record(), Vec::new(), &Content::Interview(Box::new(interview)))?,
            ];
            self.store.transact(Op::Seal, |tx| {
                tx.name_chunks(&chunks)?;
                bodies.iter().try_for_each(|body| tx.append_own(body).map(|_| ()))
            })?;
            self.book.read_on(&self.store)?;
        }
        Ok(())
    }
}

/// Whether the answer of a question is a file.
fn is_file(form: &Form, path: &FieldPath) -> bool {
    form.question(&path.template()).is_some_and(|question| matches!(question.control, Control::Upload { .. }))
}
