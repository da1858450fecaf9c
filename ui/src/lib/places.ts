// Places as people write them, and a drawing of how they lie to one another. Maps: map.ts.
import { plainNumber, trimWide } from './typed';

export interface Point {
  latitude: number;
  longitude: number;
}

/** One coordinate: `28.9`, `28°54′36″`, `北纬28.9`, `28.9S`; what is none stays as typed. */
export function plainDegrees(typed: string): string {
  const text = plainNumber(typed).trim();
  const negative = /[SW]|南|西/i.test(text) || /^-/.test(text);
  const bare = text.replace(/北纬|南纬|东经|西经|[NSEW]|[北南东西]/gi, '').replace(/^[-+]/, '').trim();
  const found = /^(\d{1,3}(?:\.\d+)?)\s*(?:[°度]\s*(?:(\d{1,2}(?:\.\d+)?)\s*['′’分]\s*(?:(\d{1,2}(?:\.\d+)?)\s*(?:["″”秒]|'')?)?)?)?$/.exec(bare);
  if (!found?.[1]) return text;
  const degrees = Number(found[1]) + Number(found[2] ?? 0) / 60 + Number(found[3] ?? 0) / 3600;
  const shown = found[2] === undefined ? found[1] : String(Number(degrees.toFixed(7)));
  return negative && Number(shown) !== 0 ? `-${shown}` : shown;
}

/** The parts of a place as typed or stored: latitude, longitude, altitude, accuracy. */
export function parts(text: string): string[] {
  return trimWide(text)
    .normalize('NFKC')
    .replace(/[，、;；]/g, ',')
    .split(/\s*,\s*|\s+(?![′″'"分秒])/)
    .filter((part) => part !== '')
    .map(plainDegrees);
}

/** A place in the form that is stored; the parts that are there, for Rust to judge. */
export function storedPlace(text: string): string {
  return parts(text).slice(0, 4).join(' ');
}

/** Latitude and longitude of a stored place. */
export function point(stored: string): Point | undefined {
  const [latitude, longitude] = stored.split(' ').filter(Boolean).map(Number);
  if (latitude === undefined || longitude === undefined || Number.isNaN(latitude) || Number.isNaN(longitude)) return undefined;
  return Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180 ? { latitude, longitude } : undefined;
}

/** The points of a stored line or area; an area comes without the point that closes it. */
export function linePoints(stored: string, closed: boolean): string[] {
  const all = stored.split(';').map((one) => one.trim()).filter((one) => one !== '');
  return closed && all.length > 1 && all[0] === all.at(-1) ? all.slice(0, -1) : all;
}

/** Points as a line or an area is stored; an area is closed by its first point. */
export function storedLine(points: readonly string[], closed: boolean): string {
  const all = points.map(storedPlace).filter((one) => one !== '');
  const first = all[0];
  return (closed && first !== undefined && all.length > 1 ? [...all, first] : all).join(';');
}

const metresADegree = 111_320;

/** Distance in metres, good enough for a village. */
export function distance(a: Point, b: Point): number {
  const middle = (((a.latitude + b.latitude) / 2) * Math.PI) / 180;
  const north = (b.latitude - a.latitude) * metresADegree;
  const east = (b.longitude - a.longitude) * metresADegree * Math.cos(middle);
  return Math.hypot(north, east);
}

/** Length of a line, of an area all round, in metres. */
export function length(points: readonly Point[], closed: boolean): number {
  const ring = closed && points.length > 2 ? [...points, points[0] as Point] : points;
  return ring.slice(1).reduce((sum, one, at) => sum + distance(ring[at] as Point, one), 0);
}

export interface Drawn {
  x: number;
  y: number;
}

/** The points in a square of `size` with a margin, north up, true to shape. */
export function drawing(points: readonly Point[], size: number, margin: number): Drawn[] {
  const first = points[0];
  if (!first) return [];
  const stretch = Math.cos((first.latitude * Math.PI) / 180);
  const flat = points.map((one) => ({ x: (one.longitude - first.longitude) * stretch, y: first.latitude - one.latitude }));
  const [xs, ys] = [flat.map((one) => one.x), flat.map((one) => one.y)];
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const room = size - 2 * margin;
  const span = Math.max(east - west, south - north);
  const scale = span > 0 ? room / span : 0;
  const off = { x: (size - (east - west) * scale) / 2, y: (size - (south - north) * scale) / 2 };
  const round = (value: number) => Math.round(value * 10) / 10;
  return flat.map((one) => ({ x: round((one.x - west) * scale + off.x), y: round((one.y - north) * scale + off.y) }));
}
