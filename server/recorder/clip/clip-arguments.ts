/** Frames are counted from the ms before their time, so that rounding neither loses one nor adds one. */
const tolerance = 0.001;
const seconds = (value: number) => Math.max(0, value).toFixed(6);

/** H.264 that every player opens; no reordered frames, so that pieces can stand one behind the other. */
const encoder = [
  '-c:v libx264',
  '-preset veryfast',
  '-crf 20',
  '-bf 0',
  '-g 50',
  '-pix_fmt yuv420p',
  '-threads 2',
  '-enc_time_base 1:90000',
  '-fps_mode passthrough',
];

export interface PieceOutput {
  encode: boolean;
  cut: { from: number; to: number } | null;
  offset: number;
  /** What every piece is fitted into when their sizes differ. */
  size: { width: number; height: number } | null;
  /** The sound track too. */
  sound: boolean;
}

/** Options of the ffmpeg that reads one piece of a clip, "init, then fragments". */
export function pieceOptions(piece: PieceOutput, container: 'mp4' | 'mpegts'): string[] {
  const { encode, cut, offset, size, sound } = piece;
  const options = ['-map 0:v:0', ...(sound ? ['-map 0:a:0?'] : [])];
  if (encode) {
    options.push('-vf', filters(cut, size), ...encoder);
    if (sound) options.push('-c:a aac', ...(cut === null ? [] : ['-af', soundFilters(cut)]));
  } else options.push('-c copy', ...(cut === null ? [] : [`-t ${seconds(cut.to - tolerance)}`]));
  if (container === 'mp4') return [...options, ...mp4Options];
  // The clip counts from the first frame that is kept, the piece from its first keyframe.
  const shift = offset + (encode && cut !== null ? cut.from : 0);
  return [
    ...options,
    '-muxdelay 0',
    '-muxpreload 0',
    '-mpegts_flags +initial_discontinuity',
    `-output_ts_offset ${seconds(shift)}`,
  ];
}

/** The index stands in front, so that a player can begin while it downloads. */
export const mp4Options: readonly string[] = ['-movflags +faststart'];

/** Options of the ffmpeg that joins pieces. */
export const joinOptions: readonly string[] = ['-map 0:v:0', '-c copy', ...mp4Options];

function soundFilters(cut: { from: number; to: number }): string {
  return `atrim=start=${seconds(cut.from)}:end=${seconds(cut.to)},asetpts='max(0,PTS-${seconds(cut.from)}/TB)'`;
}

function filters(cut: PieceOutput['cut'], size: PieceOutput['size']): string {
  const chain: string[] = [];
  if (cut !== null) {
    // A sound track may begin a little before the picture, which must not move the picture's count.
    chain.push('setpts=PTS-STARTPTS');
    chain.push(`trim=start=${seconds(cut.from - tolerance)}:end=${seconds(cut.to - tolerance)}`);
    chain.push(`setpts='max(0,PTS-${seconds(cut.from)}/TB)'`);
  }
  if (size !== null) {
    const { width, height } = size;
    chain.push(`scale=${width}:${height}:force_original_aspect_ratio=decrease`);
    chain.push(`pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`, 'setsar=1');
  }
  return chain.length === 0 ? 'null' : chain.join(',');
}
