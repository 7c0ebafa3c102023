//! What looks wrong in a file, as a table of files and words.

use twinfold_engine::{IdSchema, IdType};

use super::{File, Mapping, PropertyColumn, warnings};

fn mapping(ids: &[(&str, &str)], properties: &[&str]) -> Mapping {
    let pair = |(id_type, column): &(&str, &str)| ((*id_type).to_owned(), (*column).to_owned());
    let property = |column: &&str| PropertyColumn {
        name: (*column).to_owned(),
        column: (*column).to_owned(),
        kind: "string".into(),
    };
    Mapping {
        ids: ids.iter().map(pair).collect(),
        properties: properties.iter().map(property).collect(),
        ..Mapping::default()
    }
}

#[test]
fn slips_are_named_and_clean_files_are_not() {
    let schema =
        || IdSchema::new(vec![IdType::hard("registered"), IdType::soft("cookie")]).unwrap();
    let mut lowered = IdType::hard("registered");
    (lowered.lowercase, lowered.trim) = (true, false);
    let lowered = || IdSchema::new(vec![lowered.clone()]).unwrap();
    let by_crm = mapping(&[("registered", "crm")], &["contact"]);
    let by_email = mapping(&[("registered", "email")], &["email"]);
    for (schema, mapping, csv, says) in [
        (
            schema(),
            &by_crm,
            "crm,contact\n7,ada@x.cz\n",
            vec!["`contact` looks like e-mail"],
        ),
        (
            schema(),
            &mapping(&[("registered", "crm")], &["E-Mail"]),
            "crm,E-Mail\n7,\n",
            vec!["`E-Mail` looks like e-mail"],
        ),
        (schema(), &by_crm, "crm,contact\n7,Brno\n", vec![]),
        (
            schema(),
            &by_email,
            "email\nada@x.cz\nbob@x.cz\n bob@x.cz\n",
            vec![],
        ),
        (
            schema(),
            &by_email,
            "email\nAda@x.cz\nada@x.cz\n",
            vec!["1 value written in several cases, such as `Ada@x.cz` and `ada@x.cz`"],
        ),
        (lowered(), &by_email, "email\nAda@x.cz\nada@x.cz\n", vec![]),
        (
            lowered(),
            &by_email,
            "email\nada@x.cz \n",
            vec!["1 value with white space around it, such as `ada@x.cz `"],
        ),
        (
            schema(),
            &by_crm,
            "crm,contact\n77.0,\n1.2E+11,\n",
            vec!["2 values written as a float, such as `77.0`"],
        ),
        (
            schema(),
            &by_crm,
            "crm,contact\nN/A,\n0,\n",
            vec!["2 values that stands for nobody, such as `N/A`"],
        ),
        (
            schema(),
            &by_crm,
            "crm,contact\n5,a\n5,b\n5,c\n",
            vec!["the value `5` on 3 rows"],
        ),
        (schema(), &by_crm, "crm,contact\n5,a\n5,b\n", vec![]),
    ] {
        let file = File::read(csv.into()).unwrap();
        let found = warnings(&file, mapping, &schema);
        assert_eq!(found.len(), says.len(), "{csv}: {found:?}");
        for (found, says) in found.iter().zip(says) {
            assert!(found.contains(says), "{csv}: {found}");
        }
    }
}

#[test]
fn a_mapping_that_does_not_fit_says_what_the_file_has() {
    let file = File::read("email,city\na,b\n".into()).unwrap();
    for (mapping, says) in [
        (mapping(&[("registered", "email")], &["city"]), None),
        (
            mapping(&[("registered", "e_mail")], &[]),
            Some("no column `e_mail`; did you mean `email`? It has: email, city"),
        ),
        (
            mapping(&[], &["city"]),
            Some("no column is paired with an identifier"),
        ),
    ] {
        let found = mapping.check(file.columns()).err();
        let fits = found
            .as_deref()
            .zip(says)
            .is_none_or(|(found, says)| found.contains(says));
        assert!(found.is_some() == says.is_some() && fits, "{found:?}");
    }
    assert_eq!(
        mapping(&[("registered", "email")], &[]).unmapped(file.columns()),
        ["city"]
    );
}
