import {
  BlendWriter,
  type BlendFormat,
  FORMAT_3_4,
  type StructDefinitions,
  type StructValues,
} from "./blend-writer.ts";

/** As much of Blender's structs as the tests need; the names are those of DNA. */
export const SMALL_DNA: StructDefinitions = {
  ListBase: ["void *first", "void *last"],
  ID: ["void *next", "void *prev", "Library *lib", "char name[66]", "short flag", "IDProperty *properties"],
  IDPropertyData: ["void *pointer", "ListBase group", "int val", "int val2"],
  IDProperty: [
    "IDProperty *next",
    "IDProperty *prev",
    "char type",
    "char subtype",
    "char name[64]",
    "IDPropertyData data",
  ],
  FileGlobal: ["char subvstr[4]", "short subversion", "Scene *curscene", "char filename[1024]"],
  ImageFormatData: ["char imtype", "char depth", "char planes"],
  RenderData: [
    "ImageFormatData im_format",
    "int cfra",
    "int sfra",
    "int efra",
    "int frame_step",
    "short size",
    "int xsch",
    "int ysch",
    "int scemode",
    "int mode",
    "short frs_sec",
    "float frs_sec_base",
    "char pic[1024]",
    "char engine[32]",
  ],
  Base: ["Base *next", "Base *prev", "Object *object"],
  TimeMarker: ["TimeMarker *next", "TimeMarker *prev", "int frame", "Object *camera"],
  Scene: ["ID id", "Object *camera", "Scene *set", "ListBase base", "Editing *ed", "RenderData r", "ListBase markers"],
  Object: ["ID id", "short type", "ListBase modifiers"],
  Image: ["ID id", "char name[1024]", "short source", "PackedFile *packedfile"],
  Library: ["ID id", "char name[1024]", "char filepath[1024]", "PackedFile *packedfile"],
  VFont: ["ID id", "char name[1024]", "PackedFile *packedfile"],
  Text: ["ID id", "char *name", "int flags"],
  Strip: ["StripElem *stripdata", "char dir[768]"],
  StripElem: ["char name[256]"],
  Sequence: ["Sequence *next", "Sequence *prev", "int flag", "int type", "Strip *strip"],
  Editing: ["ListBase seqbase"],
};

export const SCENE_ADDRESS = 0x10n;

/** A writer that has written one scene named "Scene", which was open, with frames 1 to 250 and these values on top. */
export function smallScene(values: StructValues = {}, format: BlendFormat = FORMAT_3_4): BlendWriter {
  return new BlendWriter(SMALL_DNA, format)
    .struct("GLOB", 0x8n, "FileGlobal", { subversion: 5, curscene: SCENE_ADDRESS })
    .struct("SC", SCENE_ADDRESS, "Scene", {
      "id.name": "SCScene",
      "r.sfra": 1,
      "r.efra": 250,
      "r.cfra": 1,
      "r.frame_step": 1,
      "r.size": 100,
      "r.xsch": 1920,
      "r.ysch": 1080,
      "r.frs_sec": 24,
      "r.frs_sec_base": 1,
      "r.engine": "CYCLES",
      ...values,
    });
}
