//! Addresses of fields: [`FieldPath`] and the identity of repeat rows, [`RowId`].

use std::fmt;

use crate::coded::coded;

/// The longest address that is read, in bytes.
pub const MAX_PATH_BYTES: usize = 4096;

/// The identity of one row of a repeat. It never changes, wherever the row stands.
///
/// Rows that the form itself makes (the first row, rows counted by `jr:count`) are `~1`, `~2`, …: derived, so that two
/// laptops that open the same form agree on them. Rows that a person adds carry 128 random bits as 32 lower-case
/// hexadecimal digits; the randomness is handed in. Rows that stand for a choice are `:` and its value, with `/`, `[`, `]`,
/// `%` and spaces as `%` and two hexadecimal digits: the same on every laptop, wherever the choice stands in the list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowId(Box<str>);

impl RowId {
    /// The identity of the `n`-th row (from 1) that the form makes by itself.
    #[must_use]
    pub fn derived(n: u32) -> Self {
        Self(format!("~{n}").into())
    }

    /// The identity of a row that a person adds, from 128 random bits.
    #[must_use]
    pub fn random(bits: u128) -> Self {
        Self(format!("{bits:032x}").into())
    }

    /// The identity of the row that stands for a choice, by its value.
    #[must_use]
    pub fn of_choice(value: &str) -> Self {
        let mut text = String::from(":");
        for c in value.chars() {
            match c {
                '/' => text.push_str("%2f"),
                '[' => text.push_str("%5b"),
                ']' => text.push_str("%5d"),
                '%' => text.push_str("%25"),
                ' ' => text.push_str("%20"),
                other => text.push(other),
            }
        }
        Self(text.into())
    }

    /// The value of the choice that the row stands for; None for other rows.
    #[must_use]
    pub fn choice(&self) -> Option<String> {
        let text = self.0.strip_prefix(':')?;
        let marks = [("%2f", "/"), ("%5b", "["), ("%5d", "]"), ("%20", " "), ("%25", "%")];
        Some(marks.iter().fold(text.to_owned(), |text, (mark, c)| text.replace(mark, c)))
    }

    /// True for a row that the form makes by itself, so that every laptop knows it by the same identity.
    #[must_use]
    pub fn is_derived(&self) -> bool {
        self.0.starts_with(['~', ':'])
    }

    /// Reads the text of an identity.
    ///
    /// # Errors
    /// [`PathError::Row`] if it is neither `~` and a number from 1 without leading zero, nor `:` and the value of a
    /// choice, nor 32 lower-case hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, PathError> {
        let derived = text.strip_prefix('~').is_some_and(|n| {
            !n.is_empty() && n.len() <= 9 && !n.starts_with('0') && n.bytes().all(|b| b.is_ascii_digit())
        });
        let random = text.len() == 32 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
        let choice = text.strip_prefix(':').is_some_and(|value| {
            !value.is_empty() && !value.contains(['/', '[', ']']) && !value.contains(char::is_whitespace)
        });
        if derived || random || choice { Ok(Self(text.into())) } else { Err(PathError::Row { found: text.to_owned() }) }
    }

    /// The text of the identity.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The number of a derived identity, `None` for a row that a person added.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        self.0.strip_prefix('~').and_then(|n| n.parse().ok())
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The canonical address of a node of a filled form, below the root: `/family/father_where`, in a repeat
/// `/family/roster[~1]/age`. The row itself is `/family/roster[~1]`; the repeat as a whole, its rows together, is
/// `/family/roster`. The root is `/`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FieldPath(Box<str>);

/// One step of a [`FieldPath`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step<'a> {
    /// The name of the node, with its prefix if it has one.
    pub name: &'a str,
    /// The text of the row's identity, where the step chooses a row.
    pub row: Option<&'a str>,
}

impl FieldPath {
    /// Reads an address.
    ///
    /// # Errors
    /// [`PathError`] if it does not begin with `/`, has an empty step, a malformed row identity, or is longer than
    /// [`MAX_PATH_BYTES`].
    pub fn parse(text: &str) -> Result<Self, PathError> {
        if text.len() > MAX_PATH_BYTES {
            return Err(PathError::TooLong { found: text.len(), limit: MAX_PATH_BYTES });
        }
        let Some(rest) = text.strip_prefix('/') else { return Err(PathError::Start { found: text.to_owned() }) };
        if !rest.is_empty() {
            for step in rest.split('/') {
                let name = match step.split_once('[') {
                    None => step,
                    Some((name, row)) => {
                        let Some(row) = row.strip_suffix(']') else {
                            return Err(PathError::Step { found: step.to_owned() });
                        };
                        RowId::parse(row)?;
                        name
                    }
                };
                if name.is_empty() || name.contains([']', ' ']) {
                    return Err(PathError::Step { found: step.to_owned() });
                }
            }
        }
        Ok(Self(text.into()))
    }

    /// The address of the root.
    #[must_use]
    pub fn root() -> Self {
        Self("/".into())
    }

    /// An address from steps that are known to be right, none for the root.
    pub(crate) fn of_steps(steps: String) -> Self {
        if steps.is_empty() { Self::root() } else { Self(steps.into()) }
    }

    /// The text of the address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The steps from the root down.
    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.0.split('/').filter(|step| !step.is_empty()).map(|step| match step.split_once('[') {
            None => Step { name: step, row: None },
            Some((name, row)) => Step { name, row: Some(row.trim_end_matches(']')) },
        })
    }

    /// The same address without row identities: the path of the question in the form, `/family/roster/age`.
    #[must_use]
    pub fn template(&self) -> String {
        let mut path = String::with_capacity(self.0.len());
        for step in self.steps() {
            path.push('/');
            path.push_str(step.name);
        }
        if path.is_empty() {
            path.push('/');
        }
        path
    }

    /// The name of the last step, empty for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.steps().last().map_or("", |step| step.name)
    }

    /// The row identity at the end, if the address is that of a row.
    #[must_use]
    pub fn row(&self) -> Option<RowId> {
        self.steps().last().and_then(|step| step.row).map(|row| RowId(row.into()))
    }

    /// The address one level up; the root's is the root.
    #[must_use]
    pub fn parent(&self) -> Self {
        match self.0.rfind('/') {
            Some(0) | None => Self::root(),
            Some(at) => Self(self.0[..at].into()),
        }
    }

    /// The address of a child.
    #[must_use]
    pub fn child(&self, name: &str) -> Self {
        if self.0.len() == 1 { Self(format!("/{name}").into()) } else { Self(format!("{}/{name}", self.0).into()) }
    }

    /// The address of a row of the repeat that this address names.
    #[must_use]
    pub fn with_row(&self, row: &RowId) -> Self {
        Self(format!("{}[{row}]", self.without_row().0).into())
    }

    /// The address of the repeat whose row this is; any other address unchanged.
    #[must_use]
    pub fn without_row(&self) -> Self {
        if self.0.ends_with(']') {
            let end = self.0.rfind('[').unwrap_or(self.0.len());
            Self(self.0[..end].into())
        } else {
            self.clone()
        }
    }

    /// True if `self` is `other` or stands above it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        self.0.len() == 1
            || other.0.strip_prefix(&*self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '[']))
    }
}

impl fmt::Display for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for FieldPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::str::FromStr for FieldPath {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        Self::parse(text)
    }
}

coded! {
    /// Why a text is not an address.
    pub enum PathError {
        /// No leading slash.
        "path-start" Start {
            /// The text.
            found: String,
        } "an address begins with “/”, found “{found}”",
        /// A step without a name, or with unbalanced brackets.
        "path-step" Step {
            /// The step.
            found: String,
        } "expected a step “name” or “name[row]”, found “{found}”",
        /// A malformed row identity.
        "path-row" Row {
            /// The text between the brackets.
            found: String,
        } "expected a row identity (“~1”, or 32 hexadecimal digits), found “{found}”",
        /// Too long.
        "path-too-long" TooLong {
            /// Its length in bytes.
            found: usize,
            /// The limit in bytes.
            limit: usize,
        } "an address has at most {limit} bytes, found {found}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, template: &str, parent: &str, row: Option<&str>) {
        let path = FieldPath::parse(text).unwrap();
        assert_eq!(path.template(), template);
        assert_eq!(path.parent().as_str(), parent);
        assert_eq!(path.row().map(|row| row.to_string()).as_deref(), row);
    }

    #[test]
    fn addresses_are_taken_apart() {
        check("/", "/", "/", None);
        check("/family/father_where", "/family/father_where", "/family", None);
        check("/家庭/名册[~1]/年龄", "/家庭/名册/年龄", "/家庭/名册[~1]", None);
        check("/roster[0123456789abcdef0123456789abcdef]", "/roster", "/", Some("0123456789abcdef0123456789abcdef"));
    }

    #[test]
    fn rows_and_children_are_put_together() {
        let roster = FieldPath::root().child("family").child("roster");
        let row = roster.with_row(&RowId::derived(2));
        assert_eq!(row.as_str(), "/family/roster[~2]");
        assert_eq!(row.without_row(), roster);
        assert!(roster.contains(&row) && row.contains(&row.child("age")) && !row.contains(&roster));
        assert!(!FieldPath::parse("/fam").unwrap().contains(&roster));
    }

    #[track_caller]
    fn refuse(text: &str, code: &str) {
        assert_eq!(FieldPath::parse(text).unwrap_err().code(), code);
    }

    #[test]
    fn malformed_addresses_are_refused() {
        refuse("family", "path-start");
        refuse("", "path-start");
        refuse("/a//b", "path-step");
        refuse("/a[~1", "path-step");
        refuse("/a[~0]", "path-row");
        refuse("/a[~01]", "path-row");
        refuse("/a[0123456789ABCDEF0123456789ABCDEF]", "path-row");
        refuse(&"/a".repeat(3000), "path-too-long");
    }
}
