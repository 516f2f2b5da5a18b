/** Prints the OpenAPI document of the API, or with --check looks whether it is a good one (by Redocly's linter). Needs nothing that runs. */
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { createApp } from "#manager/http/app.ts";
import { openApiDocument } from "#manager/http/docs/document.ts";
import { memoryFarm } from "../test/support/memory-farm.ts";

await using farm = await memoryFarm();
const source = JSON.stringify(openApiDocument(createApp(farm)), null, 2);
if (process.argv.includes("--check")) {
  const config = await createConfig({
    extends: ["recommended-strict"],
    rules: {
      // Every answer that is no success has the same shape, said once as the default.
      "operation-4xx-response": "off",
      // A sign-in page that leads to the provider succeeds with 302, a socket with 101.
      "operation-2xx-response": "off",
      "operation-operationId-unique": "error",
      "operation-description": "off",
      // `/files/{id}/{name}` is read and `/files/{id}/upload` is written to.
      "no-ambiguous-paths": "off",
      "no-server-example.com": "off",
    },
  });
  const problems = await lintFromString({ source, absoluteRef: "openapi.json", config });
  for (const problem of problems)
    console.error(`${problem.ruleId}: ${problem.message} at ${problem.location[0]?.pointer ?? ""}`);
  if (problems.length > 0) process.exitCode = 1;
} else {
  console.log(source);
}
