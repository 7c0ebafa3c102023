//! A CSV file as a preview sees it: the names of its columns and the cells of each.

use csv::{ReaderBuilder, StringRecord};

/// A file that is text and has a header.
#[derive(Clone, Debug)]
pub struct File {
    content: String,
    header: Vec<String>,
    rows: Vec<StringRecord>,
}

impl File {
    /// Reads CSV; rows with too few or too many fields are let through, because the project refuses them one by one.
    pub fn read(content: String) -> Result<Self, String> {
        let mut reader = ReaderBuilder::new()
            .flexible(true)
            .from_reader(content.as_bytes());
        let header = reader.headers().map_err(|error| error.to_string())?;
        let header: Vec<String> = header.iter().map(str::to_owned).collect();
        if header.is_empty() {
            return Err("it is empty; its first row must have the names of the columns".into());
        }
        let rows = reader.records().collect::<Result<_, _>>();
        let rows = rows.map_err(|error| error.to_string())?;
        Ok(Self {
            content,
            header,
            rows,
        })
    }

    /// The text as it was read.
    pub fn content(&self) -> &str {
        &self.content
    }

    /// The names of the columns.
    pub fn columns(&self) -> &[String] {
        &self.header
    }

    /// The cells of a column that are not empty.
    pub fn cells<'f>(&'f self, column: &str) -> impl Iterator<Item = &'f str> + use<'f> {
        let at = self.header.iter().position(|name| name == column);
        let cells = self.rows.iter().filter_map(move |row| row.get(at?));
        cells.filter(|cell| !cell.is_empty())
    }
}
