import { Copyable } from "#web/components/copyable.tsx";
import { Notice } from "#web/components/notice.tsx";

/** A key that was just made. */
export function NewKey({ secret }: { secret: string }) {
  return (
    <Notice kind="warn">
      <p>Your new key. Keep it now; it is not shown again.</p>
      <Copyable id="new-key" label="The new key" text={secret} />
    </Notice>
  );
}
