import type { Chrome } from "#web/chrome.ts";
import { Layout } from "#web/layout.tsx";

export type Told = {
  status: number;
  /** The kind of error, for those that have a title of their own. */
  code?: string;
  message: string;
  requestId: string;
  back: { href: string; text: string };
};

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

/** What can happen on the way through a provider is told apart, whatever its status. */
const TITLES_BY_CODE: Record<string, string> = {
  sign_in_denied: "Sign-in was denied",
  sign_in_expired: "Sign-in has expired",
  provider_unreachable: "Provider not reachable",
  provider_refused: "Provider refuses sign-ins",
};

/** What people see when something did not work. */
export function ErrorPage({ chrome, told }: { chrome: Chrome; told: Told }) {
  const title = titleOf(told);
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

function titleOf({ code = "", status }: Told): string {
  const byStatus = TITLES[status] ?? (status < 500 ? "That did not work" : "Something went wrong");
  return TITLES_BY_CODE[code] ?? byStatus;
}
