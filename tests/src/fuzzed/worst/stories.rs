//! The worst scenario files: small ones that are meant to grow, and large ones.

use super::{Texts, deep};

const TOP: &str = "---\ntitle: x\nevidence: assumed\nsource: y\n---\n";

fn front(more: &str) -> String {
    TOP.replace("\n---\n", &format!("\n{more}\n---\n"))
}

pub(super) fn scenarios() -> Texts {
    let laughs = (1..10).fold("a0: &a0 [x,x,x,x,x,x,x,x,x]".to_owned(), |text, at| {
        let before = format!("*a{},", at - 1).repeat(9);
        format!("{text}\na{at}: &a{at} [{before}]")
    });
    let aliases = format!(
        "project: {{a: &a [{}], b: [{}]}}",
        "x,".repeat(1_000),
        "*a,".repeat(1_000)
    );
    let variants = format!("variants: [{}]", "{a: bbbbbbbb},".repeat(4_000));
    let story = format!(
        "```js browser=a\nexponea.track(\"{{{{a}}}}{}\")\n```\n",
        "x".repeat(100_000)
    );
    let waits = "```http until=+1000s every=+1s\nGET /\n\nHTTP 200\n```\n";
    let grows = format!("variants:\n  - a: {}", "x".repeat(100_000));
    let holes = format!(
        "```js browser=a\nexponea.track(\"{}\")\n```\n",
        "{{a}}".repeat(10_000)
    );
    vec![
        ("a billion laughs", front(&laughs)),
        ("aliases of aliases", front(&aliases)),
        (
            "deep front matter",
            front(&format!("project: {{a: {}}}", deep(1_900))),
        ),
        (
            "too deep front matter",
            front(&format!("project: {{a: {}}}", deep(100_000))),
        ),
        (
            "deep front matter in blocks",
            front(
                &(0..1_000)
                    .map(|at| format!("{}a:\n", " ".repeat(at)))
                    .collect::<String>(),
            ),
        ),
        ("a device as a file", front("given: [/dev/zero]")),
        ("a folder as a file", front("given: [/]")),
        ("many variants of a long story", front(&variants) + &story),
        ("a long value in many places", front(&grows) + &holes),
        (
            "open braces",
            format!(
                "{TOP}```js browser=a\nexponea.track(\"{}\")\n```\n",
                "{{".repeat(100_000)
            ),
        ),
        (
            "open keeps",
            format!(
                "{TOP}```http\nGET /\n\nHTTP 200\n{}\n```\n",
                "{{keep ".repeat(50_000)
            ),
        ),
        ("waits in a row", format!("{TOP}{}", waits.repeat(20))),
        (
            "a fault for ever",
            format!("{TOP}```fault\ntimeout times 4294967295 skip 4294967295\n```\n"),
        ),
        (
            "retries of a fault",
            format!(
                "{TOP}```fault\n503 times 4294967295 retry-after 4294967295\n```\n```js browser=a retries=100 fails\n{}```\n",
                "exponea.track(\"a\")\n".repeat(50)
            ),
        ),
        (
            "time flies",
            format!("{TOP}{}", "```clock\n+30500568904943w\n```\n".repeat(50)),
        ),
        (
            "fences",
            format!("{TOP}{}", "```js browser=a\n".repeat(20_000)),
        ),
        (
            "quotes in quotes",
            format!("{TOP}{}```js\n", "> ".repeat(20_000)),
        ),
        (
            "lists in lists",
            format!(
                "{TOP}{}",
                (0..2_000)
                    .map(|at| format!("{}- a\n", "  ".repeat(at)))
                    .collect::<String>()
            ),
        ),
        (
            "comments",
            format!("{TOP}```js browser=a\n{}\n```\n", "/*".repeat(100_000)),
        ),
    ]
}
