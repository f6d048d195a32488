import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Writable } from 'node:stream';
import type { ClipFiles, ClipRequest } from './clips.ts';
import { frameStrip, stripLuma } from './frame-strip.ts';
import { FRAMES_PER_SECOND } from './loop-clock.ts';
import { composeScene } from './scenes/compose.ts';
import { film } from './scenes/film.ts';
import { SCENE_HEIGHT, SCENE_WIDTH } from './scenes/scene.ts';

export interface EncodeJob {
  files: ClipFiles;
  request: ClipRequest;
  /** The directory to write into. */
  work: string;
  signal?: AbortSignal | undefined;
  onFrames: (frames: number) => void;
}

/** Encodes main and sub stream of a clip into the work directory, from one pass over the scene's distinct pictures. */
export async function encodeClip(job: EncodeJob): Promise<void> {
  job.signal?.throwIfAborted();
  const strip = join(job.work, 'strip.yuv');
  await writeFile(strip, stripFilm(job.files.loopFrames));
  const ffmpeg = spawn('ffmpeg', clipArguments(job.files, job.request, job.work, strip), {
    stdio: ['pipe', 'ignore', 'pipe'],
    signal: job.signal,
  });
  const ended = endOf(ffmpeg);
  ended.catch(() => undefined);
  ffmpeg.stdin.on('error', () => undefined);
  try {
    await feed(ffmpeg.stdin, job);
  } catch (error) {
    // A broken pipe means that ffmpeg gave up: its own words say why.
    await ended;
    throw error;
  }
  await ended;
  await rm(strip);
  job.onFrames(job.files.loopFrames);
}

/** The strip as raw video of one pixel a block (two lines high, as 4:2:0 wants it): ffmpeg enlarges it for both streams. */
function stripFilm(loopFrames: number): Buffer {
  const chroma = Buffer.alloc(frameStrip.blocks, 128);
  const frames: Uint8Array[] = [];
  for (let frame = 0; frame < loopFrames; frame++) {
    const row = stripLuma(frame, 1);
    frames.push(row, row, chroma);
  }
  return Buffer.concat(frames);
}

function clipArguments(files: ClipFiles, request: ClipRequest, work: string, strip: string): string[] {
  const { main, sub } = files;
  const stripOf = (width: number): string => {
    const block = width / frameStrip.widthInBlocks;
    return `scale=${frameStrip.blocks * block}:${block}:flags=neighbor`;
  };
  // Scaling happens before `fps` repeats a picture, so that a still scene is scaled once and not 25 times a second.
  const graph = [
    '[0:v]split[big][small]',
    `[big]fps=${FRAMES_PER_SECOND}[bigs]`,
    `[small]scale=${sub.width}:${sub.height}:flags=area,fps=${FRAMES_PER_SECOND}[smalls]`,
    '[1:v]split[strip1][strip2]',
    `[strip1]${stripOf(main.width)}[stripMain]`,
    `[strip2]${stripOf(sub.width)}[stripSub]`,
    '[bigs][stripMain]overlay=0:H-h:format=yuv420[main]',
    '[smalls][stripSub]overlay=0:H-h:format=yuv420[sub]',
  ].join(';');
  return [
    ...['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-filter_complex_threads', '1'],
    ...['-f', 'ivf', '-i', 'pipe:0'],
    ...[
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-s',
      `${frameStrip.blocks}x2`,
      '-r',
      `${FRAMES_PER_SECOND}`,
      '-i',
      strip,
    ],
    ...['-filter_complex', graph],
    ...outputArguments('[main]', files, join(work, basename(main.path)), request.bitrate?.mainKbps),
    ...outputArguments('[sub]', files, join(work, basename(sub.path)), request.bitrate?.subKbps),
  ];
}

function outputArguments(pad: string, files: ClipFiles, path: string, kbps: number | undefined): string[] {
  if (files.codec === 'mjpeg') {
    // RTP carries no Huffman tables: only the usual ones are understood (RFC 2435, section 3.1).
    const picture = ['-c:v', 'mjpeg', '-huffman', 'default', '-pix_fmt', 'yuvj420p', '-color_range', 'pc'];
    const rate = kbps === undefined ? ['-q:v', '6'] : constantRate(kbps);
    return ['-map', pad, '-frames:v', `${files.loopFrames}`, ...picture, '-threads', '1', ...rate, '-f', 'mjpeg', path];
  }
  const gop = `keyint=${files.gopFrames}:min-keyint=${files.gopFrames}:scenecut=0:open-gop=0:bframes=${files.bFrames}:b-adapt=0:aud=1:repeat-headers=1`;
  const rate = kbps === undefined ? ['-qp', '26'] : constantRate(kbps);
  const hrd = kbps === undefined ? '' : ':nal-hrd=cbr:force-cfr=1';
  const codec =
    files.codec === 'h264'
      ? // Ultrafast, but with CABAC and 8x8 transforms: a High profile stream, as cameras send. A constant quantiser spares
        // the encoder its look at a smaller picture of every frame, a quarter of its time.
        [
          '-c:v',
          'libx264',
          '-profile:v',
          'high',
          '-x264-params',
          `${gop}:cabac=1:8x8dct=1:no-deblock=1:weightp=0:b-pyramid=none${hrd}`,
        ]
      : ['-c:v', 'libx265', '-x265-params', `${gop}:log-level=error:pools=1:frame-threads=1`];
  const colour = ['-colorspace', 'bt709', '-color_primaries', 'bt709', '-color_trc', 'bt709', '-color_range', 'tv'];
  return [
    ...['-map', pad, '-frames:v', `${files.loopFrames}`, ...codec, '-preset', 'ultrafast', '-tune', 'zerolatency'],
    ...['-threads', '1', '-pix_fmt', 'yuv420p', ...colour, ...rate],
    ...['-f', files.codec === 'h264' ? 'h264' : 'hevc', path],
  ];
}

function constantRate(kbps: number): string[] {
  return ['-b:v', `${kbps}k`, '-minrate', `${kbps}k`, '-maxrate', `${kbps}k`, '-bufsize', `${kbps}k`];
}

/** Writes the pictures as IVF, the smallest container that carries raw video with times: a still scene is written once. */
async function feed(input: Writable, job: EncodeJob): Promise<void> {
  await write(input, ivfHeader());
  let last: Uint8Array | undefined;
  for (const { frame, picture } of film(composeScene(job.request.scene), job.files.loopFrames)) {
    // The buffer is drawn over for the next picture, so it has to have left before that.
    await write(input, ivfFrame(picture.data.length, frame));
    await write(input, picture.data);
    last = picture.data;
    job.onFrames(frame);
  }
  if (last) {
    await write(input, ivfFrame(last.length, job.files.loopFrames));
    await write(input, last);
  }
  input.end();
}

function write(input: Writable, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => input.write(bytes, (error) => (error ? reject(error) : resolve())));
}

function ivfHeader(): Buffer {
  const header = Buffer.alloc(32);
  header.write('DKIF', 0, 'latin1');
  header.writeUInt16LE(32, 6);
  header.write('I420', 8, 'latin1');
  header.writeUInt16LE(SCENE_WIDTH, 12);
  header.writeUInt16LE(SCENE_HEIGHT, 14);
  header.writeUInt32LE(FRAMES_PER_SECOND, 16);
  header.writeUInt32LE(1, 20);
  return header;
}

function ivfFrame(length: number, frame: number): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt32LE(length, 0);
  header.writeBigUInt64LE(BigInt(frame), 4);
  return header;
}

async function endOf(child: ChildProcess): Promise<void> {
  let words = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    words = `${words}${chunk.toString('utf8')}`.slice(-2000);
  });
  const [code, signal] = await once(child, 'close');
  if (code !== 0) throw new Error(`ffmpeg could not make a clip (${signal ?? `exit ${code}`}): ${words.trim()}`);
}
