//! JUnit XML: one suite a directory, one case a file.

use quick_junit::{NonSuccessKind, TestCase, TestCaseStatus, TestSuite};

use super::{super::verdict::Verdict, Report, path_of};

pub(super) fn junit(verdicts: &[Verdict], report: &Report) -> String {
    let mut junit = quick_junit::Report::new("twinfold");
    junit.set_time(report.elapsed);
    for directory in verdicts.chunk_by(|a, b| a.path.parent() == b.path.parent()) {
        let path = path_of(&directory[0]);
        let name = path.rsplit_once('/').map_or("", |(directory, _)| directory);
        let mut suite = TestSuite::new(name.to_owned());
        suite.add_test_cases(directory.iter().map(case));
        junit.add_test_suite(suite);
    }
    // A report of plain text can always be written as XML.
    junit.to_string().unwrap_or_default()
}

fn case(verdict: &Verdict) -> TestCase {
    let mut case = TestCase::new(verdict.title.clone(), status(verdict));
    case.set_classname(path_of(verdict));
    case.set_time(verdict.elapsed);
    case
}

fn status(verdict: &Verdict) -> TestCaseStatus {
    if verdict.was_left_out {
        return TestCaseStatus::skipped();
    }
    let Some(first) = verdict.problems.first() else {
        return TestCaseStatus::success();
    };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(first.to_string());
    let all = verdict.problems.iter();
    let all = all.map(|problem| format!("{problem}\n{}\n{}", problem.details(), problem.command()));
    let all = all.chain(verdict.calls.iter().cloned());
    status.set_description(all.collect::<Vec<_>>().join("\n\n"));
    status
}
