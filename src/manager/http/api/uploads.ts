import { Elysia, t, type Context } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { CHECKSUM_ALGORITHMS } from "#domain/resumable-upload.ts";
import type { User } from "#domain/user.ts";
import { userOf } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import {
  beginUpload,
  continueUpload,
  giveUpUpload,
  settledUpload,
  uploadFor,
  uploadsOfUser,
  type UploadState,
} from "#manager/services/resumable-uploads.ts";
import { readNumber } from "#manager/services/settings.ts";
import { guards } from "../guards.ts";
import { pageAnswer, uploadAnswer } from "./answers.ts";
import { jobParams, pageQuery } from "./schemas.ts";
import {
  bytesIn,
  checksumIn,
  mustBePiece,
  mustHaveBytes,
  mustSpeakTus,
  readMetadata,
  TUS_EXTENSIONS,
  TUS_VERSION,
} from "./tus.ts";
import { pageOf, uploadView } from "./views.ts";

/**
 * Resumable uploads by tus 1.0. These routes are our own: @tus/server would leave us the storage, who may see what, and how errors are
 * told, and copies each body through two more streams; what remained of it is the reading of a few headers. It knows no checksums either.
 */
export function uploadRoutes(farm: Farm) {
  const answerHead = async (user: User, id: number, request: Request, set: Context["set"]): Promise<void> => {
    mustSpeakTus(request.headers);
    const upload = await settledUpload(farm, user, id);
    tellProgress(set.headers, upload);
    set.headers["upload-length"] = String(upload.size);
    if (upload.metadata !== "") set.headers["upload-metadata"] = upload.metadata;
    set.headers["cache-control"] = "no-store";
  };
  return new Elysia({ prefix: "/api/uploads" })
    .onTransform(({ set }) => void (set.headers["tus-resumable"] = TUS_VERSION))
    .use(guards(farm))
    .options(
      "",
      ({ set }) => {
        set.headers["tus-version"] = TUS_VERSION;
        set.headers["tus-extension"] = TUS_EXTENSIONS;
        set.headers["tus-checksum-algorithm"] = CHECKSUM_ALGORITHMS.join(",");
        set.headers["tus-max-size"] = String(readNumber(farm, "max-upload-size"));
        set.status = 204;
      },
      { who: "user", response: { 204: t.Void() } },
    )
    .get(
      "",
      async ({ caller, query }) => {
        const rows = await uploadsOfUser(farm, userOf(caller), { after: query.cursor ?? 0, limit: query.limit + 1 });
        return pageOf(rows, query.limit, uploadView, (upload) => upload.id);
      },
      { who: "user", query: pageQuery, response: { 200: pageAnswer(uploadAnswer) } },
    )
    .post(
      "",
      async ({ caller, request, set }) => {
        mustSpeakTus(request.headers);
        const upload = await begin(farm, userOf(caller), request);
        set.headers["location"] = `/api/uploads/${upload.id}`;
        tellProgress(set.headers, upload);
        set.status = 201;
      },
      { who: "user", parse: "none", response: { 201: t.Void() } },
    )
    .head("/:id", async ({ caller, params, request, set }) => answerHead(userOf(caller), params.id, request, set), {
      who: "user",
      params: jobParams,
      response: { 200: t.Void() },
    })
    .get(
      "/:id",
      async ({ caller, params, request, set }) => {
        // Elysia answers some HEAD requests with the GET route, and drops the body.
        if (request.method === "HEAD") await answerHead(userOf(caller), params.id, request, set);
        return uploadView(await uploadFor(farm, userOf(caller), params.id));
      },
      { who: "user", params: jobParams, response: { 200: uploadAnswer } },
    )
    .patch(
      "/:id",
      async ({ caller, params, request, set }) => {
        mustSpeakTus(request.headers);
        mustBePiece(request.headers);
        const offset = mustHaveBytes(request.headers, "upload-offset");
        const piece = {
          offset,
          length: bytesIn(request.headers, "content-length"),
          checksum: checksumIn(request.headers),
        };
        tellProgress(set.headers, await continueUpload(farm, userOf(caller), params.id, request.body, piece));
        set.status = 204;
      },
      { who: "user", params: jobParams, parse: "none", response: { 204: t.Void() } },
    )
    .delete(
      "/:id",
      async ({ caller, params, request, set }) => {
        mustSpeakTus(request.headers);
        await giveUpUpload(farm, userOf(caller), params.id);
        set.status = 204;
      },
      { who: "user", params: jobParams, response: { 204: t.Void() } },
    );
}

/** Begins an upload, with its first piece where the request has one. */
async function begin(farm: Farm, user: User, request: Request): Promise<UploadState> {
  const { headers } = request;
  if (headers.has("upload-defer-length"))
    throw new AppError("length_required", "Say how long the upload is: Upload-Length in bytes.");
  const size = mustHaveBytes(headers, "upload-length");
  const said = headers.get("upload-metadata") ?? "";
  const metadata = readMetadata(said);
  const length = bytesIn(headers, "content-length");
  const checksum = checksumIn(headers);
  const hasPiece = headers.get("content-type") !== null && request.body !== null && length !== 0;
  if (hasPiece) mustBePiece(headers);
  const upload = await beginUpload(farm, user, {
    name: metadata.get("filename") ?? metadata.get("name") ?? "",
    size,
    jobId: jobIn(metadata),
    metadata: said,
  });
  if (!hasPiece) return upload;
  return continueUpload(farm, user, upload.id, request.body, { offset: 0, length, checksum });
}

function jobIn(metadata: Map<string, string>): number | null {
  const text = metadata.get("job");
  if (text === undefined) return null;
  if (!/^[1-9]\d{0,14}$/.test(text))
    throw new AppError("bad_request", "In Upload-Metadata, job takes the id of a job.");
  return Number(text);
}

function tellProgress(headers: Record<string, unknown>, { offset, size, expiresAtMs }: UploadState): void {
  headers["upload-offset"] = String(offset);
  if (offset < size) headers["upload-expires"] = new Date(expiresAtMs).toUTCString();
}
