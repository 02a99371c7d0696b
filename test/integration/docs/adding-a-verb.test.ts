import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type PrivateDaemon, startPrivateDaemon } from '../../support/private-daemon.ts';
import { Recipe } from './recipe.ts';

/** Has a guest woken up that does not sleep, and one that is not there, and says how both go. */
const TRY = `
import { Host } from './src/model/inventory/host.ts';
import { DomainTarget } from './src/model/inventory/domain-target.ts';
import { isPossible } from './src/model/inventory/kinds/domain-actions.ts';
import { wakeUpDomain } from './src/model/operations/domain/wake-up.ts';

const host = new Host({ name: 'host', uri: process.argv[2] ?? '', origin: 'configured' });
await host.connect();
const [record] = host.domains.values();
const why = (uuid) => wakeUpDomain(new DomainTarget(host, uuid), {}).catch(({ name }) => name);
console.log(
  JSON.stringify([
    isPossible('wakeUp', record),
    isPossible('wakeUp', { ...record, state: 'suspended' }),
    await why(record.uuid),
    await why('00000000-0000-0000-0000-000000000001'),
  ]),
);
host.disconnect();
`;

suite('A verb that is added as the page says', () => {
  let recipe: Recipe;
  let daemon: PrivateDaemon;
  before(async () => {
    recipe = await Recipe.follow('adding-a-verb.md');
    daemon = await startPrivateDaemon();
    await daemon.defineTinyOs('guest');
  });
  after(async () => {
    await recipe?.[Symbol.asyncDispose]();
    await daemon?.dispose();
  });

  test('compiles and is laid out as everything else', async () => {
    await recipe.compile();
    await recipe.checkFormat();
  });

  test('is in the manifest once that was generated', async () => {
    await assert.rejects(recipe.script('manifest.ts', '--check'), /package\.json/u);
    await recipe.script('manifest.ts');
    await recipe.script('manifest.ts', '--check');
  });

  test('is carried out by a real daemon, and says when the domain is gone', async () => {
    const outcome = JSON.parse(await recipe.run(TRY, [daemon.uri])) as unknown;
    assert.deepEqual(outcome, [false, true, 'RemoteError', 'GoneError']);
  });
});
