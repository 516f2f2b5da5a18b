import { expect, test } from "bun:test";
import { AppError } from "#domain/app-error.ts";
import { receiveFormFile, type FormFields } from "#manager/http/multipart.ts";

const BOUNDARY = "boundary";
const PART_BYTES = 64 * 1024;

/** A form with a file that never ends, unless `parts` says so. */
function formRequest(options: { field?: string; parts?: number } = {}): Request {
  const { field = "file", parts = Infinity } = options;
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${field}"; filename="a.blend"\r\n\r\n`;
  let sent = 0;
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(Buffer.from(head)),
    pull: (controller) => {
      if (sent++ < parts) return controller.enqueue(new Uint8Array(PART_BYTES));
      controller.enqueue(Buffer.from(`\r\n--${BOUNDARY}--\r\n`));
      controller.close();
    },
  });
  const headers = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };
  return new Request("http://localhost/", { method: "POST", body, headers });
}

test("the file of a form is handed over while it arrives", async () => {
  const received = await receiveFormFile(formRequest({ parts: 3 }), async ({ name, content }) => {
    let bytes = 0;
    for await (const chunk of content) bytes += chunk.byteLength;
    return { name, bytes };
  });
  expect(received).toEqual({ name: "a.blend", bytes: 3 * PART_BYTES });
});

test("a file that is refused in the middle ends the form at once", async () => {
  const receiving = receiveFormFile(formRequest(), async ({ content }) => {
    for await (const _ of content) throw new AppError("too_large", "no more of it");
  });
  expect(receiving).rejects.toMatchObject({ code: "too_large" });
  await receiving.catch(() => {});
});

test("a fault of ours while a file arrives is not the sender's", async () => {
  const receiving = receiveFormFile(formRequest(), async ({ content }) => {
    for await (const _ of content) throw new TypeError("a bug");
  });
  expect(receiving).rejects.toThrow("a bug");
  await receiving.catch(() => {});
});

test("a form without the field is refused", async () => {
  const receiving = receiveFormFile(formRequest({ field: "blend", parts: 2 }), () => Promise.resolve(null));
  expect(receiving).rejects.toMatchObject({ code: "bad_request" });
  await receiving.catch(() => {});
});

const part = (name: string, value: string, file?: string) =>
  `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file === undefined ? "" : `; filename="${file}"`}\r\n\r\n${value}\r\n`;

const post = (body: string | ReadableStream, type = `multipart/form-data; boundary=${BOUNDARY}`) =>
  new Request("http://localhost/", { method: "POST", body, headers: { "content-type": type } });

async function sizeOf({ content }: { content: AsyncIterable<Uint8Array> }): Promise<number> {
  let bytes = 0;
  for await (const piece of content) bytes += piece.byteLength;
  return bytes;
}

test("the fields before the file are there when it begins, those after it in the end", async () => {
  const fields: FormFields = new Map();
  const body = `${part("name", "Castle")}${part("file", "x", "a.blend")}${part("late", "yes")}--${BOUNDARY}--\r\n`;
  const early = await receiveFormFile(post(body), async (file) => (await sizeOf(file), [...fields.keys()]), fields);
  expect(early[0]).toBe("name");
  expect(fields.get("late")).toBe("yes");
});

test("a file that nobody begins to read is refused too, and ends nothing else", async () => {
  const refused = receiveFormFile(formRequest(), () => Promise.reject(new AppError("invalid_frames", "No.")));
  expect(await refused.catch((error: unknown) => error)).toMatchObject({ code: "invalid_frames" });
  await new Promise(setImmediate); // an error that nobody hears would come now, and fail the test
});

test("a form that ends in the middle of its file is cut off", async () => {
  const cut = receiveFormFile(post(part("file", "x".repeat(1000), "a.blend").slice(0, -600)), sizeOf);
  expect(await cut.catch((error: unknown) => error)).toMatchObject({ code: "upload_incomplete" });
});

test("a connection that breaks in the middle of the file is cut off, and nobody waits for the rest", async () => {
  const pieces = [part("file", "x".repeat(1000), "a.blend").slice(0, 500)];
  const body = new ReadableStream({
    pull: (controller) => {
      const piece = pieces.shift();
      if (piece === undefined) controller.error(new Error("the connection was reset"));
      else controller.enqueue(Buffer.from(piece));
    },
  });
  const cut = receiveFormFile(post(body), sizeOf);
  expect(await cut.catch((error: unknown) => error)).toMatchObject({ code: "upload_incomplete" });
});

test("what is no form at all is refused", async () => {
  const refused = receiveFormFile(post("x", "text/plain"), sizeOf);
  expect(await refused.catch((error: unknown) => error)).toMatchObject({ code: "bad_request" });
});
