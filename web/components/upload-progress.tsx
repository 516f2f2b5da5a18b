/** How far an upload is; the script shows it while a file of the form around it is on its way. */
export function UploadProgress() {
  return (
    <div class="upload" data-upload-progress hidden>
      <progress max="1" aria-label="Upload" />
      <p role="status" />
      <button type="button" class="quiet">
        Stop the upload
      </button>
    </div>
  );
}
