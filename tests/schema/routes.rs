//! Every route that public clients use is in the document, as deep as it must be.

use crate::document::operations;

/// Depth, methods, path; a path of the document may name its parameters as it likes.
const ROUTES: &str = "
    full     POST                /track/v2/projects/{token}/customers
    full     POST                /track/v2/projects/{token}/customers/events
    full     POST                /track/v2/projects/{token}/batch
    full     GET                 /track/v2/projects/{token}/system/time
    full     POST                /track/v2/projects/{token}/campaigns/clicks
    full     POST                /bulk
    full     POST                /crm/customers
    full     POST                /crm/events
    full     POST                /data/v2/projects/{token}/customers/attributes
    full     POST                /data/v2/projects/{token}/customers/export-one
    full     POST                /data/v2/projects/{token}/customers/export
    full     POST                /data/v2/projects/{token}/customers/events
    full     POST                /data/v2/projects/{token}/customers/anonymize
    full     POST                /data/v2/projects/{token}/customers/anonymize_bulk
    full     GET+POST            /data/v2/projects/{token}/consent/categories
    full     GET+POST            /imports/v1/{token}
    full     GET+DELETE          /imports/v1/{token}/{}
    full     POST                /imports/v1/{token}/{}/run
    full     POST                /data/v2/projects/{token}/imports/{}/start
    full     POST                /email/v2/projects/{token}/sync
    full     GET+POST            /data/v2/projects/{token}/catalogs
    full     GET+PUT+DELETE      /data/v2/projects/{token}/catalogs/{}
    full     GET+PUT+DELETE      /data/v2/projects/{token}/catalogs/{}/items
    full     GET+PUT+DELETE      /data/v2/projects/{token}/catalogs/{}/items/{}
    full     POST                /data/v2/projects/{token}/catalogs/{}/items/{}/partial-update
    full     POST                /data/v2/projects/{token}/catalogs/{}/items/partial-update
    full     DELETE              /data/v2/projects/{token}/catalogs/{}/items/bulk-delete
    full     GET                 /webxp/projects/{token}/segments
    full     POST                /webxp/projects/{token}/cookies/{}/link-ids
    empty    POST                /sms/v1/projects/{token}/sync
    empty    POST                /webxp/s/{token}/inappmessages
    empty    POST                /webxp/s/{token}/inappcontentblocks
    empty    POST                /webxp/projects/{token}/appinbox/fetch
    empty    POST                /webxp/projects/{token}/appinbox/markasread
    empty    GET                 /wxstatic/projects/{token}/{}
    empty    GET                 /webxp/projects/{token}/bundle
    empty    POST                /managed-tags/show
    empty    POST                /campaigns/banners/show
    empty    POST                /campaigns/experiments/show
    empty    POST                /campaigns/html/get
    empty    POST                /campaigns/send-self-check-notification
    empty    POST                /webxp/bandits/reward
    empty    POST                /optimization/recommend/user
    declared POST                /data/v2/projects/{token}/analyses/{}
    declared POST                /track/u/v1/batch
    declared POST                /track/u/v1/customers
    declared POST                /track/u/v1/customers/events
    declared POST                /track/u/v1/campaigns/clicks
";

#[test]
fn no_route_of_a_client_is_missing() {
    let operations = operations();
    let wanted = ROUTES.lines().filter(|line| !line.trim().is_empty());
    let wanted = wanted.flat_map(|line| {
        let [depth, methods, path] = line.split_whitespace().collect::<Vec<_>>()[..] else {
            panic!("`{line}` is not depth, methods and path");
        };
        methods.split('+').map(move |method| (depth, method, path))
    });
    let missing: Vec<String> = wanted
        .filter(|(depth, method, path)| {
            !operations.iter().any(|operation| {
                operation.method == *method
                    && operation.depth == *depth
                    && is_same_path(path, &operation.path)
            })
        })
        .map(|(depth, method, path)| format!("{method} {path} ({depth})"))
        .collect();
    assert!(missing.is_empty(), "missing:\n{}", missing.join("\n"));
}

/// A parameter without a name is any parameter; `{rest}` is whatever follows.
fn is_same_path(wanted: &str, documented: &str) -> bool {
    if let Some((before, _)) = documented.split_once("{rest}") {
        return wanted.starts_with(before);
    }
    let (wanted, documented) = (wanted.split('/'), documented.split('/'));
    let is_parameter = |segment: &str| segment.starts_with('{');
    wanted.clone().count() == documented.clone().count()
        && wanted.zip(documented).all(|(wanted, documented)| {
            wanted == documented || (wanted == "{}" && is_parameter(documented))
        })
}
