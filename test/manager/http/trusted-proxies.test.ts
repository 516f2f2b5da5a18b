import { describe, expect, test } from "bun:test";
import { Elysia } from "elysia";
import { addressOf, isHttps, originOf, requestFacts } from "#manager/http/request-facts.ts";
import { parseTrustedProxies } from "#manager/http/trusted-proxies.ts";

describe("a trusted proxy", () => {
  const proxies = parseTrustedProxies(["127.0.0.1", "10.0.0.0/8", "fd00::/8"]);

  test.each(["127.0.0.1", "10.255.0.1", "fd12::1"])("is %s", (address) => {
    expect(proxies.trusts(address)).toBe(true);
  });

  test.each(["127.0.0.2", "11.0.0.1", "fe80::1", "unknown", "", "10.0.0.1, 10.0.0.2"])("is not %p", (address) => {
    expect(proxies.trusts(address)).toBe(false);
  });

  test.each(["nginx", "10.0.0.0/33", "10.0.0", "fd00::/129", "", "/8", "10.0.0.0/", "10.0.0.0/-1"])(
    "is not named by %p",
    (network) => {
      expect(() => parseTrustedProxies([network])).toThrow("--trusted-proxy takes addresses and networks");
    },
  );
});

/** What a request is taken for that comes from this machine, through proxies that are trusted or not. */
async function factsOf(trusted: readonly string[], headers: Record<string, string>) {
  const app = new Elysia({ serve: { development: false } })
    .use(requestFacts(parseTrustedProxies(trusted)))
    .get("/", ({ request }) => ({ address: addressOf(request), https: isHttps(request), origin: originOf(request) }))
    .listen({ hostname: "127.0.0.1", port: 0 });
  try {
    const answer = await fetch(`http://127.0.0.1:${app.server?.port}/`, {
      headers: { host: "farm.example", ...headers },
    });
    return (await answer.json()) as { address: string; https: boolean; origin: string };
  } finally {
    await app.stop(true);
  }
}

describe("a request", () => {
  const forwarded = (addresses: string) => ({ "x-forwarded-for": addresses, "x-forwarded-proto": "https" });

  test("is from where it comes, whatever it says, when nobody is trusted", async () => {
    expect(await factsOf([], forwarded("192.0.2.1"))).toEqual({
      address: "127.0.0.1",
      https: false,
      origin: "http://farm.example",
    });
    expect((await factsOf(["10.0.0.0/8"], forwarded("192.0.2.1"))).address).toBe("127.0.0.1");
  });

  test("is from where a trusted proxy says", async () => {
    expect(await factsOf(["127.0.0.1"], forwarded("192.0.2.1"))).toEqual({
      address: "192.0.2.1",
      https: true,
      origin: "https://farm.example",
    });
  });

  test("is not from where the client itself says before the proxy does", async () => {
    expect((await factsOf(["127.0.0.1"], forwarded("203.0.113.7, 192.0.2.1"))).address).toBe("192.0.2.1");
  });

  test("is followed through several trusted proxies, and no further", async () => {
    const trusted = ["127.0.0.1", "10.0.0.0/8"];
    expect((await factsOf(trusted, forwarded("1.1.1.1, 192.0.2.1, 10.0.0.2"))).address).toBe("192.0.2.1");
  });

  test.each([
    ["192.0.2.1:50123", "192.0.2.1"],
    ["[2001:db8::1]:443", "2001:db8::1"],
    ["::ffff:192.0.2.1", "192.0.2.1"],
    ["not an address", "127.0.0.1"],
    ["", "127.0.0.1"],
  ])("that is forwarded for %p is from %s", async (named, address) => {
    expect((await factsOf(["127.0.0.1"], forwarded(named))).address).toBe(address);
  });
});
