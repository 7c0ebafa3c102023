//! The project that calls are sent to has their ID types in their order, which is their precedence.

use serde_json::{Value, json};
use twinfold_server::{Projects, router};

use super::population;
use crate::{
    population::{Preset, RecordIds, TrafficProject},
    target::{CONTROL, InProcess, ProjectClient, Request, Target},
};

#[tokio::test]
async fn id_types_keep_their_order_on_the_server() {
    let shop = population(Preset::SmallShop, 1, 1);
    let types = ["registered", "customer_number", "cookie", "phone"];
    assert_eq!(order_of(&shop.project()).await, json!(types));
    let types = [
        "soc_sec_id",
        "name_and_birth",
        "surname_and_address",
        "record",
    ];
    assert_eq!(
        order_of(&RecordIds::of_febrl().project()).await,
        json!(types)
    );
}

async fn order_of(project: &TrafficProject) -> Value {
    let target = Target::InProcess(InProcess::new(router(Projects::new())));
    let client = ProjectClient::create(target, project).await.unwrap();
    let path = format!("{CONTROL}/projects/{}", client.credentials.token);
    let shown = client.accepted(Request::get(path)).await.unwrap();
    shown["id_type_order"].clone()
}
