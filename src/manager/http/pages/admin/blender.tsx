import { Elysia, t, type Context } from "elysia";
import { AppError } from "#domain/app-error.ts";
import { parseVersion } from "#domain/blender-version.ts";
import { blenderOfficeOf } from "#manager/services/blender-office.ts";
import { blenderVersions, unfinishedDownloads } from "#manager/services/blender-versions.ts";
import { userOf, type Caller } from "#manager/services/callers.ts";
import type { Farm } from "#manager/services/farm.ts";
import { receiveBlender } from "#manager/services/receiving-blender.ts";
import { removeBlender } from "#manager/services/removing-blender.ts";
import { readSetting } from "#manager/services/settings.ts";
import { oneOf } from "#protocol/one-of.ts";
import { BlenderContent, BlenderPage, type BlenderNews } from "#web/pages/admin/blender.tsx";
import { idParams } from "../../api/account-schemas.ts";
import { tell } from "../../errors.ts";
import { receiveFormFile } from "../../multipart.ts";
import { answerLive, type Answerer } from "../live.tsx";
import { chromeFor, pageBase, seeOther } from "../page-base.ts";

const PATH = "/admin/blender";

/** The farm's Blenders: where there is which, adding and removing. */
export function blenderPages(farm: Farm) {
  const who = "admin" as const;
  const answer = async (context: Answerer & { caller: Caller }, news: BlenderNews = {}): Promise<unknown> => {
    const setting = readSetting(farm, "blender-default");
    const additions = farm.additions.list();
    const mayFetch = readSetting(farm, "blender-download") !== "off";
    const shown = {
      versions: blenderVersions(farm, userOf(context.caller)),
      additions,
      downloads: await unfinishedDownloads(farm),
      mayFetch,
      pinned: setting === "none" ? null : setting,
    };
    const chrome = chromeFor(context.caller, "admin");
    return answerLive(context, {
      title: "Blender",
      url: PATH,
      everySeconds: additions.some(({ status }) => status === "running") ? 1 : null,
      content: <BlenderContent {...shown} />,
      page: (live) => <BlenderPage chrome={chrome} live={live} mayFetch={mayFetch} news={news} />,
    });
  };
  const refuse = (set: Context["set"], error: unknown): string => {
    if (!(error instanceof AppError) || error.code === "not_found") throw error;
    set.status = tell(error).status;
    return error.message;
  };
  return new Elysia()
    .use(pageBase(farm))
    .get(PATH, async (context) => answer(context), { who })
    .post(
      PATH,
      async (context) => {
        const version = context.body.version.trim();
        if (parseVersion(version)) {
          farm.additions.begin(farm, version, { kind: "release", version });
          return seeOther(PATH);
        }
        context.set.status = 422;
        return answer(context, { adding: { version, problem: "Write a version such as 4.2 or 4.2.3." } });
      },
      { who, body: t.Object({ version: t.String({ maxLength: 1000 }) }) },
    )
    .post(
      `${PATH}/upload`,
      async (context) => {
        const { request, server, set } = context;
        server?.timeout(request, 0);
        try {
          await receiveFormFile(request, async ({ name, content, formBytes }) => {
            if (name === "") throw new AppError("bad_archive", "Choose an archive first.");
            return receiveBlender(farm, { name, content, size: null, aboutBytes: formBytes });
          });
          return seeOther(PATH);
        } catch (error) {
          return answer(context, { uploadProblem: refuse(set, error) });
        }
      },
      { who, parse: "none" },
    )
    .post(
      `${PATH}/additions/:id/cancel`,
      async ({ params }) => {
        farm.additions.cancel(params.id);
        return seeOther(PATH);
      },
      { who, params: idParams },
    )
    .post(
      `${PATH}/:version/remove`,
      async (context) => {
        const { params, body, set } = context;
        try {
          await removeBlender(blenderOfficeOf(farm), params.version, body?.force === "true");
          return seeOther(PATH);
        } catch (error) {
          return answer(context, { refused: { version: params.version, problem: refuse(set, error) } });
        }
      },
      {
        who,
        params: t.Object({ version: t.String({ maxLength: 20 }) }),
        body: t.Optional(t.Object({ force: t.Optional(oneOf(["true"])) })),
      },
    );
}
