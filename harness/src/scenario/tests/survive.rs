//! No text makes the reader panic, whatever was done to it.
//! The changes are drawn from a fixed start, so that a failure comes back.

use crate::scenario::Scenario;

/// A small generator with a fixed start, so that a failure comes back.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit.max(1) as u64) as usize
    }
}

const SCRAPS: [&str; 32] = [
    "```",
    "{{keep a}}",
    "{{keep ",
    "{{a}}",
    "```fault\n",
    "---",
    "\n",
    "\r\n",
    "{{",
    "}}",
    "\"",
    "'",
    "(",
    ")",
    "{",
    "[",
    "]",
    "#",
    "ä",
    "\u{1f600}",
    "\u{0}",
    "=",
    ":",
    "/*",
    "//",
    "\\",
    "`",
    "~~~",
    "HTTP ",
    "events:",
    "\\u{d800}",
    "\u{2028}",
];

fn mutated(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..=dice.below(6) {
        let at = dice.below(bytes.len());
        let scrap = SCRAPS[dice.below(SCRAPS.len())].as_bytes();
        match dice.below(4) {
            0 => bytes[at] = dice.below(256) as u8,
            1 => drop(bytes.splice(at..at, scrap.iter().copied())),
            2 => drop(bytes.drain(at..(at + dice.below(40)).min(bytes.len()))),
            _ => bytes.truncate(at.max(200)),
        }
        if bytes.is_empty() {
            bytes.push(b'x');
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn no_text_makes_the_reader_panic() {
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let whole = include_str!("whole.md");
    for _ in 0..1_500 {
        let text = mutated(whole, &mut dice);
        if let Err(problems) = Scenario::parse("a.md", text) {
            assert!(!problems.is_empty());
            let shown = problems
                .iter()
                .map(|one| one.render(false).len() + one.to_string().len());
            assert!(shown.sum::<usize>() > 0);
        }
    }
}

#[test]
fn deep_nesting_is_refused() {
    let top = "---\ntitle: x\nevidence: assumed\nsource: y\n---\n";
    let deep = "[".repeat(100_000);
    for block in [
        format!("```js browser=a\nexponea.track(\"a\", {deep})\n```\n"),
        format!("```http\nPOST /x\n\n{deep}\n```\n"),
        format!("```profiles\n#1 a={deep}\n```\n"),
        format!("```fix-up\nkey: {deep}\n```\n"),
    ] {
        let problems = Scenario::parse("a.md", format!("{top}{block}")).unwrap_err();
        assert!(!problems[0].to_string().is_empty());
    }
}
