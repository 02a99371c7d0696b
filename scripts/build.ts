import { parseArgs } from 'node:util';
import { buildExtension, watchExtension } from './lib/bundle.ts';

const { values } = parseArgs({
  options: { watch: { type: 'boolean' }, production: { type: 'boolean' } },
});

await (values.watch ? watchExtension() : buildExtension(values.production));
