// Bytes on their way between the window and the shell: in pieces that stay small, as base64.
import type { FileCard, FilePart } from './ipc/bindings';

/** Most bytes of a piece; the shell takes at most 1 MiB. */
export const piece = 768 * 1024;

/** The pieces of a blob, one after the other, as base64. */
export async function* piecesOf(blob: Blob, size = piece): AsyncGenerator<string> {
  for (let from = 0; from < blob.size; from += size) yield await base64Of(blob.slice(from, from + size));
}

/** The bytes behind base64. */
export function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

/** What a video shows now, in grey, its longer side of at most so many pixels; none while it shows nothing. */
export async function greyFrame(video: HTMLVideoElement, longest: number): Promise<{ width: number; height: number; grey: string } | null> {
  const scale = Math.min(1, longest / Math.max(video.videoWidth, video.videoHeight, 1));
  const [width, height] = [Math.floor(video.videoWidth * scale), Math.floor(video.videoHeight * scale)];
  if (width === 0 || height === 0) return null;
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [width, height];
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  if (!pen) return null;
  pen.drawImage(video, 0, 0, width, height);
  return { width, height, grey: await base64Of(new Blob([greyOf(pen.getImageData(0, 0, width, height).data)])) };
}

/** How light each pixel of red, green, blue and opacity is. */
export function greyOf(pixels: Uint8ClampedArray): Uint8Array<ArrayBuffer> {
  const grey = new Uint8Array(pixels.length / 4);
  for (let at = 0; at < grey.length; at += 1) {
    const [red = 0, green = 0, blue = 0] = [pixels[at * 4], pixels[at * 4 + 1], pixels[at * 4 + 2]];
    grey[at] = (red * 77 + green * 150 + blue * 29) >> 8;
  }
  return grey;
}

function base64Of(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error ?? new Error('the bytes cannot be read'));
    reader.readAsDataURL(blob);
  });
}

/** The bytes of a file that is read part by part, as an address for the window. Whoever asks revokes it. */
export async function addressOf(card: FileCard, read: (part: number) => Promise<FilePart>): Promise<string> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for (let part = 0; part < card.parts; part += 1) parts.push(bytesOf((await read(part)).base64));
  return URL.createObjectURL(new Blob(parts, { type: card.mediaType }));
}

/** `3 KB`, `1.4 MB`: a size as people read it. */
export function size(bytes: number): string {
  if (bytes < 1024 * 1024) return `${String(Math.ceil(bytes / 1024))} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** `00:23:41`: how long a recording is. */
export function duration(seconds: number): string {
  const two = (part: number) => String(Math.floor(part)).padStart(2, '0');
  return `${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`;
}
