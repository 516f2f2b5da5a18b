import { ProgressBar } from "./progress-bar.tsx";

export type ShareRow = { name: string; href: string | null; value: number; told: string };

/** Who or what had how much of something, the most first, each with a bar. */
export function ShareTable({
  id,
  title,
  rows,
  none,
}: {
  id: string;
  title: string;
  rows: readonly ShareRow[];
  none: string;
}) {
  const most = Math.max(0, ...rows.map(({ value }) => value));
  return (
    <section class="panel shares" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {rows.length === 0 && <p class="hint">{none}</p>}
      {rows.length > 0 && (
        <table class="plain" aria-labelledby={id}>
          <tbody>
            {rows.map(({ name, href, value, told }) => (
              <tr>
                <th scope="row">{href === null ? name : <a href={href}>{name}</a>}</th>
                <td>
                  <ProgressBar done={value} total={most} label={`${name}: ${told}`} />
                </td>
                <td class="number">{told}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
