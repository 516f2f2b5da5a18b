import { Elysia, t } from "elysia";
import { userOf } from "#manager/services/callers.ts";
import { downloadOf, fileOf, outputArchive, outputsOf, uploadsOf } from "#manager/services/downloads.ts";
import type { Farm } from "#manager/services/farm.ts";
import { pictureOf } from "#manager/services/frame-views.ts";
import { jobFor } from "#manager/services/jobs.ts";
import { PREVIEW_SIZES, previewOf, type PreviewSize } from "#manager/services/previews.ts";
import { useUploads } from "#manager/services/resumable-uploads.ts";
import { receiveUpload } from "#manager/services/uploads.ts";
import { AppError } from "#domain/app-error.ts";
import { oneOf } from "#protocol/one-of.ts";
import { guards } from "../guards.ts";
import { receiveFormFile } from "../multipart.ts";
import { fileAnswer, outputAnswer, pageAnswer } from "./answers.ts";
import { fileParams, frameParams, id, jobParams, pageQuery } from "./schemas.ts";
import { fileView, outputView, pageOf } from "./views.ts";

const uploadQuery = t.Object({
  filename: t.Optional(t.String({ minLength: 1, maxLength: 255 })),
  /** A resumable upload that is whole, in place of a body. */
  upload: t.Optional(id),
});

const previewQuery = t.Object({ size: t.Unsafe<PreviewSize>({ ...oneOf(PREVIEW_SIZES), default: "medium" }) });

/** What goes into a job and what comes out of it. */
export function fileRoutes(farm: Farm) {
  return new Elysia({ prefix: "/api/jobs/:id" })
    .use(guards(farm))
    .post(
      "/upload",
      async ({ caller, params, query, request, server, set }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        server?.timeout(request, 0);
        set.status = 201;
        if (query.upload !== undefined) {
          const [used] = await useUploads(farm, userOf(caller), job, [query.upload]);
          return fileView(used!);
        }
        const file = await receive(request, query.filename, async (name, content, size) =>
          receiveUpload(farm, job, { name, content, size }),
        );
        return fileView(file);
      },
      { who: "user", params: jobParams, query: uploadQuery, parse: "none", response: { 201: fileAnswer } },
    )
    .get(
      "/files",
      ({ caller, params, query }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        const rows = uploadsOf(farm, job, { after: query.cursor ?? 0, limit: query.limit + 1 });
        return pageOf(rows, query.limit, fileView, (file) => file.id);
      },
      { who: "user", params: jobParams, query: pageQuery, response: { 200: pageAnswer(fileAnswer) } },
    )
    .get(
      "/files/:fileId/download",
      async ({ caller, params, request }) =>
        downloadOf(farm, jobFor(farm, userOf(caller), params.id), params.fileId, request),
      { who: "user", params: fileParams },
    )
    .get(
      "/files/:fileId/preview",
      async ({ caller, params, query, request }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        return previewOf(farm, job, fileOf(farm, job, params.fileId), { ...query, request });
      },
      { who: "user", params: fileParams, query: previewQuery },
    )
    .get(
      "/frames/:frame/preview",
      async ({ caller, params, query, request }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        return previewOf(farm, job, pictureOf(farm, job, params.frame), { ...query, request });
      },
      { who: "user", params: frameParams, query: previewQuery },
    )
    .get(
      "/outputs",
      ({ caller, params, query }) => {
        const job = jobFor(farm, userOf(caller), params.id);
        const rows = outputsOf(farm, job, { after: query.cursor ?? 0, limit: query.limit + 1 });
        return pageOf(rows, query.limit, outputView, (file) => file.id);
      },
      { who: "user", params: jobParams, query: pageQuery, response: { 200: pageAnswer(outputAnswer) } },
    )
    .get(
      "/outputs/archive",
      ({ caller, params, request, server }) => {
        server?.timeout(request, 0);
        return outputArchive(farm, jobFor(farm, userOf(caller), params.id));
      },
      { who: "user", params: jobParams },
    );
}

/** A file comes as a form's field `file`, or as the raw body with its name in the query. */
async function receive<T>(
  request: Request,
  filename: string | undefined,
  store: (name: string, content: AsyncIterable<Uint8Array>, size: number | null) => Promise<T>,
): Promise<T> {
  if (request.headers.get("content-type")?.startsWith("multipart/form-data"))
    return receiveFormFile(request, async (file) => store(filename ?? file.name, file.content, null));
  if (!filename) throw new AppError("bad_request", "Say what the file is called: ?filename=scene.blend");
  if (!request.body) throw new AppError("not_a_scene", "The file is empty.");
  const length = request.headers.get("content-length");
  return store(filename, request.body, length === null ? null : Number(length));
}
