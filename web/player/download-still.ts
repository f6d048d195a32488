import { formatDateTime } from '../components/time.ts';

/** Offers a picture as a JPEG named after the camera and the moment. Does nothing when there is no picture. */
export function downloadStill(picture: HTMLCanvasElement | null, cameraName: string, atMs: number): void {
  picture?.toBlob(
    (blob) => {
      if (!blob) return;
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${cameraName} ${formatDateTime(atMs)}.jpg`.replace(/[/\\:]/g, '-');
      link.click();
      // The browser has taken the picture by the next turn of the loop at the latest.
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    'image/jpeg',
    0.92,
  );
}
