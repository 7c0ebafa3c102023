//! The scenario format as a whole: what is read, what is refused and how, and what a run sees.
//! Most runs need only a small server that notes what it is sent; the story runs on the real one.

mod parse;
mod run;
mod schema;
mod story;
mod survive;
