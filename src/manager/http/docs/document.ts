import { toOpenAPISchema } from "@elysiajs/openapi";
import type { AnyElysia } from "elysia";
import { VERSION } from "#system/build-info.ts";
import { COMPONENT_SCHEMAS, publicSchema } from "./schemas.ts";
import { TAGS, WORDS, type Words } from "./words.ts";

type Media = Record<string, { schema: unknown }>;
type Answer = { description: string; content?: Media };
export type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security: Record<string, string[]>[];
  parameters?: { name: string; in: string; required: boolean; schema: unknown; description?: string }[];
  requestBody?: { required: boolean; content: Media };
  responses: Record<string, Answer | { $ref: string }>;
};
export type OpenApiDocument = {
  openapi: string;
  info: Record<string, unknown>;
  paths: Record<string, Record<string, Operation>>;
} & Record<string, unknown>;

/** Pages and assets are for people, and no part of the API. */
const isApi = (path: string): boolean => /^\/(api\/|healthz$|metrics$)/.test(path) && path !== "/api/docs";

/** The document of an app's API in OpenAPI 3.1: what its schemas say, and what `WORDS` say of each route. */
export function openApiDocument(app: AnyElysia): OpenApiDocument {
  const { paths } = toOpenAPISchema(app, { staticFile: false }, undefined, undefined, "3.1.2") as unknown as {
    paths: Record<string, Record<string, Partial<Operation>>>;
  };
  const entries = Object.entries(paths).filter(([path]) => isApi(path));
  return {
    openapi: "3.1.2",
    info: {
      title: "JiggaBlend",
      version: VERSION,
      summary: "A render farm for Blender",
      description: DESCRIPTION,
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/", description: "This farm" }],
    tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
    paths: Object.fromEntries(
      entries.map(([path, operations]) => [
        path,
        Object.fromEntries(
          Object.entries(operations).map(([method, operation]) => [method, complete(method, path, operation)]),
        ),
      ]),
    ),
    components: {
      schemas: COMPONENT_SCHEMAS,
      responses: {
        Error: {
          description: ERRORS,
          content: { "application/json": { schema: { $ref: "#/components/schemas/Error" } } },
        },
      },
      securitySchemes: SECURITY,
    },
  };
}

const DESCRIPTION = `Names are camelCase, times are ISO 8601 in UTC, ids are integers that are never used again, sizes are bytes and
durations are seconds. Lists come in pages: pass \`nextCursor\` as \`cursor\`. Frames are written \`1-100\`, \`1-100x5\` (every fifth) or
\`1,7,20-30\`. Every error has the same shape, with a code for programs and a sentence for people. Browsers send the session cookie;
what they change must come from the farm's own pages.`;

const ERRORS =
  "What was asked for cannot be done: `code` says why for programs, `message` for people, and `requestId` finds it in the manager's log.";

const SECURITY = {
  session: { type: "apiKey", in: "cookie", name: "jiggablend_session", description: "The session of a browser." },
  userKey: { type: "http", scheme: "bearer", description: "An API key of scope user, which speaks for its user." },
  runnerKey: { type: "http", scheme: "bearer", description: "An API key of either scope, with which a runner works." },
};

function complete(method: string, path: string, operation: Partial<Operation>): Operation {
  const name = `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ":$1")}`;
  const words = WORDS[name];
  if (!words) throw new Error(`the document has no words for ${name}`);
  const { tag, summary, description } = words;
  const { security = [], parameters = [], requestBody } = operation;
  const body = bodyOf(words, requestBody);
  return {
    operationId: operation.operationId ?? name,
    tags: [tag],
    summary,
    ...(description !== undefined && { description }),
    security,
    parameters: [
      ...parameters.map(({ schema, required, ...parameter }) => ({
        ...parameter,
        required: required && !hasDefault(schema),
        schema: publicSchema(schema),
      })),
      ...Object.entries(words.headers ?? {}).map(([header, text]) => ({
        name: header,
        in: "header",
        required: true,
        schema: { type: "string" },
        description: text,
      })),
    ],
    ...(body && { requestBody: body }),
    responses: { ...answersOf(operation, words), default: { $ref: "#/components/responses/Error" } },
  };
}

/** Elysia's document offers every body as a form too; programs send JSON. */
function bodyOf({ body, optionalBody }: Words, requestBody: Operation["requestBody"]): Operation["requestBody"] {
  const json = requestBody?.content["application/json"];
  if (json) return { required: true, content: { "application/json": { schema: publicSchema(json.schema) } } };
  if (!body) return undefined;
  const content = Object.fromEntries(body.map((type) => [type, { schema: BODIES[type] ?? {} }]));
  return { required: optionalBody !== true, content };
}

const BODIES: Record<string, unknown> = {
  "multipart/form-data": {
    type: "object",
    required: ["file"],
    properties: { file: { type: "string", contentMediaType: "application/octet-stream" } },
  },
};

const MEANING: Record<string, string> = {
  "200": "Done.",
  "201": "Made.",
  "202": "Not ready yet; ask again.",
  "204": "Done; there is nothing more to say.",
};

function answersOf({ responses = {} }: Partial<Operation>, { answers = {} }: Words): Operation["responses"] {
  const told = Object.entries(responses).map(([status, answer]): [string, Answer] => {
    const json = "content" in answer ? answer.content?.["application/json"] : undefined;
    return [
      status,
      {
        description: MEANING[status] ?? "Done.",
        ...(json && { content: { "application/json": { schema: publicSchema(json.schema) } } }),
      },
    ];
  });
  const other = Object.entries(answers).map(([status, { description, type }]): [string, Answer] => [
    status,
    { description, ...(type !== undefined && { content: { [type]: { schema: {} } } }) },
  ]);
  return Object.fromEntries([...told, ...other]);
}

function hasDefault(schema: unknown): boolean {
  return typeof schema === "object" && schema !== null && "default" in schema;
}
