//! Programs that a test needs and the machine may lack, from Debian's packages.
//! Elsewhere the test fails and says what to install.

use std::{
    env,
    process::Command,
    sync::{Mutex, PoisonError},
};

/// Two tests of one program must not both install.
static INSTALLING: Mutex<()> = Mutex::new(());

/// Installs the packages of the programs that are not on the path; a pair is a program and its package.
///
/// # Panics
/// When they cannot be installed; the message names the packages.
pub fn debian(programs: &[(&str, &str)]) {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let lacking = programs.iter().filter(|(program, _)| !is_there(program));
    let packages: Vec<&str> = lacking.map(|(_, package)| *package).collect();
    install(&packages);
}

/// Installs a package unless a command succeeds.
///
/// # Panics
/// When it cannot be installed.
pub fn debian_unless(works: &mut Command, package: &str) {
    let _one_at_a_time = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    if !works.output().is_ok_and(|output| output.status.success()) {
        install(&[package]);
    }
}

fn install(packages: &[&str]) {
    if packages.is_empty() {
        return;
    }
    let names = packages.join(" ");
    // The lists may be missing or old; what is known already is then tried all the same.
    let _ = apt(&["update"]);
    let installed = apt(&[&["install", "-y", "--no-install-recommends"], packages].concat());
    if let Err(says) = installed {
        panic!("this test needs {names}; install it, as root: apt-get install {names}\n{says}");
    }
}

fn apt(arguments: &[&str]) -> Result<(), String> {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command.args(["-q", "-o", "DPkg::Lock::Timeout=300"]);
    let output = command.args(arguments).output();
    let output = output.map_err(|error| format!("apt-get: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

fn is_there(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}
