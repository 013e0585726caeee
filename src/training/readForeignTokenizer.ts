/** Reads a tokenizer of another maker that an experiment names. */
import { type ForeignTokenizer, parseForeignTokenizer } from '../data/foreignTokenizer';
import { UserError } from '../errors';
import { sentence } from '../sentence';
import { openDataFile } from '../files/dataSource';

/** Largest tokenizer.json that is read, in bytes. */
const largest = 256 * 1024 * 1024;

/**
 * @param name path relative to `folder`
 * @throws UserError naming the file where it cannot be read or is no tokenizer that is known here
 */
export async function readForeignTokenizer(name: string, folder: string): Promise<ForeignTokenizer> {
  const file = await openDataFile(name, folder);
  if (file.bytes > largest) {
    throw new UserError(sentence`the file has more than 256 MiB; expected a tokenizer.json.`, { file: name });
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.open()) chunks.push(chunk);
  return parseForeignTokenizer(Buffer.concat(chunks).toString('utf8'), name);
}
