import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { useRecipe } from './recipe.ts';

/** Says what a host lists of the new kind, and what its XML is known by. */
const TRY = `
import { connect } from './src/client/libvirt/connect.ts';
import { kindForRoot } from './src/model/inventory/kinds/kinds.ts';
import { listObjects } from './src/model/inventory/objects.ts';

const connection = await connect(process.argv[2] ?? '', AbortSignal.timeout(10_000));
const found = await listObjects(connection, 'binding').then(
  (objects) => objects.size,
  ({ procedure }) => procedure,
);
console.log(JSON.stringify([kindForRoot('filterbinding')?.words.many, found]));
connection.close();
`;

suite('A kind that is added as the page says', () => {
  const bench = useRecipe('adding-a-kind.md');

  test('compiles and is laid out as everything else', async () => {
    await bench.recipe.compile();
    await bench.recipe.checkFormat();
  });

  test('is listed by a real host and known by its XML', async () => {
    const isRoot = process.getuid?.() === 0;
    // A user's own daemon has no network filters, and says so by the name of the call.
    const expected = isRoot ? 0 : 'CONNECT_LIST_ALL_NWFILTER_BINDINGS';
    assert.deepEqual(JSON.parse(await bench.recipe.run(TRY, [bench.daemon.uri])), [
      'Filter Bindings',
      expected,
    ]);
  });
});
