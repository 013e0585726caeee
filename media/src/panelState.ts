/** What the panel remembers over a reload of the window; data comes from the host anew. */
import * as z from 'zod/mini';
import { scoreNames } from '../../src/scores';
import { task } from '../../src/tryItMessages';
import { sortColumns } from './sortRuns';

const score = z.enum(scoreNames);

const stateSchema = z.object({
  /** Runs whose curves are drawn; null before the first runs were seen. */
  ticked: z.nullable(z.array(z.string())),
  /** Places of runs among the colours. */
  slots: z.record(z.string(), z.number()),
  /** The run of the details. */
  selected: z.nullable(z.string()),
  /** The run that trained last while the panel was open. */
  lastActive: z.nullable(z.string()),
  /** Weight of the past in the smoothed curves, 0…1; null for the setting's. */
  smoothing: z.nullable(z.number()),
  score,
  /** First and last step in the picture; null shows all. */
  zoom: z.nullable(z.tuple([z.number(), z.number()])),
  sort: z.object({ column: z.enum(sortColumns), descending: z.boolean() }),
  filter: z.string(),
  /** The text that is being tried, for each task. */
  tried: z.partialRecord(task, z.string()),
  /** The task that is tried; null for that of the selected run. */
  triedTask: z.nullable(task),
});

export type PanelState = z.infer<typeof stateSchema>;

const fresh: PanelState = {
  ticked: null,
  slots: {},
  selected: null,
  lastActive: null,
  smoothing: null,
  score: 'macroF1',
  zoom: null,
  sort: { column: 'created', descending: true },
  filter: '',
  tried: {},
  triedTask: null,
};

/** The kept state, or a fresh one where there is none or an older version wrote it. */
export function readState(kept: unknown): PanelState {
  return stateSchema.safeParse(kept).data ?? fresh;
}
