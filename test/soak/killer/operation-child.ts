/** One operation in a process of its own, which somebody is about to end. */
import { inspect } from 'node:util';
import { type Places, Scene } from './scene.ts';
import { operationNamed } from './operations/table.ts';

/** What nobody waited for: a fault, whatever became of the operation. */
export const UNHANDLED = 70;

process.on('unhandledRejection', (reason) => {
  console.error(inspect(reason));
  process.exit(UNHANDLED);
});
const [name = '', places = ''] = process.argv.slice(2);
try {
  await using scene = new Scene(JSON.parse(places) as Places);
  const operation = operationNamed(name);
  if (operation.usesHost) await scene.kvm();
  console.log('ready');
  await operation.run(scene);
} catch (error) {
  console.error(inspect(error));
  process.exitCode = 1;
}
// A host whose daemon is gone would wait for it for ever.
process.exit();
