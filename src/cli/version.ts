import { COMMIT, VERSION } from "#system/build-info.ts";

/** The line that `jiggablend version` prints. */
export function versionLine(): string {
  return `jiggablend ${VERSION} (${COMMIT})`;
}
