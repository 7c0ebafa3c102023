//! Files that a command writes when its work is done: whether they can be written is known before, and each is written
//! whole or not at all.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Write},
    path::{Path, PathBuf},
};

use super::Failure;

/// Where a text goes.
enum Place {
    /// What is no file, such as a pipe, takes it as it comes.
    Stream,
    /// A file, and the one beside it that takes its name when it is whole.
    File { path: PathBuf, part: PathBuf },
}

/// Says before the work what could not be written after it.
pub(super) fn check(paths: &[&PathBuf]) -> Result<(), Failure> {
    for (at, path) in paths.iter().enumerate() {
        if paths[..at].contains(path) {
            let path = path.display();
            let says = format!("`{path}` cannot hold two outputs; give each a file of its own");
            return Err(Failure::Input(says));
        }
        tried(path).map_err(|error| unwritten(path, &error))?;
    }
    Ok(())
}

/// Writes the text; a file that was there stays as it was until all of it is written.
pub(super) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    written(path, text).map_err(|error| unwritten(path, &error))
}

fn unwritten(path: &Path, error: &io::Error) -> Failure {
    Failure::Input(format!("`{}` cannot be written: {error}", path.display()))
}

fn tried(path: &Path) -> io::Result<()> {
    let Place::File { path, part } = place(path)? else {
        return Ok(());
    };
    if path.exists() {
        OpenOptions::new().write(true).open(&path)?;
    }
    File::create_new(&part)?;
    fs::remove_file(&part)
}

fn written(path: &Path, text: &str) -> io::Result<()> {
    let Place::File { path: whole, part } = place(path)? else {
        return fs::write(path, text);
    };
    let written = fill(&part, text, &whole).and_then(|()| fs::rename(&part, &whole));
    if written.is_err() {
        // Nothing can be done about a part that stays, and the reader wants to know why it was not whole.
        let _removed = fs::remove_file(&part);
    }
    written
}

/// Who may read a file that is replaced may read the new one.
fn fill(part: &Path, text: &str, whole: &Path) -> io::Result<()> {
    let mut file = File::create_new(part)?;
    if let Ok(known) = fs::metadata(whole) {
        file.set_permissions(known.permissions())?;
    }
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn place(path: &Path) -> io::Result<Place> {
    let path = match fs::metadata(path) {
        Ok(known) if known.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(known) if !known.is_file() => return Ok(Place::Stream),
        // A link stays a link.
        Ok(_) => fs::canonicalize(path)?,
        Err(_) => path.to_owned(),
    };
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let part = format!(".{}.{}.part", name.to_string_lossy(), std::process::id());
    let part = path.with_file_name(part);
    Ok(Place::File { path, part })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let files = fs::read_dir(folder).unwrap();
        let names = files.map(|file| file.unwrap().file_name().into_string().unwrap());
        let mut names = Vec::from_iter(names);
        names.sort();
        names
    }

    fn says(done: Result<(), Failure>) -> String {
        match done {
            Err(Failure::Input(says)) => says,
            other => format!("{other:?}"),
        }
    }

    #[test]
    fn a_file_is_whole_and_nothing_is_left_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rows.csv");
        check(&[&path]).unwrap();
        assert_eq!(names(folder.path()), [""; 0], "checking leaves nothing");
        for text in ["a longer text", "short"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        check(&[&path]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "short");
        assert_eq!(names(folder.path()), ["rows.csv"]);
    }

    #[test]
    fn what_cannot_be_written_is_said_before() {
        let folder = tempfile::tempdir().unwrap();
        let [file, below] = ["rows.csv", "missing/rows.csv"].map(|name| folder.path().join(name));
        let here = folder.path().to_owned();
        let twice = says(check(&[&file, &file]));
        assert!(twice.ends_with("rows.csv` cannot hold two outputs; give each a file of its own"));
        for path in [&below, &here] {
            let refused = says(check(&[&file, path]));
            assert!(refused.contains("` cannot be written: "), "{refused}");
            assert_eq!(says(write(path, "text")), refused);
        }
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
