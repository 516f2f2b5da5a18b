// Ids of the elements of WebM (RFC 9559, and "WebM Container Guidelines" for what browsers need of them).

export const EBML = 0x1a45dfa3;
export const EBML_VERSION = 0x4286;
export const EBML_READ_VERSION = 0x42f7;
export const EBML_MAX_ID_LENGTH = 0x42f2;
export const EBML_MAX_SIZE_LENGTH = 0x42f3;
export const DOC_TYPE = 0x4282;
export const DOC_TYPE_VERSION = 0x4287;
export const DOC_TYPE_READ_VERSION = 0x4285;

export const SEGMENT = 0x18538067;
export const SEEK_HEAD = 0x114d9b74;
export const SEEK = 0x4dbb;
export const SEEK_ID = 0x53ab;
export const SEEK_POSITION = 0x53ac;

export const INFO = 0x1549a966;
export const TIMESTAMP_SCALE = 0x2ad7b1;
export const DURATION = 0x4489;
export const MUXING_APP = 0x4d80;
export const WRITING_APP = 0x5741;

export const TRACKS = 0x1654ae6b;
export const TRACK_ENTRY = 0xae;
export const TRACK_NUMBER = 0xd7;
export const TRACK_UID = 0x73c5;
export const TRACK_TYPE = 0x83;
export const FLAG_LACING = 0x9c;
export const LANGUAGE = 0x22b59c;
export const CODEC_ID = 0x86;
export const CODEC_PRIVATE = 0x63a2;
export const DEFAULT_DURATION = 0x23e383;
export const MAX_BLOCK_ADDITION_ID = 0x55ee;
export const VIDEO = 0xe0;
export const PIXEL_WIDTH = 0xb0;
export const PIXEL_HEIGHT = 0xba;
export const FLAG_INTERLACED = 0x9a;
export const ALPHA_MODE = 0x53c0;
export const COLOUR = 0x55b0;
export const MATRIX_COEFFICIENTS = 0x55b1;
export const BITS_PER_CHANNEL = 0x55b2;
export const CHROMA_SUBSAMPLING_HORZ = 0x55b3;
export const CHROMA_SUBSAMPLING_VERT = 0x55b4;
export const CHROMA_SITING_HORZ = 0x55b7;
export const CHROMA_SITING_VERT = 0x55b8;
export const RANGE = 0x55b9;
export const TRANSFER_CHARACTERISTICS = 0x55ba;
export const PRIMARIES = 0x55bb;

export const CUES = 0x1c53bb6b;
export const CUE_POINT = 0xbb;
export const CUE_TIME = 0xb3;
export const CUE_TRACK_POSITIONS = 0xb7;
export const CUE_TRACK = 0xf7;
export const CUE_CLUSTER_POSITION = 0xf1;

export const CLUSTER = 0x1f43b675;
export const TIMESTAMP = 0xe7;
export const SIMPLE_BLOCK = 0xa3;
export const BLOCK_GROUP = 0xa0;
export const BLOCK = 0xa1;
export const REFERENCE_BLOCK = 0xfb;
export const BLOCK_ADDITIONS = 0x75a1;
export const BLOCK_MORE = 0xa6;
export const BLOCK_ADD_ID = 0xee;
export const BLOCK_ADDITIONAL = 0xa5;
