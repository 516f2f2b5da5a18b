import type { Chrome } from "#web/chrome.ts";
import { Layout } from "#web/layout.tsx";

export type DocumentedShape = { name: string; shape: string };
type Parameter = { name: string; place: string; required: boolean; shape: string };
type Body = { type: string; shape: string };
type Answer = { status: string; description: string; type: string; shape: string };
export type DocumentedOperation = {
  id: string;
  method: string;
  path: string;
  summary: string;
  description: string;
  /** The ways to say who one is; none where the route is open. */
  callers: readonly string[];
  parameters: readonly Parameter[];
  bodies: readonly Body[];
  answers: readonly Answer[];
};
export type DocumentedTag = { name: string; description: string; operations: readonly DocumentedOperation[] };

export type ApiDocs = {
  chrome: Chrome;
  introduction: string;
  tags: readonly DocumentedTag[];
  shapes: readonly DocumentedShape[];
};

/** What the API can do, for people. */
export function ApiDocsPage({ chrome, introduction, tags, shapes }: ApiDocs) {
  return (
    <Layout chrome={chrome} title="API">
      <h1>API</h1>
      <p>{introduction}</p>
      <p>
        For programs: <a href="/api/docs/json">the same as an OpenAPI document</a>.
      </p>
      {tags.map((tag) => (
        <section id={tag.name}>
          <h2>{tag.name}</h2>
          <p>{tag.description}</p>
          {tag.operations.map((operation) => (
            <Operation of={operation} />
          ))}
        </section>
      ))}
      <section id="shapes">
        <h2>What they speak of</h2>
        {shapes.map(({ name, shape }) => (
          <details id={`shape-${name}`}>
            <summary>{name}</summary>
            <pre>{shape}</pre>
          </details>
        ))}
      </section>
    </Layout>
  );
}

function Operation({ of }: { of: DocumentedOperation }) {
  return (
    <details id={of.id}>
      <summary>
        <code>
          {of.method} {of.path}
        </code>{" "}
        {of.summary}
      </summary>
      {of.description && <pre>{of.description}</pre>}
      <p>{of.callers.length === 0 ? "Open to all." : `With: ${of.callers.join(" or ")}.`}</p>
      {of.parameters.length > 0 && <Parameters of={of.parameters} />}
      {of.bodies.map(({ type, shape }) => (
        <>
          <h3>Body: {type}</h3>
          <pre>{shape}</pre>
        </>
      ))}
      {of.answers.map(({ status, description, type, shape }) => (
        <>
          <h3>
            {status} {type}
          </h3>
          <p>{description}</p>
          {shape && <pre>{shape}</pre>}
        </>
      ))}
    </details>
  );
}

function Parameters({ of }: { of: readonly Parameter[] }) {
  return (
    <table>
      <thead>
        <tr>
          <th>Parameter</th>
          <th>In</th>
          <th>Type</th>
          <th>Required</th>
        </tr>
      </thead>
      <tbody>
        {of.map(({ name, place, required, shape }) => (
          <tr>
            <td>
              <code>{name}</code>
            </td>
            <td>{place}</td>
            <td>{shape}</td>
            <td>{required ? "yes" : "no"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
