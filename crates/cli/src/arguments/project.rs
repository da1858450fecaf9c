//! What is done with a project.

use std::path::PathBuf;

use clap::Subcommand;

use super::{
    ConsentAct, For, KindOfPerson, ReportAct, RevocationWhy, RoleName, Seat, ShieldArguments, WhatIsNoted, WhatToErase,
    WhichErasures,
};

#[derive(Debug, Subcommand)]
pub enum ProjectCommand {
    /// Set up the practice project on this laptop: a lead and, where there is a hub, two interviewers, joined as in real life.
    Practice {
        #[command(flatten)]
        seat: Seat,
        /// The hub card (hub-card.json) of a running hub.
        #[arg(long, value_name = "FILE")]
        hub_card: Option<PathBuf>,
        /// Only the lead, without the two interviewers who otherwise join on the same laptop.
        #[arg(long)]
        lead_only: bool,
    },
    /// Make a project, with its lead on this laptop. Until everything on its checklist is done it is a practice project.
    New {
        #[command(flatten)]
        seat: Seat,
        /// Title of the project.
        title: String,
        /// Display name of the lead.
        #[arg(long)]
        lead: String,
        /// Name of this laptop.
        #[arg(long, default_value = "")]
        device: String,
        /// The hub card (hub-card.json) of the hub.
        #[arg(long, value_name = "FILE")]
        hub_card: Option<PathBuf>,
    },
    /// Show the stores of this laptop.
    Stores {
        /// Folder with this laptop's stores.
        #[arg(long, env = "TIANYE_DATA", value_name = "DIR")]
        data: PathBuf,
    },
    /// Put a workbook into the project as the newest version of its form.
    AddForm {
        #[command(flatten)]
        seat: Seat,
        /// The workbook.
        #[arg(required_unless_present = "instrument", conflicts_with = "instrument")]
        file: Option<PathBuf>,
        /// One of the instruments that come with the program, by its id (`tianye form instruments`).
        #[arg(long, value_name = "ID")]
        instrument: Option<String>,
    },
    /// Invite somebody: writes an invitation file, and shows what they can type instead where a hub was reached.
    Invite {
        #[command(flatten)]
        seat: Seat,
        /// Display name.
        name: String,
        /// Role.
        #[arg(long, value_enum, default_value_t = RoleName::Interviewer)]
        role: RoleName,
        /// Group in the team.
        #[arg(long, default_value = "")]
        group: String,
        /// Where to write the invitation.
        #[arg(short, long)]
        output: PathBuf,
    },
    /// Join by an invitation file, or by what the lead's screen shows: makes this person's store and shows the code to compare
    /// with the lead.
    Join {
        #[command(flatten)]
        seat: Seat,
        /// The invitation file.
        #[arg(required_unless_present = "at", conflicts_with = "at")]
        invitation: Option<PathBuf>,
        /// Instead of a file: the address on the lead's screen.
        #[arg(long, value_name = "ADDRESS", requires = "code")]
        at: Option<String>,
        /// The code of the invitation on the lead's screen.
        #[arg(long, requires = "at")]
        code: Option<String>,
        /// Name of this laptop.
        #[arg(long, default_value = "")]
        device: String,
        /// Without a hub: write the request file here, to be carried to the lead.
        #[arg(long, value_name = "FILE")]
        request: Option<PathBuf>,
    },
    /// Show the team, and who asks to join with which code.
    Team {
        #[command(flatten)]
        seat: Seat,
    },
    /// Admit who asks to join, after comparing the code.
    Admit {
        #[command(flatten)]
        seat: Seat,
        /// The code that the other laptop shows, e.g. "0412 7733".
        code: String,
        /// Without a hub: the request file that was carried here.
        #[arg(long, value_name = "FILE", requires = "output")]
        request: Option<PathBuf>,
        /// Without a hub: where to write the admission, to be carried back.
        #[arg(short, long, value_name = "FILE", requires = "request")]
        output: Option<PathBuf>,
    },
    /// Without a hub: take in the admission file that the lead wrote for this laptop.
    Enter {
        #[command(flatten)]
        seat: Seat,
        /// The admission file.
        admission: PathBuf,
    },
    /// Revoke a member's laptop: what has come of it stays, what comes later waits, and the team goes on under new keys.
    Revoke {
        #[command(flatten)]
        seat: Seat,
        /// Display name of the member.
        member: String,
        /// Name of the laptop, where the member has several.
        #[arg(long)]
        device: Option<String>,
        /// Why.
        #[arg(long, value_enum)]
        why: RevocationWhy,
        /// Why, in words.
        #[arg(long, default_value = "")]
        note: String,
    },
    /// Accept what came of a revoked laptop since.
    AcceptLate {
        #[command(flatten)]
        seat: Seat,
        /// Display name of the member.
        member: String,
        /// Name of the laptop, where the member has several.
        #[arg(long)]
        device: Option<String>,
    },
    /// Assign everybody of a class, a school, a village or a county to a member. Left out, and told, are those whom the
    /// member is to see already, and those whom somebody else has begun or is to see.
    Assign {
        #[command(flatten)]
        seat: Seat,
        /// Display name of the member.
        member: String,
        /// The site: its id, or its name as it ends ("桃溪小学 四（1）班").
        site: String,
        /// form_id.
        #[arg(long)]
        form: String,
        /// Who of the site.
        #[arg(long, value_enum, default_value_t = KindOfPerson::Pupil)]
        kind: KindOfPerson,
        /// Last day, YYYY-MM-DD.
        #[arg(long)]
        due: Option<String>,
        /// A remark for the interviewer.
        #[arg(long, default_value = "")]
        note: String,
        /// Also those whom somebody else has begun or is to see: it is done twice on purpose.
        #[arg(long)]
        anyway: bool,
        /// Only say whom it would be about.
        #[arg(long)]
        dry_run: bool,
    },
    /// List the assignments by class: done, open, overdue.
    Assignments {
        #[command(flatten)]
        seat: Seat,
    },
    /// Let somebody else do what a colleague was to do, who is ill, say; both see the reason. An interviewer takes it over,
    /// a lead gives it to a member with --to.
    TakeOver {
        #[command(flatten)]
        seat: Seat,
        /// Ids of assignments, or codes of respondents.
        #[arg(required = true)]
        assignments: Vec<String>,
        /// Display name of the member who does it now; whoever is at the desk if not given.
        #[arg(long)]
        to: Option<String>,
        /// Why.
        #[arg(long)]
        reason: String,
        /// Also what somebody has begun.
        #[arg(long)]
        anyway: bool,
    },
    /// Write the card of a group, for a group discussion or sessions of one group: with its members, each of whom must have
    /// agreed before it begins.
    Group {
        #[command(flatten)]
        seat: Seat,
        /// What it is called, e.g. "Talk of 12 April". No person's name.
        name: String,
        /// A member: the code on the card, or the id. Given several times; these are all.
        #[arg(long, value_name = "CODE|ID", required = true)]
        of: Vec<String>,
        /// The school or village: its id, or its name as it ends.
        #[arg(long)]
        site: Option<String>,
        /// The group that is here and is to become this, by its id.
        #[arg(long, value_name = "ID", default_value = "")]
        id: String,
    },
    /// Find people: by a part of the name, its pinyin or the first letters of that, or by a number.
    People {
        #[command(flatten)]
        seat: Seat,
        /// What is looked for; everybody if not given.
        #[arg(default_value = "")]
        text: String,
    },
    /// Take in a roster of children, or of other people: xlsx, xls, ods or csv with headings. A second time it adds nothing,
    /// and changes what changed. Rows with problems are left out, and told.
    ImportRoster {
        #[command(flatten)]
        seat: Seat,
        /// The file.
        file: PathBuf,
        /// The class, school or village of everybody, where no column says more: its id, or its name as it ends.
        #[arg(long)]
        site: Option<String>,
        /// Who they are, where no column says so.
        #[arg(long, value_enum, default_value_t = KindOfPerson::Pupil)]
        kind: KindOfPerson,
        /// What a column holds, where its heading does not say so: B=name. May be given several times; B= passes it over.
        #[arg(long = "column", value_name = "LETTER=WHAT")]
        columns: Vec<String>,
        /// The sheet, from 1.
        #[arg(long, default_value_t = 1)]
        sheet: u32,
        /// Make schools and classes that are not in the project.
        #[arg(long)]
        make_sites: bool,
        /// Only say what would become of it.
        #[arg(long)]
        dry_run: bool,
    },
    /// Take in submissions of other tools (ODK Collect, Briefcase …): XML files, folders of them, zip archives. Says what
    /// would be taken in, and takes it in with --yes.
    Import {
        #[command(flatten)]
        seat: Seat,
        /// form_id.
        form: String,
        /// What to read.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Take them in. Without this nothing is changed.
        #[arg(long)]
        yes: bool,
    },
    /// Take in submissions that were edited elsewhere, each as a further sitting of the interview here whose submission it
    /// replaces (deprecatedID). Says what would be taken in, and takes it in with --yes. What was corrected here in the
    /// meantime meets it as a conflict.
    ImportRevision {
        #[command(flatten)]
        seat: Seat,
        /// form_id.
        form: String,
        /// What to read: XML files, folders of them, zip archives.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
        /// Take them in. Without this nothing is changed.
        #[arg(long)]
        yes: bool,
    },
    /// List interviews.
    List {
        #[command(flatten)]
        seat: Seat,
    },
    /// Write finalised interviews that a random walk filled in, for trying forms, exports and sync.
    Simulate {
        #[command(flatten)]
        seat: Seat,
        /// form_id.
        form: String,
        /// How many.
        #[arg(short = 'n', long, default_value_t = 10)]
        count: u32,
        /// The same seed gives the same answers.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
    /// Send to the hub what it lacks, and fetch what this laptop lacks.
    Sync {
        #[command(flatten)]
        seat: Seat,
        /// The address of the hub on a laptop of the same network, as that laptop shows it.
        #[arg(long, value_name = "ADDRESS", requires = "code")]
        at: Option<String>,
        /// The code that stands beside the address.
        #[arg(long, requires = "at")]
        code: Option<String>,
    },
    /// Say how far the records of each laptop are here and at the hub, what is set aside and waits for what, which chains go
    /// on in two ways, what a revoked laptop wrote since, and which hubs were put back; and what to do.
    State {
        #[command(flatten)]
        seat: Seat,
        /// Also the newest entry of each chain, with its number and hash: two laptops that show the same lines have the same.
        #[arg(long)]
        frontier: bool,
        /// You know of what has no effect, came late or was noticed of a hub: it is said this once, and then only if there
        /// is more of it.
        #[arg(long)]
        noted: bool,
    },
    /// Make this laptop the hub of the network it is in, until Ctrl-C: shows the address and the code for the others.
    Nearby {
        #[command(flatten)]
        seat: Seat,
        /// Where to listen.
        #[arg(long, value_name = "ADDRESS:PORT", default_value = "0.0.0.0:8788")]
        listen: std::net::SocketAddr,
    },
    /// Write all that is here onto a stick, sealed for the team, and read it again to be sure that it arrived.
    ToStick {
        #[command(flatten)]
        seat: Seat,
        /// A folder of the stick.
        folder: PathBuf,
    },
    /// Take in what other laptops wrote onto a stick: any number of files, and all that lie in a folder. What came before
    /// is passed over, what is bad is set aside, the honest rest enters. A lead also takes over the drafts that open-forgotten wrote.
    FromStick {
        #[command(flatten)]
        seat: Seat,
        /// Files or folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Verify files of a stick without taking them in: whether they are whole, whose records are in them, what is new, and
    /// what is bad and why. Fails if something is. An entry may follow on one of a file named before.
    Verify {
        #[command(flatten)]
        seat: Seat,
        /// Files or folders.
        #[arg(required = true)]
        paths: Vec<PathBuf>,
    },
    /// Let a store stand again whose database is damaged or gone: from its newest good snapshot, what the damaged database
    /// still gives, the black boxes, and with --hub from the hub. Says for each interview what came from where. The damaged
    /// database is set aside, never deleted.
    Recover {
        #[command(flatten)]
        seat: Seat,
        /// A black box on another medium. May be given several times; the one that the store knows of needs no naming.
        #[arg(long = "box", value_name = "FILE")]
        boxes: Vec<PathBuf>,
        /// Ask the hub for what is still missing.
        #[arg(long)]
        hub: bool,
    },
    /// Show the project's recovery key, on the laptop of who made the project: write it down and lock it away. Whoever has it can
    /// read every laptop of the project.
    RecoveryKey {
        #[command(flatten)]
        seat: Seat,
    },
    /// Open the store of a laptop whose passphrase was forgotten, by the recovery key, and write what only it has into a folder,
    /// all of it sealed: entries and files as on a stick, and the drafts for the leads. A lead takes both in by from-stick. Nothing
    /// can be signed with a store that is opened like this, and reports of harm stay closed.
    OpenForgotten {
        /// The folder of the store, or a copy of it. Its name is the store's id (tianye stores).
        store: PathBuf,
        /// File with the recovery key.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
        /// Where to write.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
    },
    /// Say which copies this laptop keeps of its work, make a snapshot, or keep a second black box on another medium.
    Copies {
        #[command(flatten)]
        seat: Seat,
        /// Make a snapshot of the database now, and look at it.
        #[arg(long)]
        snapshot: bool,
        /// Look at every copy again.
        #[arg(long)]
        check: bool,
        /// Try out what would come back if the database were gone now. No record is changed.
        #[arg(long = "try", conflicts_with_all = ["snapshot", "check", "second_box", "no_second_box"])]
        rehearse: bool,
        /// Keep a second black box in this folder of a stick or an SD card from now on.
        #[arg(long, value_name = "FOLDER", conflicts_with = "no_second_box")]
        second_box: Option<PathBuf>,
        /// Keep no second black box any more; its file stays.
        #[arg(long)]
        no_second_box: bool,
        /// Say what a damaged database that was set aside still gives and what of it is not in the store; with --yes,
        /// discard it for good. The list of copies says what each is called.
        #[arg(long, value_name = "NAME", conflicts_with_all = ["snapshot", "check", "second_box", "no_second_box", "rehearse"])]
        discard: Option<String>,
        /// Discard it: nobody can bring it back.
        #[arg(long, requires = "discard")]
        yes: bool,
    },
    /// List what two laptops answered differently, and wrote differently on cards; or what was decided and holds.
    Conflicts {
        #[command(flatten)]
        seat: Seat,
        /// What was decided and holds, the last decision first.
        #[arg(long)]
        decided: bool,
    },
    /// Decide a conflict.
    Decide {
        #[command(flatten)]
        seat: Seat,
        /// Number of the conflict in the list, from 1.
        number: usize,
        /// Number of the answer that shall stand, from 1.
        #[arg(long, conflicts_with = "value", required_unless_present = "value")]
        answer: Option<usize>,
        /// Another answer, as the form stores it.
        #[arg(long)]
        value: Option<String>,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Take a decision back: what it was made between waits again.
    TakeBack {
        #[command(flatten)]
        seat: Seat,
        /// Id of the interview or card, as `conflicts --json` names it.
        interview: String,
        /// Field, as `conflicts --json` names it.
        field: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// List what may be there twice, with the score and the reasons, and what was linked or kept apart.
    Duplicates {
        #[command(flatten)]
        seat: Seat,
        /// What was judged already.
        #[arg(long)]
        judged: bool,
    },
    /// Say that two records are one: two respondents, or two interviews with one form. Nothing in either changes.
    Link {
        #[command(flatten)]
        seat: Seat,
        /// The one that leads: id, or code of a respondent.
        leading: String,
        /// The others.
        #[arg(required = true)]
        others: Vec<String>,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Say that two records are different, for good: they are not proposed again.
    KeepApart {
        #[command(flatten)]
        seat: Seat,
        /// One: id, or code of a respondent.
        one: String,
        /// The other.
        other: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Take back that two records were linked or kept apart.
    Unlink {
        #[command(flatten)]
        seat: Seat,
        /// One: id, or code of a respondent.
        one: String,
        /// The other.
        other: String,
        /// Why.
        #[arg(long)]
        reason: String,
    },
    /// Write all that waits for a decision into a sheet (CSV, or JSON by its name) to be filled in: `take` the number of a
    /// side, or `apart` or `open` for a pair; or `value`, or `non_answer`; and `reason`. It holds names and answers: it stands in the list of
    /// exports.
    Sheet {
        #[command(flatten)]
        seat: Seat,
        /// Where to write it.
        #[arg(short, long, value_name = "FILE")]
        output: PathBuf,
        /// Why it is needed.
        #[arg(long)]
        reason: String,
    },
    /// Decide what a filled-in sheet says, row by row. Says what would become of each row, and decides with --yes.
    DecideFrom {
        #[command(flatten)]
        seat: Seat,
        /// The sheet, CSV or JSON.
        sheet: PathBuf,
        /// Decide. Without this nothing is changed.
        #[arg(long)]
        yes: bool,
    },
    /// Move a draft to the newest version of its form: says what becomes of its answers, and moves with --yes.
    Move {
        #[command(flatten)]
        seat: Seat,
        /// Id of the interview, or the respondent's code. May be left out to list the drafts that have a newer version.
        interview: Option<String>,
        /// Move it. Without this nothing is changed.
        #[arg(long)]
        yes: bool,
        /// Take a move back since which nothing was answered.
        #[arg(long, conflicts_with = "yes")]
        back: bool,
    },
    /// Let a member go on with an interview.
    HandOver {
        #[command(flatten)]
        seat: Seat,
        /// Id of the interview, or the respondent's code.
        interview: String,
        /// Display name of the member.
        member: String,
    },
    /// Write the tables of a form as CSV, or its finalised interviews as ODK submissions. This leaves the encrypted store:
    /// keep the folder safe.
    Export {
        #[command(flatten)]
        seat: Seat,
        /// form_id.
        form: String,
        /// Folder to write tables to. Without it nothing is written: what would be done to each question, and how small the
        /// classes are, is shown.
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Folder to write submissions to: instance XML as OpenRosa servers take it, one folder each, with photographs and
        /// recordings beside it.
        #[arg(long, value_name = "FOLDER")]
        instances: Option<PathBuf>,
        /// Names from the workbook instead of labels.
        #[arg(long)]
        codes: bool,
        /// With the respondents' names.
        #[arg(long)]
        names: bool,
        /// With photographs and recordings, in a folder beside the tables. They show who a child is.
        #[arg(long)]
        files: bool,
        /// With the lists of entities, in the shape of ODK Central, in a folder `entities`. Their labels are mostly names.
        #[arg(long)]
        entities: bool,
        #[command(flatten)]
        shield: Box<ShieldArguments>,
    },
    /// Show the exports that were made on this laptop: when, by whom, and why with identifiers.
    Exports {
        #[command(flatten)]
        seat: Seat,
    },
    /// Erase an interview, answers of it, one recording, or a respondent with everything of theirs: says what would go, and
    /// erases it with --yes, here at once and on every other laptop and the hub at their next contact. It cannot be called
    /// back.
    Erase {
        #[command(flatten)]
        seat: Seat,
        #[command(flatten)]
        what: WhatToErase,
    },
    /// Show what must be done before a real project begins, and note what is done.
    Checklist {
        #[command(flatten)]
        seat: Seat,
        #[command(flatten)]
        noted: WhatIsNoted,
    },
    /// Begin the real project, once everything on the checklist is done: nothing is done without consent from then on.
    BeginReal {
        #[command(flatten)]
        seat: Seat,
    },
    /// Show what is to be erased: consent taken back, or the time of keeping over; erase it with --yes.
    Due {
        #[command(flatten)]
        seat: Seat,
        /// Only these interviews, by id or by the respondent's code. May be given several times.
        #[arg(long, value_name = "ID|CODE")]
        only: Vec<String>,
        /// Erase it. Without this nothing is changed.
        #[arg(long)]
        yes: bool,
    },
    /// Show the certificates of what was erased: where it has been carried out, which laptops have not answered, which
    /// exports hold some of it; write one as a text for a family; say what to drop from an export.
    Erasures {
        #[command(flatten)]
        seat: Seat,
        #[command(flatten)]
        what: WhichErasures,
    },
    /// Show what families said, by purpose; write down what somebody says, or take it back. Names and words come from a file or
    /// by standard input, as a JSON object.
    Consent {
        #[command(flatten)]
        seat: Seat,
        /// What to do.
        #[arg(value_enum, default_value_t = ConsentAct::List)]
        act: ConsentAct,
        /// The respondent, by code or id. Needed to record and to withdraw.
        #[arg(value_name = "CODE")]
        person: Option<String>,
        /// The form that is to be filled: what it needs is shown with a mark.
        #[arg(long, value_name = "FORM", default_value = "")]
        form: String,
        /// Where what is said stands; without it, standard input.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// A file that shows it: `signature=FILE`, `paper=FILE` or `recording=FILE`. May be given several times.
        #[arg(long, value_name = "KIND=FILE")]
        evidence: Vec<String>,
    },
    /// Show whom to call where; as the lead, write the card of a place, or of the whole project.
    Contacts {
        #[command(flatten)]
        seat: Seat,
        /// The place of the card to write, by its id; empty: the whole project.
        #[arg(long, value_name = "ID", default_value = "", requires = "set")]
        site: String,
        /// The people of the card: a JSON list of `role`, `name`, `number`, `hours`, `note`.
        #[arg(long, value_name = "FILE")]
        set: Option<PathBuf>,
    },
    /// Show the reports of what children told: a safeguarding holder those of everybody, everybody else their own.
    Reports {
        #[command(flatten)]
        seat: Seat,
    },
    /// Write a report for the safeguarding holders, or add to one. What is said comes by standard input, as a JSON object.
    Report {
        #[command(flatten)]
        seat: Seat,
        /// What is said.
        #[arg(value_enum)]
        act: ReportAct,
    },
    /// Show the entities of a list, with what two laptops changed differently; without a list, the lists. As CSV, this
    /// leaves the encrypted store.
    Entities {
        #[command(flatten)]
        seat: Seat,
        /// Name of the list.
        list: Option<String>,
        /// As CSV, in the shape of ODK Central, without what interviews say that consent does not cover. Needs --reason, and is
        /// kept in the list of exports.
        #[arg(long, requires_all = ["list", "reason"], conflicts_with = "json")]
        csv: bool,
        /// Why names leave the encrypted store.
        #[arg(long, requires = "csv")]
        reason: Option<String>,
        /// What the file is for: nothing stands in it of what those say who have not agreed to that.
        #[arg(long = "for", requires = "csv", value_enum, value_name = "PURPOSE", default_value_t = For::Analysis)]
        purpose: For,
    },
}
