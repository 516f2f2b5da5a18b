import { JOB_FORMATS } from "#domain/job.ts";
import { TOLD_FORMATS } from "#web/words/format.ts";

/** What the job delivers, each choice with a line on what it gives. */
export function FormatChoice({ chosen, problem }: { chosen: string; problem: string | undefined }) {
  return (
    <fieldset class="formats" aria-describedby={problem ? "format-problem" : null}>
      <legend>What it delivers</legend>
      {JOB_FORMATS.map((format) => (
        <label for={`format-${format}`}>
          <input
            type="radio"
            id={`format-${format}`}
            name="format"
            value={format}
            checked={format === chosen}
            aria-describedby={`gives-${format}`}
          />
          <b>{TOLD_FORMATS[format].title}</b>
          <span class="sub" id={`gives-${format}`}>
            {TOLD_FORMATS[format].gives}
          </span>
        </label>
      ))}
      {problem && (
        <p class="problem" id="format-problem">
          {problem}
        </p>
      )}
    </fieldset>
  );
}
