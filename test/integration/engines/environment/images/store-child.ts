import { ImageStore } from '../../../../../src/engines/environment/images/image-store.ts';

// Another window: provides a file of this machine as a base image, and prints what it got, or why it got nothing.
const [folder = '', path = ''] = process.argv.slice(2);
try {
  const image = await new ImageStore(folder).ensure(
    { kind: 'file', path, format: 'vmdk' },
    { signal: AbortSignal.timeout(60_000), onConvert: () => process.stdout.write('converting\n') },
  );
  process.stdout.write(`${JSON.stringify(image)}\n`);
} catch (error) {
  process.stdout.write(`${String(error)}\n`);
  process.exitCode = 1;
}
