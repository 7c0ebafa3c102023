//! What a call of an SDK asks for, whichever SDK it is.
//! Names, number and kind of arguments are checked when the file is read.

use serde_json::{Map, Value};

use super::{
    body::Body,
    calls::{Call, Literal},
};
use crate::problem::Problem;

/// JSON by name: properties, or IDs by their type.
pub(crate) type Named = Map<String, Value>;

/// Who is identified: one value for the first hard type, or values by type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Identity {
    Value(Value),
    ByType(Named),
}

/// One thing that a page or an app tells the SDK.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Told {
    Identify(Identity, Named),
    Update(Named),
    Track(String, Named),
    Anonymize,
    Offline,
    Online,
}

/// One SDK: the objects that its methods may stand on, and the methods.
pub(crate) struct Dialect {
    pub(crate) prefixes: &'static [&'static str],
    pub(crate) methods: &'static [(&'static str, Method)],
}

/// What a method of an SDK means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    Identify,
    IdentifyByType,
    Update,
    Track,
    Anonymize,
    Offline,
    Online,
}

impl Dialect {
    /// What the call asks for.
    pub(crate) fn understand(&self, body: &Body, call: &Call) -> Result<Told, Problem> {
        let method = self.method(body, call)?;
        let arguments = Arguments { body, call };
        match method {
            Method::Identify => {
                arguments.at_most(2, "the IDs and the properties")?;
                Ok(Told::Identify(
                    arguments.identity()?,
                    arguments.properties(1)?,
                ))
            }
            Method::IdentifyByType => {
                arguments.at_most(2, "the IDs and the properties")?;
                let ids = arguments.named(0, "IDs such as `{registered: \"a@example.com\"}`")?;
                Ok(Told::Identify(
                    Identity::ByType(ids),
                    arguments.properties(1)?,
                ))
            }
            Method::Update => {
                arguments.at_most(1, "the properties")?;
                arguments
                    .named(0, "properties such as `{email: \"a@example.com\"}`")
                    .map(Told::Update)
            }
            Method::Track => {
                arguments.at_most(2, "the event type and its properties")?;
                Ok(Told::Track(
                    arguments.event_type()?,
                    arguments.properties(1)?,
                ))
            }
            Method::Anonymize => arguments.none(Told::Anonymize),
            Method::Offline => arguments.none(Told::Offline),
            Method::Online => arguments.none(Told::Online),
        }
    }

    fn method(&self, body: &Body, call: &Call) -> Result<Method, Problem> {
        let known = |prefix: &&str| {
            let name = call.name.strip_prefix(*prefix)?;
            self.methods.iter().find(|(method, _)| *method == name)
        };
        if let Some((_, method)) = self.prefixes.iter().find_map(known) {
            return Ok(*method);
        }
        let prefix = self.prefixes.first().copied().unwrap_or_default();
        let methods = self.methods.iter();
        let names: Vec<String> = methods
            .map(|(method, _)| format!("{prefix}{method}"))
            .collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        Err(body
            .problem(
                call.name_range.clone(),
                format!("unknown call `{}`", call.name),
            )
            .choice(&call.name, &names))
    }
}

struct Arguments<'a> {
    body: &'a Body,
    call: &'a Call,
}

impl Arguments<'_> {
    fn at_most(&self, count: usize, what: &str) -> Result<(), Problem> {
        match self.call.arguments.get(count) {
            None => Ok(()),
            Some(extra) => Err(self.body.problem(
                extra.range.clone(),
                format!("`{}` takes only {what}", self.call.name),
            )),
        }
    }

    fn none(&self, told: Told) -> Result<Told, Problem> {
        self.at_most(0, "no argument").map(|()| told)
    }

    fn wrong(&self, literal: &Literal, expected: &str) -> Problem {
        self.body
            .problem(literal.range.clone(), "this argument does not fit")
            .expected(expected)
    }

    fn first(&self, expected: &str) -> Result<&Literal, Problem> {
        self.call.arguments.first().ok_or_else(|| {
            let range = self.call.range.clone();
            self.body
                .problem(range, format!("`{}` lacks its argument", self.call.name))
                .expected(expected)
        })
    }

    fn identity(&self) -> Result<Identity, Problem> {
        let expected = "an ID such as `\"a@example.com\"`, or an object by ID type";
        let literal = self.first(expected)?;
        match &literal.value {
            Value::String(_) | Value::Number(_) | Value::Null => {
                Ok(Identity::Value(literal.value.clone()))
            }
            Value::Object(ids) => Ok(Identity::ByType(ids.clone())),
            _ => Err(self.wrong(literal, expected)),
        }
    }

    fn event_type(&self) -> Result<String, Problem> {
        let expected = "an event type such as `\"purchase\"`";
        let literal = self.first(expected)?;
        match &literal.value {
            Value::String(event_type) => Ok(event_type.clone()),
            _ => Err(self.wrong(literal, expected)),
        }
    }

    fn named(&self, index: usize, expected: &str) -> Result<Named, Problem> {
        let literal = match self.call.arguments.get(index) {
            Some(literal) => literal,
            None => self.first(expected)?,
        };
        match &literal.value {
            Value::Object(named) => Ok(named.clone()),
            _ => Err(self.wrong(literal, expected)),
        }
    }

    fn properties(&self, index: usize) -> Result<Named, Problem> {
        if self.call.arguments.len() <= index {
            return Ok(Named::new());
        }
        self.named(index, "properties such as `{first_name: \"Ada\"}`")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        problem::Source,
        scenario::{app, calls::calls, js},
    };

    fn told(dialect: &Dialect, text: &str) -> Result<Vec<Told>, String> {
        let source = Source::new("a.md", text);
        let body = Body::of(&source, 0..text.len());
        let understood = calls(&body).and_then(|calls| {
            let told = calls.iter().map(|call| dialect.understand(&body, call));
            told.collect::<Result<Vec<_>, _>>()
        });
        understood.map_err(|problem| format!("{problem}\n{}", problem.details()))
    }

    fn named(value: Value) -> Named {
        value.as_object().cloned().unwrap()
    }

    #[test]
    fn calls_are_read_as_they_stand_in_a_shop() {
        let text = r#"
            // the checkout
            exponea.identify('ada@example.com', { email: "a(d)a", tags: [1, -2.5,], }); exponea.update({
              "first name": 'it\'s', // her "name"
            })
            exponea.track("purchase", {total_price: 40})
            exponea.identify({ registered: "x", crm: 7 })
            exponea.identify(12)
            exponea.anonymize();
        "#;
        let expected = vec![
            Told::Identify(
                Identity::Value("ada@example.com".into()),
                named(serde_json::json!({"email": "a(d)a", "tags": [1, -2.5]})),
            ),
            Told::Update(named(serde_json::json!({"first name": "it's"}))),
            Told::Track(
                "purchase".into(),
                named(serde_json::json!({"total_price": 40})),
            ),
            Told::Identify(
                Identity::ByType(named(serde_json::json!({"registered": "x", "crm": 7}))),
                Named::new(),
            ),
            Told::Identify(Identity::Value(12.into()), Named::new()),
            Told::Anonymize,
        ];
        assert_eq!(told(&js::DIALECT, text), Ok(expected));
    }

    #[test]
    fn an_app_goes_offline_and_online() {
        let text = "offline\nexponea.identifyCustomer({registered: 'x'})\ntrackEvent('a')\nonline\nanonymize()";
        let told = told(&app::DIALECT, text).unwrap();
        assert_eq!(told.len(), 5);
        assert_eq!((&told[0], &told[3]), (&Told::Offline, &Told::Online));
    }

    #[test]
    fn slips_are_named() {
        let cases = [
            "exponea.identfy('x')",
            "exponea.track(purchase)",
            "exponea.update({email: 'x'",
            "exponea.update({email: 'x'])",
            "exponea.update('x')",
            "exponea.track()",
            "exponea.track('a', {}, 1)",
            "exponea.track('a)\n",
            "= 3",
            "exponea.update({email: user.email})",
        ];
        let said = cases.map(|text| format!("{text}\n{}", told(&js::DIALECT, text).unwrap_err()));
        insta::assert_snapshot!(said.join("\n\n"));
    }
}
