//! Anonymization of many customers at once, by IDs and by internal IDs.

use serde_json::{Value, json};

use super::shop;

#[tokio::test]
async fn a_bulk_is_anonymized_by_ids_and_by_internal_ids() {
    let client = shop(json!({})).await;
    let customers = client.of_project("/customers").await;
    let bob = &customers["customers"][1]["internal_id"];
    let body = json!({"customers": [
        {"customer_ids": {"registered": "ada"}}, {"internal_id": bob}, {"internal_id": "none"},
        {"customer_ids": {"registered": "nobody"}}]});
    let (status, reply) = client.post(&client.data("/anonymize_bulk"), body).await;
    assert_eq!((status, &reply["success"]), (200, &json!(true)));
    assert!(reply["bulk_id"].is_string(), "{reply}");
    let customers = client.of_project("/customers").await;
    let registered = customers["customers"].as_array().unwrap().iter();
    let registered: Vec<&Value> = registered
        .map(|customer| &customer["ids"]["registered"])
        .collect();
    assert_eq!(registered, [&Value::Null, &Value::Null, &json!(["eve"])]);
    assert_eq!(client.of_project("/replayed").await["agrees"], json!(true));
}
