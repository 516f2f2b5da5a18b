import packageJson from "../../package.json" with { type: "json" };

declare const JIGGABLEND_COMMIT: string | undefined;

/** The version of package.json. */
export const VERSION = packageJson.version;

/** The commit that the binary was built from; `source` when it runs unbuilt. */
export const COMMIT = typeof JIGGABLEND_COMMIT === "string" ? JIGGABLEND_COMMIT : "source";
