import { Elysia, type AnyElysia } from "elysia";
import type { Farm } from "#manager/services/farm.ts";
import { ApiDocsPage } from "#web/pages/api-docs.tsx";
import { callerOf } from "../guards.ts";
import { chromeFor, pageBase } from "../pages/page-base.ts";
import { openApiDocument, type OpenApiDocument } from "./document.ts";
import { documentedShapes, documentedTags } from "./views.ts";

/** What the API of an app is, as a document for programs and as a page for people. `app` is asked once, when all routes are there. */
export function docsRoutes(farm: Farm, app: () => AnyElysia) {
  let made: OpenApiDocument | null = null;
  const document = (): OpenApiDocument => (made ??= openApiDocument(app()));
  return new Elysia({ prefix: "/api/docs" })
    .get("/json", () => Response.json(document()))
    .use(pageBase(farm))
    .get("", async ({ request, html }) =>
      html(
        String(
          <ApiDocsPage
            chrome={chromeFor(callerOf(farm, request), null)}
            introduction={String(document().info["description"])}
            tags={documentedTags(document())}
            shapes={documentedShapes()}
          />,
        ),
      ),
    );
}
