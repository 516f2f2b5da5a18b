/**
 * Must be the first import of the program: a compiled Bun binary is otherwise in development mode, in which Elysia and
 * Bun.serve answer with stack traces.
 */
if (Bun.isStandaloneExecutable) Bun.env.NODE_ENV ??= "production";
