//! The search for the smallest traffic: what is tried, and how often.
//! Every candidate is replayed on the engine as a scenario would send it.

use twinfold_engine::{Project, Settings};

use super::{
    components::components, goal::Goal, minimal::minimal, plain::arrival, settings, simpler,
};
use crate::{
    fixup::PlanOptions,
    traffic::{Sent, Traffic},
};

/// A goal, and how many replays were spent on it.
pub(super) struct Search<'g> {
    goal: &'g Goal,
    options: &'g PlanOptions,
    replays: usize,
}

impl<'g> Search<'g> {
    pub(super) fn new(goal: &'g Goal, options: &'g PlanOptions) -> Self {
        Self {
            goal,
            options,
            replays: 0,
        }
    }

    pub(super) fn replays(&self) -> usize {
        self.replays
    }

    /// Whether these commands, one after the other in a fresh project, come to the goal.
    pub(super) fn holds<'c>(
        &mut self,
        settings: &Settings,
        commands: impl IntoIterator<Item = &'c Sent>,
    ) -> bool {
        self.replays += 1;
        let mut project = Project::new(settings.clone());
        for (position, sent) in commands.into_iter().enumerate() {
            if self
                .goal
                .met_by(&sent.apply_at(arrival(position), &mut project))
            {
                return true;
            }
        }
        self.goal.met_at_the_end(&project, self.options)
    }

    pub(super) fn holds_as_recorded(&self, traffic: &Traffic) -> bool {
        let mut project = Project::new(traffic.settings.clone());
        let mut commands = traffic.commands.iter();
        commands.any(|sent| self.goal.met_by(&sent.apply_to(&mut project)))
            || self.goal.met_at_the_end(&project, self.options)
    }

    /// Cuts off the commands after the goal was come to, as far as halving finds that.
    pub(super) fn cut(&mut self, settings: &Settings, commands: &mut Vec<Sent>) {
        let (mut too_few, mut enough) = (0, commands.len());
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            match self.holds(settings, &commands[..middle]) {
                true => enough = middle,
                false => too_few = middle,
            }
        }
        commands.truncate(enough);
    }

    /// Keeps the fewest commands that hang together by their IDs and come to the goal alone.
    pub(super) fn keep_component(&mut self, settings: &Settings, commands: &mut Vec<Sent>) {
        let found = components(settings, commands)
            .into_iter()
            .find(|component| {
                let component = component.iter().map(|&position| &commands[position]);
                self.holds(settings, component)
            });
        if let Some(component) = found {
            *commands = component
                .into_iter()
                .map(|position| commands[position].clone())
                .collect();
        }
    }

    /// Takes commands away until every one is needed.
    pub(super) fn remove_commands(&mut self, settings: &Settings, commands: &mut Vec<Sent>) {
        let all: Vec<&Sent> = commands.iter().collect();
        let left = minimal(all, |some| self.holds(settings, some.iter().copied()));
        *commands = left.into_iter().cloned().collect();
    }

    /// Makes each command as simple as it can be; whether any became simpler.
    pub(super) fn simplify_commands(&mut self, settings: &Settings, commands: &mut [Sent]) -> bool {
        let mut any = false;
        for position in 0..commands.len() {
            while self.simplify(settings, commands, position) {
                any = true;
            }
        }
        any
    }

    fn simplify(&mut self, settings: &Settings, commands: &mut [Sent], position: usize) -> bool {
        for candidate in simpler::forms(&commands[position], &settings.schema) {
            let before = std::mem::replace(&mut commands[position], candidate);
            if self.holds(settings, &*commands) {
                return true;
            }
            commands[position] = before;
        }
        false
    }

    /// Brings the settings as near to the default as can be; whether any setting changed.
    pub(super) fn simplify_settings(&mut self, settings: &mut Settings, commands: &[Sent]) -> bool {
        let mut any = false;
        loop {
            let forms = settings::nearer_to_the_default(settings, commands, self.options);
            let found = forms.into_iter().find(|form| self.holds(form, commands));
            match found {
                Some(form) => *settings = form,
                None => return any,
            }
            any = true;
        }
    }
}
