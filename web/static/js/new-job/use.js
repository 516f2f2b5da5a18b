// Takes an upload that has arrived into its draft.

import { currentJob } from "./page.js";

const AGAIN_MS = 2000;

/** Resolves with null when it is taken in, or with the sentence that says why not. While the manager does not answer, it asks again. */
export async function use(id, tellQuiet) {
  for (;;) {
    const answer = await fetch(`/api/jobs/${currentJob()}/upload?upload=${id}`, { method: "POST" }).catch(() => null);
    if (answer?.ok) return null;
    if (answer && answer.status < 500) {
      const said = await answer.json().catch(() => null);
      // The answer to an earlier request was lost: it has been taken in already.
      if (answer.status === 404 && said?.error?.message.includes("upload")) return null;
      if (answer.status === 401) return "You are signed out. Sign in, and the scene is taken in.";
      return said?.error?.message ?? "The manager could not take this in.";
    }
    if (answer?.status === 507) return (await answer.json()).error.message;
    tellQuiet();
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}
