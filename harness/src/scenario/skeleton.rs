//! A scenario to begin with: a small true story with every part that a lesson has.
//! It runs green as it is, so that an author changes one thing at a time.

use super::evidence::Evidence;

/// The text of a new scenario with this title and cause; the cause is a slug.
pub fn skeleton(title: &str, cause: &str) -> String {
    let evidence = Evidence::Assumed.word();
    // A JSON string is a YAML string, whatever stands in the title.
    let title = serde_json::Value::from(title);
    format!(
        "---
title: {title}
cause: {cause}
effect: what the shop sees of it, in one line
remedy: what to change, in one line
evidence: {evidence}
source: where this is known from
level: 1
---

Who is it about, and what does the shop want? Ada has an account, and uses it on her laptop.

```js browser=laptop
exponea.identify(\"ada@example.com\", {{ email: \"ada@example.com\" }})
exponea.track(\"purchase\", {{ total_price: 40 }})
```

What goes wrong? On her phone the page stores the address as a property only.

```js browser=phone
exponea.update({{ email: \"ada@example.com\" }})
```

What is seen of it? (`twinfold run FILE --update` writes what is true into the blocks that state something; read the difference.)

{PROFILES_BEFORE}

## Diagnosis

{DIAGNOSIS}

## Task

What is to be reached, without one fixed answer?

```goal
profiles with email ada@example.com: 1
events lost: 0
calls: at most 1
```

<details><summary>Hint</summary>By which of its IDs can the second profile be addressed?</details>

## Solution

```fix-up
policy: report
```

{PROFILES_AFTER}

What would the wrong repair have destroyed?
"
    )
}

const PROFILES_BEFORE: &str = "```profiles
#1  registered=ada@example.com  cookie=laptop  email=ada@example.com  events: purchase
#2                              cookie=phone   email=ada@example.com
```";

const DIAGNOSIS: &str = "```diagnosis
ada@example.com  #1 hard ID, #2 property  written by js-sdk  cause update-instead-of-identify
```";

const PROFILES_AFTER: &str = "```profiles
#1  registered=ada@example.com  cookie=laptop cookie=phone  email=ada@example.com  events: purchase merge
```";
