import type { Codec } from '../../../server/contracts/cameras.ts';
import { formatNumber, type Lang } from '../../components/time.ts';

const CODECS: Record<string, string> = { h264: 'H.264', h265: 'H.265', mjpeg: 'MJPEG' };

/** `H.264`; what is not known stays as the device writes it. */
export function codecName(codec: Codec | string): string {
  return CODECS[codec.toLowerCase()] ?? codec.toUpperCase();
}

interface Shape {
  codec: string;
  width: number;
  height: number;
  fps: number | null;
}

/** `1920×1080 · H.264 · 25 hình/s`, as much of it as is known; null when nothing is. */
export function streamText(stream: Shape, lang: Lang, perSecond: string): string | null {
  const parts = [
    stream.width > 0 && stream.height > 0 ? `${stream.width}×${stream.height}` : null,
    stream.codec === 'unknown' || stream.codec === '' ? null : codecName(stream.codec),
    stream.fps === null || stream.fps === 0 ? null : `${formatNumber(stream.fps, lang, 1)} ${perSecond}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}
