//! The document's operations, as a client of it reads them.

use serde_json::Value;

/// One method of one path.
pub(crate) struct Operation {
    pub(crate) method: String,
    pub(crate) path: String,
    /// Names of schemes, any of which lets a call in; none for an open route.
    pub(crate) schemes: Vec<String>,
    pub(crate) depth: String,
}

/// Every operation, in the order of their paths.
pub(crate) fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&twinfold_server::openapi::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let operations = paths.iter().flat_map(|(path, methods)| {
        let methods = methods.as_object().unwrap().iter();
        methods.map(move |(method, says)| operation(path, method, says))
    });
    operations.collect()
}

fn operation(path: &str, method: &str, says: &Value) -> Operation {
    let schemes = says["security"].as_array().into_iter().flatten();
    let schemes = schemes.flat_map(|requirement| requirement.as_object().unwrap().keys());
    Operation {
        method: method.to_uppercase(),
        path: path.to_owned(),
        schemes: schemes.cloned().collect(),
        depth: says["x-twinfold"]["depth"].as_str().unwrap().to_owned(),
    }
}
