/** Text to take along as it is: a command, a key, a link. The script gives it a button that copies it. */
export function Copyable({ id, text, label }: { id: string; text: string; label: string }) {
  return (
    <div class="copyable">
      <pre class="commands" id={id} tabindex="0" aria-label={label}>
        {text}
      </pre>
      <button type="button" class="with-script" data-copy={id} aria-label={`Copy: ${label}`}>
        Copy
      </button>
    </div>
  );
}
