//! The scenario files below given paths.
//! The order is that of their names, so that a run reads the same everywhere.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

const NOT_SCENARIOS: [&str; 2] = ["README.md", "INDEX.md"];

/// Why the scenario files could not be listed.
#[derive(Debug, thiserror::Error)]
pub enum DiscoverError {
    /// The path does not exist.
    #[error("there is no file or directory `{}`; name a scenario file or a directory of them", .0.display())]
    Missing(PathBuf),
    /// The path cannot be read.
    #[error("`{}` cannot be read: {cause}", .path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
}

/// The scenario files of the given files and directories, sorted, each once. A file that is named is taken as it
/// is; in a directory, every `*.md` with front matter counts except `README.md` and `INDEX.md`.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<PathBuf>, DiscoverError> {
    let mut found = Vec::new();
    for path in paths {
        if !path.exists() {
            return Err(DiscoverError::Missing(path.clone()));
        }
        if path.is_dir() {
            walk(path, &mut found)?;
        } else {
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn walk(directory: &Path, found: &mut Vec<PathBuf>) -> Result<(), DiscoverError> {
    let unreadable = |cause| DiscoverError::Unreadable {
        path: directory.to_owned(),
        cause,
    };
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.is_dir() {
            walk(&path, found)?;
        } else if is_scenario(&path)? {
            found.push(path);
        }
    }
    Ok(())
}

fn is_scenario(path: &Path) -> Result<bool, DiscoverError> {
    let is_markdown = path.extension().is_some_and(|extension| extension == "md");
    let is_other = NOT_SCENARIOS.iter().any(|name| path.ends_with(name));
    if !is_markdown || is_other {
        return Ok(false);
    }
    let text = fs::read(path).map_err(|cause| DiscoverError::Unreadable {
        path: path.to_owned(),
        cause,
    })?;
    let text = text.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&text);
    Ok(text.starts_with(b"---\n") || text.starts_with(b"---\r\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn directories_are_searched_and_missing_paths_named() {
        let root = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = root.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("b/two.md", "---\ntitle: x\n---\n");
        write("a.md", "---\r\ntitle: x\r\n---\r\n");
        write("b/README.md", "---\ntitle: x\n---\n");
        write("b/prose.md", "no front matter");
        write("b/data.csv", "---\n");
        let found = discover(&[root.path().to_owned(), root.path().join("a.md")]).unwrap();
        assert_eq!(
            found,
            [root.path().join("a.md"), root.path().join("b/two.md")]
        );
        let missing = discover(&["nowhere/at/all".into()]).unwrap_err();
        assert!(
            missing
                .to_string()
                .starts_with("there is no file or directory `nowhere/at/all`")
        );
    }
}
