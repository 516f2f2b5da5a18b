// Who may import whom: arrows only point down (see CONTRIBUTING.md). A folder may always import itself.
const layers = {
  "src/domain": [],
  "src/formats": [],
  "src/system": [],
  "src/protocol": ["src/domain"],
  web: ["src/domain"],
  "src/programs": ["src/domain", "src/formats", "src/system"],
  "src/manager/db": ["src/domain", "src/system"],
  "src/manager/storage": ["src/domain", "src/system"],
  "src/manager/services": [
    "src/domain",
    "src/formats",
    "src/system",
    "src/programs",
    "src/manager/db",
    "src/manager/storage",
  ],
  "src/manager/loops": ["src/domain", "src/system", "src/manager/services"],
  "src/manager/http": ["src/domain", "src/protocol", "src/system", "src/manager/services", "web"],
  "src/runner": ["src/domain", "src/formats", "src/protocol", "src/system", "src/programs"],
  "src/cli": [
    "src/domain",
    "src/formats",
    "src/system",
    "src/programs",
    "src/manager/start.ts",
    "src/manager/open.ts",
    "src/runner/start.ts",
  ],
};
const own = (folder) => `^${folder}(/|$)`;

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    ...Object.entries(layers).map(([folder, allowed]) => ({
      name: `${folder}-imports-downwards`,
      severity: "error",
      from: { path: own(folder) },
      to: { path: "^(src|web)/", pathNot: [folder, ...allowed].map((f) => (f.endsWith(".ts") ? `^${f}$` : own(f))) },
    })),
    {
      name: "domain-does-no-io",
      severity: "error",
      from: { path: "^src/domain/" },
      to: { dependencyTypes: ["core", "npm"] },
    },
    {
      name: "one-door-for-spawning",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/programs/" },
      to: { path: "^(node:)?child_process$" },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "bun", "default"] },
  },
};
