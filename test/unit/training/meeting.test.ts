import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Meeting, meetingMemory } from '../../../src/training/meeting';
import type { MemberData } from './meetingThread';
import { threadProgram } from './threadProgram';

const members = 4;
const program = await threadProgram('test/unit/training/meetingThread.ts');

/** Starts all members but the first one, and gives them when they are ready: a thread may need this one to start. */
async function startOthers(memory: SharedArrayBuffer, rounds: number): Promise<{ codes: Promise<number[]> }> {
  const workers = Array.from({ length: members - 1 }, (_, at) => {
    const workerData: MemberData = { memory, member: at + 1, members, rounds };
    return new Worker(program, { workerData });
  });
  const codes = Promise.all(workers.map((worker) => once(worker, 'exit'))).then((exits) =>
    exits.map(([code]) => code as number),
  );
  await Promise.all(workers.map((worker) => once(worker, 'message')));
  return { codes };
}

describe('a meeting of threads', () => {
  it('has everybody read what all have left, round after round', async () => {
    const memory = meetingMemory(members);
    const meeting = new Meeting(memory, 10);
    const rounds = 500;
    const { codes } = await startOthers(memory, rounds);
    try {
      for (let round = 0; round < rounds; round++) {
        meeting.leave(0, 'loss', round);
        assert.ok(meeting.meet(members));
        assert.equal(meeting.total(members, 'loss'), round * 10);
        meeting.meet(members);
      }
    } catch (error) {
      meeting.fail();
      throw error;
    }
    assert.deepEqual(await codes, [0, 0, 0]);
  });

  it('ends for all where one has failed, before or after the others have come', async () => {
    const memory = meetingMemory(members);
    const meeting = new Meeting(memory, 10);
    const { codes } = await startOthers(memory, 1);
    meeting.fail();
    assert.deepEqual(await codes, [0, 0, 0]);
    const late = new Meeting(memory, 10);
    assert.equal(late.meet(members), false);
  });

  it('goes on waiting where a thread is woken by the call that ended the round before', async () => {
    const memory = meetingMemory(2);
    const meeting = new Meeting(memory, 10);
    const program = `
      const { parentPort, workerData } = require('node:worker_threads');
      parentPort.postMessage('ready');
      for (let call = 0; call < 20; call++) {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
        Atomics.notify(new Int32Array(workerData), 1);
      }`;
    const worker = new Worker(program, { eval: true, workerData: memory });
    await once(worker, 'message');
    assert.equal(meeting.wait(meeting.arrive(2), 100), false);
    await once(worker, 'exit');
  });

  it('tells a thread whose time is up that others are missing', () => {
    const meeting = new Meeting(meetingMemory(2), 1);
    const round = meeting.arrive(2);
    assert.equal(meeting.wait(round, 5), false);
    assert.throws(() => {
      meeting.finish(round);
    }, /A replica has stopped answering/u);
    meeting.arrive(2);
    assert.equal(meeting.wait(round, 5), true);
  });
});
