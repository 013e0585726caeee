/** The parts of metadata that all models of number series share. */
import * as z from 'zod';
import { type CellName, cells } from '../nn/cells/cells';
import { plausibleCount } from './metadataFormat';

/** Mean and deviation of each channel, as the graph has them. */
export const scalingSchema = z.object({ mean: z.array(z.number()), deviation: z.array(z.number().positive()) });

/** The shape of a recurrent stack upon channels. */
export const stackKeys = {
  channels: plausibleCount,
  cell: z.enum(Object.keys(cells) as [CellName, ...CellName[]]),
  hidden: plausibleCount,
  layers: z.int().positive().max(64),
  bidirectional: z.boolean(),
};
