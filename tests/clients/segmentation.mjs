// @bloomreach/segmentation, every function, in a page with just enough of a browser.
// The package calls the web SDK on the page; the page's is played here, with the SDK's own request for segments.

import { createRequire } from "node:module";

const { TWINFOLD_URL, TWINFOLD_TOKEN, TWINFOLD_MODULES } = process.env;
const segmentation = createRequire(`${TWINFOLD_MODULES}/`)("@bloomreach/segmentation");

const cookies = new Map([["__exponea_etc__", "laptop"]]);
const said = [];
const subscribers = new Set();

async function segments(category) {
  const url = `${TWINFOLD_URL}/webxp/projects/${TWINFOLD_TOKEN}/segments?cookie=laptop`;
  const reply = await fetch(url, { headers: { Origin: "https://shop.example" }, credentials: "include" });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  return (await reply.json())[category] ?? [];
}

const document = {
  get cookie() {
    return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  },
  set cookie(written) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(written);
    if (/Max-Age=0/.test(written)) cookies.delete(name);
    else cookies.set(name, decodeURIComponent(value));
  },
};

let pending = Promise.resolve();
const exponea = {
  getSegments(category, done, failed) {
    pending = segments(category).then(done, failed);
  },
  segments: {
    subscribe(category, changed, failed) {
      subscribers.add(changed);
      pending = segments(category).then(changed, failed);
      return () => subscribers.delete(changed);
    },
  },
};

globalThis.document = document;
globalThis.window = { exponea, document };
console.error = (...words) => said.push(words.join(" "));
console.warn = console.error;

const named = new Set();
let failures = 0;

async function step(method, call, reads) {
  named.add(method);
  let problem;
  try {
    const found = await call(segmentation[method]);
    await pending;
    const read = await reads(found);
    if (said.length > 0) problem = said.splice(0).join("; ");
    else if (read !== true) problem = `reads ${JSON.stringify(read)}`;
  } catch (error) {
    problem = `${error.name}: ${error.message}`;
  }
  failures += problem === undefined ? 0 : 1;
  console.log(`${method}: ${problem ?? "ok"}`);
}

const is = (found, expected) => JSON.stringify(found) === JSON.stringify(expected) || found;
const CAMPAIGN = "/shoes?btm_campaign_id=spring&btm_segment=vip&btm_ttl=3";
// Which segments the customer is in, by the project's settings.
const SEGMENTS = JSON.parse(process.env.TWINFOLD_SEGMENTS);
const IDS = SEGMENTS.map((segment) => segment.id).sort().join(",");

await step("initializeSegmentation", (call) => call(), () => is(cookies.get("__br__segment_ids"), IDS));
await step("initializeCampaignPersonalization", (call) => call({ path: CAMPAIGN }), () =>
  is([cookies.get("__br__campaign_id"), cookies.get("__br__segment")], ["spring", "vip"]));
cookies.delete("__br__segment_ids");
await step("initializePersonalization", (call) => call({ path: "/?btm_ttl=0" }), () =>
  is([cookies.has("__br__campaign_id"), cookies.get("__br__segment_ids")], [false, IDS]));
let heard;
await step("segmentsSubscription", (call) => call((found) => { heard = found; }), (unsubscribe) =>
  is([heard, unsubscribe(), subscribers.size], [SEGMENTS, true, 0]));

for (const method of Object.keys(segmentation)) {
  if (!named.has(method)) {
    failures += 1;
    console.log(`${method}: no step uses this function`);
  }
}
process.exit(failures > 0 ? 1 : 0);
