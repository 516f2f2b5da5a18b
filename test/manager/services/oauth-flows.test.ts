import { beforeEach, expect, test } from "bun:test";
import { createOauthFlows, type OauthFlow, type OauthFlows } from "#manager/services/oauth-flows.ts";
import { fakeClock, type FakeClock } from "../../support/memory-farm.ts";

const FLOW: OauthFlow = { provider: "google", codeVerifier: "v", next: "/jobs", connectUserId: null };

let clock: FakeClock;
let flows: OauthFlows;
beforeEach(() => {
  clock = fakeClock();
  flows = createOauthFlows(clock);
});

test("a flow is taken up once, whatever the provider would say of its code", () => {
  const { state, browserSecret } = flows.begin(FLOW);
  expect(flows.take(state, browserSecret)).toEqual(FLOW);
  expect(flows.take(state, browserSecret)).toBeNull();
});

test("another browser does not take it up, nor end it", () => {
  const { state, browserSecret } = flows.begin(FLOW);
  expect([flows.take(state, ""), flows.take(state, flows.begin(FLOW).browserSecret)]).toEqual([null, null]);
  expect(flows.take(state, browserSecret)).toEqual(FLOW);
});

test("it lasts ten minutes", () => {
  const [early, late] = [flows.begin(FLOW), flows.begin(FLOW)];
  clock.advance(599);
  expect(flows.take(early.state, early.browserSecret)).toEqual(FLOW);
  clock.advance(1);
  expect(flows.take(late.state, late.browserSecret)).toBeNull();
});

test("a flood forgets the oldest, so that memory stays bounded", () => {
  const first = flows.begin(FLOW);
  const second = flows.begin(FLOW);
  for (let n = 0; n < 9_999; n += 1) flows.begin(FLOW);
  expect(flows.take(first.state, first.browserSecret)).toBeNull();
  expect(flows.take(second.state, second.browserSecret)).toEqual(FLOW);
});
