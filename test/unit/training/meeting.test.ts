import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { Worker } from 'node:worker_threads';
import { Meeting, meetingMemory } from '../../../src/training/meeting';
import type { MemberData } from './meetingThread';
import { threadProgram } from './threadProgram';

const members = 4;
const program = await threadProgram('test/unit/training/meetingThread.ts');

/** Starts all members but the first one; gives the codes with which they end. */
function startOthers(memory: SharedArrayBuffer, rounds: number): Promise<number>[] {
  return Array.from({ length: members - 1 }, async (_, at) => {
    const workerData: MemberData = { memory, member: at + 1, members, rounds };
    const [code] = (await once(new Worker(program, { workerData }), 'exit')) as [number];
    return code;
  });
}

describe('a meeting of threads', () => {
  it('has everybody read what all have left, round after round', async () => {
    const memory = meetingMemory(members);
    const meeting = new Meeting(memory, 10);
    const rounds = 500;
    const others = startOthers(memory, rounds);
    for (let round = 0; round < rounds; round++) {
      meeting.leave(0, 'loss', round);
      assert.ok(meeting.meet(members));
      assert.equal(meeting.total(members, 'loss'), round * 10);
      meeting.meet(members);
    }
    assert.deepEqual(await Promise.all(others), [0, 0, 0]);
  });

  it('ends for all where one has failed, before or after the others have come', async () => {
    const memory = meetingMemory(members);
    const meeting = new Meeting(memory, 10);
    const others = startOthers(memory, 1);
    meeting.fail();
    assert.deepEqual(await Promise.all(others), [0, 0, 0]);
    const late = new Meeting(memory, 10);
    assert.equal(late.meet(members), false);
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
