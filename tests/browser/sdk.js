// Calls the server as the vendor's web SDK does (api.md, section 3); written for this test, nothing of it is the vendor's.
const sdk = {
  async start(target, token, hard) {
    Object.assign(this, { target, token, ids: hard });
    const { results } = await this.bulk([
      { name: "system/ids", data: { project_id: token } },
      { name: "system/time" },
      { name: "webpush/vapid", data: { project_id: token } },
      { name: "system/tracking", data: { project_id: token } },
      this.event("session_ping"),
      this.event("page_visit"),
    ]);
    this.adopt(results[0].data.cookie);
    return results;
  },
  adopt(cookie) {
    this.ids = { ...this.ids, cookie };
    document.cookie = `__exponea_etc__=${cookie}; path=/`;
  },
  async identify(registered, properties) {
    this.ids = { ...this.ids, registered };
    return this.update(properties);
  },
  update(properties) {
    return this.bulk([{ name: "crm/customers", data: { ids: this.ids, company_id: this.token, properties } }]);
  },
  track(type) {
    return this.bulk([this.event(type)]);
  },
  async anonymize() {
    this.ids = {};
    const cookie = crypto.randomUUID();
    const ids = { name: "system/ids", data: { project_id: this.token, cookie } };
    const { results } = await this.bulk([ids, this.event("session_start")]);
    this.adopt(results[0].data.cookie);
    return results;
  },
  // Which cookie the browser sends by itself: the command brings none.
  async remembered() {
    const { results } = await this.bulk([{ name: "system/ids", data: { project_id: this.token } }]);
    return results[0].data.cookie;
  },
  async bundle() {
    const reply = await fetch(`${this.target}/webxp/projects/${this.token}/bundle`, { credentials: "include" });
    return reply.json();
  },
  event(type) {
    return { name: "crm/events", data: { customer_ids: { ...this.ids }, company_id: this.token, type, age: 0.5, properties: { page: location.pathname } } };
  },
  async bulk(commands) {
    const body = JSON.stringify({ sdk: "page", commands });
    const reply = await fetch(`${this.target}/bulk`, { method: "POST", credentials: "include", body });
    return reply.json();
  },
};
addEventListener("pagehide", () => {
  if (!sdk.target) return;
  const body = JSON.stringify({ beacon: true, commands: [sdk.event("session_end")] });
  navigator.sendBeacon(`${sdk.target}/bulk`, new Blob([body], { type: "application/json" }));
});
