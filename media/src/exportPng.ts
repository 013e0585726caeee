/** The charts as one picture, with their titles and the names of the runs. */
import type { ChartBoard } from './chartBoard';
import type { PanelModel } from './panelModel';
import { chartNames, type ChartName } from './scenes';
import { scoreName } from './scoreTexts';
import { text } from './texts';

/** Draws the picture; gives the bytes of a PNG, or undefined while no chart is drawn. */
export async function exportPng(model: PanelModel, board: ChartBoard): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const { theme } = board;
  const ratio = window.devicePixelRatio;
  const charts = chartNames.flatMap((name) => {
    const { canvas } = board.charts[name];
    return canvas === undefined ? [] : [{ title: titleOf(name, model), canvas }];
  });
  if (charts.length === 0) return undefined;
  const gap = 16 * ratio;
  const line = 20 * ratio;
  const width = Math.max(...charts.map(({ canvas }) => canvas.width)) + 2 * gap;
  const picture = document.createElement('canvas');
  picture.width = width;
  picture.height =
    charts.reduce((sum, { canvas }) => sum + canvas.height + line + gap, gap) + (model.ticked.length + 1) * line;
  const context = picture.getContext('2d')!;
  context.fillStyle = theme.background;
  context.fillRect(0, 0, picture.width, picture.height);
  const write = (words: string, x: number, y: number, weight: string) => {
    context.font = theme.font.replace(/^[\d.]+px/, `${weight} ${12 * ratio}px`);
    context.fillStyle = theme.foreground;
    context.fillText(words, x, y + 14 * ratio);
  };
  let y = gap;
  for (const run of model.ticked) {
    const look = model.look(run.id);
    if (look === undefined) continue;
    context.strokeStyle = look.color;
    context.lineWidth = 3 * ratio;
    context.setLineDash(look.dash.map((length) => length * ratio));
    context.beginPath();
    context.moveTo(gap, y + line / 2);
    context.lineTo(gap + 18 * ratio, y + line / 2);
    context.stroke();
    write(run.name, gap + 26 * ratio, y, 'normal');
    y += line;
  }
  y += line;
  for (const { title, canvas } of charts) {
    write(title, gap, y, 'bold');
    context.drawImage(canvas, gap, y + line);
    y += line + canvas.height + gap;
  }
  const blob = await new Promise<Blob | null>((resolve) => {
    picture.toBlob(resolve, 'image/png');
  });
  if (blob === null) throw new Error('The browser could not make a PNG of the charts.');
  return new Uint8Array(await blob.arrayBuffer());
}

function titleOf(name: ChartName, model: PanelModel): string {
  switch (name) {
    case 'loss':
      return text('loss');
    case 'score':
      return scoreName(model.score);
    case 'gradientNorm':
      return text('gradientNorm');
    case 'learningRate':
      return text('learningRate');
    case 'tokensPerSecond':
      return text('tokensPerSecond');
  }
}
