//! The commands: what happens to a customer once resolution has settled who it is.
//! One function per row of the table in `semantics.md`, section 4.

use twinfold_engine::{
    Action, Command, GivenId, Happened, IdKind, InternalId, Json, PropertiesGiven, Rejection,
    Timestamp, UnknownIdType, Who,
    profile::{StoredEvent, StoredProperty},
};

use super::{
    Model, ModelOutcome,
    customer::{HeldEvent, HeldId},
    reading::{self, Reading},
};

impl Model {
    pub(super) fn attempt(&mut self, command: &Command<'_>) -> Result<ModelOutcome, Rejection> {
        match command.action {
            Action::SetProperties {
                ids,
                properties,
                update_timestamp,
            } => {
                let call = self.read(ids)?;
                let PropertiesGiven::Object(properties) = properties else {
                    return Err(Rejection::PropertiesNotAnObject);
                };
                let resolved = self.resolve(call, command.at)?;
                let admitted: Vec<_> = properties
                    .iter()
                    .filter(|(name, _)| self.admits(name))
                    .copied()
                    .collect();
                let discarded = (properties.len() - admitted.len()) as u32;
                let (stored, kept) = match update_timestamp {
                    None => self.set_always(resolved.survivor, &admitted, command.at),
                    Some(at) => self.set_where_older(resolved.survivor, &admitted, at),
                };
                let happened = Happened::PropertiesSet {
                    stored,
                    kept,
                    discarded,
                };
                Ok(resolved.then(happened))
            }
            Action::TrackEvent {
                ids,
                event_type,
                timestamp,
                properties,
            } => {
                let call = self.read(ids)?;
                let Some(event_type) = event_type.filter(|name| !name.is_empty()) else {
                    return Err(Rejection::EventTypeMissing);
                };
                let PropertiesGiven::Object(properties) = properties else {
                    return Err(Rejection::PropertiesNotAnObject);
                };
                let resolved = self.resolve(call, command.at)?;
                let happened = self.track(
                    resolved.survivor,
                    StoredEvent {
                        event_type: event_type.to_owned(),
                        at: timestamp.unwrap_or(command.at),
                        properties: properties.0.to_owned(),
                    },
                );
                Ok(resolved.then(happened))
            }
            Action::OpenLink { ids } => {
                let call = self.read(ids)?;
                Ok(self.resolve(call, command.at)?.then(Happened::LinkOpened))
            }
            Action::Anonymize { who, fresh } => self.anonymize(who, fresh),
        }
    }

    /// Whether a property of this name is taken: it was seen before, or there is room for one more.
    fn admits(&mut self, name: &str) -> bool {
        if self.attributes.iter().any(|seen| seen == name) {
            return true;
        }
        let room = self.attributes.len() < self.attributes_max;
        if room {
            self.attributes.push(name.to_owned());
        }
        room
    }

    /// How many it stored, and how many it kept.
    fn set_always(
        &mut self,
        customer: InternalId,
        properties: &[(&str, Json<'_>)],
        at: Timestamp,
    ) -> (u32, u32) {
        for (name, value) in properties {
            let value = value.0.to_owned();
            let stored = &mut self.customer_mut(customer).properties;
            stored.insert((*name).to_owned(), StoredProperty { value, at });
        }
        (properties.len() as u32, 0)
    }

    fn set_where_older(
        &mut self,
        customer: InternalId,
        properties: &[(&str, Json<'_>)],
        at: Timestamp,
    ) -> (u32, u32) {
        let (mut stored, mut kept) = (0, 0);
        for (name, value) in properties {
            let own = &mut self.customer_mut(customer).properties;
            if own.get(*name).is_none_or(|property| property.at < at) {
                let value = value.0.to_owned();
                own.insert((*name).to_owned(), StoredProperty { value, at });
                stored += 1;
            } else {
                kept += 1;
            }
        }
        (stored, kept)
    }

    fn track(&mut self, customer: InternalId, event: StoredEvent) -> Happened {
        let arrival = self.next_moment();
        let events = &mut self.customer_mut(customer).events;
        if events.iter().any(|held| held.event == event) {
            return Happened::DuplicateEventDropped;
        }
        events.push(HeldEvent { event, arrival });
        Happened::EventStored
    }

    fn anonymize(&mut self, who: Who<'_>, fresh: &str) -> Result<ModelOutcome, Rejection> {
        let found = match who {
            Who::Internal(customer) => Some(customer).filter(|c| self.exists(*c)),
            Who::Ids(ids) => self.find(ids)?,
        };
        let customer = found.ok_or(Rejection::CustomerNotFound)?;
        let soft = self.types.iter().find(|t| t.kind == IdKind::Soft).cloned();
        let soft = soft.ok_or(Rejection::NoSoftType)?;
        let fresh = reading::transform(&soft, fresh);
        if !reading::is_valid(&fresh) || self.owner(&soft.name, &fresh).is_some() {
            return Err(Rejection::FreshIdTaken);
        }
        let used = self.next_moment();
        let private = self.private_properties.clone();
        let anonymous = self.customer_mut(customer);
        anonymous.ids = vec![HeldId {
            id_type: soft.name,
            value: fresh,
            used,
        }];
        for name in private {
            anonymous.properties.remove(&name);
        }
        Ok(ModelOutcome::of(customer).then(Happened::Anonymized))
    }

    /// The customer that a read means: the owner of the first known ID, hard types before soft ones.
    /// A read declares no type, so `declare_soft` leaves an unknown one out.
    pub fn find(&self, ids: &[GivenId<'_>]) -> Result<Option<InternalId>, Rejection> {
        let unknown = match self.switches.unknown_id_type {
            UnknownIdType::DeclareSoft => UnknownIdType::Ignore,
            other => other,
        };
        let reading = reading::read(&self.types, unknown, ids)?;
        let (hard, soft) = self.in_schema_order(reading.ids);
        let mut owners = hard.iter().chain(&soft).map(|id| self.owner_of(id));
        Ok(owners.find_map(|owner| owner))
    }

    pub(super) fn read(&self, ids: &[GivenId<'_>]) -> Result<Reading, Rejection> {
        reading::read(&self.types, self.switches.unknown_id_type, ids)
    }
}
