//! Lays the functions that starting runs side by side in the released program, in the order of `start.ld`.
//!
//! The kernel maps 64 KiB of a program around each place that is touched, so functions that lie apart cost memory and
//! page faults. Only a linker can change that, and not every linker takes a script: one that refuses it in a trial
//! links the program as it always did.

use std::{
    env,
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=start.ld");
    if !is_wanted() {
        return;
    }
    let Some(arguments) = arguments() else { return };
    if links(&arguments) == Some(true) {
        for argument in arguments {
            println!("cargo:rustc-link-arg-bins={argument}");
        }
    }
}

/// Unoptimised functions have other names; what other systems' linkers understand was not tried.
fn is_wanted() -> bool {
    let is = |name, value| env::var(name).is_ok_and(|set| set == value);
    is("PROFILE", "release")
        && is("CARGO_CFG_TARGET_OS", "linux")
        && is("CARGO_CFG_TARGET_ENV", "gnu")
}

/// A program with a fixed address needs no page of its own for each page of pointers.
fn arguments() -> Option<[String; 2]> {
    let script = Path::new(&env::var_os("CARGO_MANIFEST_DIR")?).join("start.ld");
    let script = format!("-Wl,-T,{}", script.to_str()?);
    Some(["-no-pie".to_owned(), script])
}

/// Whether the linker that will be used takes these, seen on a program that does nothing.
fn links(arguments: &[String]) -> Option<bool> {
    let directory = PathBuf::from(env::var_os("OUT_DIR")?);
    let (source, program) = (directory.join("trial.rs"), directory.join("trial"));
    fs::write(&source, "fn main() {}").ok()?;
    let target = env::var("TARGET").ok()?;
    let mut trial = Command::new(env::var_os("RUSTC")?);
    trial.arg(&source).arg("-o").arg(&program);
    trial.args(["--target", &target]);
    if let Some(linker) = env::var_os("RUSTC_LINKER") {
        let mut argument = OsString::from("-Clinker=");
        argument.push(linker);
        trial.arg(argument);
    }
    let flags = env::var("CARGO_ENCODED_RUSTFLAGS").unwrap_or_default();
    trial.args(flags.split('\x1f').filter(|flag| !flag.is_empty()));
    trial.args(arguments.iter().map(|one| format!("-Clink-arg={one}")));
    let here = env::var("HOST").is_ok_and(|host| host == target);
    Some(succeeds(trial)? && (!here || succeeds(Command::new(program))?))
}

fn succeeds(mut command: Command) -> Option<bool> {
    let command = command.stdout(Stdio::null()).stderr(Stdio::null());
    Some(command.status().ok()?.success())
}
