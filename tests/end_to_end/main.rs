//! The server on a socket, as a client meets it: replies, refusals, isolation, the control API.
//! Every test starts its own server on a free port.

mod bad_input;
mod client;
mod control;
mod journal;
mod replies;
