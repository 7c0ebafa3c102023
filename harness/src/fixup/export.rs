//! Reads profiles from an export file: one profile a line as `export-one` gives it, or the
//! `native_json` reply of `customers/export`, whole or one row a line.

use std::collections::HashMap;

use serde_json::Value;

use super::{
    ExportError, IdKind, IdSchema, IdType, Profile,
    rows::{Fields, RowError, profile_of_object, profile_of_row},
};

/// Profiles and the schema that they follow.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The profiles in the order of the file.
    pub profiles: Vec<Profile>,
    /// The schema that was given, or that the values show.
    pub types: IdSchema,
}

/// Where the schema comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Schema {
    /// The user knows it.
    Given(IdSchema),
    /// A list of values is a soft type, a single value a hard one.
    Inferred,
}

impl Export {
    /// Reads a file.
    pub fn read(path: &std::path::Path, schema: Schema) -> Result<Self, ExportError> {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|error| ExportError {
            file: name.clone(),
            line: 1,
            problem: format!("the file cannot be read: {error}"),
            advice: "check the path".to_owned(),
        })?;
        Self::parse(&name, &bytes, schema)
    }

    /// Reads the bytes of a file; `file` is only named in errors.
    pub fn parse(file: &str, bytes: &[u8], schema: Schema) -> Result<Self, ExportError> {
        let mut reader = Reader {
            file,
            profiles: Vec::new(),
            lines: Vec::new(),
            lists: HashMap::new(),
        };
        let text = reader.text(bytes)?;
        reader.document(text)?;
        let types = match schema {
            Schema::Given(types) => types,
            Schema::Inferred => reader.inferred()?,
        };
        reader.check_types(&types)?;
        reader.check_owners()?;
        Ok(Self {
            profiles: reader.profiles,
            types,
        })
    }
}

const SHAPES: &str = "expected one profile a line, `{\"ids\": {...}, \"properties\": {...}}`, or the reply of \
    `customers/export` in the format `native_json`";

struct Reader<'a> {
    file: &'a str,
    profiles: Vec<Profile>,
    /// The line of each profile.
    lines: Vec<usize>,
    /// Whether a type's values came as lists.
    lists: HashMap<String, bool>,
}

impl Reader<'_> {
    fn error(&self, line: usize, problem: impl Into<String>, advice: &str) -> ExportError {
        ExportError {
            file: self.file.to_owned(),
            line,
            problem: problem.into(),
            advice: advice.to_owned(),
        }
    }

    fn text<'t>(&self, bytes: &'t [u8]) -> Result<&'t str, ExportError> {
        let text = std::str::from_utf8(bytes).map_err(|error| {
            let before = &bytes[..error.valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            self.error(
                line,
                "the text is not UTF-8",
                "save the file as UTF-8 without compression",
            )
        })?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if text.trim().is_empty() {
            let advice = "export the customers with their IDs and properties again";
            return Err(self.error(1, "the file is empty", advice));
        }
        Ok(text)
    }

    fn document(&mut self, text: &str) -> Result<(), ExportError> {
        let mut lines = text
            .lines()
            .enumerate()
            .map(|(at, line)| (at + 1, line.trim()))
            .filter(|(_, line)| !line.is_empty());
        let Some((first_line, first)) = lines.next() else {
            return Ok(());
        };
        let Ok(value) = serde_json::from_str::<Value>(first) else {
            return self.many_lines_as_one(text);
        };
        if value.get("data").is_some() {
            self.reply(&value, first_line)?;
            return match lines.next() {
                Some((line, _)) => Err(self.error(
                    line,
                    "there is more text after the reply",
                    "keep one reply per file",
                )),
                None => Ok(()),
            };
        }
        match self.fields(&value, first_line)? {
            Some(fields) => {
                lines.try_for_each(|(at, line)| self.row(&fields, &self.json(at, line)?, at))
            }
            None => {
                self.profile(&value, first_line)?;
                lines.try_for_each(|(at, line)| {
                    let value = self.json(at, line)?;
                    self.profile(&value, at)
                })
            }
        }
    }

    fn json(&self, at: usize, line: &str) -> Result<Value, ExportError> {
        serde_json::from_str(line).map_err(|error| {
            let problem = format!(
                "the line is not JSON at column {}: {SHAPES}",
                error.column()
            );
            self.error(at, problem, "mend the line or export again")
        })
    }

    /// A reply that was printed over many lines.
    fn many_lines_as_one(&mut self, text: &str) -> Result<(), ExportError> {
        let value: Value = serde_json::from_str(text).map_err(|error| {
            let problem = format!(
                "the text is not JSON at column {}: {SHAPES}",
                error.column()
            );
            self.error(error.line(), problem, "mend the text or export again")
        })?;
        match value.get("data") {
            Some(_) => self.reply(&value, 1),
            None => self.profile(&value, 1),
        }
    }

    fn reply(&mut self, reply: &Value, line: usize) -> Result<(), ExportError> {
        let fields = self.fields(reply, line)?;
        let rows = reply.get("data").and_then(Value::as_array);
        let (Some(fields), Some(rows)) = (fields, rows) else {
            let problem = format!("the reply needs the lists `fields` and `data`: {SHAPES}");
            return Err(self.error(line, problem, "export again in the format `native_json`"));
        };
        rows.iter().try_for_each(|row| self.row(&fields, row, line))
    }

    fn fields(&self, value: &Value, line: usize) -> Result<Option<Fields>, ExportError> {
        let Some(fields) = value.get("fields") else {
            return Ok(None);
        };
        let fields = Fields::read(fields).map_err(|problem| self.row_error(line, problem))?;
        Ok(Some(fields))
    }

    fn row(&mut self, fields: &Fields, row: &Value, line: usize) -> Result<(), ExportError> {
        let profile = profile_of_row(fields, row, &mut self.lists);
        self.add(profile, line)
    }

    fn profile(&mut self, value: &Value, line: usize) -> Result<(), ExportError> {
        let profile = profile_of_object(value, &mut self.lists);
        self.add(profile, line)
    }

    fn add(&mut self, profile: Result<Profile, RowError>, line: usize) -> Result<(), ExportError> {
        let mut profile = profile.map_err(|problem| self.row_error(line, problem))?;
        profile.age = self.profiles.len();
        self.profiles.push(profile);
        self.lines.push(line);
        Ok(())
    }

    fn row_error(&self, line: usize, problem: RowError) -> ExportError {
        self.error(line, problem.0, "mend the line or export again")
    }

    fn inferred(&self) -> Result<IdSchema, ExportError> {
        let mut names: Vec<_> = self.lists.iter().collect();
        names.sort();
        let kind = |is_list: bool| if is_list { IdKind::Soft } else { IdKind::Hard };
        let types = names
            .into_iter()
            .map(|(name, list)| IdType::new(name, kind(*list)));
        IdSchema::new(types.collect())
            .map_err(|error| self.error(1, error.to_string(), "name the ID types"))
    }

    fn check_types(&self, types: &IdSchema) -> Result<(), ExportError> {
        for (profile, line) in self.profiles.iter().zip(&self.lines) {
            for (name, values) in &profile.ids {
                let Some(id_type) = types.get(name) else {
                    let problem = format!("the ID type `{name}` is not in the schema");
                    return Err(self.error(
                        *line,
                        problem,
                        "add it to the schema, or leave the schema out",
                    ));
                };
                if id_type.kind == IdKind::Hard && values.len() > 1 {
                    let problem = format!(
                        "the hard ID type `{name}` has {} values here and can have one",
                        values.len()
                    );
                    return Err(self.error(
                        *line,
                        problem,
                        "declare the type soft, or export again",
                    ));
                }
            }
        }
        Ok(())
    }

    fn check_owners(&self) -> Result<(), ExportError> {
        let mut owners = HashMap::new();
        for (profile, line) in self.profiles.iter().zip(&self.lines) {
            for (name, values) in &profile.ids {
                for value in values {
                    if let Some(first) = owners.insert((name, value), *line) {
                        let problem = format!(
                            "the ID `{name}={value}` is on the profile of line {first} as well"
                        );
                        let advice = "a project has one profile per ID: export again in one go";
                        return Err(self.error(*line, problem, advice));
                    }
                }
            }
        }
        Ok(())
    }
}
