//! Good files are read; every slip is an error with its place and what to do.
//! The snapshots are what an author sees.

use std::fs;

use crate::scenario::{Evidence, IdKind, Scenario};

const TOP: &str = "---\ntitle: A slip\nevidence: assumed\nsource: nowhere\n---\n\nProse.\n\n";

/// How the problems of a file are shown.
fn refused(text: &str) -> String {
    match Scenario::parse("shop/slip.md", text) {
        Ok(_) => format!("nothing is wrong with\n{text}"),
        Err(problems) => {
            let shown = problems.iter().map(|problem| problem.render(false));
            shown.collect::<Vec<_>>().join("\n")
        }
    }
}

fn refused_block(block: &str) -> String {
    refused(&format!("{TOP}{block}"))
}

#[test]
fn a_whole_file_is_read() {
    let text = include_str!("whole.md");
    let scenario = Scenario::parse("whole.md", text).map_err(|problems| {
        problems
            .iter()
            .map(|problem| problem.render(false))
            .collect::<String>()
    });
    let scenario = scenario.unwrap_or_else(|said| panic!("{said}"));
    let front = scenario.front();
    assert_eq!(front.title, "Everything at once");
    assert_eq!(front.evidence, Evidence::Documented);
    assert_eq!(front.level, 2);
    assert_eq!(
        crate::scenario::schema::names(&front.ids),
        ["registered", "crm", "cookie", "ga"]
    );
    let crm = &front.ids.types()[1];
    assert_eq!(
        (crm.kind, crm.lowercase, crm.trim),
        (IdKind::Hard, true, true)
    );
    assert_eq!(scenario.cases().len(), 1);
    assert_eq!(scenario.cases()[0].steps.len(), 17);
    let settings = String::from_utf8(front.project_settings()).unwrap();
    insta::assert_snapshot!(settings);
}

#[test]
fn front_matter_slips() {
    let said = [
        refused("no front matter"),
        refused("---\ntitle: x\n"),
        refused("---\ntitel: x\nevidence: documentd\nsource: y\nlevel: 4\n---\n"),
        refused(
            "---\ntitle: x\nevidence: assumed\nsource: y\nids: {registered: hart}\nswitches: {hard_id_conflikt: reject}\ncause: Two Words\n---\n",
        ),
        refused("---\ntitle: x\nsource: [y\nevidence: assumed\n---\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn block_slips() {
    let said = [
        refused_block("```profils\n#1\n```\n"),
        refused_block("```js\nexponea.anonymize()\n```\n"),
        refused_block("```js browser=\n```\n```js browsr=a browser=b\n```\n"),
        refused_block("```journal\n```\n\n```clock\n2d\n```\n"),
        refused_block("```clock\n+2d\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn call_slips() {
    let said = [
        refused_block(
            "```js browser=laptop\nexponea.track(\"a\", {\n  total: 1,\n  email: user.email\n})\n```\n",
        ),
        refused_block("- in a list:\n\n  ```app device=x\n  trackEvnt('a')\n  ```\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn import_slips() {
    let import = |mapping: &str, csv: &str| {
        refused_block(&format!("```import\n{mapping}\n---\n{csv}\n```\n"))
    };
    let said = [
        import("ids: {registered: Email}", "email,name\na,b\nc,d,e"),
        import("ids: {registered: Email}", "email,name\na,b"),
        import("properties: [name]", "email,name\na,b"),
        import(
            "ids: {registered: email}\nproperties: [age]\ntypes: {age: number}",
            "email,age\na,old",
        ),
        refused_block("```import\nids: {registered: email}\nemail\na\n```\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn http_slips() {
    let said = [
        refused_block("```http\nPSOT /x\n```\n"),
        refused_block("```http source=sdk\nPOST /x\n\n{}\n```\n"),
        refused_block("```http\nPOST /x\n\n{\"a\": 1,}\n```\n"),
        refused_block("```http\nPOST /x\nno header\n\nHTTP 2000\n```\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn statement_slips() {
    let said = [
        refused_block("```goal\nprofiles with mail x: 1\n```\n"),
        refused_block("```goal\ncalls: some\n```\n"),
        refused_block("```profiles\n#1  registered=a\n2  cookie=b\n```\n"),
        refused_block("```consents\n#1  newsletter=maybe\n```\n"),
        refused_block("```fix-up\npolicy: resolv\n```\n"),
        refused_block("```mail to=a@example.com click=confirm\n```\n"),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn variants_fill_in_and_name_slips() {
    let text = |body: &str| {
        format!(
            "---\ntitle: x\nevidence: assumed\nsource: y\nvariants:\n  - {{kind: yes, count: 2}}\n  - {{kind: no, count: 3}}\n---\n{body}"
        )
    };
    let good = text("```js browser={{kind}}\nexponea.track(\"{{kind}}\", {n: {{count}}})\n```\n");
    let scenario = Scenario::parse("a.md", good).unwrap();
    assert_eq!(scenario.cases().len(), 2);
    assert_eq!(scenario.cases()[1].suffix(), "kind: no, count: 3");
    let said = [
        refused(&text("```js browser=a\nexponea.track(\"{{knd}}\")\n```\n")),
        refused(&text("```js browser=a\nexponea.track({{kind}})\n```\n")),
    ];
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn given_files_bring_their_acting_steps() {
    let root = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(root.path().join(name), text).unwrap();
    let front = |given: &str| {
        format!("---\ntitle: x\nevidence: assumed\nsource: y\ngiven: [{given}]\n---\n")
    };
    write(
        "one.md",
        &format!("{TOP}```js browser=a\nexponea.anonymize()\n```\n```profiles\n```\n"),
    );
    write("loop.md", &front("loop.md"));
    let read = |given: &str| Scenario::parse(root.path().join("own.md"), front(given));
    assert_eq!(read("one.md").unwrap().given().len(), 1);
    let said = |given: &str| read(given).unwrap_err()[0].message().to_owned();
    assert!(said("two.md").contains("cannot be read"));
    assert_eq!(said("loop.md"), "`loop.md` is given to itself");
    for n in 1..40 {
        let next = format!("chain{}.md", n + 1);
        write(&format!("chain{n}.md"), &front(&format!("{next}, {next}")));
    }
    write("chain40.md", &front(""));
    assert!(said("chain1.md").starts_with("more than 256 files are given"));
}
