//! The shop in which every cause happens is diagnosed as such by the repair, whatever its size.

use std::collections::BTreeMap;

use twinfold_engine::{IdSchema, IdType};
use twinfold_server::{Projects, router};

use super::population;
use crate::{
    fixup::{self, Cause, PlanOptions},
    population::{Population, Preset},
    target::{InProcess, ProjectClient, Request, Target},
};

#[tokio::test]
async fn every_cause_comes_about_in_a_shop_of_fifty() {
    for seed in 1..=20 {
        every_cause_comes_about(&population(Preset::EveryCause, 50, seed)).await;
    }
}

#[tokio::test]
async fn every_cause_comes_about_in_a_shop_of_hundreds() {
    every_cause_comes_about(&population(Preset::EveryCause, 400, 9)).await;
}

#[tokio::test]
async fn a_clean_shop_has_no_duplicates() {
    for seed in 1..=20 {
        let causes = diagnosed(&population(Preset::Clean, 300, seed)).await;
        assert_eq!(causes, BTreeMap::new(), "seed {seed}");
    }
}

async fn every_cause_comes_about(population: &Population) {
    let causes = diagnosed(population).await;
    println!("seed {}: {causes:?}", population.seed);
    for cause in Cause::ALL {
        let (seed, people) = (population.seed, population.people);
        assert!(
            causes.contains_key(&cause),
            "{cause} never happened to {people} people of seed {seed}: {causes:?}"
        );
    }
}

/// How many keys each cause explains after the whole traffic.
async fn diagnosed(population: &Population) -> BTreeMap<Cause, u32> {
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let client = ProjectClient::create(target, &population.project())
        .await
        .unwrap();
    for call in population.calls() {
        let path = client.track_path(&format!("/{}", call.command()));
        let request = Request::post(path, &call.body()).header("twinfold-source", call.source);
        client.send(request).await.unwrap();
    }
    let keys = fixup::diagnose(&client, &schema(population), &PlanOptions::default())
        .await
        .unwrap();
    let mut causes = BTreeMap::new();
    for key in &keys {
        *causes.entry(key.cause).or_insert(0) += 1;
    }
    causes
}

fn schema(population: &Population) -> IdSchema {
    let types = crate::population::ID_TYPES.map(|(name, is_hard)| match is_hard {
        true => IdType {
            trim: population.trims_ids(),
            ..IdType::hard(name)
        },
        false => IdType::soft(name),
    });
    IdSchema::new(types.to_vec()).unwrap()
}
