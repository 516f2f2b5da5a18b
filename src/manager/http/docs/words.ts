/** What the document says of a route beside what its schemas say. */
export type Words = {
  tag: Tag;
  summary: string;
  description?: string;
  /** A body that is no JSON: its media types. */
  body?: readonly string[];
  optionalBody?: boolean;
  /** An answer that is no JSON: its status and media type. */
  answers?: Record<string, { description: string; type?: string }>;
  headers?: Record<string, string>;
};

export const TAGS = {
  auth: "Signing in and out, sessions, and API keys of one's own.",
  jobs: "What a user asks of the farm, what goes into it and what comes out.",
  uploads: "Large files over bad connections: tus 1.0, for which there are clients in every language (tus.io).",
  blender: "The Blenders that the farm has.",
  runner: "What runners call. A runner renews its leases with every heartbeat, and names itself in a header.",
  admin: "What admins see and change.",
  ops: "For whoever watches the manager from outside.",
} as const;
export type Tag = keyof typeof TAGS;

const RUNNER = { "x-jiggablend-runner": "Which runner calls: <runner id>.<instance id>, as registered." };
const TUS = { "tus-resumable": "The version of tus: 1.0.0." };
const bytes = (description: string) => ({ "200": { description, type: "application/octet-stream" } });
const REDIRECT = { "302": { description: "To the next page." } };

const SOCKET = `A WebSocket. Send \`{ "subscribe": [job ids] }\`, or \`{ "subscribe": "all" }\` for all your own jobs (an admin: all jobs);
each such message takes the place of the one before. The answer is \`{ "type": "subscribed", "seq", "jobs" }\`, and then events follow:

- \`{ "type": "job", "seq", "jobId", "job": Job | null }\`, null when it was deleted
- \`{ "type": "task", "seq", "jobId", "task": Task | null }\`; tasks that change all at once with their job (started, canceled, retried) are
  told of by the job's event alone
- \`{ "type": "output", "seq", "jobId", "output": Output | null }\`
- \`{ "type": "log", "seq", "jobId", "taskId", "attempt", "size" }\`: the log has become so many bytes long; read it from where you are

\`seq\` only grows, also over restarts of the manager. After a broken connection send the last one you have as \`since\` with your next
\`subscribe\`: you miss nothing, or are told \`{ "type": "reload", "seq" }\` when that is too long ago. Events that a newer one of the same
thing has overtaken are left out. What will not do is answered with \`{ "type": "error", "code", "message" }\`. Who takes nothing is
disconnected, as is who is not signed in any more.`;

const PICTURE_SIZES =
  "As size: small is 240 pixels wide, medium 960, large 1920, and none larger than the frame itself.";

/** Every route of the API, by method and path as Elysia writes them. */
export const WORDS: Record<string, Words> = {
  "POST /api/auth/login": {
    tag: "auth",
    summary: "Sign in with e-mail and password",
    description: "Sets the session cookie.",
  },
  "POST /api/auth/register": {
    tag: "auth",
    summary: "Make an account, where registration is enabled",
    description: "The first account made on the web is an admin's and needs the setup token that the manager prints.",
  },
  "POST /api/auth/logout": { tag: "auth", summary: "Sign out" },
  "GET /api/auth/me": { tag: "auth", summary: "Who one is" },
  "POST /api/auth/password/change": {
    tag: "auth",
    summary: "Change the password",
    description: "Ends the other sessions.",
  },
  "POST /api/auth/password/reset": { tag: "auth", summary: "Set a password with a reset link" },
  "GET /api/auth/google/login": { tag: "auth", summary: "Sign in with Google", answers: REDIRECT },
  "GET /api/auth/google/callback": {
    tag: "auth",
    summary: "Where Google sends the browser back to",
    answers: REDIRECT,
  },
  "GET /api/auth/discord/login": { tag: "auth", summary: "Sign in with Discord", answers: REDIRECT },
  "GET /api/auth/discord/callback": {
    tag: "auth",
    summary: "Where Discord sends the browser back to",
    answers: REDIRECT,
  },
  "GET /api/auth/sessions": { tag: "auth", summary: "One's sessions" },
  "DELETE /api/auth/sessions": { tag: "auth", summary: "End all sessions but this one" },
  "DELETE /api/auth/sessions/:id": { tag: "auth", summary: "End a session" },
  "GET /api/auth/identities": { tag: "auth", summary: "The providers that sign one in" },
  "DELETE /api/auth/identities/:provider": { tag: "auth", summary: "Let a provider sign one in no longer" },
  "GET /api/keys": { tag: "auth", summary: "One's API keys" },
  "POST /api/keys": {
    tag: "auth",
    summary: "Make an API key of scope user",
    description: "The key is told this once.",
  },
  "DELETE /api/keys/:id": { tag: "auth", summary: "Revoke an API key of one's own" },

  "GET /api/jobs/ws": {
    tag: "jobs",
    summary: "Watch jobs through a WebSocket",
    description: SOCKET,
    answers: { "101": { description: "The socket is open." } },
  },
  "POST /api/jobs": {
    tag: "jobs",
    summary: "Make a job",
    description:
      "It is a draft until its scene is uploaded and read; then it starts by itself, unless autostart is false. `uploads` names resumable uploads that are whole: they are taken in with it, or no job is made.",
  },
  "GET /api/jobs": { tag: "jobs", summary: "List jobs, the newest first", description: "One's own; an admin's all." },
  "GET /api/jobs/:id": { tag: "jobs", summary: "One job" },
  "PATCH /api/jobs/:id": {
    tag: "jobs",
    summary: "Change a job",
    description: "Name and priority at any time, the rest while it is a draft.",
  },
  "DELETE /api/jobs/:id": {
    tag: "jobs",
    summary: "Cancel a job, or delete it",
    description: "With purge=true an ended job is deleted with all its files.",
  },
  "POST /api/jobs/:id/start": { tag: "jobs", summary: "Start a draft whose scene is read" },
  "POST /api/jobs/:id/pause": { tag: "jobs", summary: "Hold a job", description: "What runs is finished and filed." },
  "POST /api/jobs/:id/resume": { tag: "jobs", summary: "Let a held job go on" },
  "POST /api/jobs/:id/retry": {
    tag: "jobs",
    summary: "Queue failed and canceled tasks again, for their missing frames",
  },
  "GET /api/jobs/:id/videos": {
    tag: "jobs",
    summary: "The videos of a job, how much of each is done, and their files",
  },
  "POST /api/jobs/:id/videos": {
    tag: "jobs",
    summary: "Have a video made of a job whose frames are all filed",
    description:
      "Nothing is rendered again. A video that is there, or under way, is left as it is; one that failed is tried again.",
  },
  "GET /api/jobs/:id/metadata": {
    tag: "jobs",
    summary: "What was read of the scene",
    description: "202 while it is still being read.",
  },
  "POST /api/jobs/:id/upload": {
    tag: "jobs",
    summary: "Upload a scene, a project or a further file",
    description:
      "As a form's field `file`, or as the raw body with its name in `filename`; or, without a body, a whole resumable upload by its id in `upload`. A single file that the scene misses gets the place where the scene looks for it.",
    body: ["application/octet-stream", "multipart/form-data"],
  },
  "OPTIONS /api/uploads": {
    tag: "uploads",
    summary: "What of tus is spoken here, and how large one upload may be",
    description: "In the headers Tus-Version, Tus-Extension, Tus-Max-Size and Tus-Checksum-Algorithm.",
  },
  "GET /api/uploads": { tag: "uploads", summary: "List one's uploads that no job has yet" },
  "POST /api/uploads": {
    tag: "uploads",
    summary: "Begin a resumable upload",
    description:
      "`Upload-Length` says its bytes, `Upload-Metadata` its `filename` and, if it is for a draft, the id of that `job`. The first piece may come with it. The answer's `Location` is where to go on; what is not finished within a day is given up.",
    body: ["application/offset+octet-stream"],
    optionalBody: true,
    headers: TUS,
  },
  "GET /api/uploads/:id": { tag: "uploads", summary: "One upload" },
  "HEAD /api/uploads/:id": {
    tag: "uploads",
    summary: "How much has arrived, in Upload-Offset",
    description: "Whoever still sends to it, over a connection that may be dead, is stopped.",
    headers: TUS,
  },
  "PATCH /api/uploads/:id": {
    tag: "uploads",
    summary: "Send the next piece",
    description:
      "What has arrived when a connection breaks is kept. A piece with an `Upload-Checksum` that does not agree is answered with 460 and is not kept.",
    body: ["application/offset+octet-stream"],
    headers: { ...TUS, "upload-offset": "Where the piece begins: how many bytes have arrived." },
  },
  "DELETE /api/uploads/:id": {
    tag: "uploads",
    summary: "Give an upload up",
    description: "What has arrived is deleted.",
    headers: TUS,
  },
  "GET /api/jobs/:id/files": { tag: "jobs", summary: "List what was uploaded" },
  "GET /api/jobs/:id/files/:fileId/download": {
    tag: "jobs",
    summary: "Download an upload, a frame or a video",
    description: "Ranges and ETags are honoured.",
    answers: bytes("The file."),
  },
  "GET /api/jobs/:id/files/:fileId/preview": {
    tag: "jobs",
    summary: "A picture of a file that browsers can show",
    description: PICTURE_SIZES,
    answers: { "200": { description: "The picture.", type: "image/*" } },
  },
  "GET /api/jobs/:id/frames/:frame/preview": {
    tag: "jobs",
    summary: "A picture of a frame that browsers can show",
    description: `404 until the frame is filed; then it never changes. ${PICTURE_SIZES}`,
    answers: { "200": { description: "The picture.", type: "image/*" } },
  },
  "GET /api/jobs/:id/outputs": { tag: "jobs", summary: "List frames, videos and sound" },
  "GET /api/jobs/:id/outputs/archive": {
    tag: "jobs",
    summary: "Download all outputs as one file",
    answers: { "200": { description: "The archive, streamed.", type: "application/zip" } },
  },
  "GET /api/jobs/:id/tasks": { tag: "jobs", summary: "List the tasks of a job" },
  "GET /api/jobs/:id/tasks/:taskId": { tag: "jobs", summary: "One task with its attempts" },
  "GET /api/jobs/:id/tasks/:taskId/log": {
    tag: "jobs",
    summary: "What Blender said",
    description: "From byte `after` on; go on with the header x-log-next.",
    answers: { "200": { description: "A piece of the log.", type: "text/plain" } },
  },

  "GET /api/blender/versions": {
    tag: "blender",
    summary: "Every version of Blender that is anywhere, and where",
    description:
      "Kept by the farm (runners fetch it), on the manager, on runners (of which one's own are named), or to be had from the release site.",
  },

  "POST /api/runner/register": {
    tag: "runner",
    summary: "Register a process as a runner",
    description: "An older process of the same owner and name is superseded.",
  },
  "POST /api/runner/heartbeat": { tag: "runner", summary: "Report, and renew leases", headers: RUNNER },
  "GET /api/runner/tasks": {
    tag: "runner",
    summary: "Ask for work, and wait for it",
    description: "204 when there is none after `wait` seconds.",
    headers: RUNNER,
  },
  "GET /api/runner/blender/:version": {
    tag: "runner",
    summary: "Fetch the packed Blender of a version",
    description: "A .tar.xz with its SHA-256 as Repr-Digest; ranges and ETags are honoured.",
    answers: bytes("The archive."),
    headers: RUNNER,
  },
  "POST /api/runner/tasks/:id/complete": {
    tag: "runner",
    summary: "End a lease: done, failed or given back",
    headers: RUNNER,
  },
  "POST /api/runner/tasks/:id/log": {
    tag: "runner",
    summary: "Append to the log of an attempt",
    body: ["application/octet-stream"],
    headers: RUNNER,
  },
  "GET /api/runner/tasks/:id/pictures": {
    tag: "runner",
    summary: "The frames of which a video is to be made",
    description: "In their order; go on after the last one.",
    headers: RUNNER,
  },
  "GET /api/runner/files/:id/:name": {
    tag: "runner",
    summary: "Fetch the project as context.tar, or an output by its name",
    answers: bytes("The file."),
    headers: RUNNER,
  },
  "POST /api/runner/files/:id/upload": {
    tag: "runner",
    summary: "Upload a rendered frame, a video or its sound",
    description:
      "`frame` is given for frames alone; `of` is the number of files that the frame or the video consists of.",
    body: ["application/octet-stream"],
    headers: { ...RUNNER, "repr-digest": "The SHA-256 of the file: sha-256=:<base64>: (RFC 9530)." },
  },

  "GET /api/admin/users": { tag: "admin", summary: "List users" },
  "POST /api/admin/users": { tag: "admin", summary: "Add a user" },
  "GET /api/admin/users/:id": { tag: "admin", summary: "One user" },
  "PATCH /api/admin/users/:id": { tag: "admin", summary: "Change, promote or disable a user" },
  "DELETE /api/admin/users/:id": {
    tag: "admin",
    summary: "Delete a user",
    description: "The jobs are kept by the admins, deleted, or given to another user.",
  },
  "POST /api/admin/users/:id/reset-link": { tag: "admin", summary: "Make a one-time link to set a new password" },
  "GET /api/admin/keys": { tag: "admin", summary: "List all API keys" },
  "POST /api/admin/keys": { tag: "admin", summary: "Make an API key" },
  "DELETE /api/admin/keys/:id": {
    tag: "admin",
    summary: "Revoke an API key",
    description: "Runners that use it stop at their next heartbeat.",
  },
  "GET /api/admin/runners": { tag: "admin", summary: "List runners" },
  "PATCH /api/admin/runners/:id": { tag: "admin", summary: "Rename, disable, enable or drain a runner" },
  "DELETE /api/admin/runners/:id": { tag: "admin", summary: "Forget a runner that is not there" },
  "GET /api/admin/jobs": { tag: "admin", summary: "List everybody's jobs, by status or user" },
  "POST /api/admin/jobs": { tag: "admin", summary: "Cancel, retry, prioritise, pause, resume or delete many jobs" },
  "GET /api/admin/blender": {
    tag: "admin",
    summary: "The Blenders that the farm keeps, those that are being added, and downloads that were cut off",
  },
  "POST /api/admin/blender": {
    tag: "admin",
    summary: "Fetch a Blender from its release site",
    description:
      "It goes on in the background; the list tells how far it is, and the setting blender-download what may be fetched.",
  },
  "POST /api/admin/blender/upload": {
    tag: "admin",
    summary: "Add a Blender from its archive",
    description:
      "As a form's field `file`, or as the raw body: blender-X.Y.Z-linux-x64.tar.xz, or packed otherwise. It is unpacked and tried in the background.",
    body: ["application/octet-stream", "multipart/form-data"],
  },
  "DELETE /api/admin/blender/additions/:id": { tag: "admin", summary: "Stop adding a Blender" },
  "DELETE /api/admin/blender/:version": {
    tag: "admin",
    summary: "Take a Blender away",
    description:
      "While jobs are rendered with it only with force=true; they finish what runs, and take another version or wait. What has come of a download of it that was cut off goes too.",
  },
  "GET /api/admin/stats": { tag: "admin", summary: "How the farm does" },
  "GET /api/admin/settings": { tag: "admin", summary: "All settings" },
  "PATCH /api/admin/settings": {
    tag: "admin",
    summary: "Change settings",
    description: "All of those given or none; they hold at once. The only way to sign in cannot be switched off: 409.",
  },

  "GET /healthz": { tag: "ops", summary: "Whether the manager works" },
  "GET /metrics": {
    tag: "ops",
    summary: "Metrics for Prometheus",
    answers: { "200": { description: "Prometheus text format 0.0.4.", type: "text/plain" } },
  },
  "GET /api/docs/json": {
    tag: "ops",
    summary: "This document",
    answers: { "200": { description: "OpenAPI 3.1.", type: "application/json" } },
  },
};
