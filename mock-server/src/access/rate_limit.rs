//! How many requests an address may send in a minute of the project's clock (fact 4.3); off unless asked for.
//! What is over the limit is answered 429 and leaves no trace; other addresses are not affected.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    num::NonZeroU32,
    sync::{Mutex, PoisonError},
};

use axum::extract::ConnectInfo;
use http::Extensions;
use serde::Deserialize;

use crate::{error::Error, projects::Hosted};

const MINUTE_S: f64 = 60.0;

/// Beyond so many addresses, those whose minute is over are forgotten.
const ADDRESSES_MAX: usize = 10_000;

/// A limit of requests for each address.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RateLimitSetting {
    /// A batch is one request; the vendor's default is 6000.
    pub requests_per_minute: NonZeroU32,
}

/// The requests of each address in its current minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    setting: RateLimitSetting,
    minutes: Mutex<HashMap<IpAddr, Minute>>,
}

/// A minute begins with the first request after the one before it is over.
#[derive(Clone, Copy, Debug)]
struct Minute {
    start: f64,
    requests: u32,
}

impl RateLimit {
    pub(crate) fn new(setting: RateLimitSetting) -> Self {
        let minutes = Mutex::default();
        Self { setting, minutes }
    }

    pub(crate) fn setting(&self) -> RateLimitSetting {
        self.setting
    }

    fn admit(&self, address: IpAddr, now: f64) -> Result<(), Error> {
        let mut minutes = self.minutes.lock().unwrap_or_else(PoisonError::into_inner);
        if minutes.len() >= ADDRESSES_MAX {
            minutes.retain(|_, minute| now < minute.start + MINUTE_S);
        }
        let begun = Minute {
            start: now,
            requests: 0,
        };
        let minute = minutes.entry(address).or_insert(begun);
        if now >= minute.start + MINUTE_S {
            *minute = begun;
        }
        if minute.requests >= self.setting.requests_per_minute.get() {
            let rest = minute.start + MINUTE_S - now;
            return Err(Error::TooManyRequests(rest.ceil().max(1.0) as u64));
        }
        minute.requests += 1;
        Ok(())
    }
}

impl Hosted {
    /// Counts a request; refuses it if its address has sent too many. For routes whose path names the project this is
    /// done before they are reached; those that find it in the body do it themselves.
    pub(crate) fn admit(&self, extensions: &Extensions) -> Result<(), Error> {
        let (Some(limit), Some(ConnectInfo(peer))) = (
            &self.rate_limit,
            extensions.get::<ConnectInfo<SocketAddr>>(),
        ) else {
            return Ok(());
        };
        let now = self.world().now().seconds();
        limit.admit(peer.ip(), now)
    }
}
