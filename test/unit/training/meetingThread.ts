/** A member of a meeting in a thread of its own: leaves its number and reads the sum, round after round. */
import assert from 'node:assert/strict';
import { parentPort, workerData } from 'node:worker_threads';
import { Meeting } from '../../../src/training/meeting';

export interface MemberData {
  readonly memory: SharedArrayBuffer;
  readonly member: number;
  readonly members: number;
  readonly rounds: number;
}

const { memory, member, members, rounds } = workerData as MemberData;
const meeting = new Meeting(memory, Infinity);
parentPort!.postMessage('ready');
for (let round = 0; round < rounds; round++) {
  meeting.leave(member, 'loss', round * (member + 1));
  if (!meeting.meet(members)) break;
  assert.equal(meeting.total(members, 'loss'), (round * members * (members + 1)) / 2);
  meeting.meet(members);
}
