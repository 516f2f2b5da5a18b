import type { NeededFile } from "#domain/scene.ts";
import type { Warning } from "#domain/warning.ts";
import { Notice } from "#web/components/notice.tsx";
import { tellCount, tellNumber } from "#web/words/count.ts";
import { Warnings } from "./warnings.tsx";

/** A file that the scene needs and the project lacks, and the path of the project at which it is missing. */
export type MissingFile = Pick<NeededFile, "kind" | "name" | "path"> & { place: string };

export type Checks = {
  /** Why the draft cannot be started as it is. */
  problem: string | null;
  /** What will make its picture differ; without the missing files, which have a list of their own. */
  warnings: readonly Warning[];
  missing: readonly MissingFile[];
};

/** More than this are folded away. */
const SHOWN = 8;

/** What is to be looked at before a draft is started: what stops it, what is missing, what will differ. */
export function DraftChecks({ checks: { problem, warnings, missing } }: { checks: Checks }) {
  return (
    <div id="checks" class="checks">
      {problem && (
        <Notice kind="bad">
          <p class="said">{problem}</p>
        </Notice>
      )}
      {missing.length > 0 && <MissingFiles missing={missing} />}
      {warnings.length > 0 && <Warnings warnings={warnings} shown={SHOWN} />}
    </div>
  );
}

function MissingFiles({ missing }: { missing: readonly MissingFile[] }) {
  return (
    <Notice kind="warn">
      <h2>{tellCount(missing.length, "missing file")}</h2>
      <p class="with-script">
        Drop {missing.length === 1 ? "it" : "them"} anywhere on this page, or the folder around; a file finds its place
        by its name.
      </p>
      <p class="without-script">
        Add {missing.length === 1 ? "it" : "them, one by one or as an archive,"} below; a file finds its place by its
        name.
      </p>
      <MissingList missing={missing.slice(0, SHOWN)} />
      {missing.length > SHOWN && (
        <details id="more-missing">
          <summary>{tellNumber(missing.length - SHOWN)} more</summary>
          <MissingList missing={missing.slice(SHOWN)} />
        </details>
      )}
    </Notice>
  );
}

function MissingList({ missing }: { missing: readonly MissingFile[] }) {
  return (
    <ul class="missing-list">
      {missing.map(({ kind, path, name, place }) => (
        <li data-place={place}>
          <code>{path}</code>{" "}
          <span class="sub">
            {kind}
            {name && ` “${name}”`}
          </span>
        </li>
      ))}
    </ul>
  );
}
