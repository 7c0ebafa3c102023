//! Folders with public packages in pinned versions: Python environments and node modules.
//! Each is built once, beside the other files of the tests, and is then found complete or not at all.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, PoisonError},
};

use crate::install::{debian, debian_unless};

/// Two tests of one program must not build the same folder.
static BUILDING: Mutex<()> = Mutex::new(());

/// The interpreter of an environment with these packages, such as `infinario==2.0.1`, and no others.
///
/// # Panics
/// When it cannot be built; the message shows what the installer says.
pub fn python(folder: &Path, packages: &[&str]) -> PathBuf {
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    debian(&[("python3", "python3")]);
    let works = &mut Command::new("python3");
    debian_unless(works.args(["-c", "import ensurepip"]), "python3-venv");
    let pip = once(folder, "pip", |pip| {
        run(Command::new("python3").args(["-m", "venv"]).arg(pip));
    });
    let environment = once(folder, &packages.join("+"), |environment| {
        let mut create = Command::new("python3");
        run(create
            .args(["-m", "venv", "--without-pip"])
            .arg(environment));
        let mut install = Command::new(pip.join("bin/python"));
        install.args(["-m", "pip", "-q", "--disable-pip-version-check", "--python"]);
        install.arg(environment.join("bin/python")).arg("install");
        run(install.args(packages));
    });
    environment.join("bin/python")
}

/// The folder whose `node_modules` are those of a lock file.
///
/// # Panics
/// When it cannot be built; the message shows what the installer says.
pub fn node(folder: &Path, name: &str, manifest: &str, lock: &str) -> PathBuf {
    let _one_at_a_time = BUILDING.lock().unwrap_or_else(PoisonError::into_inner);
    debian(&[("node", "nodejs"), ("npm", "npm")]);
    once(folder, name, |modules| {
        fs::write(modules.join("package.json"), manifest).unwrap();
        fs::write(modules.join("package-lock.json"), lock).unwrap();
        let mut install = Command::new("npm");
        install.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]);
        run(install.current_dir(modules));
    })
}

/// Builds a folder beside its place and moves it there, so that nobody finds it half built.
fn once(folder: &Path, name: &str, build: impl FnOnce(&Path)) -> PathBuf {
    let place = folder.join(name);
    if place.exists() {
        return place;
    }
    fs::create_dir_all(folder).unwrap();
    let beside = tempfile::tempdir_in(folder).unwrap();
    build(beside.path());
    let built = beside.keep();
    // Another program may have been faster; its folder is as good.
    if fs::rename(&built, &place).is_err() {
        fs::remove_dir_all(&built).unwrap();
    }
    assert!(place.exists(), "{} was not built", place.display());
    place
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    let says = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}\n{says}");
}
