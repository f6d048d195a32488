import { partMicroseconds } from '../stream/ffmpeg-arguments.ts';

/**
 * H.264 that every browser plays, 1080p at most so that its cost is bounded. The level is fixed and the parameter sets are repeated in the stream, so
 * that pieces that were encoded one by one go with one init. No reordered frames: times of decoding are times of showing.
 */
const encoder = [
  '-map 0:v:0',
  '-vf',
  "scale=w='min(1920,iw)':h=-2,format=yuv420p",
  '-c:v libx264',
  '-preset superfast',
  '-tune zerolatency',
  '-profile:v high',
  '-level 5.1',
  '-crf 23',
  '-maxrate 6M',
  '-bufsize 6M',
  '-threads 2',
  '-fps_mode passthrough',
  '-enc_time_base 1:90000',
  '-video_track_timescale 90000',
  '-x264-params repeat-headers=1:scenecut=0',
  '-movflags +empty_moov+default_base_moof+frag_keyframe+skip_trailer',
  `-frag_duration ${partMicroseconds}`,
];

/** The timescale of everything that is transcoded. */
export const transcodedTimescale = 90_000;

/** A stream that comes as it is recorded: nothing is held back on its way in. One thread decodes, since more of them wait for more frames. */
export const liveInputOptions: readonly string[] = [
  '-fflags nobuffer',
  '-flags low_delay',
  '-analyzeduration 0',
  '-fpsprobesize 0',
  '-threads 1',
];

/** A keyframe a second, whatever the camera's are: the live window cuts its segments at them. */
export const liveOutputOptions: readonly string[] = [
  ...encoder,
  '-g 250',
  '-force_key_frames expr:gte(t,n_forced*1)',
  '-flush_packets 1',
];

export const segmentInputOptions: readonly string[] = ['-threads 2'];
export const segmentOutputOptions: readonly string[] = [...encoder, '-g 100'];
/** The first picture alone. */
export const pictureOutputOptions: readonly string[] = [...encoder, '-g 1', '-frames:v 1'];
