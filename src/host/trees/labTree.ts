/** A tree of one level over the runs and files of the workspace, drawn again when they change. */
import * as vscode from 'vscode';
import type { Node } from './nodes';

/** What differs between our trees. */
export interface LabTreeOptions<T extends Node> {
  /** Identifier of the view in package.json. */
  readonly view: string;
  readonly load: () => Promise<readonly T[]>;
  readonly draw: (node: T) => vscode.TreeItem;
  /** Each fires where the tree has changed. */
  readonly changes: readonly vscode.Event<unknown>[];
}

/** Shows the tree for the life of the extension. */
export function createLabTree<T extends Node>({ view, load, draw, changes }: LabTreeOptions<T>): vscode.Disposable {
  const changed = new vscode.EventEmitter<undefined>();
  const tree = vscode.window.createTreeView<T>(view, {
    canSelectMany: true,
    treeDataProvider: {
      onDidChangeTreeData: changed.event,
      getTreeItem: draw,
      getChildren: async (node) => (node === undefined ? [...(await load())] : []),
    },
  });
  const redraw = (): void => {
    changed.fire(undefined);
  };
  const listeners = changes.map((event) =>
    event(() => {
      // The editor forgets its rows with the news and asks for new ones: a menu that is used in between has lost its row. So
      // the new ones are read first; a failure to read them is shown where they would stand.
      if (tree.visible) void load().then(redraw, redraw);
      else redraw();
    }),
  );
  return vscode.Disposable.from(tree, changed, ...listeners);
}
