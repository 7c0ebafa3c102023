//! Fresh values: tokens, keys and cookies. Tokens come from the machine's randomness,
//! a project's cookies from a seed of its own, so that a project with a steady clock repeats itself.

/// Fresh cookies of one project, in UUID form (fact 1.8).
#[derive(Clone, Debug)]
pub(crate) struct FreshIds {
    state: u64,
}

impl FreshIds {
    pub(crate) fn seeded(seed: u64) -> Self {
        Self { state: seed }
    }

    pub(crate) fn random() -> Self {
        Self::seeded(random_words()[0])
    }

    pub(crate) fn next(&mut self) -> String {
        let words = [self.word(), self.word()];
        uuid(words)
    }

    // SplitMix64, by its published constants.
    fn word(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// A random UUID, for project tokens.
pub(crate) fn token() -> String {
    let [a, b, ..] = random_words();
    uuid([a, b])
}

/// 64 random hexadecimal digits, for keys.
pub(crate) fn key() -> String {
    random_words()
        .iter()
        .map(|word| format!("{word:016x}"))
        .collect()
}

fn uuid([high, low]: [u64; 2]) -> String {
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xffff,
        high & 0xfff,
        low >> 48 & 0x3fff | 0x8000,
        low & 0xffff_ffff_ffff,
    )
}

fn random_words() -> [u64; 4] {
    let mut bytes = [0; 32];
    // Without randomness no token is safe to give out; every supported machine has it.
    let filled = getrandom::fill(&mut bytes);
    assert!(filled.is_ok(), "the machine gives no random numbers");
    let mut words = [0; 4];
    for (word, eight) in words.iter_mut().zip(bytes.chunks_exact(8)) {
        for byte in eight {
            *word = *word << 8 | u64::from(*byte);
        }
    }
    words
}
