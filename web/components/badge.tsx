import type { Told } from "#web/words/status.ts";

/** A status in one word, with a colour and a shape. */
export function Badge({ told }: { told: Told }) {
  return <span class={`badge ${told.tone}`}>{told.text}</span>;
}
