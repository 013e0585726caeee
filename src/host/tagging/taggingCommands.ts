/** The commands that tag text with a model. */
import * as vscode from 'vscode';
import type { TaggingCommandId } from '../commandIds';
import type { Models, Runs } from '../contracts';
import type { SelectionAnswers } from '../selectionAnswers';
import { showTags } from './showTags';
import type { TaggedTexts } from './taggedTexts';
import { tagSelection } from './tagSelection';

/** What these commands act on. */
export interface TaggingServices {
  readonly models: Models;
  readonly taggedTexts: TaggedTexts;
  readonly selections: SelectionAnswers;
  readonly runs: Pick<Runs, 'list'>;
}

/** The actions of these commands. */
export function taggingCommands({
  models,
  taggedTexts,
  selections,
  runs,
}: TaggingServices): Record<TaggingCommandId, () => Promise<void>> {
  return {
    'sequenceLab.tagSelection': () => tagSelection(models, taggedTexts, selections),
    'sequenceLab.showTags': () => showTags(models, taggedTexts, runs),
    'sequenceLab.clearTags': () => {
      const document = vscode.window.activeTextEditor?.document;
      if (document !== undefined) taggedTexts.set(document, []);
      return Promise.resolve();
    },
  };
}
