//! The calls so far, with their IDs, for strategies that look at them again.

use alloc::vec::Vec;

use super::super::LedgerId;

#[derive(Clone, Debug, Default)]
pub(in super::super) struct Log {
    ids: Vec<LedgerId>,
    /// Where the IDs of each call end.
    ends: Vec<u32>,
    events: Vec<Option<u32>>,
}

impl Log {
    /// The number of the call.
    pub(super) fn add(&mut self, ids: &[LedgerId], event: Option<u32>) -> u32 {
        let number = self.len();
        self.ids.extend_from_slice(ids);
        self.ends
            .push(u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
        self.events.push(event);
        number
    }

    pub(in super::super) fn len(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX)
    }

    /// The IDs of a call, the strongest first.
    pub(in super::super) fn ids(&self, call: u32) -> &[LedgerId] {
        let end = |call: usize| self.ends.get(call).copied().unwrap_or_default() as usize;
        let start = (call as usize).checked_sub(1).map_or(0, end);
        self.ids.get(start..end(call as usize)).unwrap_or_default()
    }

    pub(in super::super) fn event(&self, call: u32) -> Option<u32> {
        self.events.get(call as usize).copied().flatten()
    }
}
