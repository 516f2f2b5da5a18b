import { tellCount } from "#web/words/count.ts";

type Props = {
  user: { id: number; name: string };
  jobs: number;
  /** To whom the jobs can be given. */
  others: readonly { id: number; name: string; email: string }[];
};

/** Deletes a user, after saying what becomes of their jobs. */
export function RemoveUser({ user, jobs, others }: Props) {
  return (
    <details class="panel" id="remove">
      <summary>Delete {user.name}…</summary>
      <form class="fields" method="post" action={`/admin/users/${user.id}/delete`}>
        <p>
          The account, its keys and its runners are gone at once, and what runs of its {tellCount(jobs, "job")} is
          canceled. This cannot be taken back.
        </p>
        <fieldset class="choices">
          <legend>What becomes of the jobs</legend>
          <Choice value="keep" text="They stay, with the admins" checked />
          <Choice value="delete" text="They are deleted, with all their files" />
          {others.length > 0 && <Choice value="give" text="They are given to" />}
          {others.length > 0 && (
            <select name="to" aria-label="Who gets the jobs">
              {others.map(({ id, name, email }) => (
                <option value={id}>
                  {name} ({email})
                </option>
              ))}
            </select>
          )}
        </fieldset>
        <button class="danger">Delete {user.name}</button>
      </form>
    </details>
  );
}

function Choice({ value, text, checked = false }: { value: string; text: string; checked?: boolean }) {
  return (
    <label class="check">
      <input type="radio" name="jobs" value={value} checked={checked} />
      {text}
    </label>
  );
}
