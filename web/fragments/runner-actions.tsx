import type { RunnerStatus } from "#domain/runner.ts";
import type { Child } from "#jsx/jsx-runtime";
import { Action, GraveAction, Menu } from "#web/components/action.tsx";

type Runner = { id: number; name: string; status: RunnerStatus };

type Choice = readonly [name: string, text: string];

/** What can be done with a runner in each state. One that is there is only stopped: deleted, it would register again. */
const CHOICES: Record<RunnerStatus, readonly Choice[]> = {
  online: [
    ["drain", "Drain"],
    ["disable", "Disable"],
  ],
  draining: [
    ["resume", "Drain no more"],
    ["disable", "Disable"],
  ],
  disabled: [["enable", "Enable"]],
  offline: [["disable", "Disable"]],
};

/** The same as a menu, for a row of a table. */
export function RunnerMenu({ runner: { id, name, status } }: { runner: Runner }) {
  return (
    <Menu id={`menu-${id}`} label={`What to do with ${name}`}>
      {CHOICES[status].map(([what, text]) => (
        <Action to={`/runners/${id}/${what}?from=list`} text={text} />
      ))}
    </Menu>
  );
}

/** The buttons of a runner's page; `children` stand among them. */
export function RunnerActions({ runner: { id, name, status }, children }: { runner: Runner; children?: Child }) {
  return (
    <div class="actions">
      {CHOICES[status].map(([what, text]) => (
        <Action to={`/runners/${id}/${what}`} text={text} />
      ))}
      {children}
      {(status === "offline" || status === "disabled") && (
        <GraveAction id="delete" to={`/runners/${id}/delete`} text="Delete">
          The farm forgets {name}. What it has rendered stays. Started again, it registers as a new one.
        </GraveAction>
      )}
    </div>
  );
}
