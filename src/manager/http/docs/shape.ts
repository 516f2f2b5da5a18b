type Schema = {
  $ref?: string;
  type?: string | string[];
  enum?: (string | null)[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  pattern?: string;
};

/** Writes a schema as people read it: `{ id: integer, name?: string | null }`. */
export function shapeOf(schema: unknown, indent = ""): string {
  const { $ref, type, enum: words, anyOf, items, properties, required = [] } = schema as Schema;
  if ($ref) return $ref.slice($ref.lastIndexOf("/") + 1);
  if (anyOf) return anyOf.map((one) => shapeOf(one, indent)).join(" | ");
  if (words) return words.map((word) => JSON.stringify(word)).join(" | ");
  if (properties) {
    const more = `${indent}  `;
    const lines = Object.entries(properties).map(
      ([name, value]) => `${more}${name}${required.includes(name) ? "" : "?"}: ${shapeOf(value, more)}`,
    );
    return `{\n${lines.join("\n")}\n${indent}}`;
  }
  if (items) return `[${shapeOf(items, indent)}]`;
  return Array.isArray(type) ? type.join(" | ") : (type ?? "anything");
}
