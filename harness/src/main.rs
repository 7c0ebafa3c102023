//! The one binary, `twinfold`. Everything it does is in the library, so that tests reach it too.

use std::process::ExitCode;

fn main() -> ExitCode {
    twinfold::cli::main()
}
