// Lines drawn by hand on a sheet: what they are, and how they are put on paper.

export type Ink = 'black' | 'red' | 'blue';

export interface Point {
  x: number;
  y: number;
}

export interface Stroke {
  ink: Ink;
  width: number;
  points: Point[];
}

/** Colours on paper; the look of the window does not change what was drawn. */
export const inks: Record<Ink, string> = { black: '#1c1b19', red: '#a32d1b', blue: '#2f4b8f' };

/** Where a place of the screen is on the sheet. */
export function onSheet(at: Point, box: { left: number; top: number; width: number; height: number }, sheet: { width: number; height: number }): Point {
  const along = (value: number, from: number, length: number, size: number) =>
    length > 0 ? Math.min(size, Math.max(0, ((value - from) / length) * size)) : 0;
  return { x: along(at.x, box.left, box.width, sheet.width), y: along(at.y, box.top, box.height, sheet.height) };
}

/** Width and height no longer than `longest` (0: any), of the same shape. */
export function within(width: number, height: number, longest: number): { width: number; height: number } {
  const by = longest > 0 ? Math.min(1, longest / Math.max(width, height)) : 1;
  return { width: Math.max(1, Math.round(width * by)), height: Math.max(1, Math.round(height * by)) };
}

/** Draws a line; a single point is a dot. */
export function draw(pen: CanvasRenderingContext2D, stroke: Stroke): void {
  const [first, ...rest] = stroke.points;
  if (!first) return;
  pen.strokeStyle = inks[stroke.ink];
  pen.lineWidth = stroke.width;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.beginPath();
  pen.moveTo(first.x, first.y);
  if (rest.length === 0) pen.lineTo(first.x + 0.1, first.y);
  // Through the middles between points, so that the line is round.
  rest.forEach((point, at) => {
    const next = rest[at + 1];
    if (next) pen.quadraticCurveTo(point.x, point.y, (point.x + next.x) / 2, (point.y + next.y) / 2);
    else pen.lineTo(point.x, point.y);
  });
  pen.stroke();
}
