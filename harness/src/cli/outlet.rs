//! Where a traffic goes: printed as lines, written to a file with the truth beside it, or sent to a project of a
//! twinfold server that is made for it.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    Ended, Failure, Threads,
    output_file::{self, Given},
    pipe, runtime, sending,
};
use crate::population::{Call, PersonTruth, Traffic, TrafficProject, TruthWriter};

/// Where the calls and the truth go.
#[derive(Debug, Args)]
pub(super) struct Outlet {
    /// Write the calls to this file instead of printing them
    #[arg(long, value_name = "FILE")]
    calls: Option<PathBuf>,
    /// Write who is behind the calls to this file: a JSON line for each person,
    /// {"person", "household", "ids", "slips", "calls"}; calls are line numbers of the traffic
    #[arg(long, value_name = "FILE")]
    truth: Option<PathBuf>,
    /// Put the person behind it into the line of each call as well
    #[arg(long, conflicts_with = "url")]
    with_person: bool,
    /// Send the calls to a new project of the twinfold server at this base URL, and print the project
    #[arg(long, value_name = "URL", conflicts_with = "calls")]
    url: Option<String>,
    /// How much of the traffic the project's journal keeps, so that a diagnosis can name the source of each write
    /// [default: the server's, 64 MiB]
    #[arg(long, value_name = "BYTES", requires = "url", conflicts_with_all = ["calls", "with_person"])]
    journal_bytes_max: Option<u64>,
}

impl Outlet {
    /// Refuses one file for two outputs, or for what is read as well.
    pub(super) fn check(&self, read: &[Given<'_>]) -> Result<(), Failure> {
        let written = output_file::given(&[("--calls", &self.calls), ("--truth", &self.truth)]);
        output_file::check_apart(read, &written)
    }

    /// Lets the traffic flow; `project` is the one that it is sent to, and `people` are how many there will be.
    pub(super) fn pour(
        &self,
        traffic: impl Traffic,
        mut project: TrafficProject,
        people: u64,
    ) -> Result<Ended, Failure> {
        let mut told = Told::new(traffic, self.truth.as_deref())?;
        match &self.url {
            None => self.write(&mut told)?,
            Some(url) => {
                project.journal_bytes_max = self.journal_bytes_max;
                let sent = sending::send(url, &project, people, &mut told);
                runtime(Threads::One)?.block_on(sent)?;
            }
        }
        told.end()?;
        Ok(Ended::Well)
    }

    fn write(&self, calls: &mut Told<impl Traffic>) -> Result<(), Failure> {
        let mut out: Box<dyn Write> = match &self.calls {
            None => Box::new(BufWriter::new(std::io::stdout().lock())),
            Some(path) => Box::new(create(path)?),
        };
        let failure = |error| match &self.calls {
            None => pipe::unprinted(&error),
            Some(path) => unwritten(path, &error),
        };
        while let Some(call) = calls.next()? {
            let written = match self.with_person {
                true => call.write_line_with_person(&mut out),
                false => call.write_line(&mut out),
            };
            written.map_err(failure)?;
        }
        out.flush().map_err(failure)
    }
}

/// A traffic whose truth is written while it goes by.
pub(super) struct Told<T> {
    traffic: T,
    truth: Option<(TruthWriter<BufWriter<File>>, PathBuf)>,
    /// How many people have been heard of for the last time.
    pub(super) departed: u64,
}

impl<T: Traffic> Told<T> {
    fn new(traffic: T, truth: Option<&Path>) -> Result<Self, Failure> {
        let truth = truth.map(|path| Ok((TruthWriter::new(create(path)?), path.to_owned())));
        Ok(Self {
            traffic,
            truth: truth.transpose()?,
            departed: 0,
        })
    }

    /// The next call, after what is known of people who have gone was written.
    pub(super) fn next(&mut self) -> Result<Option<Call>, Failure> {
        let call = self.traffic.next();
        let departed = self.traffic.departed();
        self.departed += departed.len() as u64;
        if let Some((truth, path)) = &mut self.truth {
            if let Some(call) = &call {
                truth.note(call);
            }
            write_all(truth, &departed).map_err(|error| unwritten(path, &error))?;
        }
        Ok(call)
    }

    fn end(self) -> Result<(), Failure> {
        let Some((mut truth, path)) = self.truth else {
            return Ok(());
        };
        truth.flush().map_err(|error| unwritten(&path, &error))
    }
}

fn write_all(truth: &mut TruthWriter<impl Write>, departed: &[PersonTruth]) -> std::io::Result<()> {
    departed.iter().try_for_each(|person| truth.write(person))
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file = File::create(path).map_err(|error| unwritten(path, &error))?;
    Ok(BufWriter::new(file))
}

fn unwritten(path: &Path, error: &std::io::Error) -> Failure {
    Failure::Input(format!("`{}` cannot be written: {error}", path.display()))
}
