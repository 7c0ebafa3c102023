//! The keys of one access group and their life: rotated, the old one stays valid for a day; revoked, none is (fact 10.5).
//! Time is the project's, so that a day passes when a test says so.

use crate::{error::Error, fresh};

/// Seconds for which a key stays valid after another took its place.
const OVERLAP_S: f64 = 86_400.0;

/// A private group's secrets or a public group's tokens, the newest last.
#[derive(Clone, Debug)]
pub(super) struct Keys(Vec<Key>);

#[derive(Clone, Debug)]
struct Key {
    text: String,
    standing: Standing,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Standing {
    Valid,
    /// Valid until this time.
    Replaced(f64),
    Revoked,
}

impl Keys {
    pub(super) fn of(text: String) -> Self {
        Self(vec![Key::valid(text)])
    }

    pub(super) fn newest(&self) -> &str {
        self.0.last().map_or("", |key| &key.text)
    }

    /// The key that clients are told to send, unless it was revoked.
    pub(super) fn valid(&self) -> Option<&str> {
        let newest = self.0.last()?;
        (newest.standing == Standing::Valid).then_some(&newest.text)
    }

    /// Whether the text is a key, valid or not.
    pub(super) fn holds(&self, text: &str) -> bool {
        self.0.iter().any(|key| key.text == text)
    }

    /// Whether the text is a key that is or was valid, or `None` if it is no key, or none any more.
    pub(super) fn judge(&self, text: &str, now: impl FnOnce() -> f64) -> Option<Result<(), Error>> {
        let key = self.0.iter().find(|key| key.text == text)?;
        match key.standing {
            Standing::Valid => Some(Ok(())),
            Standing::Replaced(until) => (now() < until).then_some(Ok(())),
            Standing::Revoked => Some(Err(Error::RevokedAccessKey)),
        }
    }

    /// A new key; until when the one before it stays valid, if it was.
    pub(super) fn rotate(&mut self, now: f64) -> Option<f64> {
        let until = now + OVERLAP_S;
        self.0
            .retain(|key| !matches!(key.standing, Standing::Replaced(until) if until <= now));
        let replaced = self
            .0
            .last_mut()
            .filter(|key| key.standing == Standing::Valid);
        let until = replaced.map(|key| {
            key.standing = Standing::Replaced(until);
            until
        });
        self.0.push(Key::valid(fresh::key()));
        until
    }

    pub(super) fn revoke(&mut self) {
        for key in &mut self.0 {
            key.standing = Standing::Revoked;
        }
    }

    pub(super) fn are_revoked(&self) -> bool {
        self.0.iter().all(|key| key.standing == Standing::Revoked)
    }
}

impl Key {
    fn valid(text: String) -> Self {
        let standing = Standing::Valid;
        Self { text, standing }
    }
}
