import { UsageError } from "./usage-error.ts";

const VARIABLE = "JIGGABLEND_TEST_OAUTH_ENDPOINTS";

type Endpoints = { authorize: string; token: string; userInfo: string };

/**
 * A provider on this machine that stands in for Google or Discord while JiggaBlend is tested, as JSON:
 * `{"google":{"authorize":"http://127.0.0.1:…","token":"…","userInfo":"…"}}`. Nothing else than this machine is taken.
 */
export function readTestEndpoints(
  env: Record<string, string | undefined>,
): Partial<Record<"google" | "discord", Endpoints>> {
  const text = env[VARIABLE];
  if (!text) return {};
  const given = parse(text);
  for (const endpoints of Object.values(given))
    for (const name of ["authorize", "token", "userInfo"] as const)
      if (!isOnThisMachine(endpoints?.[name]))
        throw new UsageError(`${VARIABLE} names ${name} addresses on this machine alone.`);
  return given;
}

function parse(text: string): Partial<Record<"google" | "discord", Endpoints>> {
  try {
    return JSON.parse(text) as Partial<Record<"google" | "discord", Endpoints>>;
  } catch {
    throw new UsageError(`${VARIABLE} is not JSON.`);
  }
}

function isOnThisMachine(address: unknown): boolean {
  const url = typeof address === "string" ? URL.parse(address) : null;
  return url?.protocol === "http:" && (url.hostname === "127.0.0.1" || url.hostname === "localhost");
}
