//! A CSV file: its header and its rows. The first row has the names (fact 7.2).

use csv::{ByteRecord, Reader, ReaderBuilder, StringRecord};

/// Most rows of one file (fact 7.9).
const ROWS_MAX: u32 = 1_000_000;

/// A file that was read as CSV.
pub(crate) struct File<'f> {
    bytes: &'f [u8],
    pub(crate) header: StringRecord,
    pub(crate) rows: u32,
}

impl<'f> File<'f> {
    /// Reads the header and counts the rows, or says why this is no file to import.
    pub(crate) fn read(bytes: &'f [u8]) -> Result<Self, String> {
        if bytes.trim_ascii_start().starts_with(b"<") {
            return Err("the file is XML or HTML; only CSV is emulated".into());
        }
        let mut reader = reader(bytes);
        let header = reader.byte_headers().map_err(|error| error.to_string())?;
        let header = StringRecord::from_byte_record(header.clone())
            .map_err(|_| "the names of the columns are not UTF-8")?;
        if header.is_empty() {
            return Err(
                "the file is empty; its first row must have the names of the columns".into(),
            );
        }
        let mut rows = 0;
        let mut row = ByteRecord::new();
        while reader
            .read_byte_record(&mut row)
            .map_err(|error| error.to_string())?
        {
            rows += 1;
            if rows > ROWS_MAX {
                return Err(format!("the file has more than {ROWS_MAX} rows"));
            }
        }
        Ok(Self {
            bytes,
            header,
            rows,
        })
    }

    /// The rows in order, numbered from 1.
    pub(crate) fn numbered(&self) -> impl Iterator<Item = (u32, ByteRecord)> {
        let rows = reader(self.bytes).into_byte_records();
        // Every row was read once before.
        (1..).zip(rows.filter_map(Result::ok))
    }
}

fn reader(bytes: &[u8]) -> Reader<&[u8]> {
    ReaderBuilder::new().flexible(true).from_reader(bytes)
}
