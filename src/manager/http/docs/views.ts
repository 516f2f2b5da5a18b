import type { DocumentedOperation, DocumentedShape, DocumentedTag } from "#web/pages/api-docs.tsx";
import type { OpenApiDocument, Operation } from "./document.ts";
import { COMPONENT_SCHEMAS } from "./schemas.ts";
import { shapeOf } from "./shape.ts";
import { TAGS } from "./words.ts";

/** The document as its page shows it: the routes of each tag, in the order of the tags. */
export function documentedTags(document: OpenApiDocument): DocumentedTag[] {
  const all = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => ({ method, path, operation })),
  );
  return Object.entries(TAGS).map(([name, description]) => ({
    name,
    description,
    operations: all.filter(({ operation }) => operation.tags.includes(name)).map(view),
  }));
}

/** What the routes speak of by name. */
export function documentedShapes(): DocumentedShape[] {
  return Object.entries(COMPONENT_SCHEMAS).map(([name, schema]) => ({ name, shape: shapeOf(schema) }));
}

function view({
  method,
  path,
  operation,
}: {
  method: string;
  path: string;
  operation: Operation;
}): DocumentedOperation {
  const { operationId, summary, description = "", security, parameters = [], requestBody, responses } = operation;
  return {
    id: operationId,
    method: method.toUpperCase(),
    path,
    summary,
    description,
    callers: security.flatMap((one) => Object.keys(one)),
    parameters: parameters.map(({ name, in: place, required, schema }) => ({
      name,
      place,
      required,
      shape: shapeOf(schema),
    })),
    bodies: Object.entries(requestBody?.content ?? {}).map(([type, { schema }]) => ({ type, shape: shapeOf(schema) })),
    answers: Object.entries(responses).map(([status, answer]) => {
      if ("$ref" in answer)
        return { status, description: "What cannot be done.", type: "application/json", shape: "Error" };
      const [type, media] = Object.entries(answer.content ?? {})[0] ?? ["", null];
      return { status, description: answer.description, type, shape: media ? shapeOf(media.schema) : "" };
    }),
  };
}
