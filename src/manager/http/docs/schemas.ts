import type { TSchema } from "elysia";
import { errorAnswer } from "#protocol/errors.ts";
import { leasedTask } from "#protocol/runner.ts";
import { fileAnswer, jobAnswer, metadataAnswer, outputAnswer, taskAnswer, uploadAnswer } from "../api/answers.ts";

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What the API speaks of again and again, under the names that the document gives it. */
const NAMED: Record<string, TSchema> = {
  Error: errorAnswer,
  Job: jobAnswer,
  Task: taskAnswer,
  File: fileAnswer,
  Output: outputAnswer,
  Upload: uploadAnswer,
  Metadata: metadataAnswer,
  LeasedTask: leasedTask,
};

const texts = new Map<string, string>();

/** The named schemas, as the document's components. */
export const COMPONENT_SCHEMAS: Record<string, unknown> = Object.fromEntries(
  Object.entries(NAMED).map(([name, schema]) => {
    const plain = tidy(toJson(schema));
    texts.set(sameText(plain), name);
    return [name, plain];
  }),
);

/** A schema as others read it, with the named ones as references. */
export function publicSchema(schema: unknown): unknown {
  return refer(tidy(toJson(schema)));
}

function toJson(schema: unknown): Json {
  return JSON.parse(JSON.stringify(schema)) as Json;
}

/**
 * Elysia takes numbers in addresses as text, and says so in every schema; a reader needs the number alone. Unions of words are lists of
 * words, and those with null say it in their type. That nothing else may be there is only written into a schema once it is in use.
 */
function tidy(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(tidy);
  if (schema === null || typeof schema !== "object") return schema;
  const { anyOf, additionalProperties: _, ...rest } = schema;
  const tidied = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, tidy(value)]));
  if (!Array.isArray(anyOf)) return withNull(tidied);
  const choices = anyOf.map(tidy);
  const number = choices.find((one) => isNumber(one));
  if (number && choices.some(isNumeral)) return number;
  const words = choices.flatMap((one) => (isObject(one) && typeof one["const"] === "string" ? [one["const"]] : []));
  if (words.length === choices.length) return { ...tidied, type: "string", enum: words };
  const some = choices.filter((one) => !(isObject(one) && one["type"] === "null"));
  const [only] = some;
  if (some.length < choices.length && some.length === 1 && isObject(only) && typeof only["type"] === "string")
    return withNull({ ...only, type: [only["type"], "null"] });
  return { ...tidied, anyOf: choices };
}

/** A word that may be null is one of its words or null. */
function withNull(schema: { [key: string]: Json }): Json {
  const { type, enum: words } = schema;
  if (!Array.isArray(type) || !type.includes("null") || !Array.isArray(words) || words.includes(null)) return schema;
  return { ...schema, enum: [...words, null] };
}

/** A text that two schemas share if they say the same, in whatever order. */
function sameText(schema: Json): string {
  const sorted = (_: string, value: unknown) =>
    isObject(value as Json)
      ? Object.fromEntries(Object.entries(value as object).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value;
  return JSON.stringify(schema, sorted);
}

function refer(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(refer);
  if (schema === null || typeof schema !== "object") return schema;
  const name = texts.get(sameText(schema));
  if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, refer(value)]));
}

function isObject(schema: Json | undefined): schema is { [key: string]: Json } {
  return typeof schema === "object" && schema !== null && !Array.isArray(schema);
}

function isNumber(schema: Json): boolean {
  return isObject(schema) && (schema["type"] === "integer" || schema["type"] === "number");
}

function isNumeral(schema: Json): boolean {
  return isObject(schema) && schema["type"] === "string" && ["numeric", "integer"].includes(String(schema["format"]));
}
