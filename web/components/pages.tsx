import { tellNumber } from "#web/words/count.ts";
import { Pager } from "./pager.tsx";

type Props = {
  /** What is paged, for those who do not see it. */
  label: string;
  page: number;
  pages: number;
  url: (page: number) => string;
  /** What leads to the page before and to the one after. */
  back: string;
  on: string;
};

/** Links to the pages around the one of a list that is shown, and which one that is; nothing where there is one page. */
export function Pages({ label, page, pages, url, back, on }: Props) {
  if (pages <= 1) return null;
  return (
    <Pager
      label={label}
      back={page > 1 ? { href: url(page - 1), text: back } : null}
      on={page < pages ? { href: url(page + 1), text: on } : null}
    >
      <span class="none">
        Page {tellNumber(page)} of {tellNumber(pages)}
      </span>
    </Pager>
  );
}
