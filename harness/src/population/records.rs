//! Records of which a public data set says who is the same person, as traffic: each record is a row of an import.
//! The shape is that of the FEBRL sets: a header, and in `rec_id` the truth, `rec-N-org` and `rec-N-dup-M` for person N.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    io,
};

use serde_json::json;

use super::{Call, Fields, PersonTruth, START_SECONDS, Traffic, TrafficProject, TrueIds, What};

/// The ID type that every record has to itself, so that it can be addressed when it has no other.
const RECORD: &str = "record";

/// Where the numbers of named people begin.
const NAMED_FROM: u64 = 1 << 32;

/// Which IDs a record gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordIds {
    /// The column that says who it is, and goes nowhere else.
    pub person: String,
    /// The ID types beside `record`.
    pub types: Vec<RecordId>,
}

/// An ID made of columns, in lower case, with spaces between them; a record in which one is empty has no such ID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordId {
    /// The ID type.
    pub name: String,
    /// Whether it is hard.
    pub is_hard: bool,
    /// The columns.
    pub columns: Vec<String>,
}

/// Why records cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordsError {
    /// The text is no CSV.
    #[error(transparent)]
    Csv(#[from] csv::Error),
    /// A column is missing.
    #[error("there is no column `{column}`; the columns are {columns}")]
    Column {
        /// The one that is asked for.
        column: String,
        /// Those that there are.
        columns: String,
    },
    /// It would lose its values to that of the records.
    #[error(
        "every record has an ID type `record` to itself; give the one that is asked for another name"
    )]
    Record,
    /// One would lose its values to the other.
    #[error("there are two ID types `{0}`; give one of them another name")]
    TwoTypes(String),
    /// Of a record it is not said who it is.
    #[error(
        "line {line} has nothing in the column `{column}`, which says who it is; fill it in or leave the line out"
    )]
    Nobody {
        /// The line.
        line: u64,
        /// The column of the truth.
        column: String,
    },
}

/// Records as traffic, with the truth. They are read whole, because a person's records may stand anywhere.
#[derive(Debug)]
pub struct Records {
    ids: RecordIds,
    calls: VecDeque<Call>,
    people: BTreeMap<u64, PersonTruth>,
    /// The numbers of people whom the truth names otherwise than as FEBRL does.
    named: HashMap<String, u64>,
}

/// Where the columns of a file stand.
struct Columns {
    names: Vec<String>,
    person: usize,
    ids: Vec<Vec<usize>>,
}

impl RecordIds {
    /// As suits the FEBRL sets: the social security number is hard; name with birth date, and surname with address, are
    /// soft.
    pub fn of_febrl() -> Self {
        let id = |name: &str, is_hard, columns: &[&str]| RecordId {
            name: name.to_owned(),
            is_hard,
            columns: columns.iter().map(|&column| column.to_owned()).collect(),
        };
        Self {
            person: "rec_id".to_owned(),
            types: vec![
                id("soc_sec_id", true, &["soc_sec_id"]),
                id(
                    "name_and_birth",
                    false,
                    &["given_name", "surname", "date_of_birth"],
                ),
                id(
                    "surname_and_address",
                    false,
                    &["surname", "street_number", "address_1", "postcode"],
                ),
            ],
        }
    }

    /// Each ID type has a name of its own.
    pub fn check(&self) -> Result<(), RecordsError> {
        let mut seen = HashSet::new();
        for one in &self.types {
            if one.name == RECORD {
                return Err(RecordsError::Record);
            }
            if !seen.insert(&one.name) {
                return Err(RecordsError::TwoTypes(one.name.clone()));
            }
        }
        Ok(())
    }

    /// Every ID type of the calls, and whether it is hard.
    pub fn kinds(&self) -> impl Iterator<Item = (String, bool)> {
        let types = self.types.iter();
        let types = types.map(|one| (one.name.clone(), one.is_hard));
        types.chain([(RECORD.to_owned(), false)])
    }

    /// The project that the calls are made for.
    pub fn project(&self) -> TrafficProject {
        let kind = |is_hard| if is_hard { "hard" } else { "soft" };
        let types = self.kinds();
        TrafficProject::of_types(types.map(|(name, is_hard)| (name, json!(kind(is_hard)))))
    }
}

impl Records {
    /// No record yet.
    pub fn new(ids: RecordIds) -> Self {
        Self {
            ids,
            calls: VecDeque::new(),
            people: BTreeMap::new(),
            named: HashMap::new(),
        }
    }

    /// How many records are to come.
    pub fn len(&self) -> usize {
        self.calls.len()
    }

    /// Whether no record is to come.
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// How many people there are.
    pub fn people(&self) -> u64 {
        self.people.len() as u64
    }

    /// Adds the records of a CSV with a header.
    pub fn read(&mut self, csv: impl io::Read) -> Result<(), RecordsError> {
        self.ids.check()?;
        let mut reader = csv::ReaderBuilder::new();
        let mut reader = reader.trim(csv::Trim::All).from_reader(csv);
        let columns = Columns::find(&self.ids, reader.headers()?)?;
        for record in reader.records() {
            let record = record?;
            if record[columns.person].is_empty() {
                return Err(RecordsError::Nobody {
                    line: record.position().map_or(0, csv::Position::line),
                    column: self.ids.person.clone(),
                });
            }
            self.add(&columns, &record);
        }
        Ok(())
    }

    fn add(&mut self, columns: &Columns, record: &csv::StringRecord) {
        let row = self.calls.len() as u64 + 1;
        let person = self.person(&record[columns.person]);
        let customer_ids = columns.ids_of(&self.ids, record, row);
        let truth = self.people.entry(person).or_insert_with(|| PersonTruth {
            person,
            household: None,
            ids: Vec::new(),
            slips: Vec::new(),
        });
        for (name, value) in customer_ids.iter() {
            add_id(&mut truth.ids, name, value.as_str().unwrap_or_default());
        }
        self.calls.push_back(Call {
            happened_at: START_SECONDS + row,
            arrives_at: START_SECONDS + row,
            source: "import",
            person,
            customer_ids,
            what: What::Customers(columns.properties_of(record)),
        });
    }

    /// The N of `rec-N-org` and `rec-N-dup-M`; whatever else stands there is a name of its own.
    fn person(&mut self, truth: &str) -> u64 {
        let number = truth
            .strip_prefix("rec-")
            .and_then(|rest| rest.split('-').next())
            .and_then(|number| number.parse().ok());
        // Beyond all numbers that a set has.
        let next = NAMED_FROM + self.named.len() as u64;
        number.unwrap_or_else(|| *self.named.entry(truth.to_owned()).or_insert(next))
    }
}

impl Columns {
    fn find(ids: &RecordIds, header: &csv::StringRecord) -> Result<Self, RecordsError> {
        let place = |column: &String| {
            let found = header.iter().position(|name| name == column);
            found.ok_or_else(|| RecordsError::Column {
                column: column.clone(),
                columns: header.iter().collect::<Vec<_>>().join(", "),
            })
        };
        let places = |id: &RecordId| id.columns.iter().map(place).collect();
        Ok(Self {
            names: header.iter().map(str::to_owned).collect(),
            person: place(&ids.person)?,
            ids: ids.types.iter().map(places).collect::<Result<_, _>>()?,
        })
    }

    fn ids_of(&self, ids: &RecordIds, record: &csv::StringRecord, row: u64) -> Fields {
        let mut given = Fields::default();
        for (id, columns) in ids.types.iter().zip(&self.ids) {
            let values: Vec<&str> = columns.iter().map(|at| &record[*at]).collect();
            if values.iter().all(|value| !value.is_empty()) {
                given.push(id.name.clone(), values.join(" ").to_lowercase());
            }
        }
        given.push(RECORD, row.to_string());
        given
    }

    fn properties_of(&self, record: &csv::StringRecord) -> Fields {
        let mut properties = Fields::default();
        for (at, (name, value)) in self.names.iter().zip(record).enumerate() {
            if at != self.person && !value.is_empty() {
                properties.push(name.clone(), value);
            }
        }
        properties
    }
}

fn add_id(ids: &mut TrueIds, name: &str, value: &str) {
    let known = ids.iter().position(|(known, _)| known == name);
    let at = known.unwrap_or(ids.len());
    if at == ids.len() {
        ids.push((name.to_owned().into(), Vec::new()));
    }
    let values = &mut ids[at].1;
    if !values.iter().any(|known| known == value) {
        values.push(value.to_owned());
    }
}

impl Iterator for Records {
    type Item = Call;

    fn next(&mut self) -> Option<Call> {
        self.calls.pop_front()
    }
}

impl Traffic for Records {
    /// All at the end.
    fn departed(&mut self) -> Vec<PersonTruth> {
        match self.calls.is_empty() {
            true => std::mem::take(&mut self.people).into_values().collect(),
            false => Vec::new(),
        }
    }
}
