//! Names of elements as numbers.

use std::collections::HashMap;

/// Names as numbers. 0 is no name.
#[derive(Debug, Default, Clone)]
pub(crate) struct Names {
    by_text: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Names {
    pub(crate) fn intern(&mut self, text: &str) -> u32 {
        if let Some(symbol) = self.by_text.get(text) {
            return *symbol;
        }
        self.texts.push(text.into());
        let symbol = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.by_text.insert(text.into(), symbol);
        symbol
    }

    /// The number of a known name.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.by_text.get(text).copied()
    }

    /// Interns a name of an expression.
    pub(crate) fn intern_name(&mut self, prefix: Option<&str>, local: &str) -> u32 {
        match prefix {
            Some(prefix) => self.intern(&format!("{prefix}:{local}")),
            None => self.intern(local),
        }
    }

    pub(crate) fn text(&self, symbol: u32) -> &str {
        (symbol as usize).checked_sub(1).and_then(|at| self.texts.get(at)).map_or("", |text| text)
    }

    pub(crate) fn local(&self, symbol: u32) -> &str {
        let text = self.text(symbol);
        text.split_once(':').map_or(text, |(_, local)| local)
    }
}
