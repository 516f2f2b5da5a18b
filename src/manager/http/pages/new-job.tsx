import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { parseFrames } from "#domain/frames.ts";
import type { User } from "#domain/user.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { readNumber } from "#manager/services/settings.ts";
import { submitJob } from "#manager/services/submitting.ts";
import { FramesHint } from "#web/fragments/job-fields.tsx";
import { NewJobPage, type NewJob } from "#web/pages/new-job.tsx";
import { tellCount } from "#web/words/count.ts";
import { tell } from "../errors.ts";
import { receiveFormFile, type FormFields } from "../multipart.ts";
import { problemOf, readJobForm } from "./job-form.ts";
import { chromeFor, pageBase, seeOther } from "./page-base.ts";

/** The form that makes a job. */
export function newJobPages(farm: Farm) {
  const form = (user: User, values: NewJob["values"], problems: NewJob["problems"]): NewJob => ({
    values,
    problems,
    admin: user.admin,
    maxBytes: readNumber(farm, "max-upload-size"),
  });
  return new Elysia()
    .use(pageBase(farm))
    .get(
      "/jobs/new",
      async ({ caller, html }) =>
        html(String(<NewJobPage chrome={chromeFor(caller, "new")} form={form(userOf(caller), {}, {})} />)),
      { who: "user" },
    )
    .get("/jobs/new/frames", async ({ query, html }) => html(String(tellFrames(query.frames))), {
      who: "user",
      query: t.Object({ frames: t.String() }),
    })
    .post(
      "/jobs/new",
      async ({ caller, request, server, set, html }) => {
        server?.timeout(request, 0);
        const user = userOf(caller);
        const fields: FormFields = new Map();
        try {
          const job = await receiveFormFile(request, async (file) => submit(farm, user, fields, file), fields);
          return seeOther(`/jobs/${job.id}`);
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          set.status = tell(error).status;
          const { problems } = readJobForm(fields, "");
          const told = Object.keys(problems).length > 0 ? problems : problemOf(error);
          const values = { ...Object.fromEntries(fields), autostart: fields.get("autostart") ?? "off" };
          return html(String(<NewJobPage chrome={chromeFor(caller, "new")} form={form(user, values, told)} />));
        }
      },
      { who: "user", parse: "none" },
    );
}

async function submit(
  farm: Farm,
  user: User,
  fields: FormFields,
  file: { name: string; content: AsyncIterable<Uint8Array> },
) {
  const { wishes, problems } = readJobForm(fields, file.name);
  if (Object.keys(problems).length > 0) throw new AppError("invalid_body", "Something in the form needs another look.");
  if (file.name === "") throw new AppError("not_a_scene", "Choose a file first.");
  return submitJob(farm, user, wishes, { ...file, size: null });
}

function tellFrames(text: string) {
  if (text.trim() === "") return <FramesHint text="Left empty: as in the scene." />;
  try {
    return <FramesHint text={tellCount(parseFrames(text).length, "frame")} />;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return <FramesHint text={error.message} bad />;
  }
}
