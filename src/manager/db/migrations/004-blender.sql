-- Blenders that the farm keeps: unpacked in blender-versions/<version>/, packed for runners beside it.
CREATE TABLE blender_versions (
  version        TEXT PRIMARY KEY,
  -- of the packed one, in bytes
  size           INTEGER NOT NULL,
  sha256         TEXT NOT NULL,
  unpacked_bytes INTEGER NOT NULL,
  -- what it said of itself when it was tried: { denoiser, engines, addons }; null where it told only its version
  abilities      TEXT CONSTRAINT blender_abilities_are_json CHECK (abilities IS NULL OR json_valid(abilities)),
  added_at_ms    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The Blender that a job's frames are rendered with: the first lease fixes it, so that they look alike.
ALTER TABLE jobs ADD COLUMN blender_used TEXT;

-- Add-ons of that Blender that are to be switched on, as a list.
ALTER TABLE jobs ADD COLUMN addons TEXT NOT NULL DEFAULT '[]' CONSTRAINT job_addons_are_json CHECK (json_valid(addons));
