import type { Chrome } from "#web/chrome.ts";
import { Layout } from "#web/layout.tsx";

export type Told = { status: number; message: string; requestId: string; back: { href: string; text: string } };

const TITLES: Record<number, string> = {
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  409: "Not now",
  413: "Too large",
  429: "Too many tries",
  500: "Something went wrong",
  503: "Not available now",
  507: "No space left",
};

/** What people see when something did not work. */
export function ErrorPage({ chrome, told }: { chrome: Chrome; told: Told }) {
  const title = TITLES[told.status] ?? (told.status < 500 ? "That did not work" : "Something went wrong");
  return (
    <Layout chrome={chrome} title={title}>
      <div class="narrow">
        <h1>{title}</h1>
        <p>{told.message}</p>
        <p class="hint">
          {told.status} · request {told.requestId}
        </p>
        <a class="button" href={told.back.href}>
          {told.back.text}
        </a>
      </div>
    </Layout>
  );
}
