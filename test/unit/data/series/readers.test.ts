import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readFrameRows, readNpy } from '../../../../src/data/series/frameReaders';
import { type SeriesTable, ValueBudget } from '../../../../src/data/series/labelledSeries';
import { readLabelledSeries } from '../../../../src/data/series/readSeries';
import { readLong, readWide } from '../../../../src/data/series/tableReaders';
import { readTimeSeries } from '../../../../src/data/series/timeSeriesReader';
import { parseTime, weeksOf } from '../../../../src/data/series/times';
import { readValueSeries } from '../../../../src/data/series/valueSeries';
import { UserError } from '../../../../src/errors';
import { memoryFile } from '../memorySource';

const budget = () => new ValueBudget();

/** The series as plain values. */
function plain({ series }: SeriesTable) {
  return series.map(({ values, length, label, place }) => ({ values: [...values], length, label, line: place.line }));
}

/** Runs what must fail, and gives its sentence with the place. */
async function sentence(act: () => Promise<unknown>): Promise<string> {
  let found = 'nothing was thrown';
  await act().catch((error: unknown) => {
    assert.ok(error instanceof UserError, String(error));
    found = error.sentence;
  });
  return found;
}

describe('.ts files', () => {
  const read = (text: string) => readTimeSeries(memoryFile('a.ts', text), budget());
  const header = '#a comment\n@problemName X\n@timeStamps false\n@classLabel true up down\n@data\n';

  test('hold channels between colons and the label last; lengths may differ', async () => {
    const table = await read(`${header}1,2,3:4,5,6:up\n\n-1e1,?:0.5,NaN:down\r\n`);
    assert.deepEqual(table.channels, ['1', '2']);
    assert.deepEqual(plain(table), [
      { values: [1, 4, 2, 5, 3, 6], length: 3, label: 'up', line: 6 },
      { values: [-10, 0.5, NaN, NaN], length: 2, label: 'down', line: 8 },
    ]);
  });

  test('are refused in one sentence', async () => {
    const wrong: [string, RegExp][] = [
      ['', /^a\.ts: The file has no line @data/u],
      ['hello\n', /^a\.ts:1: The header of a \.ts file/u],
      ['@data\n1:a', /^a\.ts:1: The header has no @classLabel/u],
      ['@classLabel false\n', /^a\.ts:1: The series have no classes/u],
      ['@targetLabel true\n', /^a\.ts:1: The series have numbers as targets/u],
      ['@timeStamps true\n', /^a\.ts:1: The series have time stamps/u],
      ['@dimensions many\n', /^a\.ts:1: @dimensions has "many", expected a number of channels/u],
      [header, /^a\.ts: The file has no series after @data/u],
      [`${header}1,2`, /^a\.ts:6: The line has no colon/u],
      [`${header}1,2:left`, /^a\.ts:6: The label "left" is not among those of @classLabel: up, down/u],
      [`${header}1,2:1:up`, /^a\.ts:6: Channel 2 has 1 values where channel 1 has 2/u],
      [`${header}1,2:up\n1:2:up`, /^a\.ts:7: The series has 2 channels where 1 are expected/u],
      [`${header}1,x:up`, /^a\.ts:6: Channel 1 has "x", expected a number/u],
      [`${header}1,,2:up`, /^a\.ts:6: Channel 1 has an empty value/u],
      [`${header}1,1e99:up`, /^a\.ts:6: Channel 1 has "1e99", expected a number/u],
    ];
    for (const [text, expected] of wrong) assert.match(await sentence(() => read(text)), expected);
  });
});

describe('tables', () => {
  const wide = (text: string) => readWide(memoryFile('a.csv', text), 'csv', 'label', budget());
  const long = (text: string, more = {}) =>
    readLong(memoryFile('a.csv', text), 'csv', { series: 'id', label: 'label', ...more }, budget());

  test('wide: a row is a series, which empty cells at the end make shorter', async () => {
    const table = await wide('t1,label,t2,t3\n1,up,2,3\n4,down,,\n5,up,,6\n');
    assert.deepEqual(plain(table), [
      { values: [1, 2, 3], length: 3, label: 'up', line: 2 },
      { values: [4], length: 1, label: 'down', line: 3 },
      { values: [5, NaN, 6], length: 3, label: 'up', line: 4 },
    ]);
  });

  test('long: a row is a step; series may take turns', async () => {
    const text = 'id,time,x,y,label\na,0,1,2,up\nb,0,7,8,down\na,1,3,4,up\n';
    const table = await long(text, { time: 'time' });
    assert.deepEqual(table.channels, ['x', 'y']);
    assert.deepEqual(plain(table), [
      { values: [1, 2, 3, 4], length: 2, label: 'up', line: 2 },
      { values: [7, 8], length: 1, label: 'down', line: 3 },
    ]);
    assert.deepEqual((await long(text, { channels: ['y'] })).channels, ['y']);
  });

  test('are refused in one sentence', async () => {
    assert.match(await sentence(() => wide('a,b\n1,2\n')), /^a\.csv:1: There is no column "label"/u);
    assert.match(await sentence(() => wide('label\nup\n')), /^a\.csv:1: The file has no columns of values/u);
    assert.match(await sentence(() => wide('label,a\nup,\n')), /^a\.csv:2: The row has no values/u);
    assert.match(await sentence(() => wide('label,a\n,1\n')), /^a\.csv:2: The column "label" is empty/u);
    assert.match(await sentence(() => wide('label,a\nup,0x1\n')), /^a\.csv:2: The column "a" has "0x1"/u);
    assert.match(
      await sentence(() => long('id,x,label\na,1,up\na,2,down\n')),
      /^a\.csv:3: The series "a" has the label/u,
    );
    assert.match(
      await sentence(() => long('id,label\na,up\n')),
      /^a\.csv:1: The file has no columns of values beside/u,
    );
  });
});

/** A `.npy` file as NumPy writes it. */
function npy(header: string, data: ArrayBuffer, version = 1): Uint8Array {
  const wide = version > 1;
  const text = header.padEnd(117 - (wide ? 2 : 0)) + '\n';
  const lengthBytes = wide ? [text.length & 255, text.length >> 8, 0, 0] : [text.length & 255, text.length >> 8];
  const head = [0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...lengthBytes];
  return Uint8Array.from([...head, ...new TextEncoder().encode(text), ...new Uint8Array(data)]);
}

describe('frames', () => {
  const header = (descr: string, shape: string, order = 'False') =>
    `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`;
  const read = (bytes: Uint8Array) => readNpy(memoryFile('a.npy', bytes), budget());

  test('come from .npy files of three types, with one or two axes', async () => {
    const doubles = Float64Array.of(1, 2, 3, 4, 5, 6).buffer;
    const found = await read(npy(header('<f8', '(3, 2)'), doubles));
    assert.deepEqual([found.frames, found.features, [...found.values]], [3, 2, [1, 2, 3, 4, 5, 6]]);
    const floats = await read(npy(header('<f4', '(2,)'), Float32Array.of(0.5, -1).buffer, 2));
    assert.deepEqual([floats.frames, floats.features, [...floats.values]], [2, 1, [0.5, -1]]);
    const integers = await read(npy(header('<i2', '(1, 2)'), Int16Array.of(-300, 7).buffer));
    assert.deepEqual([...integers.values], [-300, 7]);
  });

  test('distrust the header of a .npy file', async () => {
    const data = new ArrayBuffer(8);
    const huge = Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), 2, 0, 255, 255, 255, 255, 0, 0]);
    const wrong: [Uint8Array, RegExp][] = [
      [new Uint8Array(3), /^a\.npy: This is not a NumPy array/u],
      [new TextEncoder().encode('time,value\n1,2\n3,4\n'), /^a\.npy: This is not a NumPy array/u],
      [huge, /^a\.npy: The header of the NumPy array is damaged/u],
      [npy('{}', data), /^a\.npy: The header of the NumPy array is damaged/u],
      [npy(header('>f4', '(2,)'), data), /^a\.npy: The NumPy array has elements of type ">f4"/u],
      [npy(header('|O', '(2,)'), data), /^a\.npy: The NumPy array has elements of type "\|O"/u],
      [npy(header('<f4', '(2,)', 'True'), data), /^a\.npy: The NumPy array is in Fortran order/u],
      [npy(header('<f4', '()'), data), /^a\.npy: The NumPy array has the shape \(\)/u],
      [npy(header('<f4', '(1, 1, 2)'), data), /^a\.npy: The NumPy array has the shape \(1, 1, 2\)/u],
      [npy(header('<f4', '(0, 2)'), data), /^a\.npy: The NumPy array has the shape \(0, 2\)/u],
      [npy(header('<f4', '(3,)'), data), /^a\.npy: The array has 8 bytes of data where its header says 12/u],
      [npy(header('<f4', '(999999999, 999999)'), data), /^a\.npy: The data has more than 268435456 numbers/u],
      [
        npy(header('<f4', '(2,)'), Float32Array.of(1, Infinity).buffer),
        /^a\.npy: Frame 2 has a value that is not finite/u,
      ],
    ];
    for (const [bytes, expected] of wrong) assert.match(await sentence(() => read(bytes)), expected);
  });

  test('come from CSV files with or without a header', async () => {
    const rows = (text: string) => readFrameRows(memoryFile('a.csv', text), budget());
    assert.deepEqual([...(await rows('x,y\n1,2\n3,4\n')).values], [1, 2, 3, 4]);
    assert.deepEqual([...(await rows('1,2\n3,?\n')).values], [1, 2, 3, NaN]);
    assert.match(await sentence(() => rows('1,2\n3\n')), /^a\.csv:2: The row has 1 numbers where the first has 2/u);
    assert.match(await sentence(() => rows('1,2\nx,4\n')), /^a\.csv:2: Column 1 has "x", expected a number/u);
    assert.match(await sentence(() => rows('x,y\n')), /^a\.csv: The file has no frames/u);
  });

  test('of a folder of classes must have the same features', async () => {
    const examples = [
      { label: 'a', file: memoryFile('a/1.csv', '1,2\n') },
      { label: 'b', file: memoryFile('b/1.csv', '1,2\n3,4\n') },
    ];
    const table = await readLabelledSeries({ kind: 'classes', examples }, { layout: 'wide', label: 'label' });
    assert.deepEqual(
      table.series.map(({ label, length }) => [label, length]),
      [
        ['a', 1],
        ['b', 2],
      ],
    );
    const odd = [...examples, { label: 'b', file: memoryFile('b/2.csv', '1\n') }];
    assert.match(
      await sentence(() => readLabelledSeries({ kind: 'classes', examples: odd }, { layout: 'wide', label: 'label' })),
      /^b\/2\.csv: The frames have 1 features where those of other examples have 2/u,
    );
  });
});

describe('series that are forecast', () => {
  const columns = { time: 'when', values: ['a', 'b'] };
  const read = (text: string, missing: 'refuse' | 'interpolate' = 'refuse', time: string | null = 'when') =>
    readValueSeries(memoryFile('a.csv', text), { ...columns, time }, missing);

  test('have a row a step, with the lines that they stand on', async () => {
    const found = await read('a,when,b\n1,mon,10\n2,"t\nue",20\n3,wed,30\n');
    assert.deepEqual([...found.values], [1, 10, 2, 20, 3, 30]);
    assert.deepEqual(
      [[...found.lines], found.times],
      [
        [2, 3, 5],
        ['mon', 't\nue', 'wed'],
      ],
    );
    assert.equal((await read('a,b\n1,2\n', 'refuse', null)).times, null);
  });

  test('refuse missing values, or draw a line between the neighbours', async () => {
    const text = 'a,when,b\n,1,\n1,2,5\n?,3,NA\n,4,8\n4,5,\n';
    assert.match(await sentence(() => read(text)), /^a\.csv:2: Channel "a" has no value at step 1/u);
    const { values, filled } = await read(text, 'interpolate');
    assert.deepEqual([...values], [1, 5, 1, 5, 2, 6.5, 3, 8, 4, 8]);
    assert.equal(filled, 6);
    assert.match(
      await sentence(() => read('a,when,b\n1,1,\n', 'interpolate')),
      /^a\.csv:2: Channel "b" has no values/u,
    );
    assert.match(await sentence(() => read('a,b\n1,2\n')), /^a\.csv:1: There is no column "when"/u);
  });
});

test('times are told where they are dates or epochs', () => {
  assert.equal(parseTime('2014-07-01 00:30:00'), Date.UTC(2014, 6, 1, 0, 30));
  assert.equal(parseTime('2014-10-30 15:30:00.000000'), Date.UTC(2014, 9, 30, 15, 30));
  assert.equal(parseTime('2014-07-01T02:30+02:00'), Date.UTC(2014, 6, 1, 0, 30));
  assert.equal(parseTime('2014-07-01'), Date.UTC(2014, 6, 1));
  assert.equal(parseTime('1404172800'), Date.UTC(2014, 6, 1));
  assert.equal(parseTime('1404172800000'), Date.UTC(2014, 6, 1));
  assert.equal(parseTime('yesterday'), null);
  assert.equal(weeksOf(['2014-07-01', 'x', '2014-07-15'], 3), 2);
  assert.equal(weeksOf(null, 2016), 1);
});
