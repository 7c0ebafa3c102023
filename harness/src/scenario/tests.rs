//! The scenario format as a whole: what is read, what is refused and how, and what a run sees.
//! The server here is the smallest one that answers a run; it stores every command as a customer of its own.

mod parse;
mod run;
mod story;
mod survive;
