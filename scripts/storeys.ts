import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from './lib/paths.ts';
import { findCircles } from './lib/storeys/circles.ts';
import { readImports } from './lib/storeys/imports.ts';
import { drawStoreys, withPicture } from './lib/storeys/picture.ts';

const USAGE = `usage: npm run storeys [-- --write]

Looks at what every file imports: no circles, of types neither, and the picture in docs/architecture.md is drawn from
the imports as they are. Who may import whom is for the linter. --write draws the picture anew.`;

const page = join(root, 'docs/architecture.md');

async function main(write: boolean): Promise<readonly string[]> {
  const imports = readImports(root, ['src', 'scripts', 'test']);
  const complaints = findCircles(imports).map(
    (circle) => `These import each other in a circle:\n  ${[...circle, circle[0]].join('\n  ')}`,
  );
  const text = await readFile(page, 'utf8');
  const drawn = withPicture(text, drawStoreys(imports));
  if (write) await writeFile(page, drawn);
  else if (drawn !== text)
    complaints.push(
      'The picture in docs/architecture.md is not what the code imports. If the arrows are right, draw it with ' +
        '`npm run storeys -- --write`.',
    );
  return complaints;
}

const { values } = parseArgs({ options: { write: { type: 'boolean' }, help: { type: 'boolean' } } });
if (values.help === true) console.log(USAGE);
else
  for (const complaint of await main(values.write === true)) {
    console.error(complaint);
    process.exitCode = 1;
  }
