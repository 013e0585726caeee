/** Curves become lines of at most two points a pixel, and lose no peak by it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Column } from '../../../media/src/column';
import { traceArea, traceCurve, type PlotView } from '../../../media/src/traceCurve';

class Trace {
  readonly points: [string, number, number][] = [];

  moveTo(x: number, y: number): void {
    this.points.push(['move', x, y]);
  }

  lineTo(x: number, y: number): void {
    this.points.push(['line', x, y]);
  }

  closePath(): void {
    this.points.push(['close', NaN, NaN]);
  }
}

const view: PlotView = { xMin: 0, xMax: 100, left: 10, width: 200, toY: (value) => -value };

test('few points are drawn as they are', () => {
  const trace = new Trace();
  traceCurve(trace, new Column([0, 50, 100]), new Column([1, 2, 4]), view);
  assert.deepEqual(trace.points, [
    ['move', 10, -1],
    ['line', 110, -2],
    ['line', 210, -4],
  ]);
});

test('a missing value interrupts the line', () => {
  const trace = new Trace();
  traceCurve(trace, new Column([0, 25, 50, 75]), new Column([1, NaN, 3, 4]), view);
  assert.deepEqual(
    trace.points.map(([kind]) => kind),
    ['move', 'move', 'line'],
  );
});

test('the line runs on to the points just outside of the picture', () => {
  const trace = new Trace();
  const steps = new Column([0, 40, 60, 100, 140]);
  traceCurve(trace, steps, steps, { ...view, xMin: 50, xMax: 80 });
  assert.deepEqual(
    trace.points.map(([, , y]) => -y),
    [40, 60, 100, 140],
  );
});

test('many points become an extent for each pixel', () => {
  const count = 100_000;
  const steps = new Column(Array.from({ length: count }, (_, index) => index + 1));
  const values = Array.from({ length: count }, (_, index) => Math.sin(index / 900));
  values[61_803] = 5;
  values[12_345] = -7;
  const trace = new Trace();
  traceCurve(trace, steps, new Column(values), { ...view, xMax: count });
  assert.ok(trace.points.length <= 2 * 201, `${trace.points.length} points`);
  assert.ok(trace.points.length > 300);
  const heights = trace.points.map(([, , y]) => -y);
  assert.equal(Math.max(...heights), 5);
  assert.equal(Math.min(...heights), -7);
  const peak = trace.points.find(([, , y]) => y === -5)!;
  assert.equal(peak[1], 10 + Math.floor(61_804 / 500) + 0.5);
  assert.equal(trace.points.filter(([kind]) => kind === 'move').length, 1);
});

test('nothing is drawn where there is nothing', () => {
  const trace = new Trace();
  traceCurve(trace, new Column(), new Column(), view);
  assert.deepEqual(trace.points, []);
});

test('an area runs along its upper edge and back along its lower one, in pieces where a value is missing', () => {
  const trace = new Trace();
  const [lows, highs] = [new Column([1, 2, NaN, 4]), new Column([3, 5, NaN, 6])];
  traceArea(trace, new Column([0, 25, 50, 100]), lows, highs, view);
  assert.deepEqual(trace.points, [
    ['move', 10, -3],
    ['line', 60, -5],
    ['line', 60, -2],
    ['line', 10, -1],
    ['close', NaN, NaN],
    ['move', 210, -6],
    ['line', 210, -4],
    ['close', NaN, NaN],
  ]);
});

test('a long area has two points for each pixel and loses no peak', () => {
  const trace = new Trace();
  const rows = Array.from({ length: 5001 }, (_, row) => row / 50);
  const highs = rows.map((_, row) => (row === 2503 ? 9 : 1));
  traceArea(trace, new Column(rows), new Column(rows.map(() => -1)), new Column(highs), view);
  assert.ok(trace.points.length <= 2 * (view.width + 2) + 1, `${trace.points.length}`);
  assert.deepEqual(
    trace.points.filter(([, , y]) => y === -9).map(([, x]) => x),
    [110.5],
  );
});
