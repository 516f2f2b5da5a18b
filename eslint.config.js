// Only what the compiler cannot see: a promise that nobody awaits ends the whole process.
import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: [".cache/**", "bin/**", "web/dist/**", "web/static/**", "scripts/bun/**"] },
  {
    files: ["src/**/*.{ts,tsx}", "web/**/*.{ts,tsx}", "scripts/**/*.ts", "test/**/*.{ts,tsx}"],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/consistent-type-definitions": ["error", "type"],
    },
  },
  {
    // Elysia guesses from a handler's text whether it is asynchronous, and loses what one throws later that does not say so.
    files: ["src/manager/http/**/*.{ts,tsx}"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: { "@typescript-eslint/promise-function-async": "error" },
  },
  {
    // bun's types do not know that `expect(…).rejects` gives a promise
    files: ["test/**/*.{ts,tsx}"],
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: { "@typescript-eslint/await-thenable": "off" },
  },
);
