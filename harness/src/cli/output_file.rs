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

/// A file of the command line, and by which option it is there.
pub(super) type Given<'f> = (&'static str, &'f Path);

/// Those of these options that are given.
pub(super) fn given<'f>(options: &[(&'static str, &'f Option<PathBuf>)]) -> Vec<Given<'f>> {
    let options = options.iter();
    let given = options.filter_map(|(option, path)| Some((*option, path.as_deref()?)));
    given.collect()
}

/// Says before the work what could not be written after it, and what would not outlive it.
pub(super) fn check(read: &[Given<'_>], written: &[Given<'_>]) -> Result<(), Failure> {
    check_apart(read, written)?;
    for (_, path) in written {
        tried(path).map_err(|error| unwritten(path, &error))?;
    }
    Ok(())
}

/// Refuses two outputs in one file and an output in a file that is read, however they are spelt.
pub(super) fn check_apart(read: &[Given<'_>], written: &[Given<'_>]) -> Result<(), Failure> {
    for (at, (option, path)) in written.iter().enumerate() {
        let (here, shown) = (file_behind(path), path.display());
        let is_here = |(_, other): &&Given<'_>| file_behind(other) == here;
        if let Some((input, _)) = read.iter().find(is_here) {
            return Err(Failure::Input(format!(
                "`{shown}` is read by `{input}` and would be overwritten by `{option}`; write to another file"
            )));
        }
        if let Some((other, _)) = written[..at].iter().find(is_here) {
            return Err(Failure::Input(format!(
                "`{shown}` cannot hold two outputs, `{other}` and `{option}`; give each a file of its own"
            )));
        }
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

/// The file as only one path names it, whether it is there already or not.
fn file_behind(path: &Path) -> PathBuf {
    let found = match fs::metadata(path) {
        Ok(known) if known.is_file() => fs::canonicalize(path),
        // A terminal has several names and keeps nothing; only twice the same name is a slip.
        Ok(_) => return path.to_owned(),
        Err(_) => new_file_behind(path),
    };
    found.unwrap_or_else(|_| path.to_owned())
}

fn new_file_behind(path: &Path) -> io::Result<PathBuf> {
    // A link whose file is not there yet.
    let linked = fs::read_link(path).map(|to| path.with_file_name(to));
    let path = linked.as_deref().unwrap_or(path);
    let name = path.file_name().ok_or(io::ErrorKind::InvalidFilename)?;
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(folder)?.join(name))
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
        check(&[], &[("--csv", &path)]).unwrap();
        assert_eq!(names(folder.path()), [""; 0], "checking leaves nothing");
        for text in ["a longer text", "short"] {
            write(&path, text).unwrap();
            assert_eq!(fs::read_to_string(&path).unwrap(), text);
        }
        check(&[], &[("--csv", &path)]).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "short");
        assert_eq!(names(folder.path()), ["rows.csv"]);
    }

    #[test]
    fn what_cannot_be_written_is_said_before() {
        let folder = tempfile::tempdir().unwrap();
        let [file, below] = ["rows.csv", "missing/rows.csv"].map(|name| folder.path().join(name));
        let here = folder.path().to_owned();
        for path in [&below, &here] {
            let refused = says(check(&[], &[("--csv", &file), ("--json", path)]));
            assert!(refused.contains("` cannot be written: "), "{refused}");
            assert_eq!(says(write(path, "text")), refused);
        }
        assert_eq!(names(folder.path()), [""; 0]);
    }

    /// Whether two paths of a folder name one file; `there` is in it, `link` goes to it, and `early` to `new`.
    #[test]
    fn a_file_is_known_by_every_path() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("below")).unwrap();
        fs::write(at("there"), "text").unwrap();
        for (to, link) in [("there", "link"), ("new", "early"), ("below", "folder")] {
            std::os::unix::fs::symlink(to, at(link)).unwrap();
        }
        for (one, other, is_one) in [
            ("there", "there", true),
            ("there", "./there", true),
            ("there", "below/../there", true),
            ("there", "link", true),
            ("new", "./new", true),
            ("new", "below/../new", true),
            ("new", "early", true),
            ("below/new", "folder/new", true),
            ("missing/new", "missing/new", true),
            ("there", "new", false),
            ("new", "below/new", false),
            ("/dev/null", "/dev/zero", false),
        ] {
            let paths = [at(one), at(other)];
            let [one, other] = [("--one", &*paths[0]), ("--other", &*paths[1])];
            let shown = other.1.display();
            let expected = |says: String| if is_one { says } else { "Ok(())".into() };
            assert_eq!(
                says(check_apart(&[], &[one, other])),
                expected(format!(
                    "`{shown}` cannot hold two outputs, `--one` and `--other`; give each a file of its own"
                ))
            );
            assert_eq!(
                says(check_apart(&[one], &[other])),
                expected(format!(
                    "`{shown}` is read by `--one` and would be overwritten by `--other`; write to another file"
                ))
            );
        }
        assert_eq!(names(folder.path()).len(), 5, "nothing was made");
    }
}
