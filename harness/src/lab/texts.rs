//! Texts as numbers: each different text is kept once, one after the other in one piece of memory.

use foldhash::fast::FixedState;
use string_interner::{DefaultSymbol, StringInterner, Symbol, backend::StringBackend};

/// Texts that are numbered from 0 in the order in which they come.
#[derive(Clone, Debug)]
pub(super) struct Texts(StringInterner<StringBackend<DefaultSymbol>, FixedState>);

impl Default for Texts {
    fn default() -> Self {
        Self(StringInterner::new())
    }
}

impl Texts {
    /// The number of a text, a new one if it is new.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        number(self.0.get_or_intern(text))
    }

    /// The number of a text that came before.
    pub(super) fn known(&self, text: &str) -> Option<u32> {
        self.0.get(text).map(number)
    }

    /// The text of a number.
    pub(super) fn text(&self, number: u32) -> &str {
        let symbol = DefaultSymbol::try_from_usize(number as usize);
        let text = symbol.and_then(|symbol| self.0.resolve(symbol));
        text.unwrap_or_default()
    }

    /// How many there are.
    pub(super) fn count(&self) -> u32 {
        self.0.len() as u32
    }
}

fn number(symbol: DefaultSymbol) -> u32 {
    symbol.to_usize() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_has_one_number() {
        let mut texts = Texts::default();
        assert_eq!(["a", "b", "a"].map(|text| texts.number(text)), [0, 1, 0]);
        assert_eq!(
            (texts.text(1), texts.known("c"), texts.count()),
            ("b", None, 2)
        );
    }
}
