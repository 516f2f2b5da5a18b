import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import type { User } from "#domain/user.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { readNumber } from "#manager/services/settings.ts";
import { submitJob } from "#manager/services/submitting.ts";
import { NewJobContent, SubmitPage, type NewJob } from "#web/pages/new-job.tsx";
import { tell } from "../errors.ts";
import { receiveFormFile, type FormFields } from "../multipart.ts";
import { countFrames } from "./frame-count.tsx";
import { problemOf, readJobForm } from "./job-form.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

/** Where a job begins. */
export function newJobPages(farm: Farm) {
  const content = (problems: NewJob["problems"]) => (
    <NewJobContent problems={problems} maxBytes={readNumber(farm, "max-upload-size")} />
  );
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/new",
      async ({ caller, html }) =>
        html(String(<SubmitPage chrome={chromeFor(caller, "new")} title="New job" live={content({})} />)),
      { who: "user" },
    )
    .get("/jobs/new/frames", async ({ query, html }) => html(String(countFrames(query.frames, null))), {
      who: "user",
      query: t.Object({ frames: t.String() }),
    })
    .post(
      "/jobs/new",
      async ({ caller, request, server, set, html }) => {
        server?.timeout(request, 0);
        const fields: FormFields = new Map();
        try {
          const job = await receiveFormFile(
            request,
            async (file) => submit(farm, userOf(caller), fields, file),
            fields,
          );
          return seeOther(`/jobs/${job.id}`);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          const { file } = problemOf(error);
          const live = content(file === undefined ? { form: error.message } : { file });
          return html(String(<SubmitPage chrome={chromeFor(caller, "new")} title="New job" live={live} />));
        }
      },
      { who: "user", parse: "none" },
    );
}

/** A draft of what a form without a script sends: the file, and whatever else of a job stands before it. */
async function submit(
  farm: Farm,
  user: User,
  fields: FormFields,
  file: { name: string; content: AsyncIterable<Uint8Array> },
) {
  const { wishes, problems } = readJobForm(fields, file.name);
  const [first] = Object.entries(problems);
  if (first) throw new AppError("invalid_body", `${first[0]}: ${first[1]}`);
  if (file.name === "") throw new AppError("not_a_scene", "Choose a file first.");
  return submitJob(farm, user, wishes, { ...file, size: null });
}
