// Web Mercator: where a place lies on a map of square tiles, and the place of a point on it.
import type { MapView } from './ipc/bindings';
import type { Point } from './places';

/** Side of a tile in pixels. */
export const side = 256;

/** Pixels from the western and northern edge of the world at a zoom. */
export interface Pixel {
  x: number;
  y: number;
}

const most = 85.0511287798;

/** Where a place lies at a zoom. */
export function pixel(place: Point, zoom: number): Pixel {
  const world = side * 2 ** zoom;
  const latitude = (Math.max(-most, Math.min(most, place.latitude)) * Math.PI) / 180;
  return { x: ((place.longitude + 180) / 360) * world, y: ((1 - Math.asinh(Math.tan(latitude)) / Math.PI) / 2) * world };
}

/** The place at a pixel; over the date line it goes on. */
export function place(at: Pixel, zoom: number): Point {
  const world = side * 2 ** zoom;
  const turn = (((at.x / world) % 1) + 1) % 1;
  const y = Math.max(0, Math.min(1, at.y / world));
  return { longitude: turn * 360 - 180, latitude: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI };
}

export interface Tile {
  key: string;
  column: number;
  row: number;
  /** Pixels from the left and upper edge of the view. */
  left: number;
  top: number;
}

/** The tiles that a view of some size around a place needs, nearest to its middle first. */
export function tiles(middle: Point, zoom: number, width: number, height: number): Tile[] {
  const at = pixel(middle, zoom);
  const [left, top] = [at.x - width / 2, at.y - height / 2];
  const count = 2 ** zoom;
  const found: Tile[] = [];
  for (let row = Math.max(0, Math.floor(top / side)); row <= Math.min(count - 1, Math.floor((top + height - 1) / side)); row++) {
    for (let wide = Math.floor(left / side); wide <= Math.floor((left + width - 1) / side); wide++) {
      const column = ((wide % count) + count) % count;
      found.push({ key: `${zoom}/${wide}/${row}`, column, row, left: Math.round(wide * side - left), top: Math.round(row * side - top) });
    }
  }
  const far = (tile: Tile) => Math.hypot(tile.left + side / 2 - width / 2, tile.top + side / 2 - height / 2);
  return found.sort((a, b) => far(a) - far(b));
}

const degrees = (millionths: number) => millionths / 1e6;

/** The middle of a map. */
export function middle(map: MapView): Point {
  return { latitude: degrees((map.south + map.north) / 2), longitude: degrees((map.west + map.east) / 2) };
}

/** Whether a place lies on a map. */
export function holds(map: MapView, { latitude, longitude }: Point): boolean {
  const [y, x] = [latitude * 1e6, longitude * 1e6];
  return y >= map.south && y <= map.north && x >= map.west && x <= map.east;
}

/** The deepest zoom at which a map fits into a view, within what it has. */
export function fitting(map: MapView, width: number, height: number): number {
  const [west, east] = [degrees(map.west), degrees(map.east)];
  for (let zoom = map.maxZoom; zoom > map.minZoom; zoom--) {
    const a = pixel({ latitude: degrees(map.north), longitude: west }, zoom);
    const b = pixel({ latitude: degrees(map.south), longitude: east }, zoom);
    if (b.x - a.x <= width && b.y - a.y <= height) return zoom;
  }
  return map.minZoom;
}

/** A place as it is stored: seven decimals are about a centimetre. */
export function stored({ latitude, longitude }: Point): string {
  return [latitude, longitude].map((part) => String(Number(part.toFixed(7)))).join(' ');
}
