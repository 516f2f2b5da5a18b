import { Elysia, t } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { ADDING_STEPS, type Addition } from "#manager/services/blender-source.ts";
import { blenderOfficeOf } from "#manager/services/blender-office.ts";
import { receiveBlender } from "#manager/services/receiving-blender.ts";
import { storedBlendersOf, unfinishedDownloads } from "#manager/services/blender-versions.ts";
import type { Farm } from "#manager/services/farm.ts";
import { removeBlender } from "#manager/services/removing-blender.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { announcedBytes, receiveFormFile } from "../multipart.ts";
import { count, oneWordOf, orNull } from "./answers.ts";
import { jobParams } from "./schemas.ts";
import { isoTime } from "./views.ts";

const text = t.String();
const additionAnswer = t.Object({
  id: count,
  name: text,
  status: oneWordOf(["running", "done", "failed"]),
  step: oneWordOf(ADDING_STEPS),
  doneBytes: count,
  totalBytes: orNull(count),
  message: orNull(text),
  version: orNull(text),
  startedAt: t.String({ format: "date-time" }),
});
const listAnswer = t.Object({
  items: t.Array(
    t.Object({
      version: text,
      size: count,
      sha256: text,
      unpackedBytes: count,
      abilities: orNull(t.Object({ denoiser: t.Boolean(), engines: t.Array(text), addons: t.Array(text) })),
      addedAt: t.String({ format: "date-time" }),
    }),
  ),
  additions: t.Array(additionAnswer),
  /** Those that were stopped or cut off. */
  downloads: t.Array(t.Object({ version: text, bytes: count, writtenAt: t.String({ format: "date-time" }) })),
});
const addBody = t.Object({ version: t.String({ pattern: "^\\d{1,2}\\.\\d{1,2}(\\.\\d{1,3})?$" }) });
const uploadQuery = t.Object({ filename: t.Optional(t.String({ minLength: 1, maxLength: 255 })) });

/** The Blenders that the farm keeps: adding goes on in the background, and tells how far it is. */
export function adminBlenderRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/admin/blender" })
    .use(guards(farm))
    .get(
      "",
      async () => ({
        items: storedBlendersOf(farm).map(({ addedAtMs, ...blender }) => ({ ...blender, addedAt: isoTime(addedAtMs) })),
        additions: farm.additions.list().map(additionView),
        downloads: (await unfinishedDownloads(farm)).map(({ writtenMs, ...download }) => ({
          ...download,
          writtenAt: isoTime(writtenMs),
        })),
      }),
      { who: "admin", response: { 200: listAnswer } },
    )
    .post(
      "",
      ({ body: { version }, set }) => {
        set.status = 202;
        return additionView(farm.additions.begin(farm, version, { kind: "release", version }));
      },
      { who: "admin", body: addBody, response: { 202: additionAnswer } },
    )
    .post(
      "/upload",
      async ({ query: { filename }, request, server, set }) => {
        server?.timeout(request, 0);
        set.status = 202;
        if (request.headers.get("content-type")?.startsWith("multipart/form-data"))
          return additionView(
            await receiveFormFile(request, async ({ name, content, formBytes }) =>
              receiveBlender(farm, { name: filename ?? name, content, size: null, aboutBytes: formBytes }),
            ),
          );
        if (!request.body) throw new AppError("bad_archive", "The archive is empty.");
        const sent = {
          name: filename ?? "archive",
          content: request.body,
          size: announcedBytes(request),
          aboutBytes: null,
        };
        return additionView(await receiveBlender(farm, sent));
      },
      { who: "admin", query: uploadQuery, parse: "none", response: { 202: additionAnswer } },
    )
    .delete(
      "/additions/:id",
      ({ params, set }) => {
        farm.additions.cancel(params.id);
        set.status = 204;
      },
      { who: "admin", params: jobParams, response: { 204: t.Void() } },
    )
    .delete(
      "/:version",
      async ({ params, query, set }) => {
        await removeBlender(blenderOfficeOf(farm), params.version, query.force === "true");
        set.status = 204;
      },
      {
        who: "admin",
        params: t.Object({ version: t.String({ maxLength: 20 }) }),
        query: t.Object({ force: t.Optional(oneOf(["true", "false"])) }),
        response: { 204: t.Void() },
      },
    );
}

function additionView({ id, name, status, progress, message, version, startedAtMs }: Addition) {
  const { step, done: doneBytes, total: totalBytes } = progress;
  return { id, name, status, step, doneBytes, totalBytes, message, version, startedAt: isoTime(startedAtMs) };
}
