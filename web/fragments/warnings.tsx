import type { Warning } from "#domain/warning.ts";
import { Notice } from "#web/components/notice.tsx";
import { tellCount } from "#web/words/count.ts";

/** What will make a job's picture differ from the artist's own; what is beyond `shown` is folded away. */
export function Warnings({ warnings, shown }: { warnings: readonly Warning[]; shown: number }) {
  const rest = warnings.slice(shown);
  return (
    <Notice kind="warn">
      <WarningList warnings={warnings.slice(0, shown)} />
      {rest.length > 0 && (
        <details id="more-warnings">
          <summary>{tellCount(rest.length, "more warning")}</summary>
          <WarningList warnings={rest} />
        </details>
      )}
    </Notice>
  );
}

function WarningList({ warnings }: { warnings: readonly Warning[] }) {
  return (
    <ul>
      {warnings.map(({ message }) => (
        <li>{message}</li>
      ))}
    </ul>
  );
}
