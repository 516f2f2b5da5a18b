import { t } from "elysia";
import { ADDON_NAME } from "#domain/addon.ts";
import { DEVICES, MAX_PRIORITY } from "#domain/job.ts";
import { oneOf } from "#protocol/one-of.ts";

/** Ids are positive and small enough to be exact numbers. */
export const id = t.Numeric({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 });

export const jobParams = t.Object({ id });
export const fileParams = t.Object({ id, fileId: id });
export const frameParams = t.Object({
  id,
  frame: t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 }),
});
export const taskParams = t.Object({ id, taskId: id });

/** Lists come in pages: the next one begins after `cursor`. */
export const pageQuery = t.Object({
  limit: t.Numeric({ minimum: 1, maximum: 1000, multipleOf: 1, default: 100 }),
  cursor: t.Optional(t.Numeric({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, multipleOf: 1 })),
});

const text = (maxLength: number) => t.Union([t.String({ minLength: 1, maxLength }), t.Null()]);

const wishes = {
  frames: t.Optional(text(2000)),
  format: t.Optional(t.String({ maxLength: 40 })),
  mainFile: t.Optional(text(4096)),
  scene: t.Optional(text(300)),
  camera: t.Optional(text(300)),
  engine: t.Optional(text(100)),
  device: t.Optional(oneOf(DEVICES)),
  samples: t.Optional(t.Union([t.Integer({ minimum: 1, maximum: 1_000_000 }), t.Null()])),
  resolutionPercentage: t.Optional(t.Union([t.Integer({ minimum: 1, maximum: 400 }), t.Null()])),
  blenderVersion: t.Optional(t.Union([t.String({ pattern: "^\\d{1,2}\\.\\d{1,2}(\\.\\d{1,3})?$" }), t.Null()])),
  addons: t.Optional(t.Array(t.String({ pattern: ADDON_NAME, maxLength: 100 }), { maxItems: 50 })),
  priority: t.Optional(t.Integer({ minimum: 0, maximum: MAX_PRIORITY })),
  autostart: t.Optional(t.Boolean()),
};

export const addVideoBody = t.Object({ format: t.String({ maxLength: 40 }) });
export const createJobBody = t.Object({
  name: t.String({ minLength: 1, maxLength: 200 }),
  ...wishes,
  /** Resumable uploads that are whole: the project, in the order in which they count. */
  uploads: t.Optional(
    t.Array(t.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }), { minItems: 1, maxItems: 1000 }),
  ),
});
export const changeJobBody = t.Object({ name: t.Optional(t.String({ minLength: 1, maxLength: 200 })), ...wishes });
