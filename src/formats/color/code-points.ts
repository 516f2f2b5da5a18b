/** Numbers for colour in containers and bit streams, the same in all of them (ITU-R H.273, tables 2, 3 and 4). */
export type CodePoints = { primaries: number; transfer: number; matrix: number };

/** BT.2020 primaries, hybrid log-gamma, BT.2020 non-constant luminance. */
export const HLG_CODE_POINTS: CodePoints = { primaries: 9, transfer: 18, matrix: 9 };
