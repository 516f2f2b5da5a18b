import { GraveAction } from "#web/components/action.tsx";
import { Moment } from "#web/components/moment.tsx";
import { tellBrowser } from "#web/words/browser.ts";

/** A browser in which the user is signed in. */
export type SessionRow = {
  id: number;
  current: boolean;
  userAgent: string;
  address: string;
  createdAtMs: number;
  lastUsedAtMs: number;
};

/** Where a user is signed in; each can be ended. */
export function SessionTable({ sessions }: { sessions: readonly SessionRow[] }) {
  return (
    <section class="stack" aria-labelledby="sessions">
      <div class="heading">
        <h2 id="sessions">Signed in</h2>
        {sessions.length > 1 && (
          <GraveAction id="end-others" to="/account/sessions/end-others" text="End all others">
            Everywhere but here, you will have to sign in again.
          </GraveAction>
        )}
      </div>
      <table>
        <thead>
          <tr>
            <th>Browser</th>
            <th>Address</th>
            <th>Since</th>
            <th>Last used</th>
            <th>
              <span class="hidden">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <Row session={session} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Row({ session }: { session: SessionRow }) {
  const { id, current, userAgent, address, createdAtMs, lastUsedAtMs } = session;
  return (
    <tr>
      <th scope="row" title={userAgent}>
        {tellBrowser(userAgent)}
        {current && <span class="sub">this one</span>}
      </th>
      <td data-label="Address">{address}</td>
      <td class="number" data-label="Since">
        <Moment atMs={createdAtMs} />
      </td>
      <td class="number" data-label="Last used">
        <Moment atMs={lastUsedAtMs} />
      </td>
      <td class="do">
        {!current && (
          <form method="post" action={`/account/sessions/${id}/end`}>
            <button>End</button>
          </form>
        )}
      </td>
    </tr>
  );
}
