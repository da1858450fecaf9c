//! What is done with a workbook.

use std::path::PathBuf;

use clap::Subcommand;

#[derive(Debug, Subcommand)]
pub enum FormCommand {
    /// Check a form, a workbook (xlsx, xls, ods, csv, md) or an XForm (xml), and say what is wrong and where.
    Check {
        /// The form.
        file: PathBuf,
    },
    /// Write a workbook in another format: xlsx to change it in Excel, md to compare versions.
    Convert {
        /// The workbook.
        file: PathBuf,
        /// Where to write: a name ending in xlsx or md. An existing file stays as it is.
        output: PathBuf,
        /// Write over an existing file.
        #[arg(long)]
        force: bool,
    },
    /// Compare two versions of a form, and say what the change does to answers that are kept.
    Diff {
        /// The version in use.
        old: PathBuf,
        /// The version that shall follow.
        new: PathBuf,
        /// A question that only has another name now: old=new. May be given several times.
        #[arg(long, value_name = "OLD=NEW")]
        renamed: Vec<String>,
    },
    /// Show the instruments that come with the program, with how long each is expected to take.
    Instruments,
    /// Write forms on paper in both languages, pages that any browser prints: consent of the guardian, assent of the child,
    /// consent of those of 14 to 17, and the note when a child tells of harm.
    Paper {
        /// Where to write.
        folder: PathBuf,
        /// The text for families, as `tianye checklist --text-to` writes it; the program's own if not given.
        #[arg(long, value_name = "FILE")]
        text: Option<PathBuf>,
    },
    /// Write the XForm of a workbook.
    Xform {
        /// The workbook.
        file: PathBuf,
        /// Where to write; standard output if not given.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Live through the tests that the author wrote into the workbook, each in a new interview, and say what did not come
    /// out as expected.
    ///
    /// They stand in a sheet `tests`, which other programs ignore, with the columns test (a name; blank goes on with the
    /// test above), act, question and value. Acts: now, answer, clear, add row, remove row, language. What may be
    /// expected: value, shown, hidden, valid, invalid, required, optional, options, label, refused, rows, complete,
    /// incomplete. A row of a repeat is members[2]/age.
    #[command(verbatim_doc_comment)]
    Test {
        /// The workbook.
        file: PathBuf,
    },
    /// Say why a question is hidden, required, wrong, or has its value after some answers, with the values that decided it.
    Why {
        /// The workbook.
        file: PathBuf,
        /// The question, e.g. age, or members[2]/age in a repeat.
        question: String,
        /// Answers given before, in order.
        #[arg(value_name = "QUESTION=VALUE")]
        answers: Vec<String>,
    },
    /// Fill a workbook in at random, obeying relevance and constraints: shows what nobody can answer before the field
    /// trip does.
    Walk {
        /// The workbook.
        file: PathBuf,
        /// How many interviews.
        #[arg(short = 'n', long, default_value_t = 100)]
        count: u32,
        /// The same seed gives the same interviews.
        #[arg(long, default_value_t = 1)]
        seed: u64,
    },
}
