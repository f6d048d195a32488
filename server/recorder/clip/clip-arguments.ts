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
}

/** Options of the ffmpeg that reads one piece of a clip, "init, then fragments". */
export function pieceOptions({ encode, cut, offset, size }: PieceOutput, container: 'mp4' | 'mpegts'): string[] {
  const options = ['-map 0:v:0'];
  if (encode) options.push('-vf', filters(cut, size), ...encoder);
  else options.push('-c copy', ...(cut === null ? [] : [`-t ${seconds(cut.to - tolerance)}`]));
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

function filters(cut: PieceOutput['cut'], size: PieceOutput['size']): string {
  const chain: string[] = [];
  if (cut !== null) {
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
