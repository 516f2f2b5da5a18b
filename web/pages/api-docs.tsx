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
      <div class="api">
        <h1>API</h1>
        <p>
          <Prose text={introduction} />
        </p>
        <p>
          For programs: <a href="/api/docs/json">the same as an OpenAPI document</a>.
        </p>
        {tags.map((tag) => (
          <section id={tag.name} aria-labelledby={`${tag.name}-heading`}>
            <h2 id={`${tag.name}-heading`}>{tag.name.charAt(0).toUpperCase() + tag.name.slice(1)}</h2>
            <p class="hint">
              <Prose text={tag.description} />
            </p>
            <div class="panel">
              {tag.operations.map((operation) => (
                <Operation of={operation} />
              ))}
            </div>
          </section>
        ))}
        <section id="shapes" aria-labelledby="shapes-heading">
          <h2 id="shapes-heading">What they speak of</h2>
          <div class="panel">
            {shapes.map(({ name, shape }) => (
              <details id={`shape-${name}`}>
                <summary>
                  <code>{name}</code>
                </summary>
                <pre class="commands">{shape}</pre>
              </details>
            ))}
          </div>
        </section>
      </div>
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
        <span>{of.summary}</span>
      </summary>
      {of.description && (
        <p class="said">
          <Prose text={of.description} />
        </p>
      )}
      <p>{of.callers.length === 0 ? "Open to all." : `With: ${of.callers.join(" or ")}.`}</p>
      {of.parameters.length > 0 && <Parameters of={of.parameters} />}
      {of.bodies.map(({ type, shape }) => (
        <>
          <h3>Body: {type}</h3>
          <pre class="commands">{shape}</pre>
        </>
      ))}
      {of.answers.map(({ status, description, type, shape }) => (
        <>
          <h3>
            {status} {type}
          </h3>
          <p>
            <Prose text={description} />
          </p>
          {shape && <pre class="commands">{shape}</pre>}
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
            <td data-label="In">{place}</td>
            <td data-label="Type">{shape}</td>
            <td data-label="Required">{required ? "yes" : "no"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Text in which backticks mark what is written as it is. */
function Prose({ text }: { text: string }) {
  return <>{text.split("`").map((part, place) => (place % 2 === 1 ? <code>{part}</code> : part))}</>;
}
